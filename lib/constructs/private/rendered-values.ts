import { CfnResource, type Stack, Token } from 'aws-cdk-lib';
import { isObject, type JsonObject } from '../../cloudformation/json';
import { type PartialString, unknownString } from '../../cloudformation/partial-string';
import {
  type Assumptions,
  certainly,
  flatMap,
  type Possible,
  withCondition,
} from '../../cloudformation/possible';
import { type PolicyValues, statementsOf } from '../../iam/policy-document';
import {
  classifyEventSource,
  type EventSourceArn,
  IDENTITY_PROPERTIES,
  type ResolvedEventSource,
} from '../../lambda/event-sources';
import {
  asStatement,
  type Denial,
  invocationsIn,
  isDenial,
  PERMISSION_TYPES,
} from '../../lambda/invoke-permissions';
import { memberOf, withoutOverrides } from './cfn-resources';
import { type LinkedResources, resolvedProperty, resolvedValue, textOf } from './resolve-references';

const FUNCTION_ARN =
  /arn:(?:aws|\uE000)[^:\s"]*:lambda:[^:\s"]*:[^:\s"]*:function:[\w\uE000-\uE001-]+(?::[\w$-]+)?/g;

/** The key of the function's name in the arguments of a Step Functions state. */
const NAME = 'FunctionName';

/**
 * Returns the names and ARNs of functions in a rendered value, including those in embedded text. References to
 * functions themselves are found by `LinkedResources`.
 */
export function literalReferencesIn(value: unknown, stack: Stack): PartialString[] {
  const marks = new Marks(stack);
  return referencesIn(value, marks).map((text) => marks.partsOf(text));
}

function referencesIn(value: unknown, marks: Marks): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => referencesIn(item, marks));
  if (CfnResource.isCfnResource(value)) return [];
  if (typeof value !== 'string' && !isObject(value)) return [];
  const text = marks.textOf(value);
  const json = parseObject(text);
  if (json) return referencesIn(json, marks);
  const arns = text.match(FUNCTION_ARN) ?? [];
  if (!isObject(value)) return arns;
  const name = value[NAME];
  return [
    ...arns,
    ...(name === undefined || CfnResource.isCfnResource(name) ? [] : [marks.textOf(name)]),
    ...Object.values(value).flatMap((child) => referencesIn(child, marks)),
  ];
}

/** Returns a rendered value as a string whose deploy-time parts are equal if their values are equal. */
export function partialString(value: unknown, stack: Stack): PartialString {
  if (value === undefined) return [];
  const marks = new Marks(stack);
  return marks.partsOf(marks.textOf(value));
}

/** Returns the string for a reference to a resource. */
export function referenceTo(resource: CfnResource): PartialString {
  return unknownString(resource.node.addr);
}

/** Marks the deploy-time parts of texts of a stack, so that text can be searched and parsed as JSON. */
class Marks {
  private readonly values: unknown[] = [];

  constructor(private readonly stack: Stack) {}

  /** Returns a rendered value as text with marks. */
  public textOf(value: unknown): string {
    return textOf(value, (part) => this.known(part) ?? `\uE000${this.values.push(part) - 1}\uE001`);
  }

  /** Returns a text with parts for its marks. */
  public partsOf(text: string): PartialString {
    return text
      .split(/\uE000(\d+)\uE001/)
      .flatMap((piece, i) => (i % 2 === 1 ? this.partOf(this.values[Number(piece)]) : [piece]))
      .filter((part) => part !== '');
  }

  /** Returns the value of a pseudo parameter that the stack knows. */
  private known(part: unknown): string | undefined {
    const { account, region } = this.stack;
    const value = isObject(part)
      ? { 'AWS::AccountId': account, 'AWS::Region': region }[String(part.Ref)]
      : undefined;
    return value === undefined || Token.isUnresolved(value) ? undefined : value;
  }

  private partOf(value: unknown): PartialString {
    const target = isObject(value) ? value.Ref : undefined;
    return CfnResource.isCfnResource(target) ? referenceTo(target) : unknownString(this.idOf(value));
  }

  private idOf(part: unknown): string {
    const target = isObject(part) ? part.Ref : undefined;
    if (isObject(part) && SHARED_VALUES.includes(target)) return String(target);
    return `${this.stack.node.addr}#${jsonOf(part)}`;
  }
}

/** Returns a rendered value as JSON. References are the addresses of resources. */
function jsonOf(value: unknown): string | undefined {
  return JSON.stringify(value, (_, child: unknown) =>
    CfnResource.isCfnResource(child) ? child.node.addr : child,
  );
}

/** Pseudo parameters that are assumed to be the same in all stacks that don't set them. */
const SHARED_VALUES: readonly unknown[] = [
  'AWS::AccountId',
  'AWS::Partition',
  'AWS::Region',
  'AWS::URLSuffix',
];

