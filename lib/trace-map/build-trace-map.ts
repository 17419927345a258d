import type { Resource } from '../cloudformation/template';
import type { Roles } from '../iam/roles';
import type { FunctionReferences } from '../lambda/function-references';
import type { LambdaFunction } from '../lambda/lambda-function';
import { failureTargets } from './failure-targets';
import type { Connection, Connections, Service } from './service';
import { ServiceIndex } from './service-index';
import { SERVICES, SHARED_FALLBACK_CONNECTIONS, sharedConnections } from './services';
import type { NodeKind, TraceMap } from './trace-map';
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
