import type { FunctionVersion } from '../model/lambda-function';
import { effectiveProperties } from '../model/sam-globals';
import { nameOf, type Resource } from '../model/template';

/** How a version comes to be published anew when the tracing mode changes. */
export function tieFix({ resource, function: fn, isTied }: FunctionVersion): string {
  if (resource === fn.resource) return samFix(fn.resource);
  if (isTied === 'by the template') {
    return `Write the mode of '${nameOf(fn.resource)}' out: a value that only deployment knows publishes nothing.`;
  }
  return resource.constructPath === undefined
    ? `Give '${nameOf(resource)}' a Description that states the mode, so that it is replaced along with it.`
    : `Publish '${nameOf(fn.resource)}' by currentVersion, or set tieVersions where it gets its mode.`;
}

/** `AutoPublishCodeSha256` decides by itself, whatever else is set. */
function samFix(resource: Resource): string {
  return effectiveProperties(resource).AutoPublishCodeSha256 === undefined
    ? `Set AutoPublishAliasAllProperties of '${nameOf(resource)}' to true.`
    : `Give '${nameOf(resource)}' a VersionDescription that states the mode: by AutoPublishCodeSha256, SAM goes by the code alone.`;
}
