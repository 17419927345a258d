import { isObject, objectAt } from '../../json';
import { effectiveProperties } from '../../sam-globals';
import type { Template } from '../../template';
import { literal } from '../../text';
import { implicitApi } from '../api-gateway/implicit-api';
import { connectIntegration, integrationOf } from '../api-gateway/integration';
import { connectDefinition } from '../api-gateway/open-api';
import { connectSamAuthorizers } from '../api-gateway/sam-authorizers';
import type { Connections } from '../connection';
import type { MapBuilder } from '../map-builder';
import { calledByEvents, samEvents } from '../sam-events';
import type { NodeKind } from '../trace-map';
import type { TraceNode } from '../trace-map';

const KINDS: readonly NodeKind[] = ['http-api', 'websocket-api'];

/** "API Gateway HTTP APIs" and "API Gateway WebSocket APIs" (Amazon API Gateway Developer Guide). */
export const HTTP_APIS: Connections = {
  'AWS::ApiGatewayV2::Integration': (resource, map) => {
    const { template, properties } = resource;
    connectIntegration(apisOf(properties.ApiId, template, map), integrationOf(properties), resource, map);
  },

  'AWS::ApiGatewayV2::Authorizer': (resource, map) => {
    const { template, properties } = resource;
    const apis = apisOf(properties.ApiId, template, map);
    connectIntegration(apis, { uri: properties.AuthorizerUri, isAuthorization: true }, resource, map);
  },

  'AWS::ApiGatewayV2::Api': (resource, map) => {
    const { logicalId, template, properties } = resource;
    const apis = apisOf({ Ref: logicalId }, template, map);
    connectDefinition(apis, properties.Body, resource, map);
    connectIntegration(apis, { uri: properties.Target }, resource, map);
  },

  'AWS::Serverless::HttpApi': (resource, map) => {
    const apis = apisOf({ Ref: resource.logicalId }, resource.template, map);
    connectDefinition(apis, effectiveProperties(resource).DefinitionBody, resource, map);
    connectSamAuthorizers(apis, resource, map);
  },

  'AWS::Serverless::WebSocketApi': (resource, map) => {
    const properties = effectiveProperties(resource);
    const routes = Object.values(objectAt(properties, 'Routes'));
    for (const api of apisOf({ Ref: resource.logicalId }, resource.template, map)) {
      map.call(api, objectAt(properties, 'Auth').AuthArn, { by: resource, isAuthorization: true });
      for (const route of routes) map.call(api, isObject(route) && route.FunctionArn, { by: resource });
    }
  },

  'AWS::Serverless::Function': (resource, map) => {
    const { template } = resource;
    for (const { ApiId: id } of samEvents(resource, 'HttpApi')) {
      const implicit = implicitApi(id, 'HttpApi', template, map);
      const apis = implicit ? [implicit] : apisOf(id, template, map);
      for (const api of apis) map.callOneOf(api, calledByEvents(resource, map), { by: resource });
      if (implicit?.resource) connectSamAuthorizers(apis, implicit.resource, map);
    }
  },
};

function apisOf(api: unknown, template: Template, map: MapBuilder): TraceNode[] {
  return map.resolver.texts(api, template).flatMap(({ value: id }) => {
    if (!id) return [];
    const name = literal(id);
    if (name !== undefined) return name === '' ? [] : [map.outside('http-api', name, template.source)];
    return map.meantByText(id, template).flatMap(({ node }) => (KINDS.includes(node.kind) ? [node] : []));
  });
}
