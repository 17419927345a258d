import { buildTracingModel } from '../../lib/model/build-model';
import { UNSUPPORTED_EVENT_SOURCE as rule } from '../../lib/rules/unsupported-event-source';
import { KAFKA, lambda, mapping, QUEUE, type Resources, ruleTester, stack, findingsIn } from './templates';

/** An Active function with an event source mapping. */
function fed(properties: object, more: Resources = {}): Resources {
  return { Fn: lambda('Active'), Mapping: mapping(properties), ...more };
}

/** Mappings with unsupported event sources, and the property that shows it. */
const UNSUPPORTED: [string, Resources, string][] = [
  ['MSK by ARN', fed({ EventSourceArn: KAFKA, Topics: ['t'] }), 'EventSourceArn'],
  [
    'MSK by reference',
    fed({ EventSourceArn: { Ref: 'Cluster' } }, { Cluster: { Type: 'AWS::MSK::Cluster' } }),
    'EventSourceArn',
  ],
  [
    'MSK Serverless by attribute',
    fed({ EventSourceArn: { 'Fn::GetAtt': 'C.Arn' } }, { C: { Type: 'AWS::MSK::ServerlessCluster' } }),
    'EventSourceArn',
  ],
  [
    'MSK by an ARN put together',
    fed({
      EventSourceArn: {
        'Fn::Sub': 'arn:${AWS::Partition}:kafka:${AWS::Region}:${AWS::AccountId}:cluster/x',
      },
    }),
    'EventSourceArn',
  ],
  [
    'MSK by its own configuration, the ARN imported',
    fed({
      EventSourceArn: { 'Fn::ImportValue': 'ClusterArn' },
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'g' },
    }),
    'AmazonManagedKafkaEventSourceConfig',
  ],
  ['MSK by topics beside an unknown ARN', fed({ EventSourceArn: { Ref: 'Arn' }, Topics: ['t'] }), 'Topics'],
  [
    'MSK by its secret beside an unknown ARN',
    fed({
      EventSourceArn: { Ref: 'Arn' },
      SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH', URI: 'arn' }],
    }),
    'SourceAccessConfigurations',
  ],
  [
    'self-managed Kafka by its bootstrap servers',
    fed({
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['kafka:9092'] } },
      Topics: ['t'],
    }),
    'SelfManagedEventSource',
  ],
  [
    'self-managed Kafka by its configuration',
    fed({ SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'g' } }),
    'SelfManagedKafkaEventSourceConfig',
  ],
  ...['SASL_SCRAM_256_AUTH', 'SERVER_ROOT_CA_CERTIFICATE', 'VPC_SUBNET', 'VPC_SECURITY_GROUP'].map(
    (type): [string, Resources, string] => [
      `self-managed Kafka by ${type}`,
      fed({ SourceAccessConfigurations: [{ Type: type, URI: 'x' }] }),
      'SourceAccessConfigurations',
    ],
  ),
  ['self-managed Kafka by topics without an ARN', fed({ Topics: ['t'] }), 'Topics'],
  ['MQ by ARN', fed({ EventSourceArn: 'arn:aws-cn:mq:cn-north-1:1:broker:b:b-1' }), 'EventSourceArn'],
  [
    'MQ by reference',
    fed({ EventSourceArn: { 'Fn::GetAtt': ['B', 'Arn'] } }, { B: { Type: 'AWS::AmazonMQ::Broker' } }),
    'EventSourceArn',
  ],
  ['MQ by queues', fed({ EventSourceArn: { Ref: 'Arn' }, Queues: ['q'] }), 'Queues'],
  [
    'RabbitMQ by its virtual host',
    fed({
      EventSourceArn: { Ref: 'Arn' },
      SourceAccessConfigurations: [
        { Type: 'BASIC_AUTH', URI: 'x' },
        { Type: 'VIRTUAL_HOST', URI: '/' },
      ],
    }),
    'SourceAccessConfigurations',
  ],
  ['DocumentDB by ARN', fed({ EventSourceArn: 'arn:aws:rds:eu-west-1:1:cluster:docs' }), 'EventSourceArn'],
  [
    'DocumentDB by its configuration',
    fed({ EventSourceArn: { Ref: 'Arn' }, DocumentDBEventSourceConfig: { DatabaseName: 'd' } }),
    'DocumentDBEventSourceConfig',
  ],
  [
    'DocumentDB by a reference in an ARN',
    fed({
      EventSourceArn: {
        'Fn::Join': [':', ['arn', 'aws', 'rds', { Ref: 'AWS::Region' }, '1', 'cluster', { Ref: 'D' }]],
      },
    }),
    'EventSourceArn',
  ],
];

