import type { EventSourceKind } from '../../lib/lambda/event-sources';
import { buildTracingModel } from '../../lib/model/build-model';
import { ServiceIndex } from '../../lib/trace-map/service-facts';
import { SERVICES } from '../../lib/trace-map/services';
import { integrationsOf } from '../../lib/trace-map/services/step-functions';
import type { NodeKind } from '../../lib/trace-map/trace-map';
import { lambda, stack } from '../rules/templates';
import { edgeLines } from './edge-lines';

const one = (type: string, properties: object = {}) => ({ Type: `AWS::${type}`, Properties: properties });
const HERE = 'eu-west-1:111122223333';

test.each(Object.entries(SERVICES))('%s has a title and an AWS page about its traces', (_, service) => {
  expect(service.title).toMatch(/^(?:Amazon|AWS|Elastic|Self-managed) \S/);
  expect(service.source.title).toMatch(/\w{3}/);
  expect(service.source.url).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/\S+\.html$/);
});

const EVENT_SOURCES: Record<Exclude<EventSourceKind, 'unknown'>, NodeKind> = {
  sqs: 'queue',
  kinesis: 'stream',
  dynamodb: 'table',
  msk: 'msk',
  kafka: 'kafka',
  mq: 'mq',
  documentdb: 'documentdb',
};

test.each(Object.entries(EVENT_SOURCES))('the event source %s is a %s', (source, kind) => {
  const kinds = Object.entries(SERVICES).flatMap(([key, { eventSource }]) =>
    eventSource === source ? [key] : [],
  );
  expect(kinds).toEqual([kind]);
});

test.each<[type: string, property: string, arn: string]>([
  ['Lambda::Function', 'FunctionName', `lambda:${HERE}:function:x`],
  ['Serverless::Function', 'FunctionName', `lambda:${HERE}:function:x`],
  ['SQS::Queue', 'QueueName', `sqs:${HERE}:x`],
  ['SNS::Topic', 'TopicName', `sns:${HERE}:x`],
  ['Kinesis::Stream', 'Name', `kinesis:${HERE}:stream/x`],
  ['KinesisFirehose::DeliveryStream', 'DeliveryStreamName', `firehose:${HERE}:deliverystream/x`],
  ['Events::EventBus', 'Name', `events:${HERE}:event-bus/x`],
  ['S3::Bucket', 'BucketName', 's3:::x/folder/file'],
  ['Logs::LogGroup', 'LogGroupName', `logs:${HERE}:log-group:x:*`],
  ['Logs::LogGroup', 'LogGroupName', `logs:${HERE}:log-group:x:log-stream:today`],
  ['IoT::TopicRule', 'RuleName', `iot:${HERE}:rule/x`],
  ['StepFunctions::StateMachine', 'StateMachineName', `states:${HERE}:stateMachine:x:live`],
  ['Serverless::StateMachine', 'Name', `states:${HERE}:stateMachine:x`],
  ['DynamoDB::Table', 'TableName', `dynamodb:${HERE}:table/x/index/i`],
  ['DynamoDB::GlobalTable', 'TableName', `dynamodb:${HERE}:table/x`],
  ['Serverless::SimpleTable', 'TableName', `dynamodb:${HERE}:table/x`],
  ['SecretsManager::Secret', 'Name', `secretsmanager:${HERE}:secret:x-AbC123`],
  ['SSM::Parameter', 'Name', `ssm:${HERE}:parameter/x`],
  [
    'ElasticLoadBalancingV2::LoadBalancer',
    'Name',
    `elasticloadbalancing:${HERE}:loadbalancer/app/x/50dc6c495c0c9188`,
  ],
  ['MSK::Cluster', 'ClusterName', `kafka:${HERE}:cluster/x/1-2`],
  ['MSK::ServerlessCluster', 'ClusterName', `kafka:${HERE}:cluster/x/1-2`],
  ['AmazonMQ::Broker', 'BrokerName', `mq:${HERE}:broker:x:b-1`],
  ['DocDB::DBCluster', 'DBClusterIdentifier', `rds:${HERE}:cluster:x`],
  ['Pipes::Pipe', 'Name', `pipes:${HERE}:pipe/x`],
])('%s has its name in %s, and the ARN %s', (type, property, arn) => {
  const Caller = one('Pipes::Pipe', { Source: 's', Target: `arn:aws:${arn}` });
  expect(edgeLines({ Named: one(type, { [property]: 'x' }), Caller })).toEqual([
    expect.stringMatching(/^Caller -breaks-> Named(?: \(synchronous\))?$/),
  ]);
});

test.each<[arn: string, kind: NodeKind, name: string]>([
  ['apigateway:eu-west-1::/restapis/abc123/stages/prod', 'rest-api', 'abc123'],
  ['apigateway:eu-west-1::/apis/abc123', 'http-api', 'abc123'],
  [`appsync:${HERE}:apis/abc123`, 'graphql-api', 'abc123'],
  [`events:${HERE}:rule/nightly`, 'schedule', 'nightly'],
  [`cognito-idp:${HERE}:userpool/eu-west-1_AbC`, 'user-pool', 'eu-west-1_AbC'],
  ['cloudfront::111122223333:distribution/E123', 'distribution', 'E123'],
])('%s is the ARN of a %s, %s', (arn, kind, name) => {
  const Caller = one('Pipes::Pipe', { Target: `arn:aws:${arn}` });
  const [{ to }] = buildTracingModel([stack('t', { Caller })]).traceMap.edges;
  expect([to.kind, to.name]).toEqual([kind, name]);
});

