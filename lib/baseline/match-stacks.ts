import { isObject, objectAt } from '../cloudformation/json';
import { agree, isInSamePlace, type TemplateSource } from '../cloudformation/template';

/** What has become of the templates of a baseline. */
export interface StackMatches<B, C> {
  /** Of one that doesn't say its account or region, several may have come, each in its own. */
  readonly successors: ReadonlyMap<B, readonly C[]>;
  /** For those that nothing is known to have become: what may have, where it can't be told. */
  readonly ambiguous: ReadonlyMap<C, readonly B[]>;
}

/** By which templates of one side a template of the other may be found, and what then speaks for it. */
interface Trait {
  readonly keyOf: (template: TemplateFile) => string | undefined;
  /** Whether two of a key may be the same stack's. */
  readonly mayBeSame?: (a: TemplateFile, b: TemplateFile) => boolean;
  /** Whether two of a key that may be the same, and no others, are. */
  readonly isSame?: (a: TemplateFile, b: TemplateFile) => boolean;
  /** Whether a key tells nothing that others have too, even if it is known what has become of them. */
  readonly isUnique?: boolean;
  /** Whether those of a key that can't be told apart are no rivals. */
  readonly hasNoRivals?: boolean;
}

/** Of a key that more of one side have, nobody can say which of them is meant. */
const MAX_AMBIGUOUS = 20;

/**
 * Finds what has become of the templates of a baseline: that of the same stack, by its name, account and region; of
 * nested ones, by what they are nested in. A stack whose name is known on one side only, or on none, is told by the
 * template's ID and by its path: by all that says which it is of those that are meant, or by as much of it as no other
 * has. Two that are alone, each on its side, are the same whatever they are called. They must have a resource in common
 * as well.
 *
 * Of several templates, no two are the same for being left over: where one service is gone and another is new, both may
 * well have been begun as copies of a third, with its logical IDs. Only a stack of another name, such as that of a
 * branch, is the same if it is the same construct, and has most resources in common.
 */
export function matchStacks<B extends TemplateFile, C extends TemplateFile>(
  baseline: readonly B[],
  current: readonly C[],
): StackMatches<B, C> {
  const finder = new StackMatcher(baseline, current);
  finder.find();
  return finder;
}

class StackMatcher<B extends TemplateFile, C extends TemplateFile> implements StackMatches<B, C> {
  public readonly successors = new Map<B, readonly C[]>();
  public readonly ambiguous = new Map<C, readonly B[]>();
  private readonly found = new Set<TemplateFile>();
  private readonly paths: ReadonlyMap<TemplateFile, TemplatePath>;
  private readonly nestedBefore: NestedTemplates<B>;
  private readonly nestedNow: NestedTemplates<C>;

  constructor(
    private readonly baseline: readonly B[],
    private readonly current: readonly C[],
  ) {
    this.paths = new Map<TemplateFile, TemplatePath>([
      ...baseline.map((template) => [template, pathOf(template, true)] as const),
      ...current.map((template) => [template, pathOf(template, false)] as const),
    ]);
    this.nestedBefore = new NestedTemplates(baseline);
    this.nestedNow = new NestedTemplates(current);
  }

  public find(): void {
    let longest = 0;
    for (const { segments } of this.paths.values()) longest = Math.max(longest, segments.length);
    const lengths = Array.from({ length: longest }, (_, i) => longest - i);
    const isComplete = (template: TemplateFile, length: number) => this.paths.get(template)!.own <= length;

    this.match({ keyOf: (template) => (isOutermost(template) ? template.id : undefined) });
    this.match({
      keyOf: ({ stackName, account, region }) => stackName && JSON.stringify([stackName, account, region]),
    });
    this.match({ keyOf: ({ stackName }) => stackName });
    for (const length of lengths) {
      this.match({
        keyOf: (template) => template.stackName && this.endOf(template, length, template.stackName),
      });
    }
    for (const length of lengths) {
      this.match({
        keyOf: (template) => (isComplete(template, length) ? this.endOf(template, length) : undefined),
      });
      this.match({
        keyOf: (template) => this.endOf(template, length),
        mayBeSame: (a, b) => (isComplete(a, length) || isComplete(b, length)) && mayBeSame(a, b),
        isUnique: true,
      });
    }
    this.match({
      keyOf: (template) => (template.stackName && isOutermost(template) ? template.constructPath : undefined),
      mayBeSame: isInSamePlace,
      isSame: haveMostInCommon,
      hasNoRivals: true,
    });
    if ([this.baseline, this.current].every((templates) => templates.filter(isOutermost).length === 1)) {
      this.match({ keyOf: (template) => (isOutermost(template) ? '' : undefined) });
    }
    this.forgetRivals();
  }

