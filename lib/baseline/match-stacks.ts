import { isObject, objectAt } from '../cloudformation/json';
import { agree, isInSamePlace, type TemplateSource } from '../cloudformation/template';

/** The matches between the templates of a baseline and the current ones. */
export interface StackMatches<B, C> {
  /** The current templates of a previous one. Several are possible if that has no account or region. */
  readonly successors: ReadonlyMap<B, readonly C[]>;
  /** The candidates for current templates whose previous template is ambiguous. */
  readonly ambiguous: ReadonlyMap<C, readonly B[]>;
}

/** A criterion that matches templates with equal keys. */
interface Criterion {
  readonly keyOf: (template: TemplateFile) => string | undefined;
  /** Returns true if two templates with the same key can be of the same stack. */
  readonly mayBeSame?: (a: TemplateFile, b: TemplateFile) => boolean;
  /** Returns true if two templates that are each other's only candidate are of the same stack. */
  readonly isSame?: (a: TemplateFile, b: TemplateFile) => boolean;
  /** True if a key counts only if no other template has it, not even a matched one. */
  readonly isUnique?: boolean;
  /** True if several candidates are not reported as ambiguous. */
  readonly ignoresAmbiguity?: boolean;
}

/** With more candidates for a key, the match is not reported as ambiguous. */
const MAX_AMBIGUOUS = 20;

/**
 * Matches the templates of a baseline with the current ones.
 *
 * - Stacks match by name, account and region. Nested stacks match by the stack that they are nested in.
 * - If a stack name is unknown on one or both sides, templates match by ID, then by path: by the whole path below the
 *   given folder, or by the longest end of it that is unique.
 * - The only template of one side matches the only template of the other side.
 * - Stacks with different names, such as those of a branch, match if they are the same construct and have most resources
 *   in common.
 *
 * Except for stacks with the same name, matching templates must also have a resource in common. Templates do not match
 * just because they are the last ones without a match: a removed and a new service may both be copies of a third one, with
 * the same logical IDs.
 */