test.each(['RDS::DBCluster', 'RDS::DBInstance', 'RDS::DBProxy'])('%s is a database', (type) => {
  const Variables = { HOST: { 'Fn::GetAtt': ['Orders', 'Endpoint'] } };
  const resources = { Orders: one(type), Fn: lambda('Active', { Environment: { Variables } }) };
  const [{ to }] = buildTracingModel([stack('t', resources)]).traceMap.edges;
  expect([to.kind, to.name]).toEqual(['database', 'Orders']);
});

test.each<[type: string, on: object, off: object]>([
  ['Lambda::Function', { TracingConfig: { Mode: 'Active' } }, { TracingConfig: { Mode: 'PassThrough' } }],
  ['Serverless::Function', { Tracing: 'Active' }, { Tracing: 'Disabled' }],
  ['SNS::Topic', { TracingConfig: 'Active' }, { TracingConfig: 'PassThrough' }],
  ['ApiGateway::Stage', { TracingEnabled: true }, { TracingEnabled: false }],
  ['Serverless::Api', { TracingEnabled: true }, { TracingEnabled: false }],
  ['AppSync::GraphQLApi', { XrayEnabled: true }, { XrayEnabled: false }],
  ['Serverless::GraphQLApi', { XrayEnabled: true }, {}],
  ['StepFunctions::StateMachine', { TracingConfiguration: { Enabled: true } }, {}],
  ['Serverless::StateMachine', { Tracing: { Enabled: true } }, { Tracing: { Enabled: false } }],
])('%s records with %j, but not with %j', (type, on, off) => {
  const recordings = [on, off, { ...on, ...unknownOf(on) }].map((properties) => {
    const resources = {
      Traced: one(type, properties),
      Caller: one('Pipes::Pipe', { Target: { Ref: 'Traced' } }),
    };
    const { nodes } = buildTracingModel([stack('t', resources)]).traceMap;
    return nodes.find(({ name }) => name === 'Traced')?.recording;
  });
  expect(recordings).toEqual(['yes', 'no', 'unknown']);
});

/** Returns the properties with values that are known only at deployment. */
function unknownOf(properties: object): object {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      typeof value === 'object' ? unknownOf(value as object) : { Ref: 'Value' },
    ]),
  );
}

test.each<[NodeKind, string]>([
  ['function', 'lambda:InvokeAsync lambda:InvokeFunction'],
  ['function-url', 'lambda:InvokeFunctionUrl'],
  ['queue', 'sqs:SendMessage sqs:SendMessageBatch'],
  ['topic', 'sns:Publish'],
  ['stream', 'kinesis:PutRecord kinesis:PutRecords'],
  ['delivery-stream', 'firehose:PutRecord firehose:PutRecordBatch'],
  ['event-bus', 'events:PutEvents'],
  ['state-machine', 'states:StartExecution states:StartSyncExecution'],
  ['secret', 'secretsmanager:BatchGetSecretValue secretsmanager:GetSecretValue'],
  ['parameter', 'ssm:GetParameter ssm:GetParameters ssm:GetParametersByPath'],
  ['database', 'rds-data:BatchExecuteStatement rds-data:ExecuteSql rds-data:ExecuteStatement rds-db:connect'],
  ['rest-api', 'execute-api:Invoke'],
  ['http-api', 'execute-api:Invoke'],
  ['graphql-api', 'appsync:GraphQL'],
  ['event-api', 'appsync:EventPublish'],
  ['load-balancer', ''],
  [
    'bucket',
    's3:DeleteObject s3:DeleteObjectVersion s3:GetObject s3:GetObjectVersion s3:ListBucket s3:PutObject',
  ],
  [
    'table',
    'dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PartiQLDelete dynamodb:PartiQLInsert dynamodb:PartiQLSelect dynamodb:PartiQLUpdate dynamodb:PutItem dynamodb:Query dynamodb:Scan dynamodb:UpdateItem',
  ],
])('a %s has the call actions %s', (kind, actions) => {
  expect(SERVICES[kind].callActions?.join(' ')).toBe(actions);
});

