import type { TemplateSource } from '../../../lib/cloudformation/template';
import { lambda, type Resources, stack } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const API = { Type: 'AWS::ApiGateway::RestApi' };

function stage(properties: object = {}, api: unknown = { Ref: 'Api' }) {
  return { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: api, ...properties } };
}

function deployment(properties: object) {
  return { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: { Ref: 'Api' }, ...properties } };
}

function method(uri: unknown, more: object = {}, api: unknown = { Ref: 'Api' }) {
  return {
    Type: 'AWS::ApiGateway::Method',
    Properties: { RestApiId: api, Integration: { Uri: uri, ...more } },
  };
}

/** The URI that invokes a function, with its ARN as in `Fn::Sub`. */
function invocation(fn: string) {
  const start = 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/';
  return { 'Fn::Sub': `${start}${fn}/invocations` };
}

const ALIAS = {
  Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
};
const REST = { Api: API, Prod: stage() };
const FN = invocation('${Fn.Arn}');

test.each<[string, Resources, string[]]>([
  ['a method', { ...REST, M: method(FN) }, ['Prod -propagates-> Fn (synchronous)']],
  [
    'a method with a joined URI',
    {
      ...REST,
      M: method({
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':apigateway:',
            { Ref: 'AWS::Region' },
            ':lambda:path/2015-03-31/functions/',
            { 'Fn::GetAtt': ['Fn', 'Arn'] },
            '/invocations',
          ],
        ],
      }),
    },
    ['Prod -propagates-> Fn (synchronous)'],
  ],
  [
    'a method with a plain URI',
    {
      ...REST,
      M: method(
        'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:worker/invocations',
      ),
    },
    ['Prod -propagates-> Fn (synchronous)'],
  ],
  [
    'a method, through an alias',
    { ...REST, ...ALIAS, M: method(invocation('${Live}')) },
    ['Prod -propagates-> Fn:Live (synchronous)'],
  ],
  [
    "a method, through an alias by the function's ARN",
    { ...REST, ...ALIAS, M: method(invocation('${Fn.Arn}:live')) },
    ['Prod -propagates-> Fn:Live (synchronous)'],
  ],
  [
    'a method, through an alias in a stage variable',
    {
      ...ALIAS,
      Api: API,
      Prod: stage({ Variables: { alias: 'live' } }),
      Test: stage(),
      M: method(invocation('${Fn.Arn}:${!stageVariables.alias}')),
    },
    ['Prod -propagates-> Fn:Live (synchronous)', 'Test -propagates-> Fn (synchronous)'],
  ],
  [
    'a method, with the function in a stage variable',
    {
      Api: API,
      Prod: stage({ Variables: { fn: { Ref: 'Fn' } } }),
      Test: stage(),
      M: method(invocation('arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${!stageVariables.fn}')),
    },
    ['Prod -propagates-> Fn (synchronous)'],
  ],
  [
    'several methods, as one edge',
    { ...REST, Get: method(FN), Put: method(FN) },
    ['Prod -propagates-> Fn (synchronous)'],
  ],
  [
    'an asynchronous method',
    {
      ...REST,
      M: method(FN, {
        RequestParameters: { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" },
      }),
    },
    ['Prod -propagates-> Fn (asynchronous)'],
  ],
  [
    'a method with two possible functions',
    {
      ...REST,
      Other: lambda(),
      M: method({ 'Fn::If': ['IsNew', FN, invocation('${Other.Arn}')] }),
    },
    ['Prod -propagates-> Fn (synchronous) ?', 'Prod -propagates-> Other (synchronous) ?'],
  ],
  [
    'a method of an API outside of the templates',
    { M: method(FN, {}, 'abc123') },
    ['abc123 -propagates-> Fn (synchronous)'],
  ],
  [
    'a stage of an API outside of the templates',
    { M: method(FN, {}, 'abc123'), Prod: stage({ TracingEnabled: true }, 'abc123') },
    ['Prod -starts-> Fn (synchronous)'],
  ],
  ['no stage', { Api: API, M: method(FN) }, ['Api -propagates-> Fn (synchronous)']],
  [
    'a deployment that creates the stage',
    {
      Api: API,
      D: deployment({ StageName: 'prod', StageDescription: { TracingEnabled: true } }),
      M: method(FN),
    },
    ['Api (prod) -starts-> Fn (synchronous)'],
  ],
  [
    'a deployment and a stage',
    { ...REST, D: deployment({ StageName: 'dummy' }), M: method(FN) },
    ['Prod -propagates-> Fn (synchronous)'],
  ],
  [
    'two stages, one with tracing',
    {
      Api: API,
      Prod: stage({ TracingEnabled: true }),
      Test: stage({ TracingEnabled: 'false' }),
      M: method(FN),
    },
    ['Prod -starts-> Fn (synchronous)', 'Test -propagates-> Fn (synchronous)'],
  ],
  [
    'an authorizer',
    {
      ...REST,
      A: {
        Type: 'AWS::ApiGateway::Authorizer',
        Properties: { RestApiId: { Ref: 'Api' }, AuthorizerUri: FN },
      },
    },
    ['Prod -propagates-> Fn (synchronous)'],
  ],
  [
    'an OpenAPI definition',
    {
      Auth: lambda(),
      Prod: stage(),
      Api: {
        ...API,
        Properties: {
          Body: {
            openapi: '3.0.1',
            paths: {
              '/': {
                get: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri: FN } },
                'Fn::Transform': {
                  Name: 'AWS::Include',
                  Parameters: { 'x-amazon-apigateway-integration': { uri: invocation('${Auth.Arn}') } },
                },
              },
            },
            components: {
              securitySchemes: {
                Token: { 'x-amazon-apigateway-authorizer': { authorizerUri: invocation('${Auth.Arn}') } },
              },
            },
          },
        },
      },
    },
    ['Prod -propagates-> Fn (synchronous)', 'Prod -propagates-> Auth (synchronous)'],
  ],
  [
    'an OpenAPI definition with conditions',
    {
      Prod: stage(),
      Api: {
        ...API,
        Properties: {
          Body: {
            'Fn::If': [
              'IsNew',
              {
                'x-amazon-apigateway-integration': {
                  'Fn::If': [
                    'IsLate',
                    {
                      uri: FN,
                      requestParameters: { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" },
                    },
                    { Ref: 'AWS::NoValue' },
                  ],
                },
              },
              {},
            ],
          },
        },
      },
    },
    ['Prod -propagates-> Fn (asynchronous)'],
  ],
  ['an integration without a function', { ...REST, M: method('https://example.com/functions/Fn') }, []],
  [
    'an integration with a function URL',
    {
      ...REST,
      Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { Ref: 'Fn' } } },
      M: method({ 'Fn::GetAtt': ['Url', 'FunctionUrl'] }),
    },
    ['Url -breaks-> Fn (synchronous)', 'Prod -propagates-> Url'],
  ],
])('%s', (_, resources, expected) => {
  expect(edgeLines({ Fn: lambda('Active', { FunctionName: 'worker' }), ...resources })).toEqual(expected);
});

