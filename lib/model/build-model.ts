import { isObject, objectAt } from '../cloudformation/json';
import { literal } from '../cloudformation/partial-string';
import { type Assumptions, certainly, flatMap, type Possible } from '../cloudformation/possible';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { addressOf, type Resource, type TemplateSource } from '../cloudformation/template';
import { certainEffect, fromPolicy } from '../iam/policy-document';
import { type RoleReference, type RolePolicies, Roles } from '../iam/roles';
import { UNKNOWN_PERMISSION, type WritePermission, writePermissions } from '../iam/xray-permissions';
import { edgeFunctions } from '../lambda/edge-functions';
import { classifySamEvent, resolveEventSources, type ResolvedEventSource } from '../lambda/event-sources';
import { FunctionReferences, isFunction } from '../lambda/function-references';
import { functionSettings } from '../lambda/function-settings';
import type { EventSourceMapping, LambdaFunction } from '../lambda/lambda-function';
import type { ConfiguredMode } from '../lambda/tracing-mode';
import { publishesVersions } from '../lambda/version-identity';
import { byAddress, FunctionVersions } from '../lambda/versions';
import { buildTraceMap } from '../trace-map/build-trace-map';
import type { TraceMap } from '../trace-map/trace-map';
import { topicsOf } from './topics';
import type { SamplingRule, TracingModel } from './tracing-model';
import { VersionUsers } from './version-users';

/** What SAM attaches to the role that it makes for a traced function, under another name in other partitions. */
const SAM_POLICY = 'AWSXrayWriteOnlyAccess';

type Draft = {
  -readonly [K in keyof LambdaFunction]: LambdaFunction[K] extends readonly (infer T)[]
    ? T[]
    : LambdaFunction[K];
};

/** Puts the model together: one pass over the resources for the functions, one for what refers to them. */
class ModelBuilder {
  private readonly references: FunctionReferences;
  private readonly resources: readonly Resource[];
  private readonly roles: Roles;
  private readonly functions = new Map<Resource, Draft>();
  private readonly permissionsOfRoles = new Map<Resource, Possible<WritePermission>[]>();
  private readonly mappings: EventSourceMapping[] = [];
  private readonly samplingRules: SamplingRule[] = [];
  private readonly publications: FunctionVersions;
  private readonly before: ReadonlyMap<string, LambdaFunction>;

  /**
   * @param sources the templates
   * @param baseline the model of the templates of before
   */
  constructor(
    sources: readonly TemplateSource[],
    private readonly baseline?: TracingModel,
  ) {
    this.references = new FunctionReferences(sources);
    this.publications = new FunctionVersions(this.references, baseline);
    this.before = byAddress(baseline?.functions ?? []);
    this.resources = this.resolver.templates.flatMap((template) => [...template.resources.values()]);
    this.roles = new Roles(this.resolver, this.resources);
  }

  public build(): TracingModel {
    for (const resource of this.resources.filter(isFunction)) {
      this.functions.set(resource, this.draft(resource));
    }
    for (const resource of this.resources) this.link(resource);
    for (const resource of this.resources) this.addAlias(resource);
    // What was needed to build the model, or the map, is not kept with it.
    const { references, resources, functions, roles } = this;
    let map: TraceMap | undefined;
    const traceMap = () => (map ??= buildTraceMap(resources, functions, references, roles));
    const users = new VersionUsers(references, resources, traceMap);
    return {
      resources,
      functions: [...functions.values()],
      eventSourceMappings: this.mappings,
      topics: topicsOf(this.resources, this.resolver),
      samplingRules: this.samplingRules,
      baseline: this.baseline,
      get traceMap() {
        return traceMap();
      },
      usersOf: (publication) => users.of(publication),
    };
  }

  private get resolver() {
    return this.references.resolver;
  }

