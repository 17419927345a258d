import type {
  EffectiveMode,
  FunctionAlias,
  FunctionVersion,
  LambdaFunction,
  StaleMode,
} from '../../lambda/lambda-function';
import type { TracingModel } from '../../model/tracing-model';
import { isSuperseded } from '../../model/version-users';
import { type Location, locationOf, type Templates } from '../location';

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
export function versionChanges(
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
