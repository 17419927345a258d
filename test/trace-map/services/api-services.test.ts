import { lambda, type Resources } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const one = (type: string, properties: unknown = {}) => ({ Type: `AWS::${type}`, Properties: properties });
const rest = (properties: object, api: unknown = { Ref: 'Api' }) =>
  one('ApiGateway::Method', { RestApiId: api, Integration: properties });
const http = (properties: object) =>
  one('ApiGatewayV2::Integration', { ApiId: { Ref: 'Http' }, ...properties });
const sub = (pattern: string) => ({ 'Fn::Sub': pattern });
const invocation = (fn: string) =>
  sub(`arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${fn}/invocations`);

const REST: Resources = {
  Api: one('ApiGateway::RestApi'),
  Prod: one('ApiGateway::Stage', { RestApiId: { Ref: 'Api' } }),
};
const ACTION = 'arn:aws:apigateway:eu-west-1:';

describe('an API calls another service', () => {
  const RESOURCES: Resources = {
    ...REST,
    Http: one('ApiGatewayV2::Api', { ProtocolType: 'HTTP' }),
    Jobs: one('SQS::Queue', { QueueName: 'jobs' }),
    News: one('SNS::Topic', { TopicName: 'news' }),
    Clicks: one('Kinesis::Stream', { Name: 'clicks' }),
    Bus: one('Events::EventBus', { Name: 'bus' }),
    Flow: one('StepFunctions::StateMachine', {}),
    Cluster: one('RDS::DBCluster'),
    Photos: one('S3::Bucket'),
  };
  const template = (text: unknown) => ({ RequestTemplates: { 'application/json': text } });

  test.each<[string, object, string[]]>([
    [
      'with a topic in a parameter',
      rest({
        Uri: `${ACTION}sns:action/Publish`,
        RequestParameters: { 'integration.request.querystring.TopicArn': sub("'${News}'") },
      }),
      ['Prod -propagates-> News'],
    ],
    [
      'with a topic in a parameter, by its ARN in single quotes',
      rest({
        Uri: `${ACTION}sns:action/Publish`,
        RequestParameters: {
          'integration.request.querystring.TopicArn': "'arn:aws:sns:eu-west-1:111122223333:news'",
        },
      }),
      ['Prod -propagates-> News'],
    ],
    [
      'but not ARNs of other services in the request',
      rest({
        Uri: `${ACTION}sqs:path/111122223333/jobs`,
        ...template(
          '{"reply": "arn:aws:sns:eu-west-1:111122223333:news", "as": "arn:x", "to": "arn:aws:sqs:eu-west-1:111122223333:mails"}',
        ),
      }),
      ['Prod -propagates-> mails', 'Prod -propagates-> Jobs'],
    ],
    [
      'but not a resource without an ARN',
      rest({ Uri: `${ACTION}sqs:path/111122223333/jobs`, ...template(sub('{"from": "${Cluster}"}')) }),
      ['Prod -propagates-> Jobs'],
    ],
    [
      'by another name of its host',
      rest({ Uri: sub(`${ACTION}eu.s3:path/\${Photos}/{key}`) }),
      ['Prod -propagates-> Photos'],
    ],
    [
      'that its path refers to, if the service is known only at deployment',
      rest({ Uri: sub(`${ACTION}\${Service}:path/\${Jobs}`) }),
      ['Prod -propagates-> Jobs'],
    ],
    [
      'from an HTTP API, a stream',
      http({ IntegrationSubtype: 'Kinesis-PutRecord', RequestParameters: { StreamName: { Ref: 'Clicks' } } }),
      ['Http -breaks-> Clicks'],
    ],
    [
      'from an HTTP API, a bus',
      http({
        IntegrationSubtype: 'EventBridge-PutEvents',
        RequestParameters: { EventBusName: { 'Fn::GetAtt': ['Bus', 'Arn'] } },
      }),
      ['Http -breaks-> Bus'],
    ],
    [
      'from an HTTP API, a state machine',
      http({
        IntegrationSubtype: 'StepFunctions-StartSyncExecution',
        RequestParameters: { StateMachineArn: { Ref: 'Flow' } },
      }),
      ['Http -breaks-> Flow'],
    ],
    [
      'but not from an HTTP API a service that is no node',
      http({
        IntegrationSubtype: 'AppConfig-GetConfiguration',
        RequestParameters: { Application: { Ref: 'Cluster' } },
      }),
      [],
    ],
    [
      'but not from an HTTP API a service that is known only at deployment',
      http({ IntegrationSubtype: { Ref: 'Subtype' }, RequestParameters: { QueueUrl: { Ref: 'Jobs' } } }),
      [],
    ],
    [
      'but not from an HTTP API without a subtype',
      http({
        IntegrationSubtype: { Ref: 'AWS::NoValue' },
        RequestParameters: { QueueUrl: { Ref: 'AWS::NoValue' } },
      }),
      [],
    ],
    [
      'but not an absent value',
      http({
        IntegrationSubtype: 'SQS-SendMessage',
        RequestParameters: { QueueUrl: { Ref: 'Jobs' }, MessageGroupId: { Ref: 'AWS::NoValue' } },
      }),
      ['Http -breaks-> Jobs'],
    ],
  ])('%s', (_, integration, expected) => {
    expect(edgeLines({ ...RESOURCES, Integration: integration })).toEqual(expected);
  });
});

