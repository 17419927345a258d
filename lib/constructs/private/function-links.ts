import { CfnResource, Token } from 'aws-cdk-lib';
import { experimental } from 'aws-cdk-lib/aws-cloudfront';
import { SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { isObject } from '../../cloudformation/json';
import { keyOf, type PartialString } from '../../cloudformation/partial-string';
import { runsOnlyAtEdge } from '../../lambda/lambda-function';
import { classifySamEvent, type ResolvedEventSource } from '../../lambda/event-sources';
import { parseFunctionReference } from '../../lambda/function-references';
import { PERMISSION_TYPES } from '../../lambda/invoke-permissions';
import { AppStages, stageOf } from './aspects-across-stages';
import { FunctionResource, isVersion, memberOf, QUALIFIER_TYPES } from './cfn-resources';
import {
  eventSourceOf,
  functionArnsOf,
  literalReferencesIn,
  partialString,
  referenceTo,
  permitsInvocations,
  RENDERED_VALUES,
} from './rendered-values';
import { LinkedResources, resolvedProperty, resolvedValue } from './resolve-references';

/** An event source mapping of the app and its resolved event source. */
export interface LinkedMapping {
  readonly resource: CfnResource;
  readonly source: ResolvedEventSource;
}

/** The links from the resources of a stage, or from those outside of stages. */
interface StageLinks {
  readonly constructs: readonly IConstruct[];
  readonly resources: readonly CfnResource[];
  readonly linked: LinkedResources;
  readonly mappings: Map<CfnResource, LinkedMapping[]>;
  readonly otherCallers: Set<CfnResource>;
  readonly edge: Set<CfnResource>;
  readonly onlyAtEdge: Map<CfnResource, boolean>;
  readonly singletons: Map<CfnResource, SingletonFunction[]>;
  byName?: ReadonlyMap<string, readonly CfnResource[]>;
  roleUsers?: ReadonlyMap<CfnResource, number>;
  versions?: ReadonlyMap<CfnResource, readonly CfnResource[]>;
  /** True if a link refers to another stage by a name or an export, and so depends on that stage. */
  refersToOthers: boolean;
}

/** The links of each app, by its root. */
const LINKS = new WeakMap<IConstruct, FunctionLinks>();

/**
 * The references of an app's resources to its functions: event sources, versions, and Lambda@Edge associations.
 *
 * It reads the construct tree, because the templates don't exist yet. References are followed to constructs, and literal
 * names and ARNs to the functions with these names. Values that exist only in templates, such as the parameters of
 * included nested stacks, are known to the checks alone.
 *
 * Stages are read one by one, because they are synthesized one after the other. The links of an app are shared. When
 * the synthesis of a stage starts, only this stage is read again, and others to which constructs were added.
 */
export class FunctionLinks {
  /**
   * Returns the links of an app.
   *
   * @param construct a construct of the stage that is about to change. Its stage is read again, once for each reader
   * and synthesis.
   * @param reader the object that reads the links. Without it, the stage is always read again.
   */
  public static of(construct: IConstruct, reader?: object): FunctionLinks {
    const { root } = construct.node;
    const links = LINKS.get(root) ?? new FunctionLinks(root);
    LINKS.set(root, links);
    links.update(stageOf(construct), reader);
    return links;
  }

  private readonly stages = new Map<IConstruct, StageLinks>();
  private readonly app: AppStages;
  /** The links that are being read. */
  private current?: StageLinks;

  /** @param root the root of the construct tree: the app */
  private constructor(root: IConstruct) {
    this.app = new AppStages(root);
  }

  /** Returns the event source mappings of a function. */
  public mappingsOf({ cfn }: FunctionResource): readonly LinkedMapping[] {
    return this.linksTo(cfn).flatMap(({ mappings }) => mappings.get(cfn) ?? []);
  }

  /** Returns the functions that an event source mapping, or a SAM function with events, connects to its source. */
  public functionsOf(mapping: CfnResource): readonly FunctionResource[] {
    const own = FunctionResource.of(mapping);
    return own ? [own] : this.namedBy(mapping);
  }

  /** Returns true if a permission, a function URL or a SAM event lets another caller invoke the function. */
  public hasOtherCallers({ cfn }: FunctionResource): boolean {
    return this.linksTo(cfn).some(({ otherCallers }) => otherCallers.has(cfn));
  }

  /** Returns true if a distribution runs the function (Lambda@Edge), or nothing but CloudFront can. */
  public isAtEdge(target: FunctionResource): boolean {
    const { cfn } = target;
    if (this.linksTo(cfn).some(({ edge }) => edge.has(cfn))) return true;
    const { onlyAtEdge } = this.stageLinks(cfn);
    const known = onlyAtEdge.get(cfn) ?? this.runsOnlyAtEdge(target);
    onlyAtEdge.set(cfn, known);
    return known;
  }

  private runsOnlyAtEdge(target: FunctionResource): boolean {
    const { cfn } = target;
    const { region } = cfn.stack;
    const roles = this.rolesOf(cfn);
    const ownTrust = target.isServerless && resolvedValue(target.setting(TRUST_POLICY), cfn);
    const trusts = ownTrust ? [ownTrust] : roles.map((role) => resolvedProperty(role, TRUST_POLICY));
    return runsOnlyAtEdge({
      region: Token.isUnresolved(region) ? undefined : region,
      trustPolicies: trusts.map((document) => ({ document, values: RENDERED_VALUES })),
      isRoleShared: roles.some((role) => this.functionsWith(role) > 1),
      hasCallers: this.hasOtherCallers(target) || this.mappingsOf(target).length > 0,
    });
  }

  /** Returns the singletons that share a function. */
  public singletonsOf({ cfn }: FunctionResource): readonly SingletonFunction[] {
    return this.stageLinks(cfn).singletons.get(cfn) ?? [];
  }

  /** Returns the versions of a function. */
  public versionsOf({ cfn }: FunctionResource): readonly CfnResource[] {
    return [...this.stages.values()].flatMap((stage) => {
      stage.versions ??= this.recording(stage, () => this.versionsIn(stage));
      return stage.versions.get(cfn) ?? [];
    });
  }

  private versionsIn({ resources }: StageLinks): ReadonlyMap<CfnResource, readonly CfnResource[]> {
    const versions = new Map<CfnResource, CfnResource[]>();
    for (const version of resources.filter(isVersion)) {
      for (const { cfn: fn } of this.publishedBy(version)) {
        versions.set(fn, [...(versions.get(fn) ?? []), version]);
      }
    }
    return versions;
  }

  /** Returns the functions that a version can publish. A condition can select one of several. */
  public publishedBy(version: CfnResource): readonly FunctionResource[] {
    return this.namedBy(version);
  }

  /** Returns the functions that a rendered value references anywhere in it, directly or by a version or alias. */
  public referencedIn(value: unknown, from: CfnResource): readonly FunctionResource[] {
    const referenced = [
      ...this.referencedBy(value, from).flatMap((resource) => this.targetsOf(resource, from)),
      ...literalReferencesIn(value, from.stack).flatMap((reference) => this.functionNamed(reference, from)),
    ];
    return [...new Set(referenced)].map((fn) => FunctionResource.of(fn)!);
  }

  private namedBy(resource: CfnResource): FunctionResource[] {
    return [...new Set(this.resolve(resource, 'FunctionName'))].map((fn) => FunctionResource.of(fn)!);
  }

  /** Returns the resources that a rendered value references anywhere in it. */
  public referencedBy(value: unknown, from: CfnResource): readonly CfnResource[] {
    return this.stageLinks(from).linked.referencedBy(value, from.stack);
  }

  /** Returns the constructs of the stage of a construct. */
  public constructsWith(construct: IConstruct): readonly IConstruct[] {
    return this.stageLinks(construct).constructs;
  }

  /** Returns the resources of a type in all stages. */
  public resourcesOfType(type: string): readonly CfnResource[] {
    return [...this.stages.values()].flatMap(({ resources }) =>
      resources.filter(({ cfnResourceType }) => cfnResourceType === type),
    );
  }

  private update(current: IConstruct, reader: object | undefined): void {
    const changed = this.app.update(current, reader);
    if (changed.length === 0) return;
    const { constructs } = this.app;
    for (const stage of this.stages.keys()) {
      if (!constructs.has(stage)) this.stages.delete(stage);
    }
    const dependent = [...this.stages].filter(([, links]) => links.refersToOthers);
    const outdated = new Set([...changed, ...dependent.map(([stage]) => stage)]);
    for (const stage of outdated) this.stages.set(stage, this.emptyLinks(constructs.get(stage)!));
    for (const stage of outdated) {
      const links = this.stages.get(stage)!;
      this.recording(links, () => this.linkAll(links));
    }
  }

  private emptyLinks(constructs: readonly IConstruct[]): StageLinks {
    const linked: LinkedResources = new LinkedResources(
      () => constructs,
      (name, through) => this.exportedElsewhere(name, through, linked),
    );
    return {
      constructs,
      resources: constructs.filter((construct) => CfnResource.isCfnResource(construct)),
      linked,
      mappings: new Map(),
      otherCallers: new Set(),
      edge: new Set(),
      onlyAtEdge: new Map(),
      singletons: new Map(),
      refersToOthers: false,
    };
  }

  private linkAll({ constructs }: StageLinks): void {
    for (const construct of constructs) {
      if (CfnResource.isCfnResource(construct)) this.link(construct);
      else if (construct instanceof experimental.EdgeFunction) this.addEdgeFunction(construct);
      else if (construct instanceof SingletonFunction) this.addSingleton(construct);
    }
  }

  /** Runs a function that reads a stage, and records if it refers to others. */
  private recording<T>(stage: StageLinks, read: () => T): T {
    const { current } = this;
    this.current = stage;
    const result = read();
    this.current = current;
    return result;
  }

  private exportedElsewhere(name: string, through: readonly string[], from: LinkedResources): CfnResource[] {
    this.noteReference();
    const others = [...this.stages.values()].filter(({ linked }) => linked !== from);
    return others.flatMap(({ linked }) => linked.exported(name, through) ?? []);
  }

  /** Notes that the links depend on other stages. */
  private noteReference(): void {
    if (this.current) this.current.refersToOthers = true;
  }

  private stageLinks(construct: IConstruct): StageLinks {
    const stage = stageOf(construct);
    const links = this.stages.get(stage) ?? this.emptyLinks([]);
    this.stages.set(stage, links);
    return links;
  }

  /** Returns the links of the stages that can refer to a function. */
  private linksTo(fn: CfnResource): readonly StageLinks[] {
    const own = this.stageLinks(fn);
    return [own, ...[...this.stages.values()].filter((links) => links !== own && links.refersToOthers)];
  }

  private rolesOf(fn: CfnResource): CfnResource[] {
    return this.referencedBy(resolvedProperty(fn, 'Role'), fn).filter(
      ({ cfnResourceType }) => cfnResourceType === 'AWS::IAM::Role',
    );
  }

  private functionsWith(role: CfnResource): number {
    return [...this.stages.values()]
      .map((stage) => {
        stage.roleUsers ??= this.recording(stage, () => this.roleUsersIn(stage));
        return stage.roleUsers.get(role) ?? 0;
      })
      .reduce((sum, users) => sum + users, 0);
  }

  private roleUsersIn({ resources }: StageLinks): ReadonlyMap<CfnResource, number> {
    const users = new Map<CfnResource, number>();
    for (const fn of resources.filter(FunctionResource.isFunction)) {
      for (const role of this.rolesOf(fn)) users.set(role, (users.get(role) ?? 0) + 1);
    }
    return users;
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
        for (const fn of this.resolve(resource, 'TargetFunctionArn')) this.current!.otherCallers.add(fn);
        break;
      case 'AWS::Serverless::Function':
        this.addEvents(resource);
        break;
      case 'AWS::CloudFront::Distribution':
        for (const arn of functionArnsOf(resource)) {
          for (const fn of this.targetsOf(arn, resource)) this.current!.edge.add(fn);
        }
        break;
    }
  }

  private addPermission(resource: CfnResource): void {
    const { resources, linked } = this.current!;
    if (!permitsInvocations(resource, resources, linked)) return;
    const property = PERMISSION_TYPES[resource.cfnResourceType]!;
    for (const fn of this.resolve(resource, property)) this.current!.otherCallers.add(fn);
  }

  private addMappings(resource: CfnResource): void {
    const functions = this.resolve(resource, 'FunctionName');
    if (functions.length === 0) return;
    const arn = resolvedProperty(resource, 'EventSourceArn');
    const source = eventSourceOf(resource, arn, this.referencedBy(arn, resource));
    for (const fn of functions) this.addMapping(fn, { resource, source });
  }

  private addMapping(fn: CfnResource, mapping: LinkedMapping): void {
    const { mappings } = this.current!;
    mappings.set(fn, [...(mappings.get(fn) ?? []), mapping]);
  }

  private addEvents(resource: CfnResource): void {
    if (FunctionResource.of(resource)!.setting('FunctionUrlConfig')) this.current!.otherCallers.add(resource);
    const events = resolvedProperty(resource, 'Events');
    for (const event of isObject(events) ? Object.values(events) : []) {
      const kind = classifySamEvent(memberOf(event, 'Type'));
      if (kind) this.addMapping(resource, { resource, source: { kind, property: 'Events' } });
      else this.current!.otherCallers.add(resource);
    }
  }

  private addEdgeFunction({ node }: experimental.EdgeFunction): void {
    const resource = node.defaultChild?.node.defaultChild;
    if (resource && CfnResource.isCfnResource(resource)) this.current!.edge.add(resource);
  }

  private addSingleton(singleton: SingletonFunction): void {
    const cfn = FunctionResource.of(singleton)?.cfn;
    const { singletons } = this.current!;
    if (cfn) singletons.set(cfn, [...(singletons.get(cfn) ?? []), singleton]);
  }

  private resolve(resource: CfnResource, property: string): CfnResource[] {
    return this.targetsOf(resolvedProperty(resource, property), resource);
  }

  /** Returns the functions that a name or ARN of a function, version or alias refers to. */
  private targetsOf(value: unknown, from: CfnResource, through: readonly CfnResource[] = []): CfnResource[] {
    const referenced = this.referencedBy(value, from).flatMap((resource) => {
      if (FunctionResource.isFunction(resource)) return [resource];
      if (!QUALIFIER_TYPES.includes(resource.cfnResourceType) || through.includes(resource)) return [];
      const name = resolvedProperty(resource, 'FunctionName');
      return this.targetsOf(name, resource, [...through, resource]);
    });
    return referenced.length > 0 ? referenced : this.functionNamed(partialString(value, from.stack), from);
  }

  /** Returns the function with a name, if exactly one is nearest: in the same stack, the same stage, or the app. */
  public functionNamed(reference: PartialString, from: CfnResource): CfnResource[] {
    const parts = parseFunctionReference(reference);
    const name = parts && keyOf(parts.name);
    if (!name) return [];
    const region = parts.region || from.stack.region;
    const account = parts.account || from.stack.account;
    const own = this.stageLinks(from);
    const named = (stage: StageLinks) =>
      (this.functionsByName(stage).get(name) ?? []).filter(
        ({ stack }) => agree(stack.region, region) && agree(stack.account, account),
      );
    const inStage = named(own);
    const inStack = inStage.filter(({ stack }) => stack === from.stack);
    if (inStage.length > 0) return sole(inStack.length > 0 ? inStack : inStage);
    this.noteReference();
    return sole([...this.stages.values()].flatMap((stage) => (stage === own ? [] : named(stage))));
  }

  private functionsByName(stage: StageLinks): ReadonlyMap<string, readonly CfnResource[]> {
    if (stage.byName) return stage.byName;
    const byName = new Map<string, CfnResource[]>();
    for (const resource of stage.resources.filter(FunctionResource.isFunction)) {
      byName.set(keyOf(referenceTo(resource)), [resource]);
      const name = keyOf(partialString(resolvedProperty(resource, 'FunctionName'), resource.stack));
      if (name) byName.set(name, [...(byName.get(name) ?? []), resource]);
    }
    stage.byName = byName;
    return byName;
  }
}

/** The property with the trust policy of a role, or of the role that SAM generates for a function. */
const TRUST_POLICY = 'AssumeRolePolicyDocument';

function sole<T>(items: readonly T[]): T[] {
  return items.length === 1 ? [...items] : [];
}

const agree = (a: string, b: string) => a === b || [a, b].some((part) => Token.isUnresolved(part));
