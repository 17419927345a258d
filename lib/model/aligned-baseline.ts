import { isObject, objectAt } from './json';
import { agree, type TemplateSource } from './template';

/** A template, and the file that it is from where that says more than its ID. */
type Source = TemplateSource & { readonly file?: string };

/** What stands before the IDs of templates that nothing has come of. */
const PREFIX = 'baseline:';

/**
 * Gives every template of a baseline that something judged has come of the ID of that, so that a template's ID and a
 * logical ID name the same deployed resource in both. The others stay, under IDs that nothing judged has.
 *
 * Two templates are the same stack's if that has one name, account and region in both, or if they are nested alike in
 * such ones. A stack whose name is known on one side only, or on none, is told by the template's ID, by the end of its
 * path, and at last by being the only one left that it can be; then the two must have a resource in common as well.
 */
export function alignedBaseline<T extends TemplateSource>(
  baseline: readonly T[],
  current: readonly Source[],
): T[] {
  const successors = new Succession(baseline, current).find();
  const taken = new Set(current.map(({ id }) => id));
  const ids = new Map(
    baseline.map((template): [string, string] => {
      const successor = successors.get(template);
      return [template.id, successor?.id ?? freeId(template.id, taken)];
    }),
  );
  return baseline.map((template) => {
    const { nestedIn } = template;
    const parent = nestedIn && (ids.get(nestedIn.id) ?? nestedIn.id);
    return {
      ...template,
      id: ids.get(template.id),
      ...(nestedIn && { nestedIn: { ...nestedIn, id: parent } }),
    };
  });
}

/** Whether an aligned baseline has nothing to do with what is judged. */
export function isUnrelated(
  baseline: readonly TemplateSource[],
  current: readonly TemplateSource[],
): boolean {
  const ids = new Set(current.map(({ id }) => id));
  return baseline.length > 0 && current.length > 0 && !baseline.some(({ id }) => ids.has(id));
}

function freeId(id: string, taken: Set<string>): string {
  let free = PREFIX + id;
  while (taken.has(free)) free = PREFIX + free;
  taken.add(free);
  return free;
}

/** By which templates of one side a template of the other may be found. */
type KeyOf = (template: Source) => string | undefined;

/** Finds what has come of the templates of a baseline. */
class Succession {
  private readonly successors = new Map<Source, Source>();
  private readonly found = new Set<Source>();
  private readonly nestedBefore: NestedTemplates;
  private readonly nestedNow: NestedTemplates;

  constructor(
    private readonly baseline: readonly Source[],
    private readonly current: readonly Source[],
  ) {
    this.nestedBefore = new NestedTemplates(baseline);
    this.nestedNow = new NestedTemplates(current);
  }

  public find(): ReadonlyMap<Source, Source> {
    const longest = [...this.baseline, ...this.current].reduce(
      (length, source) => Math.max(length, segmentsOf(source).length),
      0,
    );
    const lengths = Array.from({ length: longest }, (_, i) => longest - i);

    this.match(({ id, nestedIn }) => (nestedIn ? undefined : id));
    this.match(({ stackName, account, region }) => stackName && JSON.stringify([stackName, account, region]));
    this.match(({ stackName }) => stackName);
    for (const length of lengths) {
      this.match((source) => source.stackName && endOf(source, length, source.stackName));
    }
    for (const length of lengths) this.match((source) => endOf(source, length));
    this.match(({ nestedIn }) => (nestedIn ? undefined : ''));
    return this.successors;
  }

  /** Matches those that are the only ones of a key on both sides. */
  private match(keyOf: KeyOf): void {
    const now = this.byKey(this.current, keyOf);
    for (const [key, before] of this.byKey(this.baseline, keyOf)) {
      const after = now.get(key) ?? [];
      for (const template of before) {
        const [successor, another] = after.filter((one) => mayBeSame(template, one));
        if (successor === undefined || another !== undefined) continue;
        if (before.filter((one) => mayBeSame(one, successor)).length > 1) continue;
        if (isSameStack(template, successor) || haveResourceInCommon(template, successor)) {
          this.link(template, successor);
        }
      }
    }
  }

  private byKey(templates: readonly Source[], keyOf: KeyOf): Map<string, Source[]> {
    const groups = new Map<string, Source[]>();
    for (const template of templates) {
      const key = this.found.has(template) ? undefined : keyOf(template);
      if (key === undefined) continue;
      const group = groups.get(key);
      if (group) group.push(template);
      else groups.set(key, [template]);
    }
    return groups;
  }

  private link(template: Source, successor: Source): void {
    if (this.found.has(template) || this.found.has(successor)) return;
    this.found.add(template).add(successor);
    this.successors.set(template, successor);
    const nestedNow = this.nestedNow.in(successor);
    for (const [logicalId, nested] of this.nestedBefore.in(template)) {
      const now = nestedNow.get(logicalId);
      if (now) this.link(nested, now);
    }
  }
}

/** The templates of nested stacks, by the templates that they are nested in, and the logical IDs there. */
class NestedTemplates {
  private readonly byParent = new Map<string, Map<string, Source>>();

  constructor(templates: readonly Source[]) {
    for (const template of templates) {
      const { nestedIn } = template;
      if (!nestedIn) continue;
      const siblings = this.byParent.get(nestedIn.id) ?? new Map<string, Source>();
      this.byParent.set(nestedIn.id, siblings.set(nestedIn.logicalId, template));
    }
  }

  public in({ id }: Source): ReadonlyMap<string, Source> {
    return this.byParent.get(id) ?? new Map<string, Source>();
  }
}

/** Whether nothing that is known of two templates speaks against their being the same stack's. */
function mayBeSame(a: Source, b: Source): boolean {
  // Nested stacks are the same by what they are nested in, and by nothing else.
  if (a.nestedIn && b.nestedIn) return false;
  return agree(a.stackName, b.stackName) && agree(a.account, b.account) && agree(a.region, b.region);
}

/** Whether both are known to be of a stack of the same name. */
function isSameStack(a: Source, b: Source): boolean {
  return a.stackName !== undefined && a.stackName === b.stackName;
}

/** Whether a logical ID is of the same type in both. One without resources may become anything. */
function haveResourceInCommon(a: Source, b: Source): boolean {
  const [ofA, ofB] = [a, b].map(({ template }) => objectAt(template, 'Resources'));
  const ids = Object.keys(ofA);
  if (ids.length === 0 || Object.keys(ofB).length === 0) return true;
  return ids.some((id) => typeOf(ofA, id) !== undefined && typeOf(ofA, id) === typeOf(ofB, id));
}

function typeOf(resources: object, logicalId: string): unknown {
  const resource = Object.hasOwn(resources, logicalId) && objectAt(resources, logicalId);
  return isObject(resource) ? resource.Type : undefined;
}

/** The parts of a path, and of what may stand before one, such as the revision in `main:infra/template.yaml`. */
function segmentsOf({ file, id }: Source): string[] {
  return (file ?? id).split(/[/:]/);
}

function endOf(source: Source, length: number, around = ''): string | undefined {
  const segments = segmentsOf(source);
  return segments.length < length ? undefined : [around, ...segments.slice(-length)].join('/');
}