  /** Matches those that are the only ones of a key on both sides. */
  private match(trait: Trait): void {
    const { keyOf, mayBeSame: may = mayBeSame, isSame = isSurelySame, isUnique, hasNoRivals } = trait;
    const now = grouped(this.current, keyOf);
    for (const [key, before] of grouped(this.baseline, keyOf)) {
      const others = now.get(key) ?? [];
      const [old, after] = [this.open(before), this.open(others)];
      if (old.length === 0 || after.length === 0) continue;
      if (!isUnique || (before.length === 1 && others.length === 1)) {
        for (const template of old) {
          const successors = after.filter((one) => may(template, one));
          const areOnly =
            areOne(template, successors) &&
            successors.every((successor) => old.filter((one) => may(one, successor)).length === 1);
          if (areOnly && successors.every((one) => isSame(template, one))) this.link(template, successors);
        }
      }
      if (!hasNoRivals) this.addRivals(this.open(old), this.open(after), (a, b) => may(a, b) && isSame(a, b));
    }
  }

  /** The first that can't be told apart are by the best that is known. */
  private addRivals(before: readonly B[], after: readonly C[], mayBe: (a: B, b: C) => boolean): void {
    if (before.length > MAX_AMBIGUOUS || after.length > MAX_AMBIGUOUS) return;
    for (const successor of after) {
      if (this.ambiguous.has(successor)) continue;
      const rivals = before.filter((one) => mayBe(one, successor));
      if (rivals.length > 0) this.ambiguous.set(successor, rivals);
    }
  }

  /** Those that are rivals no longer, since it has turned out what they are. */
  private forgetRivals(): void {
    for (const [successor, before] of this.ambiguous) {
      const rivals = this.found.has(successor) ? [] : this.open(before);
      if (rivals.length === 0) this.ambiguous.delete(successor);
      else this.ambiguous.set(successor, rivals);
    }
  }

  private link(template: B, successors: readonly C[]): void {
    const free = this.open(successors);
    if (this.found.has(template) || free.length === 0) return;
    this.successors.set(template, free);
    for (const one of [template, ...free]) this.found.add(one);
    for (const [logicalId, nested] of this.nestedBefore.in(template)) {
      const nestedNow = free.flatMap((successor) => this.nestedNow.in(successor).get(logicalId) ?? []);
      this.link(nested, nestedNow);
    }
  }

  private open<T extends TemplateFile>(templates: readonly T[]): T[] {
    return templates.filter((template) => !this.found.has(template));
  }

  private endOf(template: TemplateFile, length: number, around = ''): string | undefined {
    const { segments } = this.paths.get(template)!;
    return segments.length < length ? undefined : [around, ...segments.slice(-length)].join('/');
  }
}

function grouped<T extends TemplateFile>(templates: readonly T[], keyOf: Trait['keyOf']): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const template of templates) {
    const key = keyOf(template);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(template);
    else groups.set(key, [template]);
  }
  return groups;
}

/** Whether a template is no nested stack's. */
export function isOutermost({ nestedIn }: TemplateSource): boolean {
  return nestedIn === undefined;
}

/** Whether nothing that is known of two templates speaks against their being the same stack's. */
function mayBeSame(a: TemplateSource, b: TemplateSource): boolean {
  // Nested stacks are the same by what they are nested in, and by nothing else.
  if (a.nestedIn && b.nestedIn) return false;
  return agree(a.stackName, b.stackName) && isInSamePlace(a, b);
}

