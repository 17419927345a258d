import { isInSamePlace, type TemplateSource } from '../cloudformation/template';
import { matchStacks, type StackMatches, type TemplateFile } from './match-stacks';

/**
 * A baseline with its templates matched to the current ones. Nested stacks in a stack without a match are not listed as
 * removed or added.
 */
export interface AlignedBaseline<
  B extends TemplateFile = TemplateFile,
  C extends TemplateFile = TemplateFile,
> {
  /**
   * The templates of the baseline. Each has the ID of its current template, so that a template ID and a logical ID identify
   * the same deployed resource on both sides. A template with several current templates is repeated for each. A template
   * without one has an unused ID.
   */
  readonly templates: readonly B[];
  /** The matched templates. A previous template without an account or region can have several current ones. */
  readonly pairs: readonly { readonly before: B; readonly after: readonly C[] }[];
  /** Stacks whose account or region has changed. */
  readonly moved: readonly { readonly before: B; readonly after: C }[];
  /** Current templates with an ambiguous previous template, and the candidates. */
  readonly ambiguous: readonly { readonly before: readonly B[]; readonly after: readonly C[] }[];
  /** Templates of the baseline without a current template. */
  readonly removed: readonly B[];
  /** Current templates without a previous template. */
  readonly added: readonly C[];
}

/** Matches the templates of a baseline with the current ones. */
export function alignBaseline<B extends TemplateFile, C extends TemplateFile>(
  baseline: readonly B[],
  current: readonly C[],
): AlignedBaseline<B, C> {
  const { successors, ambiguous } = matchStacks(baseline, current);
  const ids = new BaselineIds(baseline, current, successors);
  const found = new Set<TemplateSource>([...successors.values()].flat());
  const removed = outermostOf(baseline, (template) => successors.has(template));
  const added = outermostOf(current, (template) => found.has(template));
  const unclear = groupedBy(added, (template) => ambiguous.get(template));
  const moved = movedOf(
    removed,
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
    removed: removed.filter((template) => !explained.has(template)),
    added: added.filter((template) => !explained.has(template)),
  };
}

/** Returns the templates that are not found, without those nested in one of them. */
function outermostOf<T extends TemplateSource>(
  templates: readonly T[],
  isFound: (template: T) => boolean,
): T[] {
  const open = templates.filter((template) => !isFound(template));
  const ids = new Set(open.map(({ id }) => id));
  return open.filter(({ nestedIn }) => !nestedIn || !ids.has(nestedIn.id));
}

function groupedBy<B extends TemplateSource, C>(
  templates: readonly C[],
  candidatesOf: (template: C) => readonly B[] | undefined,
): { before: readonly B[]; after: C[] }[] {
  const groups = new Map<string, { before: readonly B[]; after: C[] }>();
  for (const template of templates) {
    const before = candidatesOf(template);
    if (!before) continue;
    const key = JSON.stringify(before.map(({ id }) => id));
    const group = groups.get(key);
    if (group) group.after.push(template);
    else groups.set(key, { before, after: [template] });
  }
  return [...groups.values()];
}

function movedOf<B extends TemplateSource, C extends TemplateSource>(
  removed: readonly B[],
  added: readonly C[],
): { before: B; after: C }[] {
  const byName = new Map(removed.map((template) => [template.stackName, template]));
  return added.flatMap((after) => {
    const before = after.stackName === undefined ? undefined : byName.get(after.stackName);
    return before && !isInSamePlace(before, after) ? [{ before, after }] : [];
  });
}

/** The prefix of the IDs of templates without a current template. */
const PREFIX = 'baseline:';

/** The new ID of a template of a baseline, and the new ID of the template that it is nested in. */
interface NewId {
  readonly id: string;
  readonly parent?: string;
}

/** Gives the templates of a baseline the IDs of their current templates, or unused IDs. */
class BaselineIds<B extends TemplateSource> {
  private readonly byId: ReadonlyMap<string, B>;
  private readonly taken: Set<string>;
  private readonly ids = new Map<B, readonly NewId[]>();

  constructor(
    baseline: readonly B[],
    current: readonly TemplateSource[],
    private readonly successors: StackMatches<B, TemplateSource>['successors'],
  ) {
    this.byId = new Map(baseline.map((template) => [template.id, template]));
    this.taken = new Set(current.map(({ id }) => id));
  }

  /** Returns a template with its new ID, repeated for each current template. */
  public renamed(template: B): B[] {
    const { nestedIn } = template;
    return this.idsOf(template).map(({ id, parent }) => ({
      ...template,
      id,
      ...(nestedIn && { nestedIn: { ...nestedIn, id: parent ?? nestedIn.id } }),
    }));
  }

  private idsOf(template: B): readonly NewId[] {
    const known = this.ids.get(template);
    if (known) return known;
    // Ends the recursion if a template claims to be nested in itself.
    this.ids.set(template, []);
    const ids = this.idsOfSuccessors(template);
    const newIds = ids.length > 0 ? ids : [{ id: this.freeId(template.id) }];
    this.ids.set(template, newIds);
    return newIds;
  }

  private idsOfSuccessors(template: B): readonly NewId[] {
    const successors = this.successors.get(template) ?? [];
    const parentTemplate = template.nestedIn && this.byId.get(template.nestedIn.id);
    if (!parentTemplate) return successors.map(({ id }) => ({ id }));
    return this.idsOf(parentTemplate).map(({ id: parent }, _, all) => {
      const nested = successors.find(({ nestedIn }) => nestedIn?.id === parent);
      // A nested template may be checked without the template around it.
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
