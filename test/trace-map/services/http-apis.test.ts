import { buildTracingModel } from '../../../lib/model/build-model';
import { lambda, type Resources, stack } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

function api(properties: object = {}) {
  return { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', ...properties } };
}

function integration(uri: unknown, more: object = {}, of: unknown = { Ref: 'Api' }) {
  return {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: { ApiId: of, IntegrationUri: uri, ...more },
  };
}

const ARN = { 'Fn::GetAtt': ['Fn', 'Arn'] };
const INVOCATION = {
  'Fn::Sub':
    'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations',
};
const ALIAS = {
  Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
};
const CALL = ['Api -breaks-> Fn (synchronous)'];

test.each<[string, Resources, string[]]>([
  ['an integration', { Api: api(), I: integration(ARN) }, CALL],
  ['an integration by the invocation URI', { Api: api(), I: integration(INVOCATION) }, CALL],
  [
    'an integration by a plain ARN',
    { Api: api(), I: integration('arn:aws:lambda:eu-west-1:111122223333:function:worker') },
    CALL,
  ],
  [
    'an integration, through an alias',
    { ...ALIAS, Api: api(), I: integration({ Ref: 'Live' }) },
    ['Api -breaks-> Fn:Live (synchronous)'],
  ],
  [
    'an integration, through an alias in a stage variable',
    { ...ALIAS, Api: api(), I: integration({ 'Fn::Sub': '${Fn.Arn}:${!stageVariables.alias}' }) },
    CALL,
  ],
  [
    'an integration, through an alias in a variable of a SAM WebSocket API',
    {
      ...ALIAS,
      Api: { Type: 'AWS::Serverless::WebSocketApi', Properties: { StageVariables: { alias: 'live' } } },
      I: integration({ 'Fn::Sub': '${Fn.Arn}:${!stageVariables.alias}' }),
    },
    ['Api -breaks-> Fn:Live (synchronous)'],
  ],
  [
    'an integration of an API outside of the templates',
    { I: integration(ARN, {}, 'abc123') },
    ['abc123 -breaks-> Fn (synchronous)'],
  ],
  [
    'an integration with a queue',
    {
      Api: api(),
      Jobs: { Type: 'AWS::SQS::Queue' },
      I: integration(undefined, {
        IntegrationSubtype: 'SQS-SendMessage',
        RequestParameters: { QueueUrl: { Ref: 'Jobs' }, MessageBody: '$request.body' },
      }),
    },
    ['Api -breaks-> Jobs'],
  ],
  [
    'an integration with a load balancer',
    {
      Api: api(),
      Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer' },
      Listener: {
        Type: 'AWS::ElasticLoadBalancingV2::Listener',
        Properties: { LoadBalancerArn: { Ref: 'Balancer' } },
      },
      I: integration({ Ref: 'Listener' }),
    },
    ['Api -breaks-> Balancer'],
  ],
  [
    'an authorizer',
    {
      Api: api(),
      A: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: { ApiId: { Ref: 'Api' }, AuthorizerUri: INVOCATION },
      },
    },
    CALL,
  ],
  ['a target', { Api: api({ Target: ARN }) }, CALL],
  [
    'an OpenAPI definition',
    {
      Api: api({
        Body: { paths: { $default: { 'x-amazon-apigateway-integration': { uri: ARN } } } },
      }),
    },
    CALL,
  ],
  [
    'an OpenAPI definition with a shared integration',
    {
      Api: api({
        Body: { components: { 'x-amazon-apigateway-integrations': { worker: { uri: INVOCATION } } } },
      }),
    },
    CALL,
  ],
  [
    'an OpenAPI definition with an integration of a service',
    {
      Jobs: { Type: 'AWS::SQS::Queue' },
      Api: api({
        Body: {
          paths: {
            $default: {
              'x-amazon-apigateway-integration': {
                integrationSubtype: 'SQS-SendMessage',
                requestParameters: { QueueUrl: { Ref: 'Jobs' }, MessageBody: '$request.body' },
              },
            },
          },
        },
      }),
    },
    ['Api -breaks-> Jobs'],
  ],
  [
    'an asynchronous integration of a WebSocket API',
    {
      Api: api({ ProtocolType: 'WEBSOCKET' }),
      I: integration(INVOCATION, {
        RequestParameters: { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" },
      }),
    },
    ['Api -breaks-> Fn (asynchronous)'],
  ],
  [
    'ignores an integration of a resource that is no API',
    { Jobs: { Type: 'AWS::SQS::Queue' }, I: integration(ARN, {}, { Ref: 'Jobs' }) },
    [],
  ],
])('%s', (_, resources, expected) => {
  expect(edgeLines({ Fn: lambda('Active', { FunctionName: 'worker' }), ...resources })).toEqual(expected);
});

test('calls a function of another stack', () => {
  const sections = { Outputs: { Arn: { Value: ARN, Export: { Name: 'fn' } } } };
  const functions = stack('functions', { Fn: lambda() }, { sections });
  expect(edgeLines(functions, { Api: api(), I: integration({ 'Fn::ImportValue': 'fn' }) })).toEqual(CALL);
});

test('the protocol sets the kind, in any order of references', () => {
  const { nodes } = buildTracingModel([
    stack('apis', {
      Http: api(),
      Socket: api({ ProtocolType: 'WEBSOCKET' }),
      Fn: lambda(),
      I: integration(ARN, {}, { Ref: 'Socket' }),
      J: integration(ARN, {}, { Ref: 'Http' }),
    }),
  ]).traceMap;
  const kinds = nodes.map(({ name, kind, recording }) => `${name} ${kind} ${recording}`);
  expect(kinds.sort()).toEqual(['Fn function no', 'Http http-api never', 'Socket websocket-api never']);
});

describe('SAM', () => {
  const sam = (events: object = {}, more: object = {}) => ({
    Type: 'AWS::Serverless::Function',
    Properties: { Events: events, ...more },
  });
  const event = (properties: object = {}) => ({ Get: { Type: 'HttpApi', Properties: properties } });

  test.each<[string, Resources, object, string[]]>([
    [
      'an implicit API',
      { Fn: sam({ Get: { Type: 'HttpApi' } }) },
      {},
      ['ServerlessHttpApi -breaks-> Fn (synchronous)'],
    ],
    [
      'an implicit API with an authorizer',
      { Fn: sam(event({ Path: '/' })), Auth: sam() },
      { HttpApi: { Auth: { Authorizers: { Lambda: { FunctionArn: { 'Fn::GetAtt': ['Auth', 'Arn'] } } } } } },
      ['ServerlessHttpApi -breaks-> Fn (synchronous)', 'ServerlessHttpApi -breaks-> Auth (synchronous)'],
    ],
    [
      'a separate API',
      { Api: { Type: 'AWS::Serverless::HttpApi' }, Fn: sam(event({ ApiId: { Ref: 'Api' } })) },
      {},
      CALL,
    ],
    [
      'a function with a generated alias',
      { Fn: sam(event()) },
      { Function: { AutoPublishAlias: 'live' } },
      ['ServerlessHttpApi -breaks-> Fn:Fn (synchronous)'],
    ],
    [
      'an API with a definition',
      {
        Fn: sam(),
        Api: {
          Type: 'AWS::Serverless::HttpApi',
          Properties: { DefinitionBody: { 'x-amazon-apigateway-integration': { uri: INVOCATION } } },
        },
      },
      {},
      CALL,
    ],
    [
      'a WebSocket API',
      {
        Fn: sam(),
        Auth: sam(),
        Api: {
          Type: 'AWS::Serverless::WebSocketApi',
          Properties: {
            Auth: { AuthType: 'CUSTOM', AuthArn: { 'Fn::GetAtt': ['Auth', 'Arn'] } },
            Routes: { $connect: { FunctionArn: ARN }, $default: { FunctionArn: ARN } },
          },
        },
      },
      {},
      ['Api -breaks-> Auth (synchronous)', 'Api -breaks-> Fn (synchronous)'],
    ],
  ])('%s', (_, resources, globals, expected) => {
    expect(edgeLines(stack('sam', resources, { sections: { Globals: globals } }))).toEqual(expected);
  });
});
