import { macroOf } from '../cloudformation/template';
import { type EffectiveMode, type LambdaFunction, soleEffectiveMode } from '../lambda/lambda-function';
import type { TracingModel } from '../model/tracing-model';
import {
  type FunctionName,
  LATEST,
  type ObservedFunction,
  type ObservedStack,
  type ObservedVersion,
  type RoleName,
} from './observed';

/** A function of the templates that a stack contains. */
export interface DeployedFunction extends FunctionName {
  readonly function: LambdaFunction;
  readonly stack: ObservedStack;
}

/** Returns the functions of the templates that the stacks contain. */
export function deployedFunctions(model: TracingModel, stacks: readonly ObservedStack[]): DeployedFunction[] {
  const byTemplate = new Map(
    stacks.map((stack) => [
      stack.template,
      { stack, resources: new Map(stack.resources.map((resource) => [resource.logicalId, resource])) },
    ]),
  );
  return model.functions.flatMap((fn) => {
    const { template, logicalId } = fn.resource;
    const { stack, resources } = byTemplate.get(template.id) ?? {};
    const resource = resources?.get(logicalId);
    if (!stack || resource?.type !== 'AWS::Lambda::Function') return [];
    return [{ function: fn, stack, name: resource.physicalId, region: stack.region }];
  });
}

/** Returns a key that is equal for equal functions of an account. */
export function functionKey({ name, region }: FunctionName): string {
  return `${region} ${name}`;
}

/** A version or an alias in a stack. */
export interface PublishedResource extends FunctionName {
  /** The ID of the stack's template. */
  readonly template: string;
  readonly logicalId: string;
  readonly type: string;
  /** The number of the version, or the name of the alias. */
  readonly qualifier: string;
}

export const VERSION = 'AWS::Lambda::Version';
export const ALIAS = 'AWS::Lambda::Alias';

/** Returns the versions and aliases in stacks, by the key of their function. */
export function publishedResources(stacks: readonly ObservedStack[]): Map<string, PublishedResource[]> {
  const byFunction = new Map<string, PublishedResource[]>();
  for (const { template, region, resources } of stacks) {
    for (const { logicalId, type, physicalId } of resources) {
      const [, name, qualifier] = /:function:([^:]+):([^:]+)$/.exec(physicalId) ?? [];
      if (name === undefined || (type !== VERSION && type !== ALIAS)) continue;
      const key = functionKey({ name, region });
      const published = { name, region, template, logicalId, type, qualifier };
      byFunction.set(key, [...(byFunction.get(key) ?? []), published]);
    }
  }
  return byFunction;
}

/**
 * Returns the roles that a function writes traces with: the role of `$LATEST` if that is or should be Active, and the
 * roles of the Active versions that aliases point to.
 *
 * @param shouldBeActive true if the template sets the function to Active
 */
export function activeRoles(fn: ObservedFunction, shouldBeActive: boolean): RoleName[] {
  const { versions = [], aliases = [], region } = fn;
  const aliased = new Set(aliases.flatMap((alias) => alias.versions));
  const writesTraces = ({ number, mode }: ObservedVersion) =>
    number === LATEST ? mode === 'Active' || shouldBeActive : mode === 'Active' && aliased.has(number);
  const arns = versions.filter(writesTraces).map(({ role }) => role);
  return [...new Set(arns)].map((arn) => ({ arn, region }));
}

/** Returns the roles that any of the functions writes traces with. */
export function activeRolesOf(
  functions: readonly DeployedFunction[],
  observed: readonly ObservedFunction[],
): RoleName[] {
  const observedByKey = new Map(observed.map((fn) => [functionKey(fn), fn]));
  return functions.flatMap((fn) =>
    activeRoles(observedByKey.get(functionKey(fn)) ?? fn, expectedModeOf(fn.function) === 'Active'),
  );
}

/** Returns the mode that a template gives a function. Undefined if it is invalid or known only at deployment. */
export function expectedModeOf({ modes, resource }: LambdaFunction): EffectiveMode | undefined {
  if (macroOf(resource) !== undefined) return undefined;
  return soleEffectiveMode(modes.map(({ value }) => value));
}
