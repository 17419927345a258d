import { CfnResource, Lazy, Token, Tokenization } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Function as LambdaFunction, SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import type { IConstruct } from 'constructs';
import { isObject, type JsonObject, objectAt } from '../../cloudformation/json';
import type { Mode } from './validate-props';

const VERSION_TYPE = 'AWS::Lambda::Version';
export const QUALIFIER_TYPES = ['AWS::Lambda::Alias', VERSION_TYPE];

/** Returns true if a resource is a version of a function, no matter which construct creates it. */
export function isVersion({ cfnResourceType }: CfnResource): boolean {
  return cfnResourceType === VERSION_TYPE;
}

const FUNCTION_TYPE = 'AWS::Lambda::Function';
const SERVERLESS_FUNCTION_TYPE = 'AWS::Serverless::Function';

/**
 * The CloudFormation resource of a Lambda function: of `lambda.Function` and its subclasses, an L1, a bare
 * `CfnResource`, or SAM's `AWS::Serverless::Function`.
 */
export class FunctionResource {
  /** The CloudFormation property with the execution role. */
  public readonly roleProperty = 'Role';

  /** Returns the function that a construct represents, or undefined for other constructs. */
  public static of(construct: IConstruct): FunctionResource | undefined {
    if (construct instanceof SingletonFunction) {
      // The function is elsewhere in the stack. The singleton exposes only its node.
      const { defaultChild } = construct.permissionsNode;
      return defaultChild && FunctionResource.of(defaultChild);
    }
    if (!CfnResource.isCfnResource(construct)) return undefined;
    return FunctionResource.isFunction(construct) ? new FunctionResource(construct) : undefined;
  }

  /** Returns true for the resource of a function. */
  public static isFunction(this: void, { cfnResourceType: type }: CfnResource): boolean {
    return type === FUNCTION_TYPE || type === SERVERLESS_FUNCTION_TYPE;
  }

  private constructor(public readonly cfn: CfnResource) {}

  /** The construct that users know: the L2 around the resource, or the resource itself. */
  public get construct(): IConstruct {
    return this.function ?? this.cfn;
  }

  /** The L2 of the resource, if it has one. */
  public get function(): LambdaFunction | undefined {
    const { scope } = this.cfn.node;
    return scope instanceof LambdaFunction && scope.node.defaultChild === this.cfn ? scope : undefined;
  }

  /** The role that the L2 was created with. */
  public get role(): IRole | undefined {
    return this.function?.role;
  }

  public get isServerless(): boolean {
    return this.cfn.cfnResourceType === SERVERLESS_FUNCTION_TYPE;
  }

  /**
   * The configured mode, which can be a token or an intrinsic function, or undefined if it is not set. `Globals` of an
   * included SAM template count.
   */
  public get mode(): unknown {
    if (this.isServerless) return this.setting('Tracing');
    const config = cfnProperty(this.cfn, 'TracingConfig');
    if (config === undefined || config === null) return undefined;
    // A configuration that is conditional as a whole is set, too.
    return memberOf(config, 'Mode') ?? (isPlainObject(config) ? undefined : config);
  }

  /** Returns a property of a SAM function, from the function or from `Globals` of an included template. */
  public setting(name: string): unknown {
    return cfnProperty(this.cfn, name) ?? includedGlobals(this.cfn, 'Function')[name];
  }

  /** Returns a function that restores the current mode. */
  public modeRestorer(): () => void {
    return propertyRestorer(this.cfn, this.isServerless ? 'Tracing' : 'TracingConfig');
  }

  public setMode(mode: Mode): void {
    const [property, value] = this.isServerless ? ['Tracing', mode] : ['TracingConfig', { Mode: mode }];
    if (this.cfn instanceof CfnFunction) this.cfn.tracingConfig = { mode };
    else if (this.cfn instanceof CfnServerlessFunction) this.cfn.tracing = mode;
    else this.cfn.addPropertyOverride(property, value);
    // An existing raw override would win.
    if (isOverridden(this.cfn, property)) this.cfn.addPropertyOverride(property, value);
  }
}

/** The private members of `CfnResource` that hold its properties. */
interface CfnInternals {
  readonly rawOverrides?: unknown;
  readonly _cfnProperties?: Readonly<Record<string, unknown>>;
}

/** The L1 properties whose names are not the CloudFormation names with a lower-case first letter. */
const L1_NAMES: Readonly<Record<string, string | undefined>> = {
  DocumentDBEventSourceConfig: 'documentDbEventSourceConfig',
};

