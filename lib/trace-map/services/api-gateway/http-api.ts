import { isObject, objectAt } from '../../../cloudformation/json';
import { literal } from '../../../cloudformation/partial-string';
import { effectiveProperties } from '../../../cloudformation/sam-globals';
import type { Template } from '../../../cloudformation/template';
import type { Connections, Services } from '../../service';
import type { NodeKind, TraceNode } from '../../trace-map';
import type { TraceMapBuilder } from '../../trace-map-builder';
import { connectSamAuthorizers, implicitApi, samEventsOfType, samEventTargets } from '../sam';
import { connectDefinition, connectIntegration, integrationOf } from './integration';

const KINDS: readonly NodeKind[] = ['http-api', 'websocket-api'];

/** "API Gateway HTTP APIs" (Amazon API Gateway Developer Guide). Some resource types belong to WebSocket APIs, too. */
const HTTP_CONNECTIONS: Connections = {
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

  'AWS::Serverless::Function': (resource, map) => {
    const { template } = resource;
    for (const { ApiId: id } of samEventsOfType('HttpApi', resource)) {
      const implicit = implicitApi(id, 'HttpApi', template, map);
      const apis = implicit ? [implicit] : apisOf(id, template, map);
      for (const api of apis) map.callOneOf(api, samEventTargets(resource, map), { source: resource });
      if (implicit?.resource) connectSamAuthorizers(apis, implicit.resource, map);
    }
  },
};

/** "API Gateway WebSocket APIs" (Amazon API Gateway Developer Guide). */
const WEBSOCKET_CONNECTIONS: Connections = {
  'AWS::Serverless::WebSocketApi': (resource, map) => {
    const properties = effectiveProperties(resource);
    const routes = Object.values(objectAt(properties, 'Routes'));
    for (const api of apisOf({ Ref: resource.logicalId }, resource.template, map)) {
      map.call(api, objectAt(properties, 'Auth').AuthArn, { source: resource, isAuthorization: true });
      for (const route of routes) map.call(api, isObject(route) && route.FunctionArn, { source: resource });
    }
  },
};

function apisOf(api: unknown, template: Template, map: TraceMapBuilder): TraceNode[] {
  return map.resolver.strings(api, template).flatMap(({ value: id }) => {
    if (!id) return [];
    const name = literal(id);
    if (name !== undefined) return name === '' ? [] : [map.outside('http-api', name, template.source)];
    return map.resolveString(id, template).flatMap(({ node }) => (KINDS.includes(node.kind) ? [node] : []));
  });
}

/** "X-Ray only supports tracing for REST APIs through API Gateway." */
const REST_ONLY = {
  title: 'Amazon API Gateway active tracing support for AWS X-Ray',
  url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services-apigateway.html',
};

export const HTTP_API = {
  'http-api': {
    title: 'Amazon API Gateway (HTTP API)',
    source: REST_ONLY,
    types: ['AWS::ApiGatewayV2::Api', 'AWS::Serverless::HttpApi'],
    arn: { service: 'apigateway', prefix: '/apis/' },
    propagation: 'breaks',
    invocation: 'synchronous',
    callActions: ['execute-api:Invoke'],
    connections: HTTP_CONNECTIONS,
  },
  'websocket-api': {
    title: 'Amazon API Gateway (WebSocket API)',
    source: REST_ONLY,
    types: ['AWS::ApiGatewayV2::Api', 'AWS::Serverless::WebSocketApi'],
    only: { 'AWS::ApiGatewayV2::Api': ['ProtocolType', 'WEBSOCKET'] },
    arn: { service: 'apigateway', prefix: '/apis/' },
    propagation: 'breaks',
    invocation: 'synchronous',
    connections: WEBSOCKET_CONNECTIONS,
  },
} satisfies Services;
