import { services } from '../service';

/** "X-Ray only supports tracing for REST APIs through API Gateway." */
const REST_ONLY = {
  title: 'Amazon API Gateway active tracing support for AWS X-Ray',
  url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services-apigateway.html',
};

export const APIS = services({
  'rest-api': {
    title: 'Amazon API Gateway (REST API)',
    types: ['AWS::ApiGateway::Stage', 'AWS::Serverless::Api'],
    arn: { service: 'apigateway', prefix: '/restapis/' },
    // "If you call an API Gateway API from a service that's already being traced, API Gateway passes the trace through,
    // even if X-Ray tracing isn't enabled on the API."
    passes: 'carries',
    invocation: 'synchronous',
    switch: {
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
    passes: 'drops',
    invocation: 'synchronous',
    source: REST_ONLY,
  },
  'websocket-api': {
    title: 'Amazon API Gateway (WebSocket API)',
    types: ['AWS::ApiGatewayV2::Api', 'AWS::Serverless::WebSocketApi'],
    only: { 'AWS::ApiGatewayV2::Api': ['ProtocolType', 'WEBSOCKET'] },
    arn: { service: 'apigateway', prefix: '/apis/' },
    passes: 'drops',
    invocation: 'synchronous',
    source: REST_ONLY,
  },
  'function-url': {
    title: 'AWS Lambda function URL',
    types: ['AWS::Lambda::Url'],
    // No page says what becomes of a tracing header that a request to the URL has.
    passes: 'drops',
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
    passes: 'drops',
    invocation: 'synchronous',
    switch: {
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
    passes: 'drops',
    invocation: 'synchronous',
    source: {
      title: 'Using AWS X-Ray to trace requests in AWS AppSync',
      url: 'https://docs.aws.amazon.com/appsync/latest/devguide/x-ray-tracing.html',
    },
  },
});
