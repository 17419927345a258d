import fc from 'fast-check';
import { stack } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const ARN = { 'Fn::GetAtt': ['Fn', 'Arn'] };
const URI = {
  'Fn::Sub': [
    'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${Arn}:${!stageVariables.alias}/invocations',
    { Arn: ARN },
  ],
};
const INTEGRATION = {
  uri: URI,
  requestParameters: { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" },
};
const DEFINITION = {
  paths: { '/': { get: { 'x-amazon-apigateway-integration': INTEGRATION } } },
  components: {
    'x-amazon-apigateway-integrations': { one: INTEGRATION },
    securitySchemes: { one: { 'x-amazon-apigateway-authorizer': { authorizerUri: URI } } },
  },
};
const AUTH = { Authorizers: { One: { FunctionArn: ARN } } };
const AUTHORIZER = { LambdaAuthorizerConfig: { AuthorizerUri: ARN } };
const EVENTS = {
  Implicit: { Type: 'Api', Properties: { Path: '/' } },
  Api: { Type: 'Api', Properties: { RestApiId: { Ref: 'SamApi' } } },
  HttpApi: { Type: 'HttpApi', Properties: { ApiId: { Ref: 'SamHttpApi' } } },
  SignUp: { Type: 'Cognito', Properties: { UserPool: { Ref: 'Pool' } } },
  Skill: { Type: 'AlexaSkill' },
};
const FORWARD = { Type: 'forward', TargetGroupArn: { Ref: 'Group' } };
const ELB = 'AWS::ElasticLoadBalancingV2::';

/** The types of callers, each with valid properties. */
const RESOURCES: Readonly<Record<string, readonly [type: string, properties: object]>> = {
  Fn: ['AWS::Serverless::Function', { Events: EVENTS, AutoPublishAlias: 'live', FunctionUrlConfig: {} }],
  RestApi: ['AWS::ApiGateway::RestApi', { Body: { 'Fn::If': ['C', DEFINITION, {}] } }],
  Stage: [
    'AWS::ApiGateway::Stage',
    { RestApiId: { Ref: 'RestApi' }, TracingEnabled: true, Variables: { alias: 'live' } },
  ],
  Deployment: [
    'AWS::ApiGateway::Deployment',
    { RestApiId: { Ref: 'RestApi' }, StageName: 'x', StageDescription: { TracingEnabled: true } },
  ],
  Method: [
    'AWS::ApiGateway::Method',
    {
      RestApiId: { Ref: 'RestApi' },
      Integration: {
        Uri: { 'Fn::Sub': 'arn:aws:apigateway:x:sqs:path/1/${Queue.QueueName}' },
        RequestTemplates: { 'application/json': '"arn:aws:sqs:x:1:y"' },
      },
    },
  ],
  Authorizer: ['AWS::ApiGateway::Authorizer', { RestApiId: { Ref: 'RestApi' }, AuthorizerUri: URI }],
  Queue: ['AWS::SQS::Queue', {}],
  HttpApi: ['AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET', Target: ARN, Body: DEFINITION }],
  Integration: [
    'AWS::ApiGatewayV2::Integration',
    {
      ApiId: { Ref: 'HttpApi' },
      IntegrationUri: URI,
      IntegrationSubtype: 'SQS-SendMessage',
      RequestParameters: { QueueUrl: { Ref: 'Queue' } },
    },
  ],
  SamApi: ['AWS::Serverless::Api', { DefinitionBody: DEFINITION, Auth: AUTH }],
  SamHttpApi: ['AWS::Serverless::HttpApi', { DefinitionBody: DEFINITION, Auth: AUTH }],
  SamSocketApi: [
    'AWS::Serverless::WebSocketApi',
    { Auth: { AuthArn: ARN }, Routes: { $connect: { FunctionArn: ARN } } },
  ],
  Url: ['AWS::Lambda::Url', { TargetFunctionArn: ARN, Qualifier: 'live' }],
  Balancer: [`${ELB}LoadBalancer`, { Name: 'balancer' }],
  Group: [`${ELB}TargetGroup`, { TargetType: 'lambda', Targets: [{ Id: ARN }] }],
  Listener: [`${ELB}Listener`, { LoadBalancerArn: { Ref: 'Balancer' }, DefaultActions: [FORWARD] }],
  Rule: [
    `${ELB}ListenerRule`,
    { ListenerArn: { Ref: 'Listener' }, Actions: [{ ForwardConfig: { TargetGroups: [FORWARD] } }] },
  ],
  GraphqlApi: [
    'AWS::AppSync::GraphQLApi',
    { ...AUTHORIZER, AdditionalAuthenticationProviders: [AUTHORIZER] },
  ],
  EventApi: ['AWS::AppSync::Api', { EventConfig: { AuthProviders: [AUTHORIZER] } }],
  Source: [
    'AWS::AppSync::DataSource',
    { ApiId: { 'Fn::GetAtt': ['GraphqlApi', 'ApiId'] }, LambdaConfig: { LambdaFunctionArn: ARN } },
  ],
  SamGraphqlApi: [
    'AWS::Serverless::GraphQLApi',
    {
      Auth: { Additional: [{ LambdaAuthorizer: { AuthorizerUri: ARN } }] },
      DataSources: { Lambda: { One: { FunctionArn: ARN } }, DynamoDb: { Two: { TableName: 'x' } } },
    },
  ],
  Pool: ['AWS::Cognito::UserPool', { LambdaConfig: { PreSignUp: ARN, CustomSMSSender: { LambdaArn: ARN } } }],
  Permission: [
    'AWS::Lambda::Permission',
    { FunctionName: ARN, Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::x' },
  ],
};

const NAMES = [...Object.keys(RESOURCES), 'ServerlessRestApi', 'constructor', '__proto__'];

/** Values that can replace valid ones. */
const junk = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, 0, NaN, '', 'arn:aws:apigateway:x:constructor:path/1/2', ...NAMES),
    fc.record({ Ref: fc.constantFrom('AWS::NoValue', 'P', ...NAMES) }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('Fn::If', 'Fn::Sub', 'Fn::Join', ...NAMES), tie('value'), { maxKeys: 2 }),
  ),
})).value;

