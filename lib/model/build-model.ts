import { isObject, objectAt } from '../cloudformation/json';
import { literal } from '../cloudformation/partial-string';
import { type Assumptions, certainly, flatMap, type Possible } from '../cloudformation/possible';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { addressOf, mayAddResources, type Resource, type TemplateSource } from '../cloudformation/template';
import { templateValues } from '../iam/policy-document';
import { type RoleReference, Roles } from '../iam/roles';
import {
  edgeFunctions,
  type EventSourceMapping,
  type LambdaFunction,
  runsOnlyAtEdge,
} from '../lambda/lambda-function';
import { classifySamEvent, resolveEventSources, type ResolvedEventSource } from '../lambda/event-sources';
import { FunctionReferences, type FunctionTarget, isFunction } from '../lambda/function-references';
import { InvokePermissions, PERMISSION_TYPES } from '../lambda/invoke-permissions';
import { publishesVersions } from '../lambda/version-identity';
import { FunctionVersions } from '../lambda/versions';
import { buildTraceMap } from '../trace-map/build-trace-map';
import type { TraceMap } from '../trace-map/trace-map';
import { added, type FunctionContext, FunctionDraft } from './function-draft';
import { topicsOf, TracingPermissions, xrayResourcePolicies } from './tracing-permissions';
import {
  type SamplingRule,
  type StateMachine,
  type TracingModel,
  transactionSearchOf,
} from './tracing-model';
import { VersionUsers } from './version-users';

/** "AWS::XRay::SamplingRule" (CloudFormation Template Reference). The last two are the older properties. */
const SAMPLING_RULE_PATHS: readonly (readonly string[])[] = [
  ['SamplingRule'],
  ['SamplingRuleRecord', 'SamplingRule'],
  ['SamplingRuleUpdate'],
];

/** The path of an event source mapping that is a resource of its own. */
const WHOLE_RESOURCE: readonly string[] = [];

/** A link to a function, through versions and aliases. */
interface Link {
  readonly function: FunctionDraft;
  readonly through: readonly Resource[];
}

/** Returns the linked functions, each with the cases of its links. */
function casesByFunction(
  links: readonly Possible<Link>[],
): ReadonlyMap<FunctionDraft, readonly Assumptions[]> {
  const cases = new Map<FunctionDraft, Assumptions[]>();
  for (const { value, when } of links) {
    const known = cases.get(value.function) ?? [];
    cases.set(value.function, known);
    known.push(when);
  }
  return cases;
}

/**
 * Builds the model: one pass over the resources for the functions, one for the resources that refer to them.
 */
class ModelBuilder {
  private readonly references: FunctionReferences;
  private readonly resources: readonly Resource[];
  private readonly roles: Roles;
  private readonly functions = new Map<Resource, FunctionDraft>();
  private readonly permissions: TracingPermissions;
  private readonly context: FunctionContext;
  private readonly invocations: InvokePermissions;
  private readonly mappings: EventSourceMapping[] = [];
  private readonly stateMachines: StateMachine[] = [];
  private readonly samplingRules: SamplingRule[] = [];
  private readonly versions: FunctionVersions;
  private readonly previousFunctions: ReadonlyMap<string, LambdaFunction>;

  /**
   * @param sources the templates
   * @param baseline the model of the previous templates
   * @param surroundings facts that templates do not contain
   */
  constructor(
    sources: readonly TemplateSource[],
    private readonly baseline?: TracingModel,
    private readonly surroundings: Surroundings = {},
  ) {
    this.references = new FunctionReferences(sources);
    this.versions = new FunctionVersions(this.references, baseline);
    this.previousFunctions = new Map(baseline?.functions.map((fn) => [addressOf(fn.resource), fn]));
    this.resources = this.resolver.templates.flatMap((template) => [...template.resources.values()]);
    this.roles = new Roles(this.resolver, this.resources);
    this.permissions = new TracingPermissions(this.roles, this.resolver);
    this.context = { resolver: this.resolver, permissions: this.permissions };
    this.invocations = new InvokePermissions(this.references);
  }

  public build(): TracingModel {
    for (const resource of this.resources.filter(isFunction)) {
      this.functions.set(resource, this.draft(resource));
    }
    for (const resource of this.resources) this.link(resource);
    for (const resource of this.resources) this.addAlias(resource);
    // The trace map and the version users must not keep the whole builder in memory.
    const { references, resources, functions, roles } = this;
    let map: TraceMap | undefined;
    const traceMap = () => (map ??= buildTraceMap(resources, functions, references, roles));
    const shared = sharedRoles([...functions.values()]);
    for (const fn of functions.values()) {
      // Few functions are for the edge, and only for these the map is needed.
      fn.isEdgeFunction ||= this.isOnlyAtEdge(fn, shared) && !isInvoked(fn, traceMap());
    }
    const resourcePolicies = xrayResourcePolicies(resources, this.resolver);
    const users = new VersionUsers(references, resources, traceMap);
    return {
      templates: this.resolver.templates,
      resources,
      functions: [...functions.values()],
      eventSourceMappings: this.mappings,
      topics: topicsOf(resources, resourcePolicies, this.resolver),
      xrayResourcePolicies: resourcePolicies,
      stateMachines: this.stateMachines,
      samplingRules: this.samplingRules,
      transactionSearch: transactionSearchOf(resources, this.resolver),
      hasTransactionSearch: this.surroundings.transactionSearch === true,
      baseline: this.baseline,
      get traceMap() {
        return traceMap();
      },
      usersOf: (versionOrAlias) => users.of(versionOrAlias),
    };
  }

