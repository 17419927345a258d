import { WRITE_ACTIONS } from '../../iam/managed-policies';
import type { XRayPermission } from '../../iam/xray-permissions';
import { isUnsupported, type UnsupportedSource } from '../../lambda/event-sources';
import type {
  EffectiveMode,
  FunctionAlias,
  FunctionVersion,
  LambdaFunction,
  StaleMode,
} from '../../lambda/lambda-function';
import type { TracingModel } from '../../model/tracing-model';
import { isSuperseded } from '../../model/version-users';
import { sortedBy } from '../collections';
import { type FunctionSummary, summaryOf } from '../function-summary';
import { type Location, locationOf, type Templates, templatesById } from '../location';
import type { ReportInput } from '../report';

/** One side of a comparison. */
export type Side = Pick<ReportInput, 'loaded' | 'model' | 'findings'>;

/** The other changes of a function that is on one side only. */
const NO_OTHER_CHANGES = {
  permissions: { gained: [], lost: [] },
  versions: [],
  untracedSources: { added: [], removed: [] },
} as const;

/** Returns the changed functions by template, then line. Removed functions come last in their template. */
export function functionChanges(before: Side, after: Side): FunctionChange[] {
  const [old, now] = [before, after].map(({ loaded }) => templatesById(loaded));
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
    ...NO_OTHER_CHANGES,
    untracedSources: { added: untracedSources(fn, now), removed: [] },
  };
}

function removedFunction(fn: LambdaFunction, old: Templates): FunctionChange {
  return {
    ...locationOf(fn.resource, old),
    change: 'removed',
    before: summaryOf(fn),
    ...NO_OTHER_CHANGES,
  };
}

