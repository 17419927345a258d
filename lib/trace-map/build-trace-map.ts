import { type JsonObject, objectAt } from '../cloudformation/json';
import { literal, type PartialString } from '../cloudformation/partial-string';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource, Template } from '../cloudformation/template';
import { applicability, type PolicyValues, statementsOf } from '../iam/policy-document';
import {
  conditionPatterns,
  documentsIn,
  principalsIn,
  serviceOf,
  SOURCE_ARN,
  textsOf,
} from '../iam/resource-policy';
import type { Roles } from '../iam/roles';
import type { FunctionReferences } from '../lambda/function-references';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { Connection, Connections, Service } from './service';
import { type ServiceEntries, ServiceIndex } from './service-facts';
import { SERVICES, SHARED_FALLBACK_CONNECTIONS, sharedConnections } from './services';
import type { NodeKind, TraceMap, TraceNode } from './trace-map';
import { TraceMapBuilder } from './trace-map-builder';

/**
 * Builds the trace map of resources that are deployed together.
 *
 * @param resources the resources of all templates
 * @param functions the functions among them, by their resources
 * @param references resolves references to functions
 * @param roles the roles of the templates
 * @param services the services by the kind of node, in the order in which their connections are made
 */
export function buildTraceMap(
  resources: readonly Resource[],
  functions: ReadonlyMap<Resource, LambdaFunction>,
  references: FunctionReferences,
  roles: Roles,
  services: Readonly<Record<NodeKind, Service>> = SERVICES,
): TraceMap {
  const map = new TraceMapBuilder(references, functions, roles, new ServiceIndex(services));
  const all: readonly Service[] = Object.values(services);
  const rounds = [
    [...all.map(({ connections }) => connections), ...sharedConnections(services)],
    [...all.map(({ fallbackConnections }) => fallbackConnections), ...SHARED_FALLBACK_CONNECTIONS],
  ];
  for (const connections of rounds.map(byType)) {
    for (const resource of resources) {
      for (const connect of connections.get(resource.type) ?? []) connect(resource, map);
    }
  }
  const { resolver } = references;
  return {
    ...map.traceMap,
    failureTargets: failureTargets(resources, map),
    openTargets: openTargets(resources, map),
    isPossible: (assumed) => resolver.isPossible(assumed),
  };
}

function byType(tables: readonly (Connections | undefined)[]): ReadonlyMap<string, readonly Connection[]> {
  const connections = new Map<string, Connection[]>();
  for (const [type, connection] of tables.flatMap((table) => Object.entries(table ?? {}))) {
    const known = connections.get(type) ?? [];
    connections.set(type, known);
    known.push(connection);
  }
  return connections;
}

/** Paths in the events of SAM functions and state machines ("EventSource", AWS SAM Developer Guide). */
const SAM_EVENT_PATHS: readonly string[] = [
  'DeadLetterConfig.Arn',
  'DestinationConfig.OnFailure.Destination',
  'RedrivePolicy.deadLetterTargetArn',
];

/** "Create custom provisioning logic with custom resources" (AWS CloudFormation User Guide). */
const CUSTOM_RESOURCE = /^(?:Custom::|AWS::CloudFormation::CustomResource$)/;

/**
 * Returns the nodes that are called outside of requests: with failed events, by the `failureTargets` of the services,
 * or by CloudFormation in deployments.
 */
function failureTargets(resources: readonly Resource[], map: TraceMapBuilder): ReadonlySet<TraceNode> {
  const pathsByType = map.index.table(failureTargetsByType);
  return new Set(
    resources.flatMap((resource) => {
      const { type, template } = resource;
      const paths = CUSTOM_RESOURCE.test(type) ? ['ServiceToken'] : (pathsByType.get(type) ?? []);
      const eventPaths = type.startsWith('AWS::Serverless::') ? pathsInEvents(resource) : [];
      if (paths.length + eventPaths.length === 0) return [];
      const effective = { ...resource, properties: effectiveProperties(resource) };
      const all = [...paths.map((path) => path.split('.')), ...eventPaths];
      const values = all.flatMap((path) => map.valuesAt(effective, path));
      return values.flatMap((value) => map.resolve(value, template)).map(({ node }) => node);
    }),
  );
}