function parseObject(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** Returns the assumption that a condition, given by its logical ID, is true. */
export function conditionHolds(condition: unknown, holds = true): Assumptions {
  return { [`condition ${jsonOf(condition)}`]: holds };
}

/** Returns the values that a rendered `Fn::If` can have, and any other value as it is. */
function renderedBranches(value: unknown): Possible<unknown>[] {
  if (!isObject(value)) return certainly(value);
  if (value.Ref === 'AWS::NoValue') return certainly(undefined);
  const { 'Fn::If': branched } = value;
  if (!Array.isArray(branched)) return certainly(value);
  const [condition, then, otherwise] = branched as unknown[];
  return [
    ...withCondition(conditionHolds(condition), renderedBranches(then)),
    ...withCondition(conditionHolds(condition, false), renderedBranches(otherwise)),
  ];
}

/** Reads rendered values. */
export const RENDERED_VALUES: PolicyValues = {
  branches: renderedBranches,
  items: (value) =>
    flatMap(renderedBranches(value), (found) =>
      [found]
        .flat()
        .flatMap(renderedBranches)
        .filter(({ value: item }) => item !== undefined),
    ),
  strings: (value) =>
    certainly(
      typeof value === 'string' && !Token.isUnresolved(value)
        ? [value]
        : unknownString(`rendered ${jsonOf(value)}`),
    ),
};

/** Returns the statements of a permission or of a resource policy. */
export function statementsIn(resource: CfnResource): Possible<JsonObject>[] {
  if (resource.cfnResourceType === 'AWS::Lambda::Permission') {
    const [action, principal] = ['Action', 'Principal'].map((name) => resolvedProperty(resource, name));
    return certainly(asStatement({ Action: action, Principal: principal }));
  }
  const document = resolvedProperty(resource, 'PolicyDocument');
  return statementsOf(parseObject(textOf(document)) ?? document, RENDERED_VALUES).flatMap(({ value, when }) =>
    value ? [{ value, when }] : [],
  );
}

/** The resource policies among the resources of a stage. */
const POLICIES = new WeakMap<readonly CfnResource[], readonly CfnResource[]>();

function resourcePoliciesIn(resources: readonly CfnResource[]): readonly CfnResource[] {
  const known =
    POLICIES.get(resources) ??
    resources.filter(({ cfnResourceType }) => cfnResourceType === 'AWS::Lambda::ResourcePolicy');
  POLICIES.set(resources, known);
  return known;
}

/**
 * Returns true if a permission, or a resource policy, allows invocations that no other resource policy of the function
 * denies. A policy under another condition than the permission's may not exist.
 *
 * @param resources the resources of the stage
 * @param linked finds the resources that a rendered value references
 */
export function permitsInvocations(
  permission: CfnResource,
  resources: readonly CfnResource[],
  linked: LinkedResources,
): boolean {
  const { condition } = permission.cfnOptions;
  const policies = resourcePoliciesIn(resources).filter(
    (policy) => policy !== permission && [undefined, condition].includes(policy.cfnOptions.condition),
  );
  const target = policies.length === 0 ? undefined : permittedTarget(permission, linked);
  const denials = policies
    .filter((policy) => target !== undefined && permittedTarget(policy, linked) === target)
    .flatMap((policy) => denialsIn(policy, target, linked));
  return invocationsIn(statementsIn(permission), RENDERED_VALUES, denials).length > 0;
}

/** Returns the function, version or alias that a permission is about, if it is a reference to one. */
function permittedTarget(permission: CfnResource, linked: LinkedResources): CfnResource | undefined {
  return soleTarget(
    resolvedProperty(permission, PERMISSION_TYPES[permission.cfnResourceType]!),
    permission,
    linked,
  );
}

/** Returns the only resource that a rendered value is a reference to, without a qualifier. */
function soleTarget(
  value: unknown,
  { stack }: CfnResource,
  linked: LinkedResources,
): CfnResource | undefined {
  const isReference = isObject(value) && !('Fn::Join' in value) && !('Fn::Sub' in value);
  const [target, ...more] = isReference ? linked.referencedBy(value, stack) : [];
  return more.length === 0 ? target : undefined;
}

function denialsIn(
  policy: CfnResource,
  target: CfnResource | undefined,
  linked: LinkedResources,
): Possible<Denial>[] {
  return statementsIn(policy).flatMap(({ value, when }) => {
    if (!isDenial(value)) return [];
    const isForTarget = [value.Resource]
      .flat()
      .some((resource) => soleTarget(resource, policy, linked) === target);
    return [
      {
        value: { statement: isForTarget ? { ...value, Resource: '*' } : value, values: RENDERED_VALUES },
        when,
      },
    ];
  });
}

/** Returns the function ARNs in the configuration of a distribution, with and without raw overrides. */
export function functionArnsOf(distribution: CfnResource): unknown[] {
  const property = 'DistributionConfig';
  const rendered = resolvedValue(withoutOverrides(distribution, property), distribution);
  return [rendered, resolvedProperty(distribution, property)].flatMap(lambdaArnsIn);
}

function lambdaArnsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(lambdaArnsIn);
  if (!isObject(value) || CfnResource.isCfnResource(value)) return [];
  return Object.entries(value).flatMap(([name, child]) =>
    name.toLowerCase() === 'lambdafunctionarn' ? [child] : lambdaArnsIn(child),
  );
}

/**
 * Returns the event source of an event source mapping.
 *
 * @param mapping the mapping
 * @param arn the rendered ARN of the source
 * @param referenced the resources that the ARN references
 */
export function eventSourceOf(
  mapping: CfnResource,
  arn: unknown,
  referenced: readonly CfnResource[],
): ResolvedEventSource {
  const identity = IDENTITY_PROPERTIES.map((name) => [name, identityOf(mapping, name)]);
  return classifyEventSource(
    Object.fromEntries(identity) as Record<string, unknown>,
    describeArn(arn, referenced),
  );
}

function identityOf(mapping: CfnResource, name: string): unknown {
  const value = resolvedProperty(mapping, name);
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => (isObject(item) ? { Type: memberOf(item, 'Type') } : item));
}

/** Describes an ARN for `classifyEventSource`. In rendered values, references are resources instead of logical IDs. */
function describeArn(arn: unknown, referenced: readonly CfnResource[]): EventSourceArn | undefined {
  if (arn === undefined) return undefined;
  const [prefix, , service] = textOf(arn).split(':');
  if (prefix === 'arn') return { service };
  const [target, ...more] = referenced;
  return target && more.length === 0 ? { resourceType: target.cfnResourceType } : {};
}
