import { lambda, type Resources } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const FN = { 'Fn::GetAtt': ['Fn', 'Arn'] };
const QUEUE = { Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } } };
const JOBS = { 'Fn::GetAtt': ['Jobs', 'Arn'] };
const ROLE = 'arn:aws:iam::111122223333:role/r';

test.each<[string, Resources, string[]]>([
  [
    'a rule',
    {
      Hourly: {
        Type: 'AWS::Events::Rule',
        Properties: { ScheduleExpression: 'rate(1 hour)', Targets: [{ Id: 'T', Arn: FN }] },
      },
    },
    ['Hourly -breaks-> Fn (asynchronous)'],
  ],
  ['a schedule', { Hourly: schedule({ Arn: FN }) }, ['Hourly -breaks-> Fn (asynchronous)']],
  [
    'a schedule, by the ARN of the function',
    { Hourly: schedule({ Arn: 'arn:aws:lambda:eu-west-1:111122223333:function:fn' }) },
    ['Hourly -breaks-> Fn (asynchronous)'],
  ],
  ['a schedule, a queue', { ...QUEUE, Hourly: schedule({ Arn: JOBS }) }, ['Hourly -breaks-> Jobs']],
  [
    'a schedule, by an API action',
    { Hourly: schedule({ Arn: action('lambda:invoke'), Input: '{"FunctionName": "fn"}' }) },
    ['Hourly -breaks-> Fn (synchronous)'],
  ],
  [
    'a schedule, by an API action, asynchronously',
    {
      Hourly: schedule({
        Arn: { 'Fn::Sub': 'arn:${AWS::Partition}:scheduler:::aws-sdk:lambda:invoke' },
        Input: {
          'Fn::Join': [
            '',
            ['{"FunctionName":"', FN, '","InvocationType":"Event","Payload":"{\\"a\\":\\"<1>\\"}"}'],
          ],
        },
      }),
    },
    ['Hourly -breaks-> Fn (asynchronous)'],
  ],
  [
    'a schedule, a queue, by an API action',
    {
      ...QUEUE,
      Hourly: schedule({ Arn: action('sqs:sendMessage'), Input: { 'Fn::Sub': '{"QueueUrl":"${Jobs}"}' } }),
    },
    ['Hourly -breaks-> Jobs'],
  ],
  [
    'a schedule, a queue by its URL, by an API action',
    {
      ...QUEUE,
      Hourly: schedule({
        Arn: action('sqs:sendMessage'),
        Input: '{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"}',
      }),
    },
    ['Hourly -breaks-> Jobs'],
  ],
  [
    'a schedule, by an API action, with a parameter that is no string',
    {
      Hourly: schedule({
        Arn: action('lambda:invoke'),
        Input: '{"FunctionName": "fn", "Payload": {"a": [1]}, "Qualifier": null}',
      }),
    },
    ['Hourly -breaks-> Fn (synchronous)'],
  ],
  [
    'a schedule, with an input',
    { Hourly: schedule({ Arn: FN, Input: '{"FunctionName": "others"}' }) },
    ['Hourly -breaks-> Fn (asynchronous)'],
  ],
  ...[
    ['sns:publish', 'TopicArn', 'arn:aws:sns:eu-west-1:111122223333:t'],
    ['kinesis:putRecord', 'StreamName', 't'],
    ['firehose:putRecord', 'DeliveryStreamName', 't'],
    ['sfn:startExecution', 'StateMachineArn', 'arn:aws:states:eu-west-1:111122223333:stateMachine:t'],
  ].map(([name, parameter, value]): [string, Resources, string[]] => [
    `a schedule, by ${name},`,
    { Hourly: schedule({ Arn: action(name), Input: JSON.stringify({ [parameter]: value }) }) },
    ['Hourly -breaks-> t'],
  ]),
  ['a schedule, with invalid JSON', { Hourly: schedule({ Arn: action('lambda:invoke'), Input: '{' }) }, []],
  [
    'a schedule, by another action',
    { Hourly: schedule({ Arn: action('ec2:stopInstances'), Input: '{"FunctionName": "fn"}' }) },
    [],
  ],
])('%s calls', (_, resources, expected) => {
  expect(edgeLines({ Fn: lambda('Active', { FunctionName: 'fn' }), ...resources })).toEqual(expected);
});