export function matchStacks<B extends TemplateFile, C extends TemplateFile>(
  baseline: readonly B[],
  current: readonly C[],
): StackMatches<B, C> {
  const matcher = new StackMatcher(baseline, current);
  matcher.match();
  return matcher;
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

  public match(): void {
    let longest = 0;
    for (const { segments } of this.paths.values()) longest = Math.max(longest, segments.length);
    const lengths = Array.from({ length: longest }, (_, i) => longest - i);
    const isComplete = (template: TemplateFile, length: number) => this.paths.get(template)!.own <= length;

    this.matchBy({ keyOf: (template) => (isOutermost(template) ? template.id : undefined) });
    this.matchBy({
      keyOf: ({ stackName, account, region }) => stackName && JSON.stringify([stackName, account, region]),
    });
    this.matchBy({ keyOf: ({ stackName }) => stackName });
    for (const length of lengths) {
      this.matchBy({
        keyOf: (template) => template.stackName && this.endOf(template, length, template.stackName),
      });
    }
    for (const length of lengths) {
      this.matchBy({
        keyOf: (template) => (isComplete(template, length) ? this.endOf(template, length) : undefined),
      });
      this.matchBy({
        keyOf: (template) => this.endOf(template, length),
        mayBeSame: (a, b) => (isComplete(a, length) || isComplete(b, length)) && mayBeSame(a, b),
        isUnique: true,
      });
    }
    this.matchBy({
      keyOf: (template) => (template.stackName && isOutermost(template) ? template.constructPath : undefined),
      mayBeSame: isInSamePlace,
      isSame: haveMostInCommon,
      ignoresAmbiguity: true,
    });
    if ([this.baseline, this.current].every((templates) => templates.filter(isOutermost).length === 1)) {
      this.matchBy({ keyOf: (template) => (isOutermost(template) ? '' : undefined) });
    }
    this.removeMatchedCandidates();
  }

  /** Matches templates that are the only ones with a key on both sides. */
  private matchBy(criterion: Criterion): void {
    const {
      keyOf,
      mayBeSame: may = mayBeSame,
      isSame = hasSameNameOrResource,
      isUnique,
      ignoresAmbiguity,
    } = criterion;
    const now = grouped(this.current, keyOf);
    for (const [key, before] of grouped(this.baseline, keyOf)) {
      const others = now.get(key) ?? [];
      const [old, after] = [this.open(before), this.open(others)];
      if (old.length === 0 || after.length === 0) continue;
      if (!isUnique || (before.length === 1 && others.length === 1)) {
        for (const template of old) {
          const successors = after.filter((candidate) => may(template, candidate));
          const areOnly =
            areUnambiguous(template, successors) &&
            successors.every(
              (successor) => old.filter((candidate) => may(candidate, successor)).length === 1,
            );
          if (areOnly && successors.every((successor) => isSame(template, successor)))
            this.link(template, successors);
        }
      }
      if (!ignoresAmbiguity) {
        this.addCandidates(this.open(old), this.open(after), (a, b) => may(a, b) && isSame(a, b));
      }
    }
  }

  /** Adds ambiguous matches. The first criterion is the strongest, so its candidates are kept. */
  private addCandidates(before: readonly B[], after: readonly C[], mayBe: (a: B, b: C) => boolean): void {
    if (before.length > MAX_AMBIGUOUS || after.length > MAX_AMBIGUOUS) return;
    for (const successor of after) {
      if (this.ambiguous.has(successor)) continue;
      const candidates = before.filter((candidate) => mayBe(candidate, successor));
      if (candidates.length > 0) this.ambiguous.set(successor, candidates);
    }
  }

  /** Removes candidates that have been matched by a later criterion. */
  private removeMatchedCandidates(): void {
    for (const [successor, before] of this.ambiguous) {
      const candidates = this.found.has(successor) ? [] : this.open(before);
      if (candidates.length === 0) this.ambiguous.delete(successor);
      else this.ambiguous.set(successor, candidates);
    }
  }

  private link(template: B, successors: readonly C[]): void {
    const free = this.open(successors);
    if (this.found.has(template) || free.length === 0) return;
    this.successors.set(template, free);
    for (const linked of [template, ...free]) this.found.add(linked);
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

function grouped<T extends TemplateFile>(
  templates: readonly T[],
  keyOf: Criterion['keyOf'],
): Map<string, T[]> {
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

/** Returns true if a template is not of a nested stack. */
export function isOutermost({ nestedIn }: TemplateSource): boolean {
  return nestedIn === undefined;
}

/** Returns true if two templates can be of the same stack. */
function mayBeSame(a: TemplateSource, b: TemplateSource): boolean {
  // Nested stacks match only by the stack that they are nested in.
  if (a.nestedIn && b.nestedIn) return false;
  return agree(a.stackName, b.stackName) && isInSamePlace(a, b);
}

/** Returns true if two templates have the same stack name or a resource in common. */
function hasSameNameOrResource(a: TemplateSource, b: TemplateSource): boolean {
  return hasSameName(a, b) || haveResourceInCommon(a, b);
}

function hasSameName(a: TemplateSource, b: TemplateSource): boolean {
  return a.stackName !== undefined && a.stackName === b.stackName;
}

/** Returns true for a single successor, or for one in each account and region of a stack with the same name. */
function areUnambiguous(template: TemplateSource, successors: readonly TemplateSource[]): boolean {
  return (
    successors.length === 1 ||
    successors.every(
      (successor, i) =>
        hasSameName(template, successor) &&
        successors.slice(i + 1).every((other) => !isInSamePlace(successor, other)),
    )
  );
}

/** A template, and its file if that differs from the ID. */
export type TemplateFile = TemplateSource & { readonly file?: string };

/** The segments of a template's path, for matching. */
export interface TemplatePath {
  /** All segments, including a prefix such as the revision in `main:infra/template.yaml`. */
  readonly segments: readonly string[];
  /**
   * The number of segments at the end that are below the given path. The other segments are the location of that path,
   * which differs between the baseline and the current templates.
   */
  readonly own: number;
}

/** @param isBaseline true for a baseline, which is a single path: a file matches only by its name */
export function pathOf(template: TemplateFile, isBaseline: boolean): TemplatePath {
  const file = template.file ?? template.id;
  const segments = segmentsOf(file);
  const inside = pathInGroup(file, template.group);
  if (inside !== undefined) return { segments, own: segmentsOf(inside).length };
  return { segments, own: isBaseline ? 1 : segments.filter((segment) => segment !== '..').length };
}

/** Returns true if a template of a baseline has the path of a current one, below the given folders. */
export function isAtSamePath(before: TemplateFile, after: TemplateFile): boolean {
  const [old, now] = [pathOf(before, true), pathOf(after, false)];
  const ends = [old, now].map(({ segments }) => segments.slice(-Math.min(old.own, now.own)).join('/'));
  return ends[0] === ends[1] && mayBeSame(before, after);
}

/** Returns the path below the given folder. Returns undefined if the file itself was given. */
function pathInGroup(file: string, group: string | undefined): string | undefined {
  if (!group) return undefined;
  if (group === '.') return file;
  const begin = /[/:]$/.test(group) ? group : `${group}/`;
  return file.startsWith(begin) ? file.slice(begin.length) : undefined;
}

function segmentsOf(path: string): string[] {
  return path.split(/[/:]/);
}

/** All CDK stacks have a resource of this type with the same logical ID. */
const METADATA = 'AWS::CDK::Metadata';

/** Returns true if a logical ID has the same type in both, or if one has no resources. */
export function haveResourceInCommon(a: TemplateSource, b: TemplateSource): boolean {
  const [ofA, ofB] = [typesIn(a), typesIn(b)];
  return ofA.size === 0 || ofB.size === 0 || inCommon(ofA, ofB) > 0;
}

/** Returns true if most logical IDs have the same type in both, or if one has no resources. */
export function haveMostInCommon(a: TemplateSource, b: TemplateSource): boolean {
  const [ofA, ofB] = [typesIn(a), typesIn(b)];
  return ofA.size === 0 || ofB.size === 0 || inCommon(ofA, ofB) > Math.max(ofA.size, ofB.size) / 2;
}

function inCommon(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): number {
  return [...a].filter(([logicalId, type]) => b.get(logicalId) === type).length;
}

/** Returns the types of the resources by logical ID. */
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

/** The templates of nested stacks, by the template that they are nested in and their logical ID. */
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
