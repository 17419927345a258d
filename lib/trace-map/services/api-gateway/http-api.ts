import { isObject, objectAt } from '../../../cloudformation/json';
import { literal } from '../../../cloudformation/partial-string';
import { effectiveProperties } from '../../../cloudformation/sam-globals';
import type { Template } from '../../../cloudformation/template';
import { defineServices } from '../../service';
import type { NodeKind, TraceNode } from '../../trace-map';
import type { Connections, TraceMapBuilder } from '../../trace-map-builder';
import { targetsOfEvents, samEvents } from '../sam-events';
import { connectIntegration, integrationOf } from './integration';
import { connectDefinition } from './open-api';
import { connectSamAuthorizers, implicitApi } from './sam-api';

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
      map.call(api, objectAt(properties, 'Auth').AuthArn, { source: resource, isAuthorization: true });
      for (const route of routes) map.call(api, isObject(route) && route.FunctionArn, { source: resource });
    }
  },

  'AWS::Serverless::Function': (resource, map) => {
    const { template } = resource;
    for (const { ApiId: id } of samEvents(resource, 'HttpApi')) {
      const implicit = implicitApi(id, 'HttpApi', template, map);
      const apis = implicit ? [implicit] : apisOf(id, template, map);
      for (const api of apis) map.callOneOf(api, targetsOfEvents(resource, map), { source: resource });
      if (implicit?.resource) connectSamAuthorizers(apis, implicit.resource, map);
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

export const APIS = defineServices({
  'rest-api': {
    title: 'Amazon API Gateway (REST API)',
    types: ['AWS::ApiGateway::Stage', 'AWS::Serverless::Api'],
    arn: { service: 'apigateway', prefix: '/restapis/' },
    // "If you call an API Gateway API from a service that's already being traced, API Gateway passes the trace through,
    // even if X-Ray tracing isn't enabled on the API."
    propagation: 'propagates',
    invocation: 'synchronous',
    tracingProperty: {
      'AWS::ApiGateway::Stage': ['TracingEnabled', 'true'],
      'AWS::ApiGateway::Deployment': ['StageDescription.TracingEnabled', 'true'],
      'AWS::Serverless::Api': ['TracingEnabled', 'true'],
    },
    source: {
      title: 'Trace user requests to REST APIs using X-Ray in API Gateway',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html',
    },
  },
  'http-api': {
    title: 'Amazon API Gateway (HTTP API)',
    types: ['AWS::ApiGatewayV2::Api', 'AWS::Serverless::HttpApi'],
    arn: { service: 'apigateway', prefix: '/apis/' },
    propagation: 'breaks',
    invocation: 'synchronous',
    source: REST_ONLY,
  },
  'websocket-api': {
    title: 'Amazon API Gateway (WebSocket API)',
    types: ['AWS::ApiGatewayV2::Api', 'AWS::Serverless::WebSocketApi'],
    only: { 'AWS::ApiGatewayV2::Api': ['ProtocolType', 'WEBSOCKET'] },
    arn: { service: 'apigateway', prefix: '/apis/' },
    propagation: 'breaks',
    invocation: 'synchronous',
    source: REST_ONLY,
  },
  'function-url': {
    title: 'AWS Lambda function URL',
    types: ['AWS::Lambda::Url'],
    // No page says what becomes of a tracing header that a request to the URL has.
    propagation: 'breaks',
    invocation: 'synchronous',
    source: {
      title: 'Monitoring Lambda function URLs',
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html',
    },
  },
  'graphql-api': {
    title: 'AWS AppSync (GraphQL API)',
    types: ['AWS::AppSync::GraphQLApi', 'AWS::Serverless::GraphQLApi'],
    arn: { service: 'appsync', prefix: 'apis/' },
    // No page says that a header is handed on while tracing is off.
    propagation: 'breaks',
    invocation: 'synchronous',
    tracingProperty: {
      'AWS::AppSync::GraphQLApi': ['XrayEnabled', 'true'],
      'AWS::Serverless::GraphQLApi': ['XrayEnabled', 'true'],
    },
    source: {
      title: 'Using AWS X-Ray to trace requests in AWS AppSync',
      url: 'https://docs.aws.amazon.com/appsync/latest/devguide/x-ray-tracing.html',
    },
  },
  'event-api': {
    title: 'AWS AppSync (Event API)',
    types: ['AWS::AppSync::Api'],
    // The page is about GraphQL APIs alone.
    propagation: 'breaks',
    invocation: 'synchronous',
    source: {
      title: 'Using AWS X-Ray to trace requests in AWS AppSync',
      url: 'https://docs.aws.amazon.com/appsync/latest/devguide/x-ray-tracing.html',
    },
  },
});
