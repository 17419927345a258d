import { type Assumptions, and } from '../cloudformation/possible';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { nameOf, type Resource } from '../cloudformation/template';
import type { FunctionVersion, LambdaFunction, TracingMode } from '../lambda/lambda-function';

/** Whether a function has a mode in every case, however conditions and parameters turn out. */
export function alwaysHasMode({ modes }: LambdaFunction, mode: TracingMode): boolean {
  return modes.length > 0 && modes.every(({ value }) => value === mode);
}

/** Whether a function has a mode in some case. */
export function canHaveMode({ modes }: LambdaFunction, mode: TracingMode): boolean {
  return modes.some(({ value }) => value === mode);
}

/** Whether a function can be Active in a case. */
export function canBeActiveWhen({ modes }: LambdaFunction, assumed: Assumptions): boolean {
  return modes.some(({ value, when }) => value === 'Active' && and(when, assumed));
}

/** `is Active`, or `can be Active` where something decides. */
export function activePhrase(fn: LambdaFunction): string {
  return alwaysHasMode(fn, 'Active') ? 'is Active' : 'can be Active';
}

/** `is PassThrough`, `has no tracing mode`, or `can be PassThrough` where something decides. */
export function untracedPhrase(fn: LambdaFunction): string {
  if (alwaysHasMode(fn, 'PassThrough')) return 'is PassThrough';
  const isUntraced = fn.modes.every(({ value }) => value === 'PassThrough' || value === 'unset');
  return isUntraced ? 'has no tracing mode' : 'can be PassThrough';
}

/** Whether the template leaves open which of several modes a function has. */
export function isModeKnownOnlyAtDeployment({ modes }: LambdaFunction): boolean {
  const values = new Set(modes.map(({ value }) => (typeof value === 'object' ? value.invalid : value)));
  return values.size > 1 || values.has('unknown');
}

/** How a version comes to be published anew when the tracing mode changes. */
export function republishFix({ resource, function: fn, publishesOnModeChange }: FunctionVersion): string {
  if (resource === fn.resource) return samFix(fn.resource);
  if (publishesOnModeChange === 'by the template') {
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