test.each<[string, string, string | undefined]>([
  ['lambda', 'invoke', 'function'],
  ['lambda', 'getFunction', undefined],
  ['lambda', 'reinvoke', undefined],
  ['sqs', 'sendMessageBatch', 'queue'],
  ['sqs', 'receiveMessage', undefined],
  ['sqs', 'resendMessage', undefined],
  ['sns', 'publishBatch', 'topic'],
  ['sns', 'listTopics', undefined],
  ['sns', 'unpublish', undefined],
  ['sfn', 'startExecution', 'state-machine'],
  ['states', 'startSyncExecution', 'state-machine'],
  ['sfn', 'startExecutions', undefined],
  ['sfn', 'restartExecution', undefined],
  ['events', 'putEvents', 'event-bus'],
  ['eventbridge', 'putEvents', 'event-bus'],
  ['eventbridge', 'putEventsTo', undefined],
  ['eventbridge', 'outputEvents', undefined],
  ['dynamodb', 'batchWriteItem', 'table'],
  ['dynamodb', 'transactGetItems', 'table'],
  ['dynamodb', 'query', 'table'],
  ['dynamodb', 'scan', 'table'],
  ['dynamodb', 'describeTable', undefined],
  ['dynamodb', 'describeItemsOf', undefined],
  ['dynamodb', 'requery', undefined],
  ['dynamodb', 'queryAgain', undefined],
  ['dynamodb', 'rescan', undefined],
  ['dynamodb', 'scanAgain', undefined],
  ['s3', 'putObject', 'bucket'],
  ['s3', 'listObjectsV2', 'bucket'],
  ['s3', 'createBucket', undefined],
  ['s3', 'relist', undefined],
  ['kinesis', 'putRecords', 'stream'],
  ['kinesis', 'getRecords', undefined],
  ['kinesis', 'outputRecords', undefined],
  ['firehose', 'putRecordBatch', 'delivery-stream'],
  ['firehose', 'listDeliveryStreams', undefined],
  ['firehose', 'outputRecord', undefined],
  ['secretsmanager', 'getSecretValue', 'secret'],
  ['secretsmanager', 'createSecret', undefined],
  ['secretsmanager', 'getSecretValueSize', undefined],
  ['ssm', 'getParametersByPath', 'parameter'],
  ['ssm', 'putParameter', undefined],
  ['ssm', 'forgetParameter', undefined],
  ['rdsdata', 'batchExecuteStatement', 'database'],
  ['rdsdata', 'beginTransaction', undefined],
  ['rdsdata', 'describeStatements', undefined],
  ['ec2', 'stopInstances', undefined],
])('the state machine action %s:%s calls %s', (service, action, kind) => {
  const arn = `arn:aws:states:::aws-sdk:${service}:${action}`;
  const integrations = integrationsOf(arn, new ServiceIndex(SERVICES));
  expect(integrations?.map((integration) => integration.kind)).toEqual(kind === undefined ? [] : [kind]);
});

test.each<[action: string, argument: object]>([
  ['kinesis:putRecord', { StreamName: 'x' }],
  ['kinesis:putRecord', { StreamARN: `arn:aws:kinesis:${HERE}:stream/x` }],
  ['firehose:putRecord', { DeliveryStreamName: 'x' }],
  ['secretsmanager:getSecretValue', { SecretId: 'x' }],
  ['ssm:getParameter', { Name: 'x' }],
  ['ssm:getParameters', { Names: ['x'] }],
  ['s3:putObject', { Bucket: 'x' }],
  ['sns:publish', { TargetArn: `arn:aws:sns:${HERE}:x` }],
  ['rdsdata:executeStatement', { ResourceArn: `arn:aws:rds:${HERE}:cluster:x` }],
  ['dynamodb:query', { TableName: 'x' }],
  ['dynamodb:batchGetItem', { RequestItems: { x: {} } }],
  ...['ConditionCheck', 'Delete', 'Get', 'Put', 'Update'].map((kind): [string, object] => [
    'dynamodb:transactWriteItems',
    { TransactItems: [{ [kind]: { TableName: 'x' } }] },
  ]),
])('the state machine action %s calls the node in %j', (action, Parameters) => {
  const Definition = { States: { S: { Resource: `arn:aws:states:::aws-sdk:${action}`, Parameters } } };
  const effect = action.startsWith('s3') ? 'breaks' : 'propagates';
  expect(edgeLines({ Fn: lambda(), Flow: one('StepFunctions::StateMachine', { Definition }) })).toEqual([
    `Flow -${effect}-> x`,
  ]);
});

test.each([
  ['alexa-appkit.amazon.com', ' (synchronous)'],
  ['cloudformation.amazonaws.com', ' (asynchronous)'],
  ['codecommit.amazonaws.com', ' (asynchronous)'],
  ['codepipeline.amazonaws.com', ' (asynchronous)'],
  ['config.amazonaws.com', ' (asynchronous)'],
  ['events.amazonaws.com', ' (asynchronous)'],
  ['iot.amazonaws.com', ' (asynchronous)'],
  ['lex.amazonaws.com', ' (synchronous)'],
  ['lexv2.amazonaws.com', ' (synchronous)'],
  ['logs.amazonaws.com', ' (asynchronous)'],
  ['ses.amazonaws.com', ''],
])('%s invokes functions%s', (Principal, invocation) => {
  const P = one('Lambda::Permission', { FunctionName: { Ref: 'Fn' }, Principal });
  expect(edgeLines({ Fn: lambda(), P })).toEqual([`${Principal} -breaks-> Fn${invocation} ?`]);
});