const FINE: [string, Resources][] = [
  ['a function that is PassThrough', { ...fed({ EventSourceArn: KAFKA }), Fn: lambda('PassThrough') }],
  ['a function whose mode is not set', { ...fed({ EventSourceArn: KAFKA }), Fn: lambda() }],
  ['a mode that nobody knows', { ...fed({ EventSourceArn: KAFKA }), Fn: lambda({ Ref: 'Mode' }) }],
  ['a queue', fed({ EventSourceArn: QUEUE })],
  ['a stream by reference', fed({ EventSourceArn: { Ref: 'S' } }, { S: { Type: 'AWS::Kinesis::Stream' } })],
  ['a queue, whatever else is set', fed({ EventSourceArn: QUEUE, Queues: ['q'] })],
  ['a source that nothing tells', fed({ EventSourceArn: { Ref: 'Arn' } })],
  ['empty lists', fed({ EventSourceArn: { Ref: 'Arn' }, Queues: [], Topics: [] })],
  ['a property that is left out', fed({ EventSourceArn: { Ref: 'Arn' }, Queues: { Ref: 'AWS::NoValue' } })],
  [
    'another function',
    fed({ EventSourceArn: QUEUE }, { Other: lambda(), M: mapping({ EventSourceArn: KAFKA }, 'Other') }),
  ],
  [
    'a function that nobody knows',
    { Fn: lambda('Active'), M: mapping({ EventSourceArn: KAFKA }, { Ref: 'Gone' }) },
  ],
  [
    'an EventBridge pipe',
    { Fn: lambda('Active'), P: { Type: 'AWS::Pipes::Pipe', Properties: { Source: KAFKA } } },
  ],
];

ruleTester(rule, {
  valid: FINE,
  invalid: UNSUPPORTED.map(([name, resources, property]) => [`Mapping ${property}`, name, resources]),
});

describe('SAM', () => {
  const serverless = (properties: object) => ({ Type: 'AWS::Serverless::Function', Properties: properties });
  const Events = { Orders: { Type: 'MSK', Properties: { Stream: KAFKA } } };

  test.each(['MSK', 'SelfManagedKafka', 'MQ', 'DocumentDB'])('reports an event of type %s', (type) => {
    const resources = { Fn: serverless({ Tracing: 'Active', Events: { Orders: { Type: type } } }) };
    expect(findingsIn(rule, resources)).toEqual(['template0 FnOrders Events.Orders.Type']);
  });

  test.each(['SQS', 'Kinesis', 'DynamoDB', 'Api', 'S3'])('accepts an event of type %s', (type) => {
    expect(
      findingsIn(rule, { Fn: serverless({ Tracing: 'Active', Events: { E: { Type: type } } }) }),
    ).toEqual([]);
  });

  test.each<[object, object, number]>([
    [{}, { Tracing: 'Active' }, 1],
    [{ Tracing: 'PassThrough' }, { Tracing: 'Active' }, 0],
    [{ Tracing: 'Disabled' }, { Tracing: 'Active' }, 0],
    [{}, {}, 0],
  ])('function %j, globals %j', (own, globals, findings) => {
    const source = stack(
      'sam',
      { Fn: serverless({ ...own, Events }) },
      {
        sections: { Globals: { Function: globals } },
      },
    );
    expect(findingsIn(rule, source)).toHaveLength(findings);
  });

  test('a mapping on the alias that SAM generates', () => {
    const resources = {
      Fn: serverless({ Tracing: 'Active', AutoPublishAlias: 'live' }),
      M: mapping({ EventSourceArn: KAFKA }, { Ref: 'Fn.Alias' }),
    };
    expect(findingsIn(rule, resources)).toEqual(['template0 M EventSourceArn']);
  });
});

test('the finding has the function, the event source and the fix', () => {
  const source = stack(
    't',
    { Fn: lambda({ 'Fn::If': ['C', 'Active', 'PassThrough'] }), M: mapping({ EventSourceArn: KAFKA }) },
    { constructPaths: { Fn: 'Orders/Consumer/Resource' } },
  );
  const [finding] = rule.check(buildTracingModel([source]));
  expect(finding.message).toBe(
    "Function 'Orders/Consumer' can be Active, but this event source mapping connects it to Amazon MSK, which X-Ray " +
      'does not support.',
  );
  expect(finding.fix).toContain('PassThrough');
});

test('the message has the alias, however the mapping refers to it', () => {
  const A = { Type: 'AWS::Lambda::Alias', Properties: { Name: 'live', FunctionName: { Ref: 'Fn' } } };
  for (const target of [{ Ref: 'A' }, { 'Fn::Sub': '${Fn}:live' }, { 'Fn::Sub': '${Fn.Arn}:live' }]) {
    const source = stack('t', { Fn: lambda('Active'), A, M: mapping({ EventSourceArn: KAFKA }, target) });
    const [{ message }] = rule.check(buildTracingModel([source]));
    expect(message).toContain(
      "Function 'Fn' is Active, but this event source mapping connects it (through 'A') to",
    );
  }
});

test.each<[string, Resources]>([
  ['a queue', { Queue: mapping({ EventSourceArn: QUEUE }) }],
  ['a URL', { Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { Ref: 'Fn' } } } }],
])('the fix is another function if the function also has %s', (_, more) => {
  const [{ fix }] = rule.check(buildTracingModel([stack('t', fed({ EventSourceArn: KAFKA }, more))]));
  expect(fix).toBe(
    "Move the event source to a separate PassThrough function. 'Fn' can then stay Active for its other callers.",
  );
});
