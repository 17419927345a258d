import { isInSamePlace, type TemplateSource } from '../cloudformation/template';
import { matchStacks, type StackMatches, type TemplateFile } from './match-stacks';

/**
 * A baseline beside what is judged. Of nested stacks, those are left out of what is compared with nothing that are
 * nested in such.
 */
export interface AlignedBaseline<
  B extends TemplateFile = TemplateFile,
  C extends TemplateFile = TemplateFile,
> {
  /**
   * The templates of the baseline. Those that something judged has come of have the ID of that, so that a template's ID
   * and a logical ID name the same deployed resource in both; of what several have come of, there is one for each. The
   * others have IDs that nothing judged has.
   */
  readonly templates: readonly B[];
  /** What has come of what: several of one template, where that doesn't say its account or region. */
  readonly pairs: readonly { readonly before: B; readonly after: readonly C[] }[];
  /** Stacks that are in other accounts or regions than they were. */
  readonly moved: readonly { readonly before: B; readonly after: C }[];
  /** Judged templates of which it can't be told what they have come of, by what that may be. */
  readonly ambiguous: readonly { readonly before: readonly B[]; readonly after: readonly C[] }[];
  /** Templates of the baseline that nothing can have come of, as far as is known. */
  readonly gone: readonly B[];
  /** Judged templates that can't have come of any, as far as is known. */
  readonly added: readonly C[];
}

/** Finds what has become of the templates of a baseline. */
export function alignBaseline<B extends TemplateFile, C extends TemplateFile>(
  baseline: readonly B[],
  current: readonly C[],
): AlignedBaseline<B, C> {
  const { successors, ambiguous } = matchStacks(baseline, current);
  const ids = new BaselineIds(baseline, current, successors);
  const found = new Set<TemplateSource>([...successors.values()].flat());
  const gone = outermostOf(baseline, (template) => successors.has(template));
  const added = outermostOf(current, (template) => found.has(template));
  const unclear = groupedBy(added, (template) => ambiguous.get(template));
  const moved = movedOf(
    gone,
    added.filter((template) => !ambiguous.has(template)),
  );
  const explained = new Set<TemplateSource>([
    ...unclear.flatMap(({ before, after }) => [...before, ...after]),
    ...moved.flatMap(({ before, after }) => [before, after]),
  ]);
  return {
    templates: baseline.flatMap((template) => ids.renamed(template)),
    pairs: [...successors].map(([before, after]) => ({ before, after })),
    moved,
    ambiguous: unclear,
    gone: gone.filter((template) => !explained.has(template)),
    added: added.filter((template) => !explained.has(template)),
  };
}

/** Those that aren't found, without those nested in such. */
function outermostOf<T extends TemplateSource>(templates: readonly T[], isFound: (one: T) => boolean): T[] {
  const open = templates.filter((template) => !isFound(template));
  const ids = new Set(open.map(({ id }) => id));
  return open.filter(({ nestedIn }) => !nestedIn || !ids.has(nestedIn.id));
}

function groupedBy<B extends TemplateSource, C>(
  templates: readonly C[],
  rivalsOf: (template: C) => readonly B[] | undefined,
): { before: readonly B[]; after: C[] }[] {
  const groups = new Map<string, { before: readonly B[]; after: C[] }>();
  for (const template of templates) {
    const before = rivalsOf(template);
    if (!before) continue;
    const key = JSON.stringify(before.map(({ id }) => id));
    const group = groups.get(key);
    if (group) group.after.push(template);
    else groups.set(key, { before, after: [template] });
  }
  return [...groups.values()];
}

function movedOf<B extends TemplateSource, C extends TemplateSource>(
  gone: readonly B[],
  added: readonly C[],
): { before: B; after: C }[] {
  const byName = new Map(gone.map((template) => [template.stackName, template]));
  return added.flatMap((after) => {
    const before = after.stackName === undefined ? undefined : byName.get(after.stackName);
    return before && !isInSamePlace(before, after) ? [{ before, after }] : [];
  });
}

/** What stands before the IDs of templates that nothing has come of. */
const PREFIX = 'baseline:';

/** An ID that a template of a baseline gets, and that of what it is nested in. */
interface Given {
  readonly id: string;
  readonly parent?: string;
}

/** Gives the templates of a baseline the IDs of what has come of them, and the others IDs that nothing judged has. */
class BaselineIds<B extends TemplateSource> {
  private readonly byId: ReadonlyMap<string, B>;
  private readonly taken: Set<string>;
  private readonly ids = new Map<B, readonly Given[]>();

  constructor(
    baseline: readonly B[],
    current: readonly TemplateSource[],
    private readonly successors: StackMatches<B, TemplateSource>['successors'],
  ) {
    this.byId = new Map(baseline.map((template) => [template.id, template]));
    this.taken = new Set(current.map(({ id }) => id));
  }

  /** A template by its new ID; of what several have come of, there is one for each. */
  public renamed(template: B): B[] {
    const { nestedIn } = template;
    return this.idsOf(template).map(({ id, parent }) => ({
      ...template,
      id,
      ...(nestedIn && { nestedIn: { ...nestedIn, id: parent ?? nestedIn.id } }),
    }));
  }

  private idsOf(template: B): readonly Given[] {
    const known = this.ids.get(template);
    if (known) return known;
    // It can't be nested in itself, whatever it says.
    this.ids.set(template, []);
    const ids = this.idsOfSuccessors(template);
    const given = ids.length > 0 ? ids : [{ id: this.freeId(template.id) }];
    this.ids.set(template, given);
    return given;
  }

  private idsOfSuccessors(template: B): readonly Given[] {
    const successors = this.successors.get(template) ?? [];
    const around = template.nestedIn && this.byId.get(template.nestedIn.id);
    if (!around) return successors.map(({ id }) => ({ id }));
    return this.idsOf(around).map(({ id: parent }, _, all) => {
      const nested = successors.find(({ nestedIn }) => nestedIn?.id === parent);
      // What was nested may be judged without what is around it.
      const successor = nested ?? (all.length === 1 ? successors[0] : undefined);
      return { id: successor?.id ?? this.freeId(template.id), parent };
    });
  }

  private freeId(id: string): string {
    let free = PREFIX + id;
    while (this.taken.has(free)) free = PREFIX + free;
    this.taken.add(free);
    return free;
  }
}