/** Whether both are known to be of a stack of the same name, or have a resource in common. */
function isSurelySame(a: TemplateSource, b: TemplateSource): boolean {
  return hasSameName(a, b) || haveResourceInCommon(a, b);
}

function hasSameName(a: TemplateSource, b: TemplateSource): boolean {
  return a.stackName !== undefined && a.stackName === b.stackName;
}

/** Whether there is one successor, or one in each account and region of a stack that doesn't say its own. */
function areOne(template: TemplateSource, successors: readonly TemplateSource[]): boolean {
  return (
    successors.length === 1 ||
    successors.every(
      (one, i) =>
        hasSameName(template, one) && successors.slice(i + 1).every((other) => !isInSamePlace(one, other)),
    )
  );
}

/** A template, and the file that it is from where that says more than its ID. */
export type TemplateFile = TemplateSource & { readonly file?: string };

/** By which of its segments a template's path may be told from others. */
export interface TemplatePath {
  /** With what may stand before a path, such as the revision in `main:infra/template.yaml`. */
  readonly segments: readonly string[];
  /**
   * How many of them, from the end, say which it is of those that a user means. The others say where these are, which
   * is elsewhere for a baseline.
   */
  readonly own: number;
}

/** @param isBaseline a baseline is a single path: where this is a file, its name is all that it is to be found by */
export function pathOf(template: TemplateFile, isBaseline: boolean): TemplatePath {
  const file = template.file ?? template.id;
  const segments = segmentsOf(file);
  const inside = pathInGroup(file, template.group);
  if (inside !== undefined) return { segments, own: segmentsOf(inside).length };
  return { segments, own: isBaseline ? 1 : segments.filter((segment) => segment !== '..').length };
}

/** The path below the folder that was named; nothing where the file itself was. */
function pathInGroup(file: string, group: string | undefined): string | undefined {
  if (!group) return undefined;
  if (group === '.') return file;
  const begin = /[/:]$/.test(group) ? group : `${group}/`;
  return file.startsWith(begin) ? file.slice(begin.length) : undefined;
}

function segmentsOf(path: string): string[] {
  return path.split(/[/:]/);
}

/** Every CDK stack has one, by the same logical ID. */
const METADATA = 'AWS::CDK::Metadata';

/** Whether a logical ID is of the same type in both. One without resources may become anything. */
export function haveResourceInCommon(a: TemplateSource, b: TemplateSource): boolean {
  const [ofA, ofB] = [typesIn(a), typesIn(b)];
  return ofA.size === 0 || ofB.size === 0 || inCommon(ofA, ofB) > 0;
}

/** Whether that holds for most of what is in either. */
export function haveMostInCommon(a: TemplateSource, b: TemplateSource): boolean {
  const [ofA, ofB] = [typesIn(a), typesIn(b)];
  return ofA.size === 0 || ofB.size === 0 || inCommon(ofA, ofB) > Math.max(ofA.size, ofB.size) / 2;
}

function inCommon(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): number {
  return [...a].filter(([logicalId, type]) => b.get(logicalId) === type).length;
}

/** The types of resources, by logical ID. */
function typesIn({ template }: TemplateSource): Map<string, string> {
  const resources = Object.entries(objectAt(template, 'Resources'));
  return new Map(
    resources.flatMap(([logicalId, resource]): [string, string][] =>
      isObject(resource) && typeof resource.Type === 'string' && resource.Type !== METADATA
        ? [[logicalId, resource.Type]]
        : [],
    ),
  );
}

/** The templates of nested stacks, by the templates that they are nested in, and the logical IDs there. */
class NestedTemplates<T extends TemplateSource> {
  private readonly byParent = new Map<string, Map<string, T>>();

  constructor(templates: readonly T[]) {
    for (const template of templates) {
      const { nestedIn } = template;
      if (!nestedIn) continue;
      const siblings = this.byParent.get(nestedIn.id) ?? new Map<string, T>();
      this.byParent.set(nestedIn.id, siblings.set(nestedIn.logicalId, template));
    }
  }

  public in({ id }: TemplateSource): ReadonlyMap<string, T> {
    return this.byParent.get(id) ?? new Map<string, T>();
  }
}