describe('the action of a service can', () => {
  const RESOURCES: Resources = {
    ...REST,
    Http: one('ApiGatewayV2::Api', { ProtocolType: 'HTTP' }),
    Jobs: one('SQS::Queue', { QueueName: 'jobs' }),
    Clicks: one('Kinesis::Stream', { Name: 'clicks' }),
    Flow: one('StepFunctions::StateMachine', {}),
    Photos: one('S3::Bucket'),
    Orders: one('DynamoDB::Table'),
  };
  const json = (text: unknown) => ({ RequestTemplates: { 'application/json': text } });
  const queue = (properties: object) =>
    rest({ Uri: sub(`${ACTION}sqs:path/\${AWS::AccountId}/\${Jobs.QueueName}`), ...properties });
  const photo = (IntegrationHttpMethod: unknown) =>
    rest({ Uri: sub(`${ACTION}s3:path/\${Photos}/{key}`), IntegrationHttpMethod });
  const action = 'integration.request.querystring.Action';

  test.each<[string, object, string[]]>([
    [
      'send a message',
      queue(json('Action=SendMessage&MessageBody=$input.body')),
      ['Prod -propagates-> Jobs'],
    ],
    [
      'send several messages',
      queue(json('Action=SendMessageBatch&Entries=$input.body')),
      ['Prod -propagates-> Jobs'],
    ],
    [
      'send a message, by a parameter',
      queue({ RequestParameters: { [action]: "'SendMessage'" } }),
      ['Prod -propagates-> Jobs'],
    ],
    [
      'be known only from the request',
      queue(json("Action=$input.params('do')")),
      ['Prod -propagates-> Jobs'],
    ],
    [
      'send a message or receive one',
      queue({ RequestTemplates: { 'text/plain': 'Action=ReceiveMessage', 'a/b': 'Action=SendMessage' } }),
      ['Prod -propagates-> Jobs'],
    ],
    ['receive a message, which is no call', queue(json('Action=ReceiveMessage')), []],
    [
      'receive a message by a parameter, which is no call',
      queue({ RequestParameters: { [action]: "'ReceiveMessage'" } }),
      [],
    ],
    [
      'delete a message, which is no call',
      queue(json("Action=DeleteMessage&ReceiptHandle=$input.params('handle')")),
      [],
    ],
    [
      'delete a message from an HTTP API, which is no call',
      http({ IntegrationSubtype: 'SQS-DeleteMessage', RequestParameters: { QueueUrl: { Ref: 'Jobs' } } }),
      [],
    ],
    [
      'read records, which is no call',
      rest({ Uri: `${ACTION}kinesis:action/GetRecords`, ...json(sub('{"StreamName": "${Clicks}"}')) }),
      [],
    ],
    [
      'list executions, which is no call',
      rest({ Uri: `${ACTION}states:action/ListExecutions`, ...json(sub('{"stateMachineArn": "${Flow}"}')) }),
      [],
    ],
    [
      'start an execution',
      rest({ Uri: `${ACTION}states:action/StartExecution`, ...json(sub('{"stateMachineArn": "${Flow}"}')) }),
      ['Prod -propagates-> Flow'],
    ],
    [
      'be any action on a table',
      rest({
        Uri: `${ACTION}dynamodb:action/TransactWriteItems`,
        ...json(sub('{"TableName": "${Orders}"}')),
      }),
      ['Prod -propagates-> Orders'],
    ],
    ['put an object', photo('PUT'), ['Prod -propagates-> Photos']],
    ['get an object, which ends the trace', photo('GET'), ['Prod -breaks-> Photos']],
    ['get or put an object, by a parameter', photo({ Ref: 'Method' }), ['Prod -propagates-> Photos']],
  ])('%s', (_, integration, expected) => {
    expect(edgeLines({ ...RESOURCES, Integration: integration })).toEqual(expected);
  });
});

describe('an API invokes a function', () => {
  const HEADER = 'integration.request.header.X-Amz-Invocation-Type';

  test.each<[string, Record<string, unknown>, string]>([
    ['synchronously, by its header', { [HEADER]: "'RequestResponse'" }, 'synchronous'],
    [
      'synchronously, with an unrelated header',
      { 'integration.request.header.X-Kind': "'Event'" },
      'synchronous',
    ],
    ['asynchronously', { [HEADER.toLowerCase()]: "'Event'" }, 'asynchronous'],
    [
      'asynchronously, under a condition',
      { [HEADER]: { 'Fn::If': ['C', "'Event'", "'RequestResponse'"] } },
      'asynchronous',
    ],
  ])('%s', (_, RequestParameters, invoked) => {
    const M = rest({ Uri: invocation('${Fn.Arn}'), RequestParameters });
    expect(edgeLines({ ...REST, Fn: lambda(), M })).toEqual([`Prod -propagates-> Fn (${invoked})`]);
  });
});

