import type { LoadedTemplate } from '../../input/loaded-template';
import type {
  FunctionAlias,
  FunctionVersion,
  KeptMode,
  LambdaFunction,
  LockedMode,
} from '../../lambda/lambda-function';
import type { TracingModel } from '../../model/tracing-model';
import { isLeftBehind } from '../../model/version-users';
import { type Place, placeOf } from '../location';

/** What a deployment makes of a version, or of an alias that is pinned to one. */
export interface PublicationChange extends Place {
  /** `automatic` is a version that SAM publishes with the function, and its alias. */
  readonly publication: 'version' | 'alias' | 'automatic';
  /** `stuck` where it keeps a mode that its function no longer has. */
  readonly change: 'stuck' | 'republished' | 'published' | 'removed';
  /** The modes that it can have had locked, and that it can have, as far as they are known. */
  readonly before: readonly LockedMode[];
  readonly after: readonly LockedMode[];
  /** What a stuck one keeps. */
  readonly kept: readonly KeptMode[];
  /** The number of the version that a stuck alias is pinned to. */
  readonly number?: string;
}

type Templates = ReadonlyMap<string, LoadedTemplate>;

/** What becomes of the versions and aliases of a function; nothing of those that stay, and are right. */
export function publicationChanges(
  before: LambdaFunction,
  after: LambdaFunction,
  model: TracingModel,
  now: Templates,
  old: Templates,
): PublicationChange[] {
  const added = after.versions.filter((version) => !before.versions.some((other) => isAt(version, other)));
  const gone = before.versions.filter((version) => !after.versions.some((other) => isAt(version, other)));
  // With CDK, a new version has a logical ID of its own: it takes the place of one that is gone.
  const predecessorOf = (version: FunctionVersion) =>
    before.versions.find((other) => isAt(version, other)) ?? gone[added.indexOf(version)];
  return [
    ...after.versions
      .filter((version) => isStuck(version) && !isLeftBehind(version, model))
      .map((version) => stuckVersion(version, now)),
    ...after.versions
      .filter(({ isKept }) => !isKept)
      .map((version) => publishedVersion(version, predecessorOf(version), now)),
    ...after.aliases.filter(isStuck).map((alias) => stuckAlias(alias, now)),
    ...gone.slice(added.length).map((version) => removedVersion(version, old)),
  ];
}

/** Whether a version is published anew in the modes of the one before. */
export function isInSameModes({ change, before, after }: PublicationChange): boolean {
  return (
    change === 'republished' && before.length === after.length && before.every((mode) => after.includes(mode))
  );
}

function isStuck({ keptModes }: FunctionVersion | FunctionAlias): boolean {
  return keptModes.length > 0;
}

function isAt({ resource: a }: FunctionVersion, { resource: b }: FunctionVersion): boolean {
  return a.template.id === b.template.id && a.logicalId === b.logicalId;
}

function stuckVersion(version: FunctionVersion, now: Templates): PublicationChange {
  const { resource, lockedModes, keptModes } = version;
  return {
    ...placeOf(resource, now),
    publication: kindOf(version),
    change: 'stuck',
    before: lockedModes,
    after: lockedModes,
    kept: keptModes,
  };
}

function publishedVersion(
  version: FunctionVersion,
  predecessor: FunctionVersion | undefined,
  now: Templates,
): PublicationChange {
  return {
    ...placeOf(version.resource, now),
    publication: kindOf(version),
    change: predecessor ? 'republished' : 'published',
    before: predecessor?.lockedModes ?? [],
    after: version.lockedModes,
    kept: [],
  };
}

function removedVersion(version: FunctionVersion, old: Templates): PublicationChange {
  return {
    ...placeOf(version.resource, old),
    publication: kindOf(version),
    change: 'removed',
    before: version.lockedModes,
    after: [],
    kept: [],
  };
}

function stuckAlias({ resource, versions, keptModes }: FunctionAlias, now: Templates): PublicationChange {
  const modes = [...new Set(keptModes.map(({ mode }) => mode))];
  return {
    ...placeOf(resource, now),
    publication: 'alias',
    change: 'stuck',
    before: modes,
    after: modes,
    kept: keptModes,
    number: versions.find(({ number, isAdditional }) => number !== undefined && !isAdditional)?.number,
  };
}

function kindOf({ resource, function: fn }: FunctionVersion): 'version' | 'automatic' {
  return resource === fn.resource ? 'automatic' : 'version';
}
