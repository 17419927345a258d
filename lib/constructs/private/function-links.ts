import { CfnResource, Stage, Token } from 'aws-cdk-lib';
import { experimental } from 'aws-cdk-lib/aws-cloudfront';
import { SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { isObject } from '../../cloudformation/json';
import { literal } from '../../cloudformation/partial-string';
import {
  classifyEventSource,
  classifySamEvent,
  type EventSourceArn,
  type ResolvedEventSource,
  IDENTITY_PROPERTIES,
} from '../../lambda/event-sources';
import { parseFunctionReference } from '../../lambda/function-arn';
import { cfnProperty, memberOf, withoutOverrides } from './cfn-properties';
import { FunctionResource } from './function-resource';
import { resolvedProperty, LinkedResources, resolvedValue, textOf } from './resolve-references';

/** An event source mapping of the app, and what kind of source it connects. */
export interface LinkedMapping {
  readonly resource: CfnResource;
  readonly source: ResolvedEventSource;
}

/**
 * What the resources of an app say of its functions: what feeds them, what publishes them, and which of them run at
 * the edge.
 *
 * It reads the construct tree, so that it can be asked before the templates are written. References are followed
 * by the constructs they mean; names and ARNs that are written out, by the names given to functions. What only the
 * templates tell, such as the parameters of included nested stacks, it doesn't know; the checks do.
 */
export class FunctionLinks {
  private readonly mappings = new Map<CfnResource, LinkedMapping[]>();
  private readonly otherCallers = new Set<CfnResource>();
  private readonly edge = new Set<CfnResource>();
  private readonly singletons = new Map<CfnResource, SingletonFunction[]>();
  private readonly resources: readonly CfnResource[];
  private readonly linked: LinkedResources;
  private byName?: Map<string, CfnResource[]>;
  private versions?: Map<CfnResource, CfnResource[]>;

  /** @param root the construct whose tree is looked at: the app */
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

  /** The event source mappings that feed a function. */
  public mappingsOf({ cfn }: FunctionResource): readonly LinkedMapping[] {
    return this.mappings.get(cfn) ?? [];
  }

  /** Whether more than event source mappings may invoke the function, as far as permissions and URLs tell. */
  public hasOtherCallers({ cfn }: FunctionResource): boolean {
    return this.otherCallers.has(cfn);
  }

  /** Whether CloudFront runs the function (Lambda@Edge). */
  public isAtEdge({ cfn }: FunctionResource): boolean {
    return this.edge.has(cfn);
  }

  /** The singletons that share a function. */
  public singletonsOf({ cfn }: FunctionResource): readonly SingletonFunction[] {
    return this.singletons.get(cfn) ?? [];
  }

  /** The versions that publish a function. */
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

  /** The functions that a version publishes: more than one where it is left to a condition. */
  public publishedBy(version: CfnResource): readonly FunctionResource[] {
    return [...new Set(this.resolve(version, 'FunctionName'))].map((fn) => FunctionResource.of(fn)!);
  }

  /** The functions that a rendered value mentions anywhere in it, themselves or by their versions and aliases. */
  public referencedIn(value: unknown, from: CfnResource): readonly FunctionResource[] {
    const mentioned = [
      ...this.linked
        .referencedBy(value, from.stack)
        .flatMap((resource) => this.functionsMeant(resource, from)),
      ...functionsWrittenIn(value).flatMap((written) => this.named(written, from)),
    ];
    return [...new Set(mentioned)].map((fn) => FunctionResource.of(fn)!);
  }

  private link(resource: CfnResource): void {
    switch (resource.cfnResourceType) {
      case 'AWS::Lambda::EventSourceMapping':
        this.addMappings(resource);
        break;
      case 'AWS::Lambda::Permission':
        for (const fn of this.resolve(resource, 'FunctionName')) this.otherCallers.add(fn);
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

  private addMappings(resource: CfnResource): void {
    const fed = this.resolve(resource, 'FunctionName');
    if (fed.length === 0) return;
    const arn = resolvedProperty(resource, 'EventSourceArn');
    const telling = IDENTITY_PROPERTIES.map((name) => [name, this.identityOf(resource, name)]);
    const source = classifyEventSource(
      Object.fromEntries(telling) as Record<string, unknown>,
      this.describeArn(arn, resource),
    );
    for (const fn of fed) this.addMapping(fn, { resource, source });
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
        for (const fn of this.functionsMeant(arn, resource)) this.edge.add(fn);
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
    return this.functionsMeant(resolvedProperty(resource, property), resource);
  }

  /** The functions that a function's name or ARN means, or that of one of its versions or aliases. */
  private functionsMeant(
    value: unknown,
    from: CfnResource,
    through: readonly CfnResource[] = [],
  ): CfnResource[] {
    const referenced = this.linked.referencedBy(value, from.stack).flatMap((resource) => {
      if (FunctionResource.of(resource)) return [resource];
      if (!QUALIFIER_TYPES.includes(resource.cfnResourceType) || through.includes(resource)) return [];
      const name = resolvedProperty(resource, 'FunctionName');
      return this.functionsMeant(name, resource, [...through, resource]);
    });
    return referenced.length > 0 ? referenced : this.named(textOf(value), from);
  }

  /** The one function of a name: of the same stack, else of the same stage, else of the whole app. */
  private named(reference: string, from: CfnResource): CfnResource[] {
    const parts = parseFunctionReference([reference]);
    const name = parts?.name && literal(parts.name);
    if (!name) return [];
    const region = knownPart(parts.region) ?? from.stack.region;
    const account = knownPart(parts.account) ?? from.stack.account;
    const candidates = (this.functionsByName().get(name) ?? []).filter(
      ({ stack }) => agree(stack.region, region) && agree(stack.account, account),
    );
    const circles = [
      candidates.filter(({ stack }) => stack === from.stack),
      candidates.filter((fn) => Stage.of(fn) === Stage.of(from)),
      candidates,
    ];
    const nearest = circles.find((circle) => circle.length > 0) ?? [];
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

  private describeArn(value: unknown, from: CfnResource): EventSourceArn | undefined {
    if (value === undefined) return undefined;
    const [arn, , service] = textOf(value).split(':');
    if (arn === 'arn') return { service };
    const [target, ...more] = this.linked.referencedBy(value, from.stack);
    return target && more.length === 0 ? { resourceType: target.cfnResourceType } : {};
  }
}

const VERSION_TYPE = 'AWS::Lambda::Version';
const QUALIFIER_TYPES = ['AWS::Lambda::Alias', VERSION_TYPE];

/** Whether a resource publishes a function, whoever made it. */
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

/** Where a state of a state machine has the name of the function that it calls. */
const NAME = 'FunctionName';

/**
 * The names and ARNs of functions that are written out anywhere in a rendered value, within other texts too; those
 * that are references, `LinkedResources` finds.
 */
function functionsWrittenIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(functionsWrittenIn);
  if (CfnResource.isCfnResource(value)) return [];
  if (typeof value !== 'string' && !isObject(value)) return [];
  const text = textOf(value);
  const json = parsed(text);
  if (json) return functionsWrittenIn(json);
  const arns = text.match(FUNCTION_ARN) ?? [];
  if (!isObject(value)) return arns;
  const name = value[NAME];
  return [
    ...arns,
    ...(typeof name === 'string' ? [name] : []),
    ...Object.values(value).flatMap(functionsWrittenIn),
  ];
}

function parsed(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
