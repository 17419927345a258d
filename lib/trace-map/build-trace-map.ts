import { objectAt } from '../cloudformation/json';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource } from '../cloudformation/template';
import type { Roles } from '../iam/roles';
import type { FunctionReferences } from '../lambda/function-references';
import type { LambdaFunction } from '../lambda/lambda-function';
import { openTargets } from './open-targets';
import type { Connection, Connections, Service } from './service';
import { type ServiceEntries, ServiceIndex } from './service-index';
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