/** A value in which random parts and keys are replaced. */
function spoiled(value: unknown): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 20, arbitrary: childrenSpoiled(value) }, { weight: 1, arbitrary: junk });
}

function childrenSpoiled(value: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(value)) return fc.tuple(...value.map(spoiled));
  if (typeof value !== 'object' || value === null) return fc.constant(value);
  return fc.record(Object.fromEntries(Object.entries(value).map(([key, child]) => [key, spoiled(child)])));
}

const resources = fc.record(
  Object.fromEntries(
    Object.entries(RESOURCES).map(([logicalId, [type, properties]]) => [
      logicalId,
      fc.record({
        Type: fc.oneof(
          { weight: 20, arbitrary: fc.constant(type) },
          { weight: 1, arbitrary: fc.constantFrom(...NAMES) },
        ),
        Properties: spoiled(properties),
      }),
    ]),
  ),
);

test('builds a map from APIs and other callers with any values', () => {
  const globals = spoiled({ Api: { TracingEnabled: true, Auth: AUTH }, HttpApi: { Auth: AUTH } });
  fc.assert(
    fc.property(resources, globals, junk, (Resources, Globals, P) => {
      const lines = edgeLines(stack('junk', Resources, { sections: { Globals, Parameters: { P } } }));
      for (const line of lines) expect(line).not.toMatch(/undefined|\[object/);
    }),
    { numRuns: 500, seed: 42 },
  );
});

test('resolves APIs that refer to each other', () => {
  const group = (id: string) => ({
    Type: `${ELB}TargetGroup`,
    Properties: { TargetType: 'lambda', Targets: [{ Id: { Ref: id } }] },
  });
  const method = (id: string) => ({
    Type: 'AWS::ApiGateway::Method',
    Properties: { RestApiId: { Ref: id }, Integration: { Uri: { Ref: id } } },
  });
  const Resources = { A: method('B'), B: method('A'), C: group('D'), D: group('C'), E: method('E') };
  expect(edgeLines(stack('cycles', Resources))).toEqual([]);
});
