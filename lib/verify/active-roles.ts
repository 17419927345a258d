import { expectedMode } from './expected-mode';
import { LATEST, type ObservedFunction, type ObservedVersion, type RoleName } from './observed';
import { type DeployedFunction, keyOf } from './deployed-function';

/**
 * The roles by which a function writes traces: that of what isn't published where it is Active or meant to be, and
 * those of the Active versions that aliases are on.
 *
 * @param isMeantToBe Active
 */
export function activeRoles(fn: ObservedFunction, isMeantToBe: boolean): RoleName[] {
  const { versions = [], aliases = [], region } = fn;
  const aliased = new Set(aliases.flatMap((alias) => alias.versions));
  const isInUse = ({ number, mode }: ObservedVersion) =>
    number === LATEST ? mode === 'Active' || isMeantToBe : mode === 'Active' && aliased.has(number);
  const arns = versions.filter(isInUse).map(({ role }) => role);
  return [...new Set(arns)].map((arn) => ({ arn, region }));
}

/** Those of several functions. */
export function activeRolesOf(
  functions: readonly DeployedFunction[],
  observed: readonly ObservedFunction[],
): RoleName[] {
  const known = new Map(observed.map((fn) => [keyOf(fn), fn]));
  return functions.flatMap((fn) =>
    activeRoles(known.get(keyOf(fn)) ?? fn, expectedMode(fn.function) === 'Active'),
  );
}