test.each([
  ['Schedule', 'FnE -breaks-> Fn (asynchronous)'],
  ['ScheduleV2', 'FnE -breaks-> Fn (asynchronous)'],
  ['IoTRule', 'FnE -breaks-> Fn (asynchronous)'],
  ['CloudWatchLogs', 'Log -breaks-> Fn (asynchronous)'],
])('an event of type %s calls a SAM function', (Type, expected) => {
  const Properties = { LogGroupName: { Ref: 'Log' } };
  const Fn = { Type: 'AWS::Serverless::Function', Properties: { Events: { E: { Type, Properties } } } };
  expect(edgeLines({ Log: { Type: 'AWS::Logs::LogGroup' }, Fn })).toEqual([expected]);
});

test('an event calls a SAM state machine', () => {
  const Events = { E: { Type: 'Schedule', Properties: { Schedule: 'rate(1 hour)' } } };
  expect(edgeLines({ Flow: { Type: 'AWS::Serverless::StateMachine', Properties: { Events } } })).toEqual([
    'FlowE -breaks-> Flow',
  ]);
});

test.each<[string, object, string[]]>([
  [
    'from a queue to a function',
    { Source: JOBS, Target: FN },
    ['Jobs -links-> Pipe', 'Pipe -breaks-> Fn (synchronous)'],
  ],
  [
    'from a queue to a function, asynchronously',
    {
      Source: 'arn:aws:sqs:eu-west-1:111122223333:jobs',
      Target: FN,
      TargetParameters: { LambdaFunctionParameters: { InvocationType: 'FIRE_AND_FORGET' } },
    },
    ['Jobs -links-> Pipe', 'Pipe -breaks-> Fn (asynchronous)'],
  ],
  [
    'from a queue, enriched by a function, to a bus',
    { Source: JOBS, Enrichment: FN, Target: 'arn:aws:events:eu-west-1:111122223333:event-bus/shop' },
    ['Jobs -links-> Pipe', 'Pipe -breaks-> Fn (synchronous)', 'Pipe -breaks-> shop'],
  ],
  [
    'from a queue with a filter to a function',
    {
      Source: JOBS,
      SourceParameters: { FilterCriteria: { Filters: [{ Pattern: '{"a":[1]}' }] } },
      Target: FN,
    },
    ['Jobs -links-> Pipe ?', 'Pipe -breaks-> Fn (synchronous)'],
  ],
  [
    'from a self-managed cluster',
    { Source: 'smk://a.example:9092,b.example:9092', Target: JOBS },
    ['a.example:9092, b.example:9092 -breaks-> Pipe', 'Pipe -breaks-> Jobs'],
  ],
  [
    'from a table that is known only at deployment',
    { Source: { Ref: 'StreamArn' }, SourceParameters: { DynamoDBStreamParameters: {} }, Target: JOBS },
    ['StreamArn -breaks-> Pipe', 'Pipe -breaks-> Jobs'],
  ],
  [
    'from a queue that is known only at deployment',
    { Source: { Ref: 'QueueArn' }, SourceParameters: { SqsQueueParameters: {} }, Target: JOBS },
    ['QueueArn -links-> Pipe', 'Pipe -breaks-> Jobs'],
  ],
  [
    'from a self-managed cluster that is known only at deployment',
    {
      Source: { 'Fn::Sub': 'smk://${Servers}' },
      SourceParameters: { SelfManagedKafkaParameters: { TopicName: 't' } },
      Target: JOBS,
    },
    ['Pipe -breaks-> Pipe', 'Pipe -breaks-> Jobs'],
  ],
  ['from an unknown source', { Source: { Ref: 'SourceArn' }, Target: JOBS }, ['Pipe -breaks-> Jobs']],
  [
    'to a function, synchronously by its parameters',
    {
      Source: JOBS,
      Target: FN,
      TargetParameters: { LambdaFunctionParameters: { InvocationType: 'REQUEST_RESPONSE' } },
    },
    ['Jobs -links-> Pipe', 'Pipe -breaks-> Fn (synchronous)'],
  ],
])('a pipe leads %s', (_, properties, expected) => {
  const Pipe = { Type: 'AWS::Pipes::Pipe', Properties: { RoleArn: ROLE, ...properties } };
  expect(edgeLines({ Fn: lambda('Active'), ...QUEUE, Pipe })).toEqual(expected);
});

function schedule(target: object) {
  return {
    Type: 'AWS::Scheduler::Schedule',
    Properties: { ScheduleExpression: 'rate(1 hour)', Target: { RoleArn: ROLE, ...target } },
  };
}

function action(name: string): string {
  return `arn:aws:scheduler:::aws-sdk:${name}`;
}