  private get resolver() {
    return this.references.resolver;
  }

  private draft(resource: Resource): FunctionDraft {
    const roles = this.rolesOf(resource);
    return new FunctionDraft(
      resource,
      { roles, writePermissions: this.permissions.ofFunction(resource, roles) },
      this.previousFunctions.get(addressOf(resource)),
      this.context,
    );
  }

  private rolesOf(resource: Resource): Possible<RoleReference>[] {
    const { Role: role } = effectiveProperties(resource);
    return role === undefined ? [] : this.roles.references(role, resource.template);
  }

  private link(resource: Resource): void {
    const { properties } = resource;
    switch (resource.type) {
      case 'AWS::Lambda::EventSourceMapping':
        this.addMapping(resource);
        break;
      case 'AWS::Serverless::Function':
        this.addSamEvents(resource);
        if (publishesVersions(resource)) this.addVersions(resource, this.ownLink(resource));
        break;
      case 'AWS::Lambda::Permission':
      case 'AWS::Lambda::ResourcePolicy':
        if (this.invocations.of(resource).length > 0) {
          this.addCaller(resource, PERMISSION_TYPES[resource.type]!);
        }
        break;
      case 'AWS::Lambda::Url':
        this.addCaller(resource, 'TargetFunctionArn');
        break;
      case 'AWS::Lambda::Version':
        this.addVersions(resource, this.linksFrom(resource, properties.FunctionName));
        break;
      case 'AWS::CloudFront::Distribution':
        this.addDistribution(resource);
        break;
      case 'AWS::StepFunctions::StateMachine':
        this.addStateMachine(resource, 'RoleArn', 'TracingConfiguration');
        break;
      case 'AWS::Serverless::StateMachine':
        this.addStateMachine(resource, 'Role', 'Tracing');
        break;
      case 'AWS::XRay::SamplingRule':
        this.addSamplingRule(resource);
        break;
    }
  }

  /** Adds the versions that a resource publishes: one for each function that it can refer to. */
  private addVersions(resource: Resource, links: readonly Possible<Link>[]): void {
    for (const [fn, cases] of casesByFunction(links)) {
      fn.versions = added(fn.versions, this.versions.version(resource, fn, cases));
    }
  }

  private addAlias(resource: Resource): void {
    const isAlias = resource.type === 'AWS::Lambda::Alias';
    if (!isAlias && !publishesVersions(resource)) return;
    const links = isAlias
      ? this.linksFrom(resource, resource.properties.FunctionName)
      : this.ownLink(resource);
    for (const [fn, cases] of casesByFunction(links)) {
      fn.aliases = added(fn.aliases, this.versions.alias(resource, fn, cases));
    }
  }

  /** Returns the functions that a name or ARN in a resource can refer to. */
  private functionsFor(resource: Resource, value: unknown): FunctionDraft[] {
    return [...casesByFunction(this.linksFrom(resource, value)).keys()];
  }

  /** Returns the links to functions of the templates, in each case. */
  private linksFrom(resource: Resource, value: unknown): Possible<Link>[] {
    return this.links(this.references.linksFrom(resource, value));
  }

  private links(targets: readonly Possible<FunctionTarget | undefined>[]): Possible<Link>[] {
    return flatMap(targets, (target) => {
      const fn = target && this.functions.get(target.function);
      return fn ? certainly({ function: fn, through: target.through }) : [];
    });
  }

  /** Returns the link of a SAM function to itself. */
  private ownLink(resource: Resource): Possible<Link>[] {
    return this.whereCreated(resource, certainly({ function: this.functions.get(resource)!, through: [] }));
  }

  /** Notes that a resource allows other callers than event source mappings to invoke the functions of a property. */
  private addCaller(resource: Resource, property: string): void {
    for (const fn of this.functionsFor(resource, resource.properties[property])) fn.hasOtherCallers = true;
  }

  private addMapping(resource: Resource): void {
    this.registerMapping({
      resource,
      logicalId: resource.logicalId,
      path: WHOLE_RESOURCE,
      sources: this.whereCreated(resource, resolveEventSources(resource, this.resolver)),
      targets: this.linksFrom(resource, resource.properties.FunctionName),
    });
  }

  private addSamEvents(resource: Resource): void {
    const fn = this.functions.get(resource)!;
    for (const [name, event] of Object.entries(objectAt(resource.properties, 'Events'))) {
      const kind = isObject(event) ? classifySamEvent(event.Type) : undefined;
      if (!kind) {
        fn.hasOtherCallers = true;
        continue;
      }
      this.registerMapping({
        resource,
        logicalId: `${resource.logicalId}${name}`,
        path: ['Events', name],
        sources: this.whereCreated(resource, certainly<ResolvedEventSource>({ kind, property: 'Type' })),
        targets: this.ownLink(resource),
      });
    }
  }

