import type { Resource } from '../cloudformation/template';
import type { Roles } from '../iam/roles';
import type { FunctionReferences } from '../lambda/function-references';
import type { LambdaFunction } from '../lambda/lambda-function';
import { failureTargets } from './failure-targets';
import { CONNECTIONS, FALLBACKS, SERVICE_INDEX } from './services';
import type { TraceMap } from './trace-map';
import { TraceMapBuilder } from './trace-map-builder';

/**
 * Builds the trace map of resources that are deployed together.
 *
 * @param resources the resources of all templates
 * @param functions the functions among them, by their resources
 * @param references resolves what values of the templates mean
 * @param roles what roles are allowed
 */
export function buildTraceMap(
  resources: readonly Resource[],
  functions: ReadonlyMap<Resource, LambdaFunction>,
  references: FunctionReferences,
  roles: Roles,
): TraceMap {
  const map = new TraceMapBuilder(references, functions, roles, SERVICE_INDEX);
  for (const connections of [CONNECTIONS, FALLBACKS]) {
    for (const resource of resources) {
      for (const connect of connections.get(resource.type) ?? []) connect(resource, map);
    }
  }
  return { ...map.traceMap, failureTargets: failureTargets(resources, map) };
}
