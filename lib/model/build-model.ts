import { isObject, objectAt } from '../cloudformation/json';
import { literal } from '../cloudformation/partial-string';
import { type Assumptions, certainly, flatMap, type Possible } from '../cloudformation/possible';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { addressOf, type Resource, type TemplateSource } from '../cloudformation/template';
import { type RoleReference, Roles } from '../iam/roles';
import { edgeFunctions } from '../lambda/edge-functions';
import { classifySamEvent, resolveEventSources, type ResolvedEventSource } from '../lambda/event-sources';
import { FunctionReferences, isFunction } from '../lambda/function-references';
import { functionSettings } from '../lambda/function-settings';
import type { EventSourceMapping, LambdaFunction } from '../lambda/lambda-function';
import { publishesVersions } from '../lambda/version-identity';
import { FunctionVersions } from '../lambda/versions';
import { buildTraceMap } from '../trace-map/build-trace-map';
import type { TraceMap } from '../trace-map/trace-map';
import { FunctionPermissions } from './function-permissions';
import { topicsOf } from './topics';
import type { SamplingRule, TracingModel } from './tracing-model';
import { VersionUsers } from './version-users';

/** A function whose lists are still being filled. */
type Draft = {
  -readonly [K in keyof LambdaFunction]: LambdaFunction[K] extends readonly (infer T)[]
    ? T[]
    : LambdaFunction[K];
};

/**
 * Builds the model: one pass over the resources for the functions, one for the resources that refer to them.
 */
class ModelBuilder {
  private readonly references: FunctionReferences;
  private readonly resources: readonly Resource[];
  private readonly roles: Roles;
  private readonly functions = new Map<Resource, Draft>();
  private readonly permissions: FunctionPermissions;
  private readonly mappings: EventSourceMapping[] = [];
  private readonly samplingRules: SamplingRule[] = [];
  private readonly versions: FunctionVersions;
  private readonly previousFunctions: ReadonlyMap<string, LambdaFunction>;

  /**
   * @param sources the templates
   * @param baseline the model of the previous templates
   */
  constructor(
    sources: readonly TemplateSource[],
    private readonly baseline?: TracingModel,
  ) {
    this.references = new FunctionReferences(sources);
    this.versions = new FunctionVersions(this.references, baseline);
    this.previousFunctions = new Map(baseline?.functions.map((fn) => [addressOf(fn.resource), fn]));
    this.resources = this.resolver.templates.flatMap((template) => [...template.resources.values()]);
    this.roles = new Roles(this.resolver, this.resources);
    this.permissions = new FunctionPermissions(this.roles, this.resolver);
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
      usersOf: (versionOrAlias) => users.of(versionOrAlias),
    };
  }

  private get resolver() {
    return this.references.resolver;
  }

  private draft(resource: Resource): Draft {
    const isServerless = resource.type === 'AWS::Serverless::Function';
    const settings = functionSettings(resource, this.resolver);
    const modes = this.whereCreated(resource, settings.modes);
    const roles = this.rolesOf(resource);
    return {
      resource,
      previous: this.previousFunctions.get(addressOf(resource)),
      modes,
      roles: this.whereCreated(resource, roles),
      modeProperty: isServerless ? 'Tracing' : 'TracingConfig.Mode',
      writePermissions: this.whereCreated(resource, this.permissions.of(resource, roles, modes)),
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

  private rolesOf(resource: Resource): Possible<RoleReference>[] {
    const { Role: role } = effectiveProperties(resource);
    return role === undefined ? [] : this.roles.references(role, resource.template);
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
        for (const fn of this.functionsFor(properties.FunctionName, resource)) fn.hasOtherCallers = true;
        break;
      case 'AWS::Lambda::Url':
        for (const fn of this.functionsFor(properties.TargetFunctionArn, resource)) fn.hasOtherCallers = true;
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

  /** Adds the versions that a resource publishes: one for each function that it can refer to. */
  private addVersions(resource: Resource, functions: readonly Possible<Draft | undefined>[]): void {
    const cases = new Map<Draft, Assumptions[]>();
    for (const { value: fn, when } of this.whereCreated(resource, functions)) {
      if (fn) cases.set(fn, [...(cases.get(fn) ?? []), when]);
    }
    for (const [fn, when] of cases) fn.versions.push(this.versions.version(resource, fn, when));
  }

  private addAlias(resource: Resource): void {
    const isAlias = resource.type === 'AWS::Lambda::Alias';
    if (!isAlias && !publishesVersions(resource)) return;
    const functions = isAlias
      ? this.functionsFor(resource.properties.FunctionName, resource)
      : [this.functions.get(resource)!];
    for (const fn of functions) fn.aliases.push(this.versions.alias(resource, fn));
  }

  /** Returns the functions that a name or ARN in a resource can refer to. */
  private functionsFor(value: unknown, { template }: Resource): Draft[] {
    const targets = this.references.targets(value, template).map((target) => target.value?.function);
    return [...new Set(targets)].flatMap((target) => (target && this.functions.get(target)) ?? []);
  }

  private addMapping(resource: Resource): void {
    const { template, properties } = resource;
    this.registerMapping({
      resource,
      logicalId: resource.logicalId,
      path: [],
      sources: this.whereCreated(resource, resolveEventSources(resource, this.resolver)),
      targets: flatMap(this.references.targets(properties.FunctionName, template), (target) => {
        const fn = target && this.functions.get(target.function);
        return fn ? certainly({ function: fn, through: target.through }) : [];
      }),
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
        targets: certainly({ function: fn, through: [] }),
      });
    }
  }

  private registerMapping(mapping: EventSourceMapping): void {
    this.mappings.push(mapping);
    const targets = new Set(mapping.targets.map(({ value }) => value.function as Draft));
    for (const draft of targets) draft.eventSourceMappings.push(mapping);
  }

  private addDistribution(resource: Resource): void {
    const targets = flatMap(edgeFunctions(resource, this.resolver), (arn) =>
      this.references.targets(arn, resource.template),
    );
    for (const { value: target, when } of this.whereCreated(resource, targets)) {
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

/**
 * True if CloudFront may assume the role of a function, as Lambda@Edge requires ("Setting IAM permissions and
 * roles for Lambda@Edge").
 */
function isTrustedAtEdge(resource: Resource, roles: readonly Possible<RoleReference>[]): boolean {
  const { AssumeRolePolicyDocument: own } = effectiveProperties(resource);
  const trusts = roles.map(({ value }) => value.resource?.properties.AssumeRolePolicyDocument);
  return JSON.stringify([own, ...trusts]).includes('edgelambda.amazonaws.com');
}

/**
 * Builds the model of templates that are deployed together.
 *
 * @param sources the templates; references between them are resolved
 * @param baseline the previous templates, each with the ID of its current template
 */
export function buildTracingModel(
  sources: readonly TemplateSource[],
  baseline?: readonly TemplateSource[],
): TracingModel {
  return new ModelBuilder(sources, baseline && new ModelBuilder(baseline).build()).build();
}
