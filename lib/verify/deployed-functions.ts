import { isObject, objectAt, scalarText } from '../cloudformation/json';
import type { Resource } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import { type EffectiveMode, soleEffectiveMode } from '../lambda/tracing-mode';
import type { TracingModel } from '../model/tracing-model';
import {
  type FunctionName,
  LATEST,
  type ObservedFunction,
  type ObservedStack,
  type ObservedVersion,
  type RoleName,
} from './observed';

/** A function of the templates that a stack has. */
export interface DeployedFunction extends FunctionName {
  readonly function: LambdaFunction;
  readonly stack: ObservedStack;
}

/** The functions of the templates that the stacks have. */
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

/** The same for one function, wherever it is named. */
export function keyOf({ name, region }: FunctionName): string {
  return `${region} ${name}`;
}

/** A version or an alias that a stack has. */
export interface PublishedResource extends FunctionName {
  /** The ID of the stack's template. */
  readonly template: string;
  readonly logicalId: string;
  readonly type: string;
  /** The number of the version, or the name of the alias. */
  readonly qualifier: string;
}

const TYPES = ['AWS::Lambda::Version', 'AWS::Lambda::Alias'];

/** The versions and aliases that stacks have, whatever functions they are of. */
export function publishedResources(stacks: readonly ObservedStack[]): PublishedResource[] {
  return stacks.flatMap(({ template, region, resources }) =>
    resources.flatMap(({ logicalId, type, physicalId }) => {
      const [, name, qualifier] = /:function:([^:]+):([^:]+)$/.exec(physicalId) ?? [];
      if (name === undefined || !TYPES.includes(type)) return [];
      return [{ name, region, template, logicalId, type, qualifier }];
    }),
  );
}

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

/** The mode that a template gives a function. Nothing where it depends on what only deployment tells, or is none. */
export function expectedMode({ modes, resource }: LambdaFunction): EffectiveMode | undefined {
  if (macroOn(resource) !== undefined) return undefined;
  return soleEffectiveMode(modes.map(({ value }) => value));
}

/**
 * Those of CloudFormation's own that leave the properties of functions as they are written, or that the model knows
 * ("Transform reference", AWS CloudFormation Template Reference). `AWS::Include` brings in what no template shows.
 */
const KNOWN = /^AWS::(Serverless-|LanguageExtensions$|SecretsManager-|CodeDeployBlueGreen$|ServiceCatalog$)/;

/**
 * A macro that CloudFormation has rewrite a resource before it deploys it, so that the template doesn't tell what comes
 * of it: one of the template, or one beside the resource or its properties ("CloudFormation macros overview", AWS
 * CloudFormation User Guide).
 *
 * @returns its name
 */
export function macroOn({ template, logicalId }: Resource): string | undefined {
  const { template: source } = template.source;
  const resources = objectAt(source, 'Resources');
  const declared = isObject(source) ? source.Transform : undefined;
  const inline = [resources, objectAt(resources, logicalId)].map((around) => around['Fn::Transform']);
  const names = [declared, ...inline].flatMap((one) => (Array.isArray(one) ? (one as unknown[]) : [one]));
  return names.map(nameOfMacro).find((name) => name !== undefined && !KNOWN.test(name));
}

function nameOfMacro(macro: unknown): string | undefined {
  return scalarText(isObject(macro) ? macro.Name : macro);
}
