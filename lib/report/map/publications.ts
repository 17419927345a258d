import type { LoadedTemplate } from '../../load/loaded';
import type { FunctionAlias, FunctionVersion, KeptMode } from '../../model/lambda-function';
import { placeOf } from '../place';
import type { MapAlias, MapVersion } from './map-function';
import { mapPlace } from './map-place';

/** A version and the mode that it has locked. */
export function versionOf(
  version: FunctionVersion,
  templates: ReadonlyMap<string, LoadedTemplate>,
): MapVersion {
  const { resource, lockedModes, isTied, keptModes } = version;
  return {
    logicalId: resource.logicalId,
    ...mapPlace(placeOf(resource, templates)),
    lockedModes,
    isTied,
    keptModes: modesOf(keptModes),
  };
}

/** An alias and the versions that it can be on. */
export function aliasOf(alias: FunctionAlias, templates: ReadonlyMap<string, LoadedTemplate>): MapAlias {
  const { resource, versions, keptModes } = alias;
  return {
    logicalId: resource.logicalId,
    ...mapPlace(placeOf(resource, templates)),
    versions: versions.map(({ version, number, isAdditional }) => ({
      ...(version && { logicalId: version.resource.logicalId }),
      ...(number !== undefined && { number }),
      lockedModes: version?.lockedModes ?? [],
      isAdditional,
    })),
    keptModes: modesOf(keptModes),
  };
}

function modesOf(kept: readonly KeptMode[]): string[] {
  return [...new Set(kept.map(({ mode }) => mode))];
}