describe('an API calls the function in the variables of a stage', () => {
  const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:';

  test.each<[string, object, string, string[]]>([
    ['in the templates', { Variables: { fn: 'fn' } }, '${!stageVariables.fn}', ['Fn']],
    ['outside of the templates', { Variables: { fn: 'others' } }, '${!stageVariables.fn}', ['others']],
    [
      'but not one that is known only at deployment',
      { Variables: { fn: { 'Fn::If': ['C', 'fn', 'x'] } } },
      '${!stageVariables.fn}',
      [],
    ],
    ['as a part of its name', {}, '${!stageVariables.env}-fn', ['${stageVariables.env}-fn']],
  ])('%s', (_, properties, name, targets) => {
    const resources = {
      Fn: lambda('Active', { FunctionName: 'fn' }),
      Api: one('ApiGateway::RestApi'),
      Prod: one('ApiGateway::Stage', { RestApiId: { Ref: 'Api' }, ...properties }),
      M: rest({ Uri: invocation(`${FUNCTION}${name}`) }),
    };
    expect(edgeLines(resources)).toEqual(targets.map((fn) => `Prod -propagates-> ${fn} (synchronous)`));
  });

  test('but not with an API outside of the templates', () => {
    const M = rest({ Uri: invocation(`${FUNCTION}\${!stageVariables.env}-fn`) }, 'abc123');
    expect(edgeLines({ M })).toEqual(['abc123 -propagates-> ${stageVariables.env}-fn (synchronous)']);
  });

  test.each<[string, Resources, string]>([
    [
      'a deployment that creates the stage',
      {
        Api: one('ApiGateway::RestApi'),
        D: one('ApiGateway::Deployment', {
          RestApiId: { Ref: 'Api' },
          StageName: 'prod',
          StageDescription: { Variables: { alias: 'live' } },
        }),
        M: rest({ Uri: invocation('${Fn.Arn}:${!stageVariables.alias}') }),
      },
      'Api (prod) -propagates->',
    ],
    [
      'a SAM REST API',
      {
        Api: one('Serverless::Api', {
          Variables: { alias: 'live' },
          DefinitionBody: {
            'x-amazon-apigateway-integration': { uri: invocation('${Fn.Arn}:${!stageVariables.alias}') },
          },
        }),
      },
      'Api -propagates->',
    ],
    [
      'a SAM HTTP API',
      {
        Api: one('Serverless::HttpApi', {
          StageVariables: { alias: 'live' },
          DefinitionBody: {
            'x-amazon-apigateway-integration': { uri: sub('${Fn.Arn}:${!stageVariables.alias}') },
          },
        }),
      },
      'Api -breaks->',
    ],
  ])('of %s', (_, api, start) => {
    const Live = one('Lambda::Alias', { FunctionName: { Ref: 'Fn' }, Name: 'live' });
    expect(edgeLines({ Fn: lambda(), Live, ...api })).toEqual([`${start} Fn:Live (synchronous)`]);
  });
});

describe('the stages of a REST API', () => {
  const M = rest({ Uri: invocation('${Fn.Arn}') });

  test('are its own, and not those of another API', () => {
    const others = {
      Other: one('ApiGateway::RestApi'),
      Test: one('ApiGateway::Stage', { RestApiId: { 'Fn::GetAtt': ['Other', 'RestApiId'] } }),
    };
    expect(edgeLines({ Fn: lambda(), ...others, ...REST, M })).toEqual([
      'Prod -propagates-> Fn (synchronous)',
    ]);
  });

  test.each<[string, object]>([
    ['stages of no API', one('ApiGateway::Stage', { RestApiId: { Ref: 'AWS::NoValue' } })],
    ['deployments without a stage', one('ApiGateway::Deployment', { RestApiId: { Ref: 'Api' } })],
    [
      'other resources with the name of one',
      { Type: 'Custom::Cache', Properties: { RestApiId: { Ref: 'Api' }, StageName: 'prod' } },
    ],
  ])('do not include %s', (_, resource) => {
    expect(edgeLines({ Fn: lambda(), Api: REST.Api, Other: resource, M })).toEqual([
      'Api -propagates-> Fn (synchronous)',
    ]);
  });
});

describe('an OpenAPI definition', () => {
  const inDefinition = (Body: object) =>
    edgeLines({ Fn: lambda(), Api: one('ApiGateway::RestApi', { Body }), Prod: REST.Prod });
  const integration = { 'x-amazon-apigateway-integration': { uri: invocation('${Fn.Arn}') } };

  test('can have lists', () => {
    expect(inDefinition({ paths: [{ get: integration }, {}, 'x'] })).toEqual([
      'Prod -propagates-> Fn (synchronous)',
    ]);
  });

  test('is not read inside a macro', () => {
    expect(inDefinition({ paths: { 'Fn::Transform': { Name: 'Paths', Parameters: integration } } })).toEqual(
      [],
    );
  });

  test('can have any value as an integration', () => {
    expect(
      inDefinition({
        paths: { '/': { get: { 'x-amazon-apigateway-integration': 'none' } } },
        'x-amazon-apigateway-integrations': 'none',
      }),
    ).toEqual([]);
  });
});
