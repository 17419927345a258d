import { isObject, type JsonObject } from '../../../cloudformation/json';
import type { Resource } from '../../../cloudformation/template';
import type { TraceNode } from '../../trace-map';
import type { TraceMapBuilder } from '../../trace-map-builder';
import { connectIntegration } from './integration';

/**
 * Connects an API to what its OpenAPI definition has it call: by integrations, and by authorizers ("Working with API
 * Gateway extensions to OpenAPI", Amazon API Gateway Developer Guide).
 *
 * @param apis the nodes that the API is
 * @param by what has the definition
 */
export function connectDefinition(
  apis: readonly TraceNode[],
  definition: unknown,
  by: Resource,
  map: TraceMapBuilder,
): void {
  const objects = (values: readonly unknown[]): JsonObject[] =>
    values
      .flatMap((value) => map.resolver.at(value, [], by.template))
      .flatMap(({ value }) => (isObject(value) ? [value] : []));

  const shared = objects(valuesOf('x-amazon-apigateway-integrations', definition));
  const integrations = [
    ...valuesOf('x-amazon-apigateway-integration', definition),
    ...shared.flatMap((named) => Object.values(named)),
  ];
  for (const integration of objects(integrations)) {
    connectIntegration(apis, { ...integration, subtype: integration.integrationSubtype }, by, map);
  }
  for (const { authorizerUri: uri } of objects(valuesOf('x-amazon-apigateway-authorizer', definition))) {
    connectIntegration(apis, { uri, isAuthorization: true }, by, map);
  }
}

/**
 * What an OpenAPI definition has under a key, wherever that is, branches of `Fn::If` included. What a transform brings
 * in isn't seen.
 */
function valuesOf(key: string, definition: unknown): unknown[] {
  if (Array.isArray(definition)) return definition.flatMap((item) => valuesOf(key, item));
  if (!isObject(definition)) return [];
  return Object.entries(definition).flatMap(([name, value]) => {
    if (name === 'Fn::Transform') return [];
    return name === key ? [value] : valuesOf(key, value);
  });
}
