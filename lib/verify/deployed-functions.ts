import { macroOf } from '../cloudformation/template';
import { type EffectiveMode, type LambdaFunction, soleEffectiveMode } from '../lambda/lambda-function';
import type { TracingModel } from '../model/tracing-model';

/** The state of the account, without the parts that could not be read. */
export interface ObservedAccount {
  readonly stacks: readonly ObservedStack[];
  readonly functions: readonly ObservedFunction[];
  readonly roles: readonly ObservedRole[];
  /** The state of Transaction Search in each region that was read. */
  readonly transactionSearch?: readonly ObservedTransactionSearch[];
}

/** The state of Transaction Search in a region. */
export interface ObservedTransactionSearch {
  readonly region: string;
  /** True if X-Ray sends spans to CloudWatch Logs. Undefined if it could not be read. */
  readonly isOn?: boolean;
  /** True if X-Ray is still turning it on. */
  readonly isPending?: boolean;
  /** The percentage of spans that X-Ray indexes. Undefined if it is off or not known. */
  readonly indexingPercentage?: number;
  /** The reason why it could not be read. */
  readonly error?: string;
}

/** A deployed stack. */
export interface ObservedStack {
  /** The ID of the template that is, or is about to be, deployed to the stack. */
  readonly template: string;
  readonly name: string;
  /** For a nested stack, the name of the outermost stack. Deploying that one deploys the nested stack. */
  readonly nestedIn?: string;
  readonly region: string;
  /** Undefined if the stack could not be described. */
  readonly account?: string;
  /** The time of its last update or creation. Undefined if the stack could not be described. */
  readonly updated?: string;
  readonly resources: readonly ObservedResource[];
}

export interface ObservedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

/** The name of a function in Lambda. */
export interface FunctionName {
  readonly name: string;
  readonly region: string;
}

/** A function in the account. Parts that could not be read are undefined. */
export interface ObservedFunction extends FunctionName {
  /** All versions, `$LATEST` included. Empty if the function does not exist. */
  readonly versions?: readonly ObservedVersion[];
  readonly aliases?: readonly ObservedAlias[];
}

/** The version number of the unpublished code and configuration. */
export const LATEST = '$LATEST';

export interface ObservedVersion {
  readonly number: string;
  readonly mode: EffectiveMode;
  /** The ARN of the execution role. */
  readonly role: string;
}

export interface ObservedAlias {
  readonly name: string;
  /** The versions that receive traffic, the main version first. */
  readonly versions: readonly string[];
}

/** The ARN of a role, and the region that it writes traces to. */
export interface RoleName {
  readonly arn: string;
  readonly region: string;
}

/** A role as IAM describes it. */
export interface ObservedRole extends RoleName {
  /** False if the role was deleted. */
  readonly exists: boolean;
  /** A decision for each action that is required to write traces. */
  readonly decisions: readonly Decision[];
}

/** A decision of the IAM policy simulator about an action. */
export interface Decision {
  readonly action: string;
  readonly isAllowed: boolean;
  /** The reason why the action is not allowed ("Policy evaluation logic", IAM User Guide). */
  readonly deniedBy?: 'organization' | 'boundary' | 'explicit-deny' | 'implicit-deny';
  /** The names of the policies that explicitly deny the action. */
  readonly policies: readonly string[];
  /** Condition keys in policies whose values only a real request has. The decision can depend on them. */
  readonly dependsOn: readonly string[];
}

/** Returns the name of a role, which is the end of its ARN. The ARN can contain a path before the name. */
export function roleName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

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