/** Returns the change of a function, or an empty array if there is none. */
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
  const versions = versionChanges(predecessor, fn, model, now, old);
  const isSame =
    isAsBefore(summaries) &&
    [permissions.gained, permissions.lost, untraced.added, untraced.removed].every(
      (list) => list.length === 0,
    ) &&
    versions.every(isInSameModes);
  if (isSame && versions.length === 0) return [];
  const change: Change = isSame ? 'republished' : 'changed';
  return [
    {
      ...locationOf(fn.resource, now),
      change,
      ...summaries,
      permissions,
      versions,
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

/** The kind of a change. `republished` is a new version in the same mode, without any other change. */
export type Change = 'added' | 'removed' | 'changed' | 'republished';

export const CHANGES: readonly Change[] = ['changed', 'added', 'removed', 'republished'];

/** A changed function. */
export interface FunctionChange extends Location {
  readonly change: Change;
  /** The function in the baseline, unless it is added. */
  readonly before?: FunctionSummary;
  /** The function in the new templates, unless it is removed. */
  readonly after?: FunctionSummary;
  readonly permissions: PermissionChange;
  /** The changes of its versions and aliases if the function is on both sides. */
  readonly versions: readonly VersionChange[];
  /** The event sources that X-Ray does not support. */
  readonly untracedSources: {
    readonly added: readonly UntracedSource[];
    readonly removed: readonly UntracedSource[];
  };
}

/** True if the function can record traces after the deployment. */
export function canBeActive({ after }: FunctionChange): boolean {
  return after?.possibleModes.includes('Active') ?? false;
}

/** The X-Ray write actions that a function certainly gains or loses. */
export interface PermissionChange {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

function permissionChange(before: LambdaFunction | undefined, after: LambdaFunction): PermissionChange {
  const changed = (from: Allowed, to: Allowed) =>
    before
      ? WRITE_ACTIONS.filter((action) => allows(before, action) === from && allows(after, action) === to)
      : [];
  return { gained: changed('no', 'yes'), lost: changed('yes', 'no') };
}

type Allowed = 'yes' | 'no' | 'unknown';

/** Returns the least permission under all conditions: no, then unknown, then yes. */
function allows({ writePermissions }: LambdaFunction, action: string): Allowed {
  const possible = writePermissions.map(({ value }) => allowedBy(value, action));
  return (['no', 'unknown'] as const).find((allowed) => possible.includes(allowed)) ?? 'yes';
}

function allowedBy({ state, missing }: XRayPermission, action: string): Allowed {
  if (missing.includes(action)) return 'no';
  return state === 'unknown' ? 'unknown' : 'yes';
}

/** An event source mapping of a kind that X-Ray does not support. */
export interface UntracedSource extends Location {
  readonly kind: UnsupportedSource;
}

/** Returns the unsupported event sources of a function, one for each possible kind of a source. */
function untracedSources({ eventSourceMappings }: LambdaFunction, templates: Templates): UntracedSource[] {
  return eventSourceMappings.flatMap(({ resource, logicalId, path, sources }) => {
    const kinds = new Set(sources.map(({ value }) => value.kind).filter(isUnsupported));
    const location = { ...locationOf(resource, templates, path.join('.')), logicalId };
    return [...kinds].map((kind) => ({ ...location, kind }));
  });
}

/** The change of a version, or of an alias that is pinned to a version. */
export interface VersionChange extends Location {
  /** `automatic` is the version that SAM publishes with the function, and its alias. */
  readonly kind: 'version' | 'alias' | 'automatic';
  /** `stuck` if it stays on a mode that its function no longer has. */
  readonly change: 'stuck' | 'republished' | 'published' | 'removed';
  /** The modes that it can have before and after the deployment, if known. */
  readonly before: readonly EffectiveMode[];
  readonly after: readonly EffectiveMode[];
  /** The modes that a stuck version or alias stays on. */
  readonly kept: readonly StaleMode[];
  /** The number of the version that a stuck alias is pinned to. */
  readonly number?: string;
}

/** Returns the changes of the versions and aliases of a function. */
function versionChanges(
  before: LambdaFunction,
  after: LambdaFunction,
  model: TracingModel,
  now: Templates,
  old: Templates,
): VersionChange[] {
  const added = after.versions.filter((version) => !before.versions.some((other) => isAt(version, other)));
  const removed = before.versions.filter((version) => !after.versions.some((other) => isAt(version, other)));
  // A new version of CDK has a new logical ID. It replaces a removed version.
  const predecessorOf = (version: FunctionVersion) =>
    before.versions.find((other) => isAt(version, other)) ?? removed[added.indexOf(version)];
  return [
    ...after.versions
      .filter((version) => isStuck(version) && !isSuperseded(version, model))
      .map((version) => stuckVersion(version, now)),
    ...after.versions
      .filter(({ isUnchanged }) => !isUnchanged)
      .map((version) => publishedVersion(version, predecessorOf(version), now)),
    ...after.aliases.filter(isStuck).map((alias) => stuckAlias(alias, now)),
    ...removed.slice(added.length).map((version) => removedVersion(version, old)),
  ];
}

/** True if a version is republished in the same modes. */
export function isInSameModes({ change, before, after }: VersionChange): boolean {
  return (
    change === 'republished' && before.length === after.length && before.every((mode) => after.includes(mode))
  );
}

function isStuck({ staleModes }: FunctionVersion | FunctionAlias): boolean {
  return staleModes.length > 0;
}

function isAt({ resource: a }: FunctionVersion, { resource: b }: FunctionVersion): boolean {
  return a.template.id === b.template.id && a.logicalId === b.logicalId;
}

function stuckVersion(version: FunctionVersion, now: Templates): VersionChange {
  const { resource, modes, staleModes } = version;
  return {
    ...locationOf(resource, now),
    kind: kindOf(version),
    change: 'stuck',
    before: modes,
    after: modes,
    kept: staleModes,
  };
}

function publishedVersion(
  version: FunctionVersion,
  predecessor: FunctionVersion | undefined,
  now: Templates,
): VersionChange {
  return {
    ...locationOf(version.resource, now),
    kind: kindOf(version),
    change: predecessor ? 'republished' : 'published',
    before: predecessor?.modes ?? [],
    after: version.modes,
    kept: [],
  };
}

function removedVersion(version: FunctionVersion, old: Templates): VersionChange {
  return {
    ...locationOf(version.resource, old),
    kind: kindOf(version),
    change: 'removed',
    before: version.modes,
    after: [],
    kept: [],
  };
}

function stuckAlias({ resource, versions, staleModes }: FunctionAlias, now: Templates): VersionChange {
  const modes = [...new Set(staleModes.map(({ mode }) => mode))];
  return {
    ...locationOf(resource, now),
    kind: 'alias',
    change: 'stuck',
    before: modes,
    after: modes,
    kept: staleModes,
    number: versions.find(({ number, isAdditional }) => number !== undefined && !isAdditional)?.number,
  };
}

function kindOf({ resource, function: fn }: FunctionVersion): 'version' | 'automatic' {
  return resource === fn.resource ? 'automatic' : 'version';
}
