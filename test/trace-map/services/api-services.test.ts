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

describe('an API calls another service by itself', () => {
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
      'with a topic in what is sent',
      rest({
        Uri: `${ACTION}sns:action/Publish`,
        RequestParameters: { 'integration.request.querystring.TopicArn': sub("'${News}'") },
      }),
      ['Prod -propagates-> News'],
    ],
    [
      'with a topic in what is sent, by its ARN in single quotes',
      rest({
        Uri: `${ACTION}sns:action/Publish`,
        RequestParameters: {
          'integration.request.querystring.TopicArn': "'arn:aws:sns:eu-west-1:111122223333:news'",
        },
      }),
      ['Prod -propagates-> News'],
    ],
    [
      'but not what else is sent to it',
      rest({
        Uri: `${ACTION}sqs:path/111122223333/jobs`,
        ...template(
          '{"reply": "arn:aws:sns:eu-west-1:111122223333:news", "as": "arn:x", "to": "arn:aws:sqs:eu-west-1:111122223333:mails"}',
        ),
      }),
      ['Prod -propagates-> mails', 'Prod -propagates-> Jobs'],
    ],
    [
      'but not what has no ARN',
      rest({ Uri: `${ACTION}sqs:path/111122223333/jobs`, ...template(sub('{"from": "${Cluster}"}')) }),
      ['Prod -propagates-> Jobs'],
    ],
    [
      'under another name of its host',
      rest({ Uri: sub(`${ACTION}eu.s3:path/\${Photos}/{key}`) }),
      ['Prod -propagates-> Photos'],
    ],
    [
      'to which its path refers, where only deployment tells the service',
      rest({ Uri: sub(`${ACTION}\${Service}:path/\${Jobs}`) }),
      ['Prod -propagates-> Jobs'],
    ],
    [
      'as an HTTP API, a stream',
      http({ IntegrationSubtype: 'Kinesis-PutRecord', RequestParameters: { StreamName: { Ref: 'Clicks' } } }),
      ['Http -breaks-> Clicks'],
    ],
    [
      'as an HTTP API, a bus',
      http({
        IntegrationSubtype: 'EventBridge-PutEvents',
        RequestParameters: { EventBusName: { 'Fn::GetAtt': ['Bus', 'Arn'] } },
      }),
      ['Http -breaks-> Bus'],
    ],
    [
      'as an HTTP API, a state machine',
      http({
        IntegrationSubtype: 'StepFunctions-StartSyncExecution',
        RequestParameters: { StateMachineArn: { Ref: 'Flow' } },
      }),
      ['Http -breaks-> Flow'],
    ],
    [
      'but not as an HTTP API one that is no node',
      http({
        IntegrationSubtype: 'AppConfig-GetConfiguration',
        RequestParameters: { Application: { Ref: 'Cluster' } },
      }),
      [],
    ],
    [
      'but not as an HTTP API one that only deployment tells',
      http({ IntegrationSubtype: { Ref: 'Subtype' }, RequestParameters: { QueueUrl: { Ref: 'Jobs' } } }),
      [],
    ],
    [
      'but not as an HTTP API what the subtype leaves out',
      http({
        IntegrationSubtype: { Ref: 'AWS::NoValue' },
        RequestParameters: { QueueUrl: { Ref: 'AWS::NoValue' } },
      }),
      [],
    ],
    [
      'and leaves out what the template does',
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

describe('an API does by an action of a service', () => {
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
    ['send several', queue(json('Action=SendMessageBatch&Entries=$input.body')), ['Prod -propagates-> Jobs']],
    [
      'send one by a parameter',
      queue({ RequestParameters: { [action]: "'SendMessage'" } }),
      ['Prod -propagates-> Jobs'],
    ],
    ['what the request says', queue(json("Action=$input.params('do')")), ['Prod -propagates-> Jobs']],
    [
      'send a message, or take one',
      queue({ RequestTemplates: { 'text/plain': 'Action=ReceiveMessage', 'a/b': 'Action=SendMessage' } }),
      ['Prod -propagates-> Jobs'],
    ],
    ['nothing that a trace follows, with a message that it takes', queue(json('Action=ReceiveMessage')), []],
    [
      'nothing that a trace follows, with one that it takes by a parameter',
      queue({ RequestParameters: { [action]: "'ReceiveMessage'" } }),
      [],
    ],
    [
      'nothing that a trace follows, with one that it deletes',
      queue(json("Action=DeleteMessage&ReceiptHandle=$input.params('handle')")),
      [],
    ],
    [
      'nothing that a trace follows, with one that it deletes as an HTTP API',
      http({ IntegrationSubtype: 'SQS-DeleteMessage', RequestParameters: { QueueUrl: { Ref: 'Jobs' } } }),
      [],
    ],
    [
      'nothing that a trace follows, with records that it reads',
      rest({ Uri: `${ACTION}kinesis:action/GetRecords`, ...json(sub('{"StreamName": "${Clicks}"}')) }),
      [],
    ],
    [
      'nothing that a trace follows, with executions that it lists',
      rest({ Uri: `${ACTION}states:action/ListExecutions`, ...json(sub('{"stateMachineArn": "${Flow}"}')) }),
      [],
    ],
    [
      'start an execution',
      rest({ Uri: `${ACTION}states:action/StartExecution`, ...json(sub('{"stateMachineArn": "${Flow}"}')) }),
      ['Prod -propagates-> Flow'],
    ],
    [
      'anything with a table',
      rest({
        Uri: `${ACTION}dynamodb:action/TransactWriteItems`,
        ...json(sub('{"TableName": "${Orders}"}')),
      }),
      ['Prod -propagates-> Orders'],
    ],
    ['put an object', photo('PUT'), ['Prod -propagates-> Photos']],
    ['get one, with which the trace ends', photo('GET'), ['Prod -breaks-> Photos']],
    ['either, as deployment tells', photo({ Ref: 'Method' }), ['Prod -propagates-> Photos']],
  ])('%s', (_, integration, expected) => {
    expect(edgeLines({ ...RESOURCES, Integration: integration })).toEqual(expected);
  });
});

