import { type CfnResource, Tokenization } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { isObject, type JsonObject, objectAt } from '../../cloudformation/json';

/** What `CfnResource` keeps to itself. */
interface CfnInternals {
  readonly rawOverrides?: unknown;
  readonly _cfnProperties?: Readonly<Record<string, unknown>>;
}

/** The L1 properties that aren't named like CloudFormation's with a small first letter. */
const L1_NAMES: Readonly<Record<string, string | undefined>> = {
  DocumentDBEventSourceConfig: 'documentDbEventSourceConfig',
};

/**
 * A property as it was given, with its tokens in it: by a raw override, by an L1's property, or to a bare resource.
 *
 * Nothing is resolved. A resource that is resolved before its time keeps what its lazy values were then, and
 * freezes its policy statements.
 *
 * @param name as CloudFormation names it
 */
export function cfnProperty(resource: CfnResource, name: string): unknown {
  const given = withoutOverrides(resource, name);
  return isOverridden(resource, name) ? overridden(given, overridesOf(resource)[name]) : given;
}

/** CDK merges overrides into objects, and has them replace anything else, intrinsic functions among it. */
function overridden(given: unknown, override: unknown): unknown {
  if (!isPlainObject(given) || !isPlainObject(override)) return override;
  const merged: Record<string, unknown> = { ...given };
  for (const [key, value] of Object.entries(override)) merged[key] = overridden(merged[key], value);
  return merged;
}

/** Whether it is an object with members, and not what only CDK or deployment makes one of. */
export function isPlainObject(value: unknown): value is JsonObject {
  if (!isObject(value) || Tokenization.isResolvable(value)) return false;
  return !Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
}

/** Whether a raw override touches a property. */
export function isOverridden(resource: CfnResource, name: string): boolean {
  return name in overridesOf(resource);
}

/** The property without raw overrides. */
export function withoutOverrides(resource: CfnResource, name: string): unknown {
  const l1Name = l1NameOf(name);
  if (l1Name in resource) return (resource as unknown as Readonly<Record<string, unknown>>)[l1Name];
  return (resource as unknown as CfnInternals)._cfnProperties?.[name];
}

/**
 * Gives a property another value, by a raw override where there is one already, which would win.
 *
 * @param name as CloudFormation names it
 * @param value of a simple type, or an object of such, whose members CloudFormation names so too
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

/** The member of an object, as CloudFormation or as an L1 names it. */
export function memberOf(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined;
  // A raw override that removes a member leaves it undefined by CloudFormation's name.
  return name in value ? value[name] : value[`${name[0].toLowerCase()}${name.slice(1)}`];
}

/**
 * What `Globals` of an included SAM template say of the resources of a kind, where a resource is of such a template.
 *
 * @param section the kind, such as `Function`
 */
export function includedGlobals({ node }: CfnResource, section: string): JsonObject {
  const include = node.scopes.find((scope) => scope instanceof CfnInclude);
  const { template } = (include ?? {}) as { template?: unknown };
  return objectAt(objectAt(template, 'Globals'), section);
}
