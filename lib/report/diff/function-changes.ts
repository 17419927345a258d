import { WRITE_ACTIONS } from '../../iam/managed-policies';
import type { WritePermission } from '../../iam/xray-permissions';
import type { LoadedTemplate } from '../../input/loaded-template';
import { isUnsupported, type UnsupportedSource } from '../../lambda/event-sources';
import type { LambdaFunction } from '../../lambda/lambda-function';
import type { TracingModel } from '../../model/tracing-model';
import { sortedBy } from '../collections';
import { type FunctionSummary, summaryOf } from '../function-summary';
import { type Location, locationOf } from '../location';
import type { CheckedSystem } from '../report';
import { isInSameModes, type VersionChange, versionChanges } from './version-changes';

/** One of the two that are compared. */
export type Side = Pick<CheckedSystem, 'loaded' | 'model' | 'findings'>;

type Templates = ReadonlyMap<string, LoadedTemplate>;

/** Of a function that is in one only, there is nothing to compare. */
const NOTHING_ELSE = {
  permissions: { gained: [], lost: [] },
  versions: [],
  untracedSources: { added: [], removed: [] },
} as const;

/** The functions that are not as they were, by template, then line; those that are removed come last in their template. */
export function functionChanges(before: Side, after: Side): FunctionChange[] {
  const [old, now] = [before, after].map(
    ({ loaded }) => new Map(loaded.templates.map((template) => [template.id, template])),
  );
  const succeeded = new Set(after.model.functions.map((fn) => fn.previous));
  const removed = before.model.functions.filter((fn) => !succeeded.has(fn));
  const rank = new Map([...new Set([...now.keys(), ...old.keys()])].map((id, i) => [id, i]));
  return sortedBy(
    [
      ...after.model.functions.flatMap((fn) =>
        fn.previous ? changedFunction(fn, fn.previous, after.model, now, old) : addedFunction(fn, now),
      ),
      ...removed.map((fn) => removedFunction(fn, old)),
    ],
    ({ template, change, position }) => [
      rank.get(template) ?? rank.size,
      Number(change === 'removed'),
      position?.line ?? Number.MAX_SAFE_INTEGER,
    ],
  );
}

function addedFunction(fn: LambdaFunction, now: Templates): FunctionChange {
  return {
    ...locationOf(fn.resource, now),
    change: 'added',
    after: summaryOf(fn),
    ...NOTHING_ELSE,
    untracedSources: { added: untracedSources(fn, now), removed: [] },
  };
}

function removedFunction(fn: LambdaFunction, old: Templates): FunctionChange {
  return {
    ...locationOf(fn.resource, old),
    change: 'removed',
    before: summaryOf(fn),
    ...NOTHING_ELSE,
  };
}

/** Nothing where it is as it was. */
function changedFunction(
  fn: LambdaFunction,
  predecessor: LambdaFunction,
  model: TracingModel,
  now: Templates,
  old: Templates,
): FunctionChange[] {
  const [sources, sourcesBefore] = [untracedSources(fn, now), untracedSources(predecessor, old)];
  const summaries = { before: summaryOf(predecessor), after: summaryOf(fn) };
  const permissions = permissionChange(predecessor, fn);
  const untraced = { added: without(sources, sourcesBefore), removed: without(sourcesBefore, sources) };
  const publications = versionChanges(predecessor, fn, model, now, old);
  const isSame =
    isAsBefore(summaries) &&
    [permissions.gained, permissions.lost, untraced.added, untraced.removed].every(
      (list) => list.length === 0,
    ) &&
    publications.every(isInSameModes);
  if (isSame && publications.length === 0) return [];
  const change: Change = isSame ? 'republished' : 'changed';
  return [
    {
      ...locationOf(fn.resource, now),
      change,
      ...summaries,
      permissions,
      versions: publications,
      untracedSources: untraced,
    },
  ];
}

function isAsBefore({ before, after }: Readonly<Record<'before' | 'after', FunctionSummary>>): boolean {
  return (
    before.mode === after.mode &&
    before.permissions === after.permissions &&
    JSON.stringify(before.possibleModes) === JSON.stringify(after.possibleModes)
  );
}

function without(sources: readonly UntracedSource[], others: readonly UntracedSource[]): UntracedSource[] {
  const keyOf = ({ template, logicalId, kind }: UntracedSource) =>
    JSON.stringify([template, logicalId, kind]);
  const keys = new Set(others.map(keyOf));
  return sources.filter((source) => !keys.has(keyOf(source)));
}

/** What becomes of a function; `republished` where it has a new version in the same mode, and no other change. */
export type Change = 'added' | 'removed' | 'changed' | 'republished';

export const CHANGES: readonly Change[] = ['changed', 'added', 'removed', 'republished'];

/** A function that is not as it was. */
export interface FunctionChange extends Location {
  readonly change: Change;
  /** What it was, unless it is added. */
  readonly before?: FunctionSummary;
  /** What it is, unless it is removed. */
  readonly after?: FunctionSummary;
  readonly permissions: PermissionChange;
  /** What becomes of its versions and aliases, where it is in both. */
  readonly versions: readonly VersionChange[];
  /** The event sources behind which X-Ray does not trace. */
  readonly untracedSources: {
    readonly added: readonly UntracedSource[];
    readonly removed: readonly UntracedSource[];
  };
}

/** Whether a function can record traces, once all is deployed. */
export function canBeActive({ after }: FunctionChange): boolean {
  return after?.possibleModes.includes('Active') ?? false;
}

/** The X-Ray write actions that a function surely had not, or had, and surely has, or has not. */
export interface PermissionChange {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

function permissionChange(before: LambdaFunction | undefined, after: LambdaFunction): PermissionChange {
  const turned = (from: Allowed, to: Allowed) =>
    before
      ? WRITE_ACTIONS.filter((action) => allows(before, action) === from && allows(after, action) === to)
      : [];
  return { gained: turned('no', 'yes'), lost: turned('yes', 'no') };
}

type Allowed = 'yes' | 'no' | 'unknown';

/** What a role comes to in the case that is worst for tracing. */
function allows({ writePermissions }: LambdaFunction, action: string): Allowed {
  const cases = writePermissions.map(({ value }) => inCase(value, action));
  return (['no', 'unknown'] as const).find((allowed) => cases.includes(allowed)) ?? 'yes';
}

function inCase({ state, missing }: WritePermission, action: string): Allowed {
  if (missing.includes(action)) return 'no';
  return state === 'unknown' ? 'unknown' : 'yes';
}

/** An event source mapping behind which X-Ray does not trace. */
export interface UntracedSource extends Location {
  readonly kind: UnsupportedSource;
}

/** Those of a function; one for each kind that a mapping's source can be of. */
function untracedSources(
  { eventSourceMappings }: LambdaFunction,
  templates: ReadonlyMap<string, LoadedTemplate>,
): UntracedSource[] {
  return eventSourceMappings.flatMap(({ resource, logicalId, path, sources }) => {
    const kinds = new Set(sources.map(({ value }) => value.kind).filter(isUnsupported));
    const place = { ...locationOf(resource, templates, path.join('.')), logicalId };
    return [...kinds].map((kind) => ({ ...place, kind }));
  });
}