describe('an API invokes a function', () => {
  const HEADER = 'integration.request.header.X-Amz-Invocation-Type';

  test.each<[string, Record<string, unknown>, string]>([
    ['waiting, as it says', { [HEADER]: "'RequestResponse'" }, 'synchronous'],
    [
      'waiting, whatever another header says',
      { 'integration.request.header.X-Kind': "'Event'" },
      'synchronous',
    ],
    ['without waiting', { [HEADER.toLowerCase()]: "'Event'" }, 'asynchronous'],
    [
      'without waiting, in one case',
      { [HEADER]: { 'Fn::If': ['C', "'Event'", "'RequestResponse'"] } },
      'asynchronous',
    ],
  ])('%s', (_, RequestParameters, invoked) => {
    const M = rest({ Uri: invocation('${Fn.Arn}'), RequestParameters });
    expect(edgeLines({ ...REST, Fn: lambda(), M })).toEqual([`Prod -propagates-> Fn (${invoked})`]);
  });
});

describe('an API calls what the variables of a stage say', () => {
  const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:';

  test.each<[string, object, string, string[]]>([
    ['that is in the templates', { Variables: { fn: 'fn' } }, '${!stageVariables.fn}', ['Fn']],
    ['that is elsewhere', { Variables: { fn: 'others' } }, '${!stageVariables.fn}', ['others']],
    [
      'but not one that depends',
      { Variables: { fn: { 'Fn::If': ['C', 'fn', 'x'] } } },
      '${!stageVariables.fn}',
      [],
    ],
    ['in part', {}, '${!stageVariables.env}-fn', ['${stageVariables.env}-fn']],
  ])('%s', (_, properties, name, called) => {
    const resources = {
      Fn: lambda('Active', { FunctionName: 'fn' }),
      Api: one('ApiGateway::RestApi'),
      Prod: one('ApiGateway::Stage', { RestApiId: { Ref: 'Api' }, ...properties }),
      M: rest({ Uri: invocation(`${FUNCTION}${name}`) }),
    };
    expect(edgeLines(resources)).toEqual(called.map((fn) => `Prod -propagates-> ${fn} (synchronous)`));
  });

  test('but not that of an API which is in none of the templates', () => {
    const M = rest({ Uri: invocation(`${FUNCTION}\${!stageVariables.env}-fn`) }, 'abc123');
    expect(edgeLines({ M })).toEqual(['abc123 -propagates-> ${stageVariables.env}-fn (synchronous)']);
  });

  test.each<[string, Resources, string]>([
    [
      'a deployment that makes the stage',
      {
        Api: one('ApiGateway::RestApi'),
        D: one('ApiGateway::Deployment', {
          RestApiId: { Ref: 'Api' },
          StageName: 'prod',
          StageDescription: { Variables: { alias: 'live' } },
        }),
        M: rest({ Uri: invocation('${Fn.Arn}:${!stageVariables.alias}') }),
      },
      'D -propagates->',
    ],
    [
      'a REST API of SAM',
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
      'an HTTP API of SAM',
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

  test('are its own, and not those of another', () => {
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
  ])('are no %s', (_, resource) => {
    expect(edgeLines({ Fn: lambda(), Api: REST.Api, Other: resource, M })).toEqual([
      'Api -propagates-> Fn (synchronous)',
    ]);
  });
});

describe('an OpenAPI definition', () => {
  const inDefinition = (Body: object) =>
    edgeLines({ Fn: lambda(), Api: one('ApiGateway::RestApi', { Body }), Prod: REST.Prod });
  const integration = { 'x-amazon-apigateway-integration': { uri: invocation('${Fn.Arn}') } };

  test('has lists', () => {
    expect(inDefinition({ paths: [{ get: integration }, {}, 'x'] })).toEqual([
      'Prod -propagates-> Fn (synchronous)',
    ]);
  });

  test('does not say what a macro makes of it', () => {
    expect(inDefinition({ paths: { 'Fn::Transform': { Name: 'Paths', Parameters: integration } } })).toEqual(
      [],
    );
  });

  test('may have anything in the place of an integration', () => {
    expect(
      inDefinition({
        paths: { '/': { get: { 'x-amazon-apigateway-integration': 'none' } } },
        'x-amazon-apigateway-integrations': 'none',
      }),
    ).toEqual([]);
  });
});
