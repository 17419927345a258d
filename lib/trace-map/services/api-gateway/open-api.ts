import { isObject, type JsonObject } from '../../../cloudformation/json';
import type { Resource } from '../../../cloudformation/template';
import type { TraceNode } from '../../trace-map';
import type { TraceMapBuilder } from '../../trace-map-builder';
import { connectIntegration } from './integration';

/**
 * Connects an API to the targets of the integrations and authorizers in its OpenAPI definition ("Working with API Gateway
 * extensions to OpenAPI", Amazon API Gateway Developer Guide).
 *
 * @param apis the nodes of the API
 * @param source the resource with the definition
 */
export function connectDefinition(
  apis: readonly TraceNode[],
  definition: unknown,
  source: Resource,
  map: TraceMapBuilder,
): void {
  const objects = (values: readonly unknown[]): JsonObject[] =>
    values
      .flatMap((value) => map.resolver.at(value, [], source.template))
      .flatMap(({ value }) => (isObject(value) ? [value] : []));

  const shared = objects(valuesOf('x-amazon-apigateway-integrations', definition));
  const integrations = [
    ...valuesOf('x-amazon-apigateway-integration', definition),
    ...shared.flatMap((named) => Object.values(named)),
  ];
  for (const integration of objects(integrations)) {
    connectIntegration(apis, { ...integration, subtype: integration.integrationSubtype }, source, map);
  }
  for (const { authorizerUri: uri } of objects(valuesOf('x-amazon-apigateway-authorizer', definition))) {
    connectIntegration(apis, { uri, isAuthorization: true }, source, map);
  }
}

/**
 * Returns the values of a key anywhere in an OpenAPI definition, branches of `Fn::If` included. Files in
 * S3 that `Fn::Transform` includes are not read.
 */
function valuesOf(key: string, definition: unknown): unknown[] {
  if (Array.isArray(definition)) return definition.flatMap((item) => valuesOf(key, item));
  if (!isObject(definition)) return [];
  return Object.entries(definition).flatMap(([name, value]) => {
    if (name === 'Fn::Transform') return [];
    return name === key ? [value] : valuesOf(key, value);
  });
}
