import { buildTracingModel } from '../../../lib/model/build-model';
import { lambda, type Resources, stack } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const ARN = { 'Fn::GetAtt': ['Fn', 'Arn'] };
const TABLE = { Orders: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'orders' } } };

/** The ARN of a function with an alias. */
const ALIAS = { 'Fn::Sub': '${Fn.Arn}:live' };

function api(properties: object = {}) {
  return { Type: 'AWS::AppSync::GraphQLApi', Properties: { Name: 'api', ...properties } };
}

function source(properties: object, of: unknown = { 'Fn::GetAtt': ['Api', 'ApiId'] }) {
  return { Type: 'AWS::AppSync::DataSource', Properties: { ApiId: of, ...properties } };
}

const FUNCTION = source({ LambdaConfig: { LambdaFunctionArn: ARN } });

test.each<[string, Resources, string[]]>([
  ['a function', { Api: api(), Source: FUNCTION }, ['Api -breaks-> Fn (synchronous)']],
  [
    'a function, with tracing',
    { Api: api({ XrayEnabled: true }), Source: FUNCTION },
    ['Api -starts-> Fn (synchronous)'],
  ],
  [
    'a function, through an alias',
    {
      Api: api(),
      Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
      Source: source({ LambdaConfig: { LambdaFunctionArn: { Ref: 'Live' } } }),
    },
    ['Api -breaks-> Fn:Live (synchronous)'],
  ],
  [
    'a function by its ARN',
    {
      Api: api(),
      Source: source({
        LambdaConfig: {
          LambdaFunctionArn: {
            'Fn::Join': [
              ':',
              ['arn:aws:lambda', { Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }, 'function:worker'],
            ],
          },
        },
      }),
    },
    ['Api -breaks-> Fn (synchronous)'],
  ],
  [
    'a function of an API outside of the templates',
    { Source: source({ LambdaConfig: { LambdaFunctionArn: ARN } }, 'abc123') },
    ['abc123 -breaks-> Fn (synchronous)'],
  ],
  [
    'a table',
    {
      ...TABLE,
      Api: api({ XrayEnabled: true }),
      Source: source({ DynamoDBConfig: { TableName: { Ref: 'Orders' } } }),
    },
    ['Api -starts-> Orders'],
  ],
  [
    'a table by its name',
    { ...TABLE, Api: api(), Source: source({ DynamoDBConfig: { TableName: 'orders' } }) },
    ['Api -breaks-> Orders'],
  ],
  [
    'an event bus',
    {
      Api: api(),
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
      Source: source({ EventBridgeConfig: { EventBusArn: { 'Fn::GetAtt': ['Bus', 'Arn'] } } }),
    },
    ['Api -breaks-> Bus'],
  ],
  [
    'an authorizer',
    { Api: api({ LambdaAuthorizerConfig: { AuthorizerUri: ARN } }) },
    ['Api -breaks-> Fn (synchronous)'],
  ],
  [
    'an additional authorizer',
    { Api: api({ AdditionalAuthenticationProviders: [{ LambdaAuthorizerConfig: { AuthorizerUri: ARN } }] }) },
    ['Api -breaks-> Fn (synchronous)'],
  ],
  [
    'an event API',
    {
      Api: {
        Type: 'AWS::AppSync::Api',
        Properties: { EventConfig: { AuthProviders: [{ LambdaAuthorizerConfig: { AuthorizerUri: ARN } }] } },
      },
    },
    ['Api -breaks-> Fn (synchronous)'],
  ],
  [
    'an event API, by a data source',
    { Api: { Type: 'AWS::AppSync::Api' }, Source: FUNCTION },
    ['Api -breaks-> Fn (synchronous)'],
  ],
  [
    'authorizers, by an alias',
    {
      Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
      Api: api({ LambdaAuthorizerConfig: { AuthorizerUri: ALIAS } }),
      Events: {
        Type: 'AWS::AppSync::Api',
        Properties: {
          EventConfig: { AuthProviders: [{ LambdaAuthorizerConfig: { AuthorizerUri: ALIAS } }] },
        },
      },
      Sam: {
        Type: 'AWS::Serverless::GraphQLApi',
        Properties: { Auth: { LambdaAuthorizer: { AuthorizerUri: ALIAS } } },
      },
    },
    ['Api', 'Events', 'Sam'].map((name) => `${name} -breaks-> Fn:Live (synchronous)`),
  ],
  [
    'ignores another kind of API',
    { Api: { Type: 'AWS::SQS::Queue' }, Source: source({ LambdaConfig: { LambdaFunctionArn: ARN } }) },
    [],
  ],
  [
    'a SAM API, with a table by its name or its ARN',
    {
      ...TABLE,
      Api: {
        Type: 'AWS::Serverless::GraphQLApi',
        Properties: {
          DataSources: {
            DynamoDb: {
              A: { TableName: 'others' },
              B: { TableArn: { 'Fn::GetAtt': ['Orders', 'Arn'] } },
            },
          },
        },
      },
    },
    ['Api -breaks-> Orders', 'Api -breaks-> others'],
  ],
  [
    'a SAM API',
    {
      ...TABLE,
      Auth: lambda(),
      Api: {
        Type: 'AWS::Serverless::GraphQLApi',
        Properties: {
          XrayEnabled: true,
          Auth: {
            Type: 'AWS_IAM',
            Additional: [
              {
                Type: 'AWS_LAMBDA',
                LambdaAuthorizer: { AuthorizerUri: { 'Fn::GetAtt': ['Auth', 'Arn'] } },
              },
            ],
          },
          DataSources: {
            Lambda: { Worker: { FunctionArn: ARN } },
            DynamoDb: { Orders: { TableName: { Ref: 'Orders' } } },
          },
        },
      },
    },
    ['Api -starts-> Fn (synchronous)', 'Api -starts-> Orders', 'Api -starts-> Auth (synchronous)'],
  ],
])('%s', (_, resources, expected) => {
  expect(edgeLines({ Fn: lambda('Active', { FunctionName: 'worker' }), ...resources })).toEqual(expected);
});

test.each<[string, Resources, boolean]>([
  ['a data source', { Api: api(), Source: FUNCTION }, false],
  ['an authorizer', { Api: api({ LambdaAuthorizerConfig: { AuthorizerUri: ARN } }) }, true],
  [
    'an authorizer of a SAM API',
    {
      Api: {
        Type: 'AWS::Serverless::GraphQLApi',
        Properties: { Auth: { LambdaAuthorizer: { AuthorizerUri: ARN } } },
      },
    },
    true,
  ],
])('marks calls as authorization: %s', (_, resources, expected) => {
  const [call] = buildTracingModel([stack('t', { Fn: lambda(), ...resources })]).traceMap.edges;
  expect(call.isAuthorization).toBe(expected);
});

test('an API and a function of other stacks', () => {
  const exported = (Value: unknown, Name: string) => ({
    sections: { Outputs: { Out: { Value, Export: { Name } } } },
  });
  const functions = stack('functions', { Fn: lambda() }, exported(ARN, 'fn'));
  const apis = stack('apis', { Api: api() }, exported({ 'Fn::GetAtt': ['Api', 'ApiId'] }, 'api'));
  const imported = source(
    { LambdaConfig: { LambdaFunctionArn: { 'Fn::ImportValue': 'fn' } } },
    { 'Fn::ImportValue': 'api' },
  );
  expect(edgeLines(functions, apis, { Source: imported })).toEqual(['Api -breaks-> Fn (synchronous)']);
});