  private registerMapping(mapping: EventSourceMapping): void {
    this.mappings.push(mapping);
    const targets = mapping.targets as readonly Possible<Link>[];
    for (const fn of casesByFunction(targets).keys()) {
      fn.eventSourceMappings = added(fn.eventSourceMappings, mapping);
    }
  }

  private addDistribution(resource: Resource): void {
    const targets = flatMap(edgeFunctions(resource, this.resolver), (arn) =>
      this.references.targets(arn, resource.template),
    );
    const links = this.links(this.references.withConditions(resource, targets));
    for (const { value, when } of links) {
      const { function: fn } = value;
      fn.distributions = added(fn.distributions, { value: resource, when });
      fn.isEdgeFunction = true;
    }
  }

  /** Adds a state machine, with a role of its own or the one that SAM generates. */
  private addStateMachine(resource: Resource, roleProperty: string, tracingProperty: string): void {
    const { template } = resource;
    const properties = effectiveProperties(resource);
    const roles = flatMap(this.resolver.at(properties, [roleProperty], template), (role) =>
      role === undefined ? [] : this.roles.references(role, template),
    );
    const enabled = this.resolver.stringsAt(properties, [tracingProperty, 'Enabled'], template);
    const isTraced = flatMap(enabled, (text) => certainly(text !== undefined && literal(text) === 'true'));
    const traced = this.whereCreated(resource, isTraced);
    this.stateMachines.push({
      resource,
      roleProperty,
      roles: this.whereCreated(resource, roles),
      isTracedWhen: (assumed) => this.resolver.possibleWhen(assumed, traced).includes(true),
      permissions: this.permissions.ofStateMachine(resource, roles),
    });
  }

  private isOnlyAtEdge(fn: FunctionDraft, shared: ReadonlySet<Resource>): boolean {
    const { template } = fn.resource;
    const { AssumeRolePolicyDocument: own } = effectiveProperties(fn.resource);
    const trusts = fn.roles.map(({ value: { resource: role } }) => ({
      document: role?.properties.AssumeRolePolicyDocument,
      values: templateValues(role?.template ?? template, this.resolver),
    }));
    return runsOnlyAtEdge({
      region: template.source.region,
      trustPolicies:
        own === undefined ? trusts : [{ document: own, values: templateValues(template, this.resolver) }],
      isRoleShared: fn.roles.some(({ value: { resource: role } }) => role && shared.has(role)),
      hasCallers: fn.hasOtherCallers || fn.eventSourceMappings.length > 0,
    });
  }

  private addSamplingRule(resource: Resource): void {
    const { template, properties } = resource;
    for (const path of SAMPLING_RULE_PATHS.filter(([property]) => properties[property] !== undefined)) {
      const types = this.resolver.stringsAt(properties, [...path, 'ServiceType'], template);
      const known = flatMap(types, (text) => {
        const type = text && literal(text);
        return type === undefined ? [] : certainly(type);
      });
      this.samplingRules.push({ resource, path, serviceTypes: this.whereCreated(resource, known) });
    }
  }

  private whereCreated<T>(resource: Resource, values: readonly Possible<T>[]): Possible<T>[] {
    return this.resolver.whereCreated(resource, values);
  }
}

/** True if the templates show, or may hide, another caller of a function than CloudFront. */
function isInvoked({ resource }: LambdaFunction, { nodes, failureTargets }: TraceMap): boolean {
  const node = nodes.find((candidate) => candidate.resource === resource)!;
  return mayAddResources(resource.template) || node.incoming.length > 0 || failureTargets.has(node);
}

/** Returns the roles that several functions can have. */
function sharedRoles(functions: readonly LambdaFunction[]): ReadonlySet<Resource> {
  const users = new Map<Resource, LambdaFunction>();
  const shared = new Set<Resource>();
  for (const fn of functions) {
    for (const { value } of fn.roles) {
      if (!value.resource) continue;
      if ((users.get(value.resource) ?? fn) !== fn) shared.add(value.resource);
      users.set(value.resource, fn);
    }
  }
  return shared;
}

/** Facts on the accounts that templates are deployed to. */
export interface Surroundings {
  /** True if Transaction Search is on, outside of the templates. @default false */
  readonly transactionSearch?: boolean;
}

/**
 * Builds the model of templates that are deployed together.
 *
 * @param sources the templates; references between them are resolved
 * @param baseline the previous templates, each with the ID of its current template
 * @param surroundings facts that templates do not contain
 */
export function buildTracingModel(
  sources: readonly TemplateSource[],
  baseline?: readonly TemplateSource[],
  surroundings: Surroundings = {},
): TracingModel {
  const previous = baseline && new ModelBuilder(baseline, undefined, surroundings).build();
  return new ModelBuilder(sources, previous, surroundings).build();
}
