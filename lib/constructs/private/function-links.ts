import { CfnResource, Stage, Token } from 'aws-cdk-lib';
import { experimental } from 'aws-cdk-lib/aws-cloudfront';
import { SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { isObject, type JsonObject } from '../../cloudformation/json';
import { literal, unknownString } from '../../cloudformation/partial-string';
import { certainly } from '../../cloudformation/possible';
import type { PolicyValues } from '../../iam/policy-document';
import {
  classifyEventSource,
  classifySamEvent,
  type EventSourceArn,
  type ResolvedEventSource,
  IDENTITY_PROPERTIES,
} from '../../lambda/event-sources';
import { runsOnlyAtEdge } from '../../lambda/edge-functions';
import { parseFunctionReference } from '../../lambda/function-arn';
import { asStatement, isInvocation, PERMISSION_TYPES } from '../../lambda/invoke-permissions';
import { cfnProperty, memberOf, withoutOverrides } from './cfn-properties';
import { FunctionResource } from './function-resource';
import { resolvedProperty, LinkedResources, resolvedValue, textOf } from './resolve-references';

/** An event source mapping of the app and its resolved event source. */
export interface LinkedMapping {
  readonly resource: CfnResource;
  readonly source: ResolvedEventSource;
}

/**
 * The references of an app's resources to its functions: event sources, versions, and Lambda@Edge associations.
 *
 * It reads the construct tree, because the templates don't exist yet. References are followed to constructs, and literal
 * names and ARNs to the functions with these names. Values that exist only in templates, such as the parameters of
 * included nested stacks, are known to the checks alone.
 */
export class FunctionLinks {
  private readonly mappings = new Map<CfnResource, LinkedMapping[]>();
  private readonly otherCallers = new Set<CfnResource>();
  private readonly edge = new Set<CfnResource>();
  private readonly singletons = new Map<CfnResource, SingletonFunction[]>();
  private readonly resources: readonly CfnResource[];
  private readonly linked: LinkedResources;
  private byName?: Map<string, CfnResource[]>;
  private roleUsers?: Map<CfnResource, number>;
  private versions?: Map<CfnResource, CfnResource[]>;

  /** @param root the root of the construct tree: the app */
  constructor(root: IConstruct) {
    const constructs = root.node.findAll();
    this.resources = constructs.filter((construct) => CfnResource.isCfnResource(construct));
    this.linked = new LinkedResources(constructs);
    for (const construct of constructs) {
      if (CfnResource.isCfnResource(construct)) this.link(construct);
      else if (construct instanceof experimental.EdgeFunction) this.addEdgeFunction(construct);
      else if (construct instanceof SingletonFunction) this.addSingleton(construct);
    }
  }

  /** Returns the event source mappings of a function. */
  public mappingsOf({ cfn }: FunctionResource): readonly LinkedMapping[] {
    return this.mappings.get(cfn) ?? [];
  }

  /** Returns the functions that an event source mapping, or a SAM function with events, connects to its source. */
  public functionsOf(mapping: CfnResource): readonly FunctionResource[] {
    const own = FunctionResource.of(mapping);
    return own ? [own] : this.namedBy(mapping);
  }

  /** Returns true if a permission, a function URL or a SAM event lets another caller invoke the function. */
  public hasOtherCallers({ cfn }: FunctionResource): boolean {
    return this.otherCallers.has(cfn);
  }

  /** Returns true if a distribution runs the function (Lambda@Edge), or nothing but CloudFront can. */
  public isAtEdge(target: FunctionResource): boolean {
    const { cfn } = target;
    if (this.edge.has(cfn)) return true;
    const { region } = cfn.stack;
    const roles = this.rolesOf(cfn);
    const ownTrust = target.isServerless && resolvedValue(target.setting(TRUST_POLICY), cfn);
    const trusts = ownTrust ? [ownTrust] : roles.map((role) => resolvedProperty(role, TRUST_POLICY));
    return runsOnlyAtEdge({
      region: Token.isUnresolved(region) ? undefined : region,
      trustPolicies: trusts.map((document) => ({ document, values: RENDERED_VALUES })),
      isRoleShared: roles.some((role) => this.functionsWith(role) > 1),
      hasCallers: this.otherCallers.has(cfn) || this.mappings.has(cfn),
    });
  }

  /** Returns the singletons that share a function. */
  public singletonsOf({ cfn }: FunctionResource): readonly SingletonFunction[] {
    return this.singletons.get(cfn) ?? [];
  }

  /** Returns the versions of a function. */
  public versionsOf({ cfn }: FunctionResource): readonly CfnResource[] {
    if (!this.versions) {
      this.versions = new Map();
      for (const version of this.resources.filter(isVersion)) {
        for (const { cfn: fn } of this.publishedBy(version)) {
          this.versions.set(fn, [...(this.versions.get(fn) ?? []), version]);
        }
      }
    }
    return this.versions.get(cfn) ?? [];
  }

  /** Returns the functions that a version can publish. A condition can select one of several. */
  public publishedBy(version: CfnResource): readonly FunctionResource[] {
    return this.namedBy(version);
  }

  /** Returns the functions that a rendered value references anywhere in it, directly or by a version or alias. */
  public referencedIn(value: unknown, from: CfnResource): readonly FunctionResource[] {
    const referenced = [
      ...this.linked.referencedBy(value, from.stack).flatMap((resource) => this.targetsOf(resource, from)),
      ...literalReferencesIn(value).flatMap((reference) => this.functionNamed(reference, from)),
    ];
    return [...new Set(referenced)].map((fn) => FunctionResource.of(fn)!);
  }

  private namedBy(resource: CfnResource): FunctionResource[] {
    return [...new Set(this.resolve(resource, 'FunctionName'))].map((fn) => FunctionResource.of(fn)!);
  }

  private rolesOf(fn: CfnResource): CfnResource[] {
    return this.linked
      .referencedBy(resolvedProperty(fn, 'Role'), fn.stack)
      .filter(({ cfnResourceType }) => cfnResourceType === 'AWS::IAM::Role');
  }

  private functionsWith(role: CfnResource): number {
    if (!this.roleUsers) {
      this.roleUsers = new Map();
      for (const fn of this.resources.filter((candidate) => FunctionResource.of(candidate))) {
        for (const used of this.rolesOf(fn)) this.roleUsers.set(used, (this.roleUsers.get(used) ?? 0) + 1);
      }
    }
    return this.roleUsers.get(role) ?? 0;
  }

  private link(resource: CfnResource): void {
    switch (resource.cfnResourceType) {
      case 'AWS::Lambda::EventSourceMapping':
        this.addMappings(resource);
        break;
      case 'AWS::Lambda::Permission':
      case 'AWS::Lambda::ResourcePolicy':
        this.addPermission(resource);
        break;
      case 'AWS::Lambda::Url':
        for (const fn of this.resolve(resource, 'TargetFunctionArn')) this.otherCallers.add(fn);
        break;
      case 'AWS::Serverless::Function':
        this.addEvents(resource);
        break;
      case 'AWS::CloudFront::Distribution':
        this.addDistribution(resource);
        break;
    }
  }

  private addPermission(resource: CfnResource): void {
    if (!statementsIn(resource).some((statement) => isInvocation(statement, RENDERED_VALUES))) return;
    const property = PERMISSION_TYPES[resource.cfnResourceType]!;
    for (const fn of this.resolve(resource, property)) this.otherCallers.add(fn);
  }

  private addMappings(resource: CfnResource): void {
    const functions = this.resolve(resource, 'FunctionName');
    if (functions.length === 0) return;
    const arn = resolvedProperty(resource, 'EventSourceArn');
    const identity = IDENTITY_PROPERTIES.map((name) => [name, this.identityOf(resource, name)]);
    const source = classifyEventSource(
      Object.fromEntries(identity) as Record<string, unknown>,
      this.describeArn(arn, resource),
    );
    for (const fn of functions) this.addMapping(fn, { resource, source });
  }

  private identityOf(resource: CfnResource, name: string): unknown {
    const value = resolvedProperty(resource, name);
    if (!Array.isArray(value)) return value;
    return value.map((item: unknown) => (isObject(item) ? { Type: memberOf(item, 'Type') } : item));
  }

  private addMapping(fn: CfnResource, mapping: LinkedMapping): void {
    this.mappings.set(fn, [...(this.mappings.get(fn) ?? []), mapping]);
  }

  private addEvents(resource: CfnResource): void {
    if (FunctionResource.of(resource)!.setting('FunctionUrlConfig')) this.otherCallers.add(resource);
    const events = resolvedProperty(resource, 'Events');
    for (const event of isObject(events) ? Object.values(events) : []) {
      const kind = classifySamEvent(memberOf(event, 'Type'));
      if (kind) this.addMapping(resource, { resource, source: { kind, property: 'Events' } });
      else this.otherCallers.add(resource);
    }
  }

  private addDistribution(resource: CfnResource): void {
    const property = 'DistributionConfig';
    const configs = [
      resolvedValue(withoutOverrides(resource, property), resource),
      resolvedProperty(resource, property),
    ];
    for (const config of configs) {
      for (const arn of lambdaArnsIn(config)) {
        for (const fn of this.targetsOf(arn, resource)) this.edge.add(fn);
      }
    }
  }

  private addEdgeFunction({ node }: experimental.EdgeFunction): void {
    const resource = node.defaultChild?.node.defaultChild;
    if (resource && CfnResource.isCfnResource(resource)) this.edge.add(resource);
  }

  private addSingleton(singleton: SingletonFunction): void {
    const cfn = FunctionResource.of(singleton)?.cfn;
    if (cfn) this.singletons.set(cfn, [...(this.singletons.get(cfn) ?? []), singleton]);
  }

  private resolve(resource: CfnResource, property: string): CfnResource[] {
    return this.targetsOf(resolvedProperty(resource, property), resource);
  }

  /** Returns the functions that a name or ARN of a function, version or alias refers to. */
  private targetsOf(value: unknown, from: CfnResource, through: readonly CfnResource[] = []): CfnResource[] {
    const referenced = this.linked.referencedBy(value, from.stack).flatMap((resource) => {
      if (FunctionResource.of(resource)) return [resource];
      if (!QUALIFIER_TYPES.includes(resource.cfnResourceType) || through.includes(resource)) return [];
      const name = resolvedProperty(resource, 'FunctionName');
      return this.targetsOf(name, resource, [...through, resource]);
    });
    return referenced.length > 0 ? referenced : this.functionNamed(textOf(value), from);
  }

  /** Returns the function with a name, if exactly one is nearest: in the same stack, the same stage, or the app. */
  private functionNamed(reference: string, from: CfnResource): CfnResource[] {
    const parts = parseFunctionReference([reference]);
    const name = parts?.name && literal(parts.name);
    if (!name) return [];
    const region = knownPart(parts.region) ?? from.stack.region;
    const account = knownPart(parts.account) ?? from.stack.account;
    const candidates = (this.functionsByName().get(name) ?? []).filter(
      ({ stack }) => agree(stack.region, region) && agree(stack.account, account),
    );
    const candidatesByDistance = [
      candidates.filter(({ stack }) => stack === from.stack),
      candidates.filter((fn) => Stage.of(fn) === Stage.of(from)),
      candidates,
    ];
    const nearest = candidatesByDistance.find((group) => group.length > 0) ?? [];
    return nearest.length === 1 ? nearest : [];
  }

  private functionsByName(): ReadonlyMap<string, CfnResource[]> {
    if (!this.byName) {
      this.byName = new Map();
      for (const resource of this.resources.filter((candidate) => FunctionResource.of(candidate))) {
        const name = cfnProperty(resource, 'FunctionName');
        if (typeof name !== 'string' || Token.isUnresolved(name)) continue;
        this.byName.set(name, [...(this.byName.get(name) ?? []), resource]);
      }
    }
    return this.byName;
  }

  /** Describes an ARN for `classifyEventSource`. In rendered values, references are resources instead of logical IDs. */
  private describeArn(value: unknown, from: CfnResource): EventSourceArn | undefined {
    if (value === undefined) return undefined;
    const [arn, , service] = textOf(value).split(':');
    if (arn === 'arn') return { service };
    const [target, ...more] = this.linked.referencedBy(value, from.stack);
    return target && more.length === 0 ? { resourceType: target.cfnResourceType } : {};
  }
}

/** The property with the trust policy of a role, or of the role that SAM generates for a function. */
const TRUST_POLICY = 'AssumeRolePolicyDocument';

/** Reads rendered values. */
export const RENDERED_VALUES: PolicyValues = {
  branches: certainly,
  items: (value) => [value].flat().flatMap((item: unknown) => (item === undefined ? [] : certainly(item))),
  strings: (value) =>
    certainly(typeof value === 'string' && !Token.isUnresolved(value) ? [value] : unknownString('rendered')),
};

/** Returns the statements of a permission or of a resource policy. */
function statementsIn(resource: CfnResource): JsonObject[] {
  if (resource.cfnResourceType === 'AWS::Lambda::Permission') {
    return [asStatement({ Action: resolvedProperty(resource, 'Action') })];
  }
  const document = resolvedProperty(resource, 'PolicyDocument');
  const statements = memberOf(parseObject(textOf(document)) ?? document, 'Statement');
  return [statements].flat().filter(isObject);
}

const VERSION_TYPE = 'AWS::Lambda::Version';
const QUALIFIER_TYPES = ['AWS::Lambda::Alias', VERSION_TYPE];

/** Returns true if a resource is a version of a function, no matter which construct creates it. */
export function isVersion({ cfnResourceType }: CfnResource): boolean {
  return cfnResourceType === VERSION_TYPE;
}

/** Returns the part of an ARN, or undefined if it is empty or known only at deployment (`*`). */
function knownPart(part: string | undefined): string | undefined {
  return part === '*' ? undefined : part || undefined;
}

function agree(a: string, b: string): boolean {
  return Token.isUnresolved(a) || Token.isUnresolved(b) || a === b;
}

function lambdaArnsIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(lambdaArnsIn);
  if (!isObject(value) || CfnResource.isCfnResource(value)) return [];
  return Object.entries(value).flatMap(([name, child]) =>
    name.toLowerCase() === 'lambdafunctionarn' ? [child] : lambdaArnsIn(child),
  );
}

const FUNCTION_ARN = /arn:[^:\s"]+:lambda:[^:\s"]*:[^:\s"]*:function:[\w*-]+/g;

/** The key of the function's name in the arguments of a Step Functions state. */
const NAME = 'FunctionName';

/**
 * Returns the literal names and ARNs of functions in a rendered value, including those in embedded text. References to
 * constructs are found by `LinkedResources`.
 */
function literalReferencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(literalReferencesIn);
  if (CfnResource.isCfnResource(value)) return [];
  if (typeof value !== 'string' && !isObject(value)) return [];
  const text = textOf(value);
  const json = parseObject(text);
  if (json) return literalReferencesIn(json);
  const arns = text.match(FUNCTION_ARN) ?? [];
  if (!isObject(value)) return arns;
  const name = value[NAME];
  return [
    ...arns,
    ...(typeof name === 'string' ? [name] : []),
    ...Object.values(value).flatMap(literalReferencesIn),
  ];
}

function parseObject(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