  private draft(resource: Resource): Draft {
    const isServerless = resource.type === 'AWS::Serverless::Function';
    const settings = functionSettings(resource, this.resolver);
    const modes = this.whereCreated(resource, settings.modes);
    const roles = this.givenRoles(resource);
    return {
      resource,
      previous: this.before.get(addressOf(resource)),
      modes,
      roles: this.whereCreated(resource, roles),
      modeProperty: isServerless ? 'Tracing' : 'TracingConfig.Mode',
      writePermissions: this.whereCreated(
        resource,
        isServerless ? this.samPermissions(resource, roles, modes) : this.permissions(roles),
      ),
      eventSourceMappings: [],
      hasOtherCallers: false,
      versions: [],
      aliases: [],
      distributions: [],
      isEdgeFunction: isTrustedAtEdge(resource, roles),
      environment: settings.environment,
      memory: settings.memory,
    };
  }

  private givenRoles(resource: Resource): Possible<RoleReference>[] {
    const { Role: role } = effectiveProperties(resource);
    return role === undefined ? [] : this.roles.references(role, resource.template);
  }

  private permissions(roles: readonly Possible<RoleReference>[]): Possible<WritePermission>[] {
    if (roles.length === 0) return certainly(UNKNOWN_PERMISSION);
    return flatMap(roles, ({ resource }) =>
      resource ? this.permissionsOf(resource) : certainly(UNKNOWN_PERMISSION),
    );
  }

  private permissionsOf(role: Resource): Possible<WritePermission>[] {
    const known = this.permissionsOfRoles.get(role) ?? this.decided(this.roles.policiesOf(role));
    this.permissionsOfRoles.set(role, known);
    return known;
  }

  private decided(policies: RolePolicies): Possible<WritePermission>[] {
    return writePermissions(policies, (assumed) => this.resolver.isPossible(assumed));
  }

  /** SAM makes a role, with the X-Ray policy if the function has a mode, unless it is given one. */
  private samPermissions(
    resource: Resource,
    roles: readonly Possible<RoleReference>[],
    modes: readonly Possible<ConfiguredMode>[],
  ): Possible<WritePermission>[] {
    const { template } = resource;
    const { Role: role, Policies: policies, PermissionsBoundary: boundary } = effectiveProperties(resource);
    if (role !== undefined) return this.permissions(roles);
    const traced = modes.filter(({ value }) => value !== 'unset');
    return this.decided({
      contributions: [
        ...fromPolicy(
          SAM_POLICY,
          traced.map(({ when }) => certainEffect('Allow', when)),
        ),
        ...this.roles.samPolicies(policies, template),
      ],
      boundary: this.roles.boundary({ PermissionsBoundary: boundary }, template),
    });
  }

  private link(resource: Resource): void {
    const { properties, template } = resource;
    switch (resource.type) {
      case 'AWS::Lambda::EventSourceMapping':
        this.addMapping(resource);
        break;
      case 'AWS::Serverless::Function':
        this.addSamEvents(resource);
        if (publishesVersions(resource)) this.addVersions(resource, certainly(this.functions.get(resource)));
        break;
      case 'AWS::Lambda::Permission':
        for (const fn of this.meant(properties.FunctionName, resource)) fn.hasOtherCallers = true;
        break;
      case 'AWS::Lambda::Url':
        for (const fn of this.meant(properties.TargetFunctionArn, resource)) fn.hasOtherCallers = true;
        break;
      case 'AWS::Lambda::Version':
        this.addVersions(
          resource,
          this.references
            .targets(properties.FunctionName, template)
            .map(({ value, when }) => ({ value: value && this.functions.get(value.function), when })),
        );
        break;
      case 'AWS::CloudFront::Distribution':
        this.addDistribution(resource);
        break;
      case 'AWS::XRay::SamplingRule':
        this.addSamplingRule(resource);
        break;
    }
  }

  /** The versions that a resource publishes: one for each function that it can be of. */
  private addVersions(resource: Resource, functions: readonly Possible<Draft | undefined>[]): void {
    const cases = new Map<Draft, Assumptions[]>();
    for (const { value: fn, when } of this.whereCreated(resource, functions)) {
      if (fn) cases.set(fn, [...(cases.get(fn) ?? []), when]);
    }
    for (const [fn, when] of cases) fn.versions.push(this.publications.version(resource, fn, when));
  }