describe('other services that an API calls', () => {
  const QUEUE = { Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } } };
  const MACHINE = {
    Steps: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'steps' } },
  };

  test.each<[string, Resources, string[]]>([
    [
      'a queue in the path',
      {
        ...QUEUE,
        M: method({
          'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/${Jobs.QueueName}',
        }),
      },
      ['Prod -propagates-> Jobs'],
    ],
    [
      'a queue in the path, by its name',
      { ...QUEUE, M: method('arn:aws:apigateway:eu-west-1:sqs:path/111122223333/jobs') },
      ['Prod -propagates-> Jobs'],
    ],
    [
      'a queue outside of the templates',
      { M: method('arn:aws:apigateway:eu-west-1:sqs:path/111122223333/others') },
      ['Prod -propagates-> others'],
    ],
    [
      'a state machine in the request',
      {
        ...MACHINE,
        M: method('arn:aws:apigateway:eu-west-1:states:action/StartExecution', {
          RequestTemplates: {
            'application/json': {
              'Fn::Sub': '{"input": "$input.body", "stateMachineArn": "${Steps}"}',
            },
          },
        }),
      },
      ['Prod -propagates-> Steps'],
    ],
    [
      'a state machine in the request, by its ARN',
      {
        ...MACHINE,
        M: method('arn:aws:apigateway:eu-west-1:states:action/StartExecution', {
          RequestTemplates: {
            'application/json':
              '{"stateMachineArn": "arn:aws:states:eu-west-1:111122223333:stateMachine:steps"}',
          },
        }),
      },
      ['Prod -propagates-> Steps'],
    ],
    [
      'no resource of another service',
      {
        ...QUEUE,
        M: method('arn:aws:apigateway:eu-west-1:states:action/StartExecution', {
          RequestTemplates: { 'application/json': { 'Fn::Sub': '{"input": "${Jobs.Arn}"}' } },
        }),
      },
      [],
    ],
  ])('%s', (_, resources, expected) => {
    expect(edgeLines({ ...REST, ...resources })).toEqual(expected);
  });
});

