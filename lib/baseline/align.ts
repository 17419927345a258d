import { isInSamePlace, type TemplateSource } from '../cloudformation/template';
import { listNames } from '../text/printable';
import { isAtSamePath, isOutermost, matchStacks, type StackMatches, type TemplateFile } from './match-stacks';

/**
 * A baseline with its templates matched to the current ones. Nested stacks in a stack without a match are not listed as
 * removed or added.
 */
interface AlignedBaseline<B extends TemplateFile = TemplateFile, C extends TemplateFile = TemplateFile> {
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

/** The maximum number of listed messages of a kind. */
const MAX_MESSAGES = 5;

/** Returns the error for a baseline without stacks, such as an empty cloud assembly. */
export function noStacksError(name: string): string {
  return `${name} contains no stacks. Pass the previous version of this app.`;
}

/**
 * Returns the error for a baseline if no stack is compared with it.
 *
 * @param name the name of the baseline for the message
 */
export function comparisonError(aligned: AlignedBaseline, name: string): string | undefined {
  const { pairs, moved, ambiguous, removed, added } = aligned;
  if (pairs.length > 0) return undefined;
  if (ambiguous.length > 0) return ambiguousMessage(ambiguous[0]);
  if (moved.length > 0) {
    const [{ before, after }] = moved;
    const difference = differenceOf(before, after);
    return (
      `${name} is from a different ${difference}: ${nameOf(after)} is in ${locationOf(before)} there, but in ` +
      `${locationOf(after)} here. Pass a baseline from the same ${difference}.`
    );
  }
  if (removed.length === 0 || added.length === 0 || isRewritten(aligned)) return undefined;
  return (
    `${name} is from a different app: it contains ${namesOf(removed)}, but none of ${namesOf(added)}. ` +
    'Pass the previous version of this app.'
  );
}

/** True for a single template whose resources are all new, at the path that it has in the baseline. */
function isRewritten({ removed, added }: AlignedBaseline): boolean {
  return removed.length === 1 && added.length === 1 && isAtSamePath(removed[0], added[0]);
}

/** Returns messages about compared stacks that are not obviously the same. */
export function pairMessages({ pairs }: AlignedBaseline): string[] {
  const renamed = pairs.flatMap(({ before, after }) =>
    after
      .filter(({ stackName }) => before.stackName && stackName && stackName !== before.stackName)
      .map(({ stackName }) => `${stackName} with ${before.stackName}`),
  );
  const shared = pairs.filter(({ before, after }) => isOutermost(before) && after.length > 1);
  return [
    ...(renamed.length > 0 ? [`Stacks with different names are compared: ${listNames(renamed)}.`] : []),
    ...limited(
      shared.map(
        ({ before, after }) =>
          `The baseline contains no account and region for ${nameOf(before)}, so it is compared with each of ` +
          `${listNames(after.map(fileOf))}.`,
      ),
    ),
  ];
}

/**
 * Returns messages about stacks that are not compared.
 *
 * @param name the name of the baseline for the messages
 */
export function unmatchedMessages(aligned: AlignedBaseline, name: string): string[] {
  const { pairs, moved, ambiguous, removed, added } = aligned;
  if (pairs.length === 0 && isRewritten(aligned)) {
    return [`${nameOf(added[0])} has no resource in common with the baseline, so all its resources are new.`];
  }
  const locations = moved.map(
    ({ before, after }) => `${nameOf(after)} (${locationOf(before)} there, ${locationOf(after)} here)`,
  );
  const [before, after] = [pairs.map((pair) => pair.before), pairs.flatMap((pair) => pair.after)];
  return [
    ...limited(ambiguous.map(ambiguousMessage)),
    ...(locations.length > 0
      ? [`In a different account or region in the baseline: ${listNames(locations)}.`]
      : []),
    ...(added.length > 0 ? [`${name} contains no baseline for ${namesOf(added, after)}.`] : []),
    ...(removed.length > 0
      ? [
          `Only the baseline contains ${namesOf(removed, before)}, so ${removed.length > 1 ? 'they are' : 'it is'} not compared.`,
        ]
      : []),
  ];
}

function ambiguousMessage({ before, after }: AlignedBaseline['ambiguous'][number]): string {
  const [old, now] = [before, after].map((templates) => listNames(templates.map(fileOf)));
  if (before.length > 1) {
    return `Several templates of the baseline match ${now}: ${old}. Pass one of them as the baseline.`;
  }
  return after.length > 1
    ? `Several templates match ${old} of the baseline: ${now}. Check only one of them.`
    : `${now} may be a new version of ${old}. To compare them, pass only these two.`;
}

function differenceOf(a: TemplateFile, b: TemplateFile): string {
  return (['account', 'region'] as const)
    .filter((part) => a[part] !== undefined && b[part] !== undefined && a[part] !== b[part])
    .join(' and ');
}

/** Returns a location such as `111122223333/eu-west-1`, or the part of it that is known. */
function locationOf({ account, region }: TemplateFile): string {
  return [account, region].filter((part) => part !== undefined).join('/');
}

/** Returns the names of stacks, or their files if the names are unknown or ambiguous. */
function namesOf(templates: readonly TemplateFile[], others: readonly TemplateFile[] = []): string {
  const counts = new Map<string, number>();
  for (const name of [...templates, ...others].map(nameOf)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return listNames(
    templates.map((template) => (counts.get(nameOf(template)) === 1 ? nameOf(template) : fileOf(template))),
  );
}

function nameOf(template: TemplateFile): string {
  return template.stackName ?? fileOf(template);
}

function fileOf({ file, id }: TemplateFile): string {
  return file ?? id;
}

function limited(messages: readonly string[]): string[] {
  const more = messages.length - MAX_MESSAGES;
  return [...messages.slice(0, MAX_MESSAGES), ...(more > 0 ? [`${more} more messages like this.`] : [])];
}