  private addAlias(resource: Resource): void {
    const isAlias = resource.type === 'AWS::Lambda::Alias';
    if (!isAlias && !publishesVersions(resource)) return;
    const functions = isAlias
      ? this.meant(resource.properties.FunctionName, resource)
      : [this.functions.get(resource)!];
    for (const fn of functions) fn.aliases.push(this.publications.alias(resource, fn));
  }

  /** The functions that a name or ARN in a resource can mean. */
  private meant(value: unknown, { template }: Resource): Draft[] {
    const targets = this.references.targets(value, template).map((target) => target.value?.function);
    return [...new Set(targets)].flatMap((target) => (target && this.functions.get(target)) ?? []);
  }

  private addMapping(resource: Resource): void {
    const { template, properties } = resource;
    this.add({
      resource,
      logicalId: resource.logicalId,
      path: [],
      sources: this.whereCreated(resource, resolveEventSources(resource, this.resolver)),
      targets: flatMap(this.references.targets(properties.FunctionName, template), (target) => {
        const fed = target && this.functions.get(target.function);
        return fed ? certainly({ function: fed, through: target.through }) : [];
      }),
    });
  }

  private addSamEvents(resource: Resource): void {
    const fed = this.functions.get(resource)!;
    for (const [name, event] of Object.entries(objectAt(resource.properties, 'Events'))) {
      const kind = isObject(event) ? classifySamEvent(event.Type) : undefined;
      if (!kind) {
        fed.hasOtherCallers = true;
        continue;
      }
      this.add({
        resource,
        logicalId: `${resource.logicalId}${name}`,
        path: ['Events', name],
        sources: this.whereCreated(resource, certainly<ResolvedEventSource>({ kind, property: 'Type' })),
        targets: certainly({ function: fed, through: [] }),
      });
    }
  }

  private add(mapping: EventSourceMapping): void {
    this.mappings.push(mapping);
    const fed = new Set(mapping.targets.map((feed) => feed.value.function as Draft));
    for (const draft of fed) draft.eventSourceMappings.push(mapping);
  }

  private addDistribution(resource: Resource): void {
    const run = flatMap(edgeFunctions(resource, this.resolver), (fn) =>
      this.references.targets(fn, resource.template),
    );
    for (const { value: target, when } of this.resolver.whereCreated(resource, run)) {
      const fn = target && this.functions.get(target.function);
      if (!fn) continue;
      fn.distributions.push({ value: resource, when });
      fn.isEdgeFunction = true;
    }
  }

  private addSamplingRule(resource: Resource): void {
    const { template, properties } = resource;
    const types = this.resolver.stringsAt(properties, ['SamplingRule', 'ServiceType'], template);
    const known = flatMap(types, (text) => {
      const type = text && literal(text);
      return type === undefined ? [] : certainly(type);
    });
    this.samplingRules.push({ resource, serviceTypes: this.whereCreated(resource, known) });
  }

  private whereCreated<T>(resource: Resource, values: readonly Possible<T>[]): Possible<T>[] {
    return this.resolver.whereCreated(resource, values);
  }
}

/** Lambda@Edge functions need a role that CloudFront may use ("Setting IAM permissions and roles for Lambda@Edge"). */
function isTrustedAtEdge(resource: Resource, roles: readonly Possible<RoleReference>[]): boolean {
  const { AssumeRolePolicyDocument: own } = effectiveProperties(resource);
  const trusts = roles.map(({ value }) => value.resource?.properties.AssumeRolePolicyDocument);
  return JSON.stringify([own, ...trusts]).includes('edgelambda.amazonaws.com');
}

/**
 * Builds the model of templates that are deployed together.
 *
 * @param sources the templates; references between them are followed
 * @param baseline the templates of before, each with the ID of what it has become
 */
export function buildTracingModel(
  sources: readonly TemplateSource[],
  baseline?: readonly TemplateSource[],
): TracingModel {
  return new ModelBuilder(sources, baseline && new ModelBuilder(baseline).build()).build();
}