test('calls resources of other stacks', () => {
  const functions = stack(
    'functions',
    { Fn: lambda() },
    { sections: { Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Fn', 'Arn'] }, Export: { Name: 'fn' } } } } },
  );
  const api = stack(
    'api',
    { Api: API, Prod: stage({ TracingEnabled: true }) },
    { sections: { Outputs: { Id: { Value: { Ref: 'Api' }, Export: { Name: 'api' } } } } },
  );
  const uri = {
    'Fn::Sub': [
      'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Arn}/invocations',
      { Arn: { 'Fn::ImportValue': 'fn' } },
    ],
  };
  const methods = stack('methods', { M: method(uri, {}, { 'Fn::ImportValue': 'api' }) });
  expect(edgeLines(functions, api, methods)).toEqual(['Prod -starts-> Fn (synchronous)']);
});

describe('SAM', () => {
  const sam = (events: object, more: object = {}) => ({
    Type: 'AWS::Serverless::Function',
    Properties: { Events: events, ...more },
  });
  const event = (properties: object = {}) => ({
    Get: { Type: 'Api', Properties: { Path: '/', Method: 'get', ...properties } },
  });
  const samApi = (properties: object) => ({ Type: 'AWS::Serverless::Api', Properties: properties });

  test.each<[string, Resources, object, string[]]>([
    ['an implicit API', { Fn: sam(event()) }, {}, ['ServerlessRestApi -propagates-> Fn (synchronous)']],
    [
      'an implicit API with tracing',
      { Fn: sam(event()), Other: sam(event({ RestApiId: { Ref: 'ServerlessRestApi' } })) },
      { Api: { TracingEnabled: true } },
      ['ServerlessRestApi -starts-> Fn (synchronous)', 'ServerlessRestApi -starts-> Other (synchronous)'],
    ],
    [
      'an implicit API with an authorizer',
      { Fn: sam(event()), Auth: sam({}) },
      { Api: { Auth: { Authorizers: { Token: { FunctionArn: { 'Fn::GetAtt': ['Auth', 'Arn'] } } } } } },
      [
        'ServerlessRestApi -propagates-> Fn (synchronous)',
        'ServerlessRestApi -propagates-> Auth (synchronous)',
      ],
    ],
    [
      'a separate API',
      { Api: samApi({ TracingEnabled: true }), Fn: sam(event({ RestApiId: { Ref: 'Api' } })) },
      {},
      ['Api -starts-> Fn (synchronous)'],
    ],
    [
      'an API that overrides the globals',
      { Api: samApi({ TracingEnabled: false }), Fn: sam(event({ RestApiId: { Ref: 'Api' } })) },
      { Api: { TracingEnabled: true } },
      ['Api -propagates-> Fn (synchronous)'],
    ],
    [
      'a function with a generated alias',
      { Fn: sam(event(), { AutoPublishAlias: 'live' }) },
      {},
      ['ServerlessRestApi -propagates-> Fn:Fn (synchronous)'],
    ],
    [
      'an API with a definition and an authorizer',
      {
        Api: samApi({
          TracingEnabled: true,
          DefinitionBody: { paths: { '/': { get: { 'x-amazon-apigateway-integration': { uri: FN } } } } },
          Auth: { Authorizers: { Token: { FunctionArn: { 'Fn::GetAtt': ['Auth', 'Arn'] } } } },
        }),
        Fn: sam({}),
        Auth: sam({}),
      },
      {},
      ['Api -starts-> Fn (synchronous)', 'Api -starts-> Auth (synchronous)'],
    ],
    [
      'a CloudFormation API',
      { Api: API, Prod: stage(), Fn: sam(event({ RestApiId: { Ref: 'Api' } })) },
      {},
      ['Prod -propagates-> Fn (synchronous)'],
    ],
  ])('%s', (_, resources, globals, expected) => {
    const source: TemplateSource = stack('sam', resources, { sections: { Globals: globals } });
    expect(edgeLines(source)).toEqual(expected);
  });
});
