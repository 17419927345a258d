import { isUnsupported } from '../../../lib/lambda/event-sources';
import { buildTracingModel } from '../../../lib/model/build-model';
import { lambda, mapping, type Resources, stack } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const QUEUE = { Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } } };
const STREAM = { Clicks: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'clicks' } } };
const CONSUMER = {
  Type: 'AWS::Kinesis::StreamConsumer',
  Properties: { ConsumerName: 'c', StreamARN: { 'Fn::GetAtt': ['Clicks', 'Arn'] } },
};
const TABLE = { Orders: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'orders' } } };
const ALIAS = {
  Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
};
const HERE = ':${AWS::Region}:${AWS::AccountId}:';
const JOBS = { EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] } };

test.each<[string, Resources, string[]]>([
  ['a queue', { ...QUEUE, M: mapping(JOBS) }, ['Jobs -links-> Fn (queue)']],
  [
    'a queue possibly, with a filter',
    { ...QUEUE, M: mapping({ ...JOBS, FilterCriteria: { Filters: [{ Pattern: '{"a":[1]}' }] } }) },
    ['Jobs -links-> Fn (queue) ?'],
  ],
  [
    'a queue with empty filter criteria',
    { ...QUEUE, M: mapping({ ...JOBS, FilterCriteria: { Filters: [] } }) },
    ['Jobs -links-> Fn (queue)'],
  ],
  [
    'a queue by its ARN',
    { ...QUEUE, M: mapping({ EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:jobs' }) },
    ['Jobs -links-> Fn (queue)'],
  ],
  [
    'a queue by its ARN in the same account and region',
    { ...QUEUE, M: mapping({ EventSourceArn: { 'Fn::Sub': `arn:\${AWS::Partition}:sqs${HERE}jobs` } }) },
    ['Jobs -links-> Fn (queue)'],
  ],
  [
    'a queue by an ARN that is joined',
    {
      ...QUEUE,
      M: mapping({
        EventSourceArn: {
          'Fn::Join': [':', ['arn:aws:sqs:eu-west-1:111122223333', { 'Fn::GetAtt': ['Jobs', 'QueueName'] }]],
        },
      }),
    },
    ['Jobs -links-> Fn (queue)'],
  ],
  [
    'a queue by a name with a parameter',
    {
      Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Sub': '${AWS::StackName}-jobs' } } },
      M: mapping({ EventSourceArn: { 'Fn::Sub': `arn:aws:sqs${HERE}\${AWS::StackName}-jobs` } }),
    },
    ['Jobs -links-> Fn (queue)'],
  ],
  [
    'a queue outside of the templates',
    { M: mapping({ EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:others' }) },
    ['others -links-> Fn (queue)'],
  ],
  [
    'a queue outside of the templates, by a name with a parameter',
    { M: mapping({ EventSourceArn: { 'Fn::Sub': `arn:aws:sqs${HERE}\${AWS::StackName}-others` } }) },
    ['${AWS::StackName}-others -links-> Fn (queue)'],
  ],
  [
    'a queue, through an alias',
    { ...QUEUE, ...ALIAS, M: mapping(JOBS, { Ref: 'Live' }) },
    ['Jobs -links-> Fn:Live (queue)'],
  ],
  [
    'a queue, by the name of the function',
    { ...QUEUE, M: mapping(JOBS, 'fn') },
    ['Jobs -links-> Fn (queue)'],
  ],
  [
    'one of two queues',
    {
      ...QUEUE,
      Others: { Type: 'AWS::SQS::Queue' },
      M: mapping({
        EventSourceArn: {
          'Fn::If': ['C', { 'Fn::GetAtt': ['Jobs', 'Arn'] }, { 'Fn::GetAtt': ['Others', 'Arn'] }],
        },
      }),
    },
    ['Jobs -links-> Fn (queue) ?', 'Others -links-> Fn (queue) ?'],
  ],
  [
    'a stream',
    { ...STREAM, M: mapping({ EventSourceArn: { 'Fn::GetAtt': ['Clicks', 'Arn'] } }) },
    ['Clicks -breaks-> Fn (stream)'],
  ],
  [
    'a stream by its ARN',
    { ...STREAM, M: mapping({ EventSourceArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/clicks' }) },
    ['Clicks -breaks-> Fn (stream)'],
  ],
  [
    'a stream by its consumer',
    { ...STREAM, Consumer: CONSUMER, M: mapping({ EventSourceArn: { Ref: 'Consumer' } }) },
    ['Clicks -breaks-> Fn (stream)'],
  ],
  [
    'a stream by the ARN of its consumer',
    {
      ...STREAM,
      M: mapping({ EventSourceArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/clicks/consumer/c:1' }),
    },
    ['Clicks -breaks-> Fn (stream)'],
  ],
  [
    'the stream of a table',
    { ...TABLE, M: mapping({ EventSourceArn: { 'Fn::GetAtt': ['Orders', 'StreamArn'] } }) },
    ['Orders -breaks-> Fn (stream)'],
  ],
  [
    'the stream of a table by its ARN',
    {
      ...TABLE,
      M: mapping({
        EventSourceArn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/2026-01-01T00:00:00.000',
      }),
    },
    ['Orders -breaks-> Fn (stream)'],
  ],
  [
    'a cluster',
    {
      Cluster: { Type: 'AWS::MSK::Cluster' },
      M: mapping({ EventSourceArn: { Ref: 'Cluster' }, Topics: ['t'] }),
    },
    ['Cluster -breaks-> Fn (stream)'],
  ],
  [
    'a cluster outside of the templates',
    { M: mapping({ EventSourceArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1-2' }) },
    ['orders -breaks-> Fn (stream)'],
  ],
  [
    'a cluster that is known only at deployment',
    { M: mapping({ EventSourceArn: { Ref: 'ClusterArn' }, AmazonManagedKafkaEventSourceConfig: { G: 1 } }) },
    ['ClusterArn -breaks-> Fn (stream)'],
  ],
  [
    'a self-managed cluster',
    {
      M: mapping({
        SelfManagedEventSource: {
          Endpoints: { KafkaBootstrapServers: ['a.example:9092', 'b.example:9092'] },
        },
      }),
    },
    ['a.example:9092, b.example:9092 -breaks-> Fn (stream)'],
  ],
  [
    'a self-managed cluster that is known only at deployment',
    { M: mapping({ SelfManagedEventSource: { Endpoints: { 'Fn::Transform': {} } } }) },
    ['M -breaks-> Fn (stream)'],
  ],
  [
    'a broker',
    {
      Broker: { Type: 'AWS::AmazonMQ::Broker' },
      M: mapping({ EventSourceArn: { 'Fn::GetAtt': 'Broker.Arn' } }),
    },
    ['Broker -breaks-> Fn (queue)'],
  ],
  [
    'a broker in another stack',
    { M: mapping({ EventSourceArn: { 'Fn::ImportValue': 'broker' }, Queues: ['q'] }) },
    ['import broker -breaks-> Fn (queue)'],
  ],
  [
    'a document database',
    {
      Docs: { Type: 'AWS::DocDB::DBCluster', Properties: { DBClusterIdentifier: 'docs' } },
      M: mapping({ EventSourceArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:docs' }),
    },
    ['Docs -breaks-> Fn (stream)'],
  ],
  ['an unknown source never', { M: mapping({ EventSourceArn: { Ref: 'SourceArn' } }) }, []],
])('%s invokes a function', (_, resources, expected) => {
  expect(edgeLines({ Fn: lambda('Active', { FunctionName: 'fn' }), ...resources })).toEqual(expected);
});

test.each<[string, object, string[]]>([
  ['SQS', { Queue: { 'Fn::GetAtt': ['Jobs', 'Arn'] } }, ['Jobs -links-> Fn:Fn (queue)']],
  ['SQS', { Queue: { 'Fn::ImportValue': 'others' } }, ['import others -links-> Fn:Fn (queue)']],
  ['Kinesis', { Stream: { 'Fn::GetAtt': ['Clicks', 'Arn'] } }, ['Clicks -breaks-> Fn:Fn (stream)']],
  ['DynamoDB', { Stream: { 'Fn::GetAtt': ['Orders', 'StreamArn'] } }, ['Orders -breaks-> Fn:Fn (stream)']],
  ['MSK', { Stream: 'arn:aws:kafka:eu-west-1:1:cluster/orders/1-2' }, ['orders -breaks-> Fn:Fn (stream)']],
  ['MQ', { Broker: 'arn:aws:mq:eu-west-1:1:broker:orders:b-1' }, ['orders -breaks-> Fn:Fn (queue)']],
  ['DocumentDB', { Cluster: 'arn:aws:rds:eu-west-1:1:cluster:docs' }, ['docs -breaks-> Fn:Fn (stream)']],
  ['SelfManagedKafka', { KafkaBootstrapServers: ['a:9092'] }, ['a:9092 -breaks-> Fn:Fn (stream)']],
  [
    'SQS',
    { Queue: { 'Fn::GetAtt': ['Jobs', 'Arn'] }, FilterCriteria: { Filters: [{ Pattern: '{"a":[1]}' }] } },
    ['Jobs -links-> Fn:Fn (queue) ?'],
  ],
  [
    'SelfManagedKafka',
    { KafkaBootstrapServers: ['a:9092'], FilterCriteria: { Filters: [{ Pattern: '{"a":[1]}' }] } },
    ['a:9092 -breaks-> Fn:Fn (stream) ?'],
  ],
  ['SelfManagedKafka', {}, ['FnE -breaks-> Fn:Fn (stream)']],
])('an event of type %s invokes a SAM function through its generated alias', (Type, Properties, expected) => {
  const Fn = {
    Type: 'AWS::Serverless::Function',
    Properties: { AutoPublishAlias: 'live', Events: { E: { Type, Properties } } },
  };
  expect(edgeLines({ ...QUEUE, ...STREAM, ...TABLE, Fn })).toEqual(expected);
});

test('a queue of another stack invokes a function', () => {
  const queues = stack('queues', QUEUE, {
    sections: { Outputs: { O: { Value: { 'Fn::GetAtt': ['Jobs', 'Arn'] }, Export: { Name: 'jobs' } } } },
  });
  const functions = { Fn: lambda(), M: mapping({ EventSourceArn: { 'Fn::ImportValue': 'jobs' } }) };
  expect(edgeLines(queues, functions)).toEqual(['Jobs -links-> Fn (queue)']);
});

test('resources with one name in two regions are two nodes', () => {
  const functions = { Fn: lambda(), M: mapping({ EventSourceArn: { 'Fn::Sub': `arn:aws:sqs${HERE}jobs` } }) };
  const { traceMap } = buildTracingModel(
    ['eu-west-1', 'us-east-1'].map((region) => stack(region, functions, { region, account: '111122223333' })),
  );
  expect(traceMap.nodes.filter(({ kind }) => kind === 'queue')).toHaveLength(2);
});

test('event sources that X-Ray does not support have the same names as their nodes', () => {
  const { traceMap } = buildTracingModel([
    stack('t', {
      Fn: lambda(),
      M: mapping({ EventSourceArn: 'arn:aws:mq:eu-west-1:1:broker:orders:b-1' }),
      ...QUEUE,
    }),
  ]);
  const [{ from, to }] = traceMap.edges;
  expect([from, to].map(({ kind }) => isUnsupported(kind))).toEqual([true, false]);
});