function failureTargetsByType(services: ServiceEntries): ReadonlyMap<string, readonly string[]> {
  return new Map(services.flatMap(([, { failureTargets: byType = {} }]) => Object.entries(byType)));
}

function pathsInEvents({ properties }: Resource): string[][] {
  return Object.keys(objectAt(properties, 'Events')).flatMap((event) =>
    SAM_EVENT_PATHS.map((path) => ['Events', event, 'Properties', ...path.split('.')]),
  );
}

/**
 * Returns the nodes that a resource policy allows others to call than the callers that the map knows, such as a topic of
 * another account that sends to a queue. The policy does not show that a call is made, so it makes no edge. Ask after all
 * calls are connected.
 */
function openTargets(resources: readonly Resource[], map: TraceMapBuilder): TraceMap['openTargets'] {
  const policies = map.index.table(policiesByType);
  return new Set(
    resources.flatMap((resource) => {
      const [kind, property] = policies.get(resource.type) ?? [];
      if (property === undefined || map.resolver.casesOf([resource]).length === 0) return [];
      return map
        .valuesAt(resource, [property])
        .flatMap((value) => map.resolve(value, resource.template, kind))
        .flatMap(({ node }) => (isOpen(node, resource, map) ? [node] : []));
    }),
  );
}

function policiesByType(services: ServiceEntries): ReadonlyMap<string, readonly [NodeKind, string]> {
  return new Map(
    services.flatMap(([kind, { resourcePolicies: byType = {} }]) =>
      Object.entries(byType).map(([type, property]) => [type, [kind, property]] as const),
    ),
  );
}

/** True if a policy may allow a caller that is none of the known ones. A policy that can't be read may. */
function isOpen(node: TraceNode, { template, properties }: Resource, map: TraceMapBuilder): boolean {
  const documents = documentsIn(properties.PolicyDocument, template, map.resolver);
  return documents.some(({ value: { document, values } }) =>
    statementsOf(document, values).some(
      ({ value: found }) => !found || allowsOthers(node, found, { template, values }, map),
    ),
  );
}

interface Scope {
  readonly template: Template;
  readonly values: PolicyValues;
}

function allowsOthers(
  node: TraceNode,
  statement: JsonObject,
  { template, values }: Scope,
  map: TraceMapBuilder,
): boolean {
  const { callActions = [], readActions = [], deleteActions = [] } = map.index.services[node.kind];
  const sending = callActions.filter(
    (action) => !readActions.includes(action) && !deleteActions.includes(action),
  );
  const isAboutCalls = applicability(statement, 'Action', sending, values).some(
    (applies) => applies !== 'no',
  );
  if (statement.Effect === 'Deny' || !isAboutCalls) return false;
  const sources = textsOf(conditionPatterns(SOURCE_ARN, statement, values));
  if (sources.length > 0) return sources.some((arn) => !isCaller(arn, node, template, map));
  const principals = textsOf(principalsIn(statement.Principal, values));
  return (
    principals.length === 0 || principals.some((principal) => !isPrincipalOfCaller(principal, node, map))
  );
}

/** True if the ARN of a condition is that of a known caller, or of a resource that makes it call, such as a rule. */
function isCaller(
  arn: PartialString,
  { incoming }: TraceNode,
  template: Template,
  map: TraceMapBuilder,
): boolean {
  const nodes = map.resolveString(arn, template).map(({ node }) => node);
  const resources = arn.flatMap((part) =>
    typeof part === 'object' && part.kind === 'reference' ? [part.resource] : [],
  );
  return incoming.some(
    ({ from, sources }) =>
      nodes.includes(from) ||
      resources.some((resource) => resource === from.resource || sources.includes(resource)),
  );
}

/** True if a principal is the service, or the role, of a known caller. */
function isPrincipalOfCaller(
  principal: PartialString,
  { incoming }: TraceNode,
  map: TraceMapBuilder,
): boolean {
  const name = literal(principal);
  const service = name === undefined ? undefined : serviceOf(name);
  const [role] = principal;
  return incoming.some(({ from }) => {
    if (service !== undefined) return map.index.services[from.kind].arn?.service === service;
    const roles = from.function?.roles ?? [];
    return (
      typeof role === 'object' &&
      role.kind === 'reference' &&
      roles.some(({ value }) => value.resource === role.resource)
    );
  });
}
