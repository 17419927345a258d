import { fixedForStack } from '../cloudformation/parameters';
import { type Assumptions, and } from '../cloudformation/possible';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { generatedRoleOf, nameOf, type Resource } from '../cloudformation/template';
import type { Obstacle, XRayPermission } from '../iam/xray-permissions';
import { isUnsupported } from '../lambda/event-sources';
import type { FunctionVersion, LambdaFunction } from '../lambda/lambda-function';
import { type ConfiguredMode, modeStatement, soleEffectiveMode } from '../lambda/tracing-mode';
import { listAll } from '../text/printable';

/** True if a function has the mode whatever the conditions and parameters are. */
export function alwaysHasMode({ modes }: LambdaFunction, mode: ConfiguredMode): boolean {
  return modes.length > 0 && modes.every(({ value }) => value === mode);
}

/** True if a function has the mode under some conditions. */
export function canHaveMode({ modes }: LambdaFunction, mode: ConfiguredMode): boolean {
  return modes.some(({ value }) => value === mode);
}

/** True if X-Ray does not support an event source that a function can have, so that it must not be Active. */
export function hasUnsupportedSource({ eventSourceMappings }: LambdaFunction): boolean {
  return eventSourceMappings.some(({ sources }) => sources.some(({ value }) => isUnsupported(value.kind)));
}

/** True if a function can be Active under the given conditions. */
export function canBeActiveWhen({ modesWhen }: LambdaFunction, assumed: Assumptions): boolean {
  return modesWhen(assumed).includes('Active');
}

/** Returns `is Active`, or `can be Active` if conditions or parameters decide. */
export function activePhrase(fn: LambdaFunction): string {
  return alwaysHasMode(fn, 'Active') ? 'is Active' : 'can be Active';
}

/** Returns `is PassThrough`, `has no tracing mode`, or `can be PassThrough` if conditions or parameters decide. */
export function untracedPhrase(fn: LambdaFunction): string {
  if (alwaysHasMode(fn, 'PassThrough')) return 'is PassThrough';
  const isUntraced = fn.modes.every(({ value }) => value === 'PassThrough' || value === 'unset');
  return isUntraced ? 'has no tracing mode' : 'can be PassThrough';
}

/**
 * True if two deployments of the same template to a stack can give the function of a version or an alias different modes,
 * where that exists. A stack keeps its region and account.
 */
export function canModeVary({ function: fn, when }: Pick<FunctionVersion, 'function' | 'when'>): boolean {
  const cases = when.flatMap((assumed) =>
    fn.modes.flatMap(({ value, when: condition }) => {
      const both = and(assumed, condition);
      if (!both || fn.modesWhen(both).length === 0) return [];
      return [{ mode: typeof value === 'object' ? value.invalid : value, place: fixedForStack(both) }];
    }),
  );
  return cases.some(
    ({ mode, place }) =>
      mode === 'unknown' || cases.some((other) => mode !== other.mode && and(place, other.place)),
  );
}

/** "Policy evaluation logic" (IAM User Guide): a Deny or a missing Allow in the boundary overrides any other policy. */
const PERMISSION_FIXES: Readonly<Record<Obstacle, (name: string, actions: string) => string>> = {
  'not allowed': (name, actions) =>
    `Attach the AWS managed policy AWSXRayDaemonWriteAccess to the role of '${name}', or allow ${actions} on *.`,
  denied: (name, actions) =>
    `Remove ${actions} from what a policy of the role of '${name}' denies. No other policy can override a Deny.`,
  'outside boundary': (name, actions) =>
    `Allow ${actions} on * in the permissions boundary of the role of '${name}'.`,
};

/** Returns the fix of a missing permission of the role of a resource. */
export function permissionFix({ missing, obstacles }: XRayPermission, resource: Resource): string {
  const name = nameOf(resource);
  return obstacles
    .map((obstacle) =>
      obstacle === 'not allowed' && generatedRoleOf(resource)
        ? `Add AWSXRayDaemonWriteAccess to the Policies of '${name}', from which SAM makes its role.`
        : PERMISSION_FIXES[obstacle](name, listAll(missing)),
    )
    .join(' ');
}

/** Returns the fix that makes CloudFormation publish a new version when the tracing mode changes. */
export function republishFix({ resource, function: fn, publishesOnModeChange }: FunctionVersion): string {
  if (resource === fn.resource) return samFix(fn);
  if (publishesOnModeChange === 'by the template') {
    return `Set the tracing mode of '${nameOf(fn.resource)}' to a literal value. A value known only at deployment publishes no version.`;
  }
  return resource.constructPath === undefined
    ? `Add ${statementFor(fn)} to the Description of '${nameOf(resource)}', so CloudFormation replaces it when the mode changes.`
    : `Publish '${nameOf(fn.resource)}' with currentVersion, or set tieVersions where its mode is set.`;
}

/** Returns the statement of a function's mode for a description, in quotes. */
function statementFor({ modes }: LambdaFunction): string {
  return `"${modeStatement(soleEffectiveMode(modes.map(({ value }) => value)) ?? '<mode>')}"`;
}

/** `AutoPublishCodeSha256` overrides the other properties. */
function samFix(fn: LambdaFunction): string {
  const { resource } = fn;
  return effectiveProperties(resource).AutoPublishCodeSha256 === undefined
    ? `Set AutoPublishAliasAllProperties of '${nameOf(resource)}' to true.`
    : `Add ${statementFor(fn)} to VersionDescription of '${nameOf(resource)}'. With AutoPublishCodeSha256, SAM compares only the code.`;
}
