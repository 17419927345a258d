import { fixedForStack } from '../cloudformation/parameters-and-mappings';
import { type Assumptions, and, type Possible } from '../cloudformation/possible';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { generatedRoleOf, nameOf, pathOf, type Resource } from '../cloudformation/template';
import type { RoleReference } from '../iam/roles';
import { isUnsupported } from '../lambda/event-sources';
import type { ConfiguredMode, FunctionVersion, LambdaFunction } from '../lambda/lambda-function';

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

/**
 * Returns `its role 'Name'`. The name is left out if the role is made for the resource, is not in the templates, or depends on
 * conditions.
 */
export function rolePhrase(roles: readonly Possible<RoleReference>[], resource: Resource): string {
  const [role, ...others] = roles.map(({ value }) => value.resource);
  const isOwn =
    role && (role === generatedRoleOf(resource) || pathOf(role).startsWith(`${pathOf(resource)}/`));
  return role && !isOwn && others.length === 0 ? `its role '${nameOf(role)}'` : 'its role';
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

/** Returns the name of the alias that SAM creates for a function, without the article: `alias 'live' of 'Fn'`. */
export function samAliasName({ resource }: LambdaFunction): string {
  const { AutoPublishAlias: alias } = effectiveProperties(resource);
  return `alias${typeof alias === 'string' ? ` '${alias}'` : ''} of '${nameOf(resource)}'`;
}