/**
 * Returns a property with unresolved tokens. Raw overrides, the properties of an L1 and the properties of a bare
 * `CfnResource` are read.
 *
 * Tokens are not resolved, because early resolution would fix lazy values and freeze policy statements.
 *
 * @param resource the resource with the property
 * @param name the name in CloudFormation
 */
export function cfnProperty(resource: CfnResource, name: string): unknown {
  const value = withoutOverrides(resource, name);
  return isOverridden(resource, name) ? applyOverride(value, overridesOf(resource)[name]) : value;
}

/** Applies a raw override as CDK does: it is merged into objects, and replaces other values and intrinsic functions. */
function applyOverride(value: unknown, override: unknown): unknown {
  if (!isPlainObject(value) || !isPlainObject(override)) return override;
  const merged: Record<string, unknown> = { ...value };
  for (const [key, child] of Object.entries(override)) merged[key] = applyOverride(merged[key], child);
  return merged;
}

/** Returns true for an object with members, as opposed to a token or an intrinsic function. */
function isPlainObject(value: unknown): value is JsonObject {
  if (!isObject(value) || Tokenization.isResolvable(value)) return false;
  return !Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
}

/** Returns true if a raw override changes a property. */
export function isOverridden(resource: CfnResource, name: string): boolean {
  return name in overridesOf(resource);
}

/** Returns a property without raw overrides. */
export function withoutOverrides(resource: CfnResource, name: string): unknown {
  const l1Name = l1NameOf(name);
  if (l1Name in resource) return (resource as unknown as Readonly<Record<string, unknown>>)[l1Name];
  return (resource as unknown as CfnInternals)._cfnProperties?.[name];
}

/**
 * Sets a property. If the property already has a raw override, which would win, the value is set as a raw override.
 *
 * @param resource the resource with the property
 * @param name the name in CloudFormation
 * @param value a scalar, or an object of scalars with the member names of CloudFormation
 */
export function setCfnProperty(
  resource: CfnResource,
  name: string,
  value: Simple | Readonly<Record<string, Simple>>,
): void {
  const l1Name = l1NameOf(name);
  if (isOverridden(resource, name) || !(l1Name in resource)) resource.addPropertyOverride(name, value);
  else (resource as unknown as Record<string, unknown>)[l1Name] = withL1Names(value);
}

/** Returns a function that restores the current value of a property. */
export function propertyRestorer(resource: CfnResource, name: string): () => void {
  const l1Name = l1NameOf(name);
  const value = withoutOverrides(resource, name);
  const before = isOverridden(resource, name) ? overridesOf(resource)[name] : value;
  return () => {
    if (l1Name in resource) (resource as unknown as Record<string, unknown>)[l1Name] = value;
    // A raw override of undefined deletes the property.
    if (isOverridden(resource, name)) resource.addPropertyOverride(name, before);
  };
}

/** Appends an item to a list of values. Tokens in the list are not resolved, and a lazy list can still grow. */
export function appendToList(resource: CfnResource, name: string, item: unknown): void {
  const list = cfnProperty(resource, name) ?? [];
  const longer = Token.isUnresolved(list)
    ? Lazy.uncachedAny({ produce: (context) => [...((context.resolve(list) as unknown[]) ?? []), item] })
    : [...(list as unknown[]), item];
  const l1Name = l1NameOf(name);
  if (isOverridden(resource, name) || !(l1Name in resource)) resource.addPropertyOverride(name, longer);
  else (resource as unknown as Record<string, unknown>)[l1Name] = longer;
}

type Simple = string | boolean;

function withL1Names(value: Simple | Readonly<Record<string, Simple>>): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [l1NameOf(name), member]));
}

function l1NameOf(name: string): string {
  return L1_NAMES[name] ?? `${name[0].toLowerCase()}${name.slice(1)}`;
}

function overridesOf(resource: CfnResource): Readonly<Record<string, unknown>> {
  return objectAt((resource as unknown as CfnInternals).rawOverrides, 'Properties');
}

/** Returns a member of an object by its name in CloudFormation or in an L1. */
export function memberOf(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined;
  // A raw override that deletes a member leaves the CloudFormation name with the value undefined.
  return name in value ? value[name] : value[`${name[0].toLowerCase()}${name.slice(1)}`];
}

/**
 * Returns a section of `Globals` of the SAM template that a resource is included from.
 *
 * @param resource the included resource
 * @param section the section, such as `Function`
 */
export function includedGlobals({ node }: CfnResource, section: string): JsonObject {
  const include = node.scopes.find((scope) => scope instanceof CfnInclude);
  const { template } = (include ?? {}) as { template?: unknown };
  return objectAt(objectAt(template, 'Globals'), section);
}
