import { MockIntegration, RequestAuthorizer, RestApi, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { CfnGraphQLApi } from 'aws-cdk-lib/aws-appsync';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import {
  active,
  bare,
  callerIn,
  calling,
  findings,
  type Make,
  tracing,
  TRACING_PROPERTIES,
  uri,
} from './callers';

const LAMBDA = 'AWS_LAMBDA';

/** APIs that call a function only to authorize requests. */
const APIS: [string, Make][] = [
  [
    'TokenAuthorizer',
    (stack, fn) =>
      new RestApi(stack, 'Api').root.addMethod('GET', new MockIntegration(), {
        authorizer: new TokenAuthorizer(stack, 'Authorizer', { handler: fn }),
      }),
  ],
  [
    'RequestAuthorizer with an alias',
    (stack, fn) =>
      new RestApi(stack, 'Api').root.addMethod('GET', new MockIntegration(), {
        authorizer: new RequestAuthorizer(stack, 'Authorizer', {
          handler: fn.addAlias('live'),
          identitySources: ['method.request.header.Authorization'],
        }),
      }),
  ],
  [
    'a definition',
    (stack, fn) => {
      const authorizer = { type: 'token', authorizerUri: uri(fn) };
      bare(stack, 'Api', 'AWS::Serverless::Api', {
        StageName: 'prod',
        DefinitionBody: {
          components: { securitySchemes: { Token: { 'x-amazon-apigateway-authorizer': authorizer } } },
        },
      });
    },
  ],
  [
    "a SAM API's authorizers",
    (stack, fn) =>
      bare(stack, 'Api', 'AWS::Serverless::Api', {
        StageName: 'prod',
        Auth: { Authorizers: { Token: { FunctionArn: fn.functionArn } } },
      }),
  ],
  [
    'a GraphQL API',
    (stack, fn) =>
      new CfnGraphQLApi(stack, 'Api', {
        name: 'orders',
        authenticationType: LAMBDA,
        lambdaAuthorizerConfig: { authorizerUri: fn.functionArn },
      }),
  ],
  [
    'a GraphQL API in addition to a key',
    (stack, fn) =>
      new CfnGraphQLApi(stack, 'Api', {
        name: 'orders',
        authenticationType: 'API_KEY',
        additionalAuthenticationProviders: [
          { authenticationType: LAMBDA, lambdaAuthorizerConfig: { authorizerUri: fn.functionArn } },
        ],
      }),
  ],
  [
    'a SAM GraphQL API',
    (stack, fn) =>
      bare(stack, 'Api', 'AWS::Serverless::GraphQLApi', {
        Auth: { Type: LAMBDA, LambdaAuthorizer: { AuthorizerUri: fn.functionArn } },
      }),
  ],
  [
    'a SAM GraphQL API in addition to a key',
    (stack, fn) =>
      bare(stack, 'Api', 'AWS::Serverless::GraphQLApi', {
        Auth: {
          Type: 'API_KEY',
          Additional: [{ Type: LAMBDA, LambdaAuthorizer: { AuthorizerUri: fn.functionArn } }],
        },
      }),
  ],
];

test.each(APIS)('an API with a function as authorizer is traced: %s', (_, make) => {
  const [traced, untraced] = [calling(make), calling(make)];
  active(traced);
  expect(tracing(traced)).toEqual([TRACING_PROPERTIES[callerIn(traced).cfnResourceType][1]]);
  expect(findings(traced, 'LambdaXRay-UntracedEntry')).toEqual([]);
  LambdaTracing.of(untraced).active();
  expect(findings(untraced, 'LambdaXRay-UntracedEntry')).toHaveLength(1);
});
