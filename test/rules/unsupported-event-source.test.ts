import { buildTracingModel } from '../../lib/model/tracing-model';
import { UNSUPPORTED_EVENT_SOURCE as rule } from '../../lib/rules/unsupported-event-source';
import { lambda, mapping, type Resources, ruleTester, stack, verdict } from './templates';

const KAFKA = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123';
const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:orders';

/** An Active function that a mapping feeds. */
function fed(properties: object, more: Resources = {}): Resources {
  return { Fn: lambda('Active'), Mapping: mapping(properties), ...more };
}

/** How a mapping shows that its source has no tracing: by which property. */
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

describe('how a mapping names its function', () => {
  const named = lambda('Active', { FunctionName: 'orders' });
  test.each<[string, Resources, unknown]>([
    ['its ARN', { Fn: lambda('Active') }, { 'Fn::GetAtt': ['Fn', 'Arn'] }],
    ['its name', { Fn: named }, 'orders'],
    ['its name with an alias', { Fn: named }, 'orders:live'],
    ['a partial ARN', { Fn: named }, '111122223333:function:orders'],
    ['an ARN written out', { Fn: named }, 'arn:aws:lambda:eu-west-1:111122223333:function:orders'],
    ['an ARN with a version', { Fn: named }, 'arn:aws:lambda:eu-west-1:111122223333:function:orders:7'],
    ['a name put together', { Fn: lambda('Active') }, { 'Fn::Sub': '${Fn}:live' }],
    [
      'a name with the stage in it',
      { Fn: lambda('Active', { FunctionName: { 'Fn::Sub': 'orders-${AWS::Region}' } }) },
      { 'Fn::Join': ['-', ['orders', { Ref: 'AWS::Region' }]] },
    ],
    [
      'a version',
      {
        Fn: lambda('Active'),
        V: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
      },
      { Ref: 'V' },
    ],
    [
      'an alias',
      {
        Fn: lambda('Active'),
        V: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
        A: {
          Type: 'AWS::Lambda::Alias',
          Properties: {
            Name: 'live',
            FunctionName: { Ref: 'Fn' },
            FunctionVersion: { 'Fn::GetAtt': ['V', 'Version'] },
          },
        },
      },
      { Ref: 'A' },
    ],
    [
      "an alias as CDK's own L2 writes it",
      {
        Fn: lambda('Active'),
        A: { Type: 'AWS::Lambda::Alias', Properties: { Name: 'live', FunctionName: { Ref: 'Fn' } } },
      },
      { 'Fn::Join': ['', [{ 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'A' }] }] }, ':live']] },
    ],
  ])('%s', (_, resources, functionName) => {
    const all = { ...resources, Mapping: mapping({ EventSourceArn: KAFKA }, functionName) };
    expect(verdict(rule, all)).toEqual(['template0 Mapping EventSourceArn']);
  });

  test('another region or account is another function', () => {
    const from = stack('a', { Fn: named }, { account: '111122223333', region: 'eu-west-1' });
    const elsewhere = (arn: string) => verdict(rule, from, { M: mapping({ EventSourceArn: KAFKA }, arn) });
    expect(elsewhere('arn:aws:lambda:eu-west-1:111122223333:function:orders')).toHaveLength(1);
    expect(elsewhere('arn:aws:lambda:us-east-1:111122223333:function:orders')).toHaveLength(0);
    expect(elsewhere('arn:aws:lambda:eu-west-1:444455556666:function:orders')).toHaveLength(0);
  });

  test('a name in several stages means the own one', () => {
    const stage = (id: string, mode: string) =>
      stack(id, {
        Fn: lambda(mode, { FunctionName: 'orders' }),
        M: mapping({ EventSourceArn: KAFKA }, 'orders'),
      });
    expect(verdict(rule, stage('beta', 'Active'), stage('prod', 'PassThrough'))).toEqual([
      'beta M EventSourceArn',
    ]);
  });

  test('a name that may be one of several functions is not guessed', () => {
    const owner = (id: string) =>
      stack(id, { Fn: lambda('Active', { FunctionName: 'orders' }) }, { group: id });
    const from = stack('c', { M: mapping({ EventSourceArn: KAFKA }, 'orders') }, { group: 'c' });
    expect(verdict(rule, owner('a'), from)).toHaveLength(1);
    expect(verdict(rule, owner('a'), owner('b'), from)).toHaveLength(0);
  });
});

describe('across templates', () => {
  const M = mapping({ EventSourceArn: KAFKA }, { 'Fn::ImportValue': { 'Fn::Sub': 'Orders-Fn' } });

  test('an import meets the export', () => {
    const exporting = stack(
      'api',
      { Fn: lambda('Active') },
      {
        stackName: 'Orders',
        sections: {
          Outputs: { F: { Value: { Ref: 'Fn' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}-Fn' } } } },
        },
      },
    );
    expect(verdict(rule, exporting, { M })).toEqual(['template1 M EventSourceArn']);
    expect(verdict(rule, { M })).toEqual([]);
  });

  test('Fn::GetStackOutput meets the output', () => {
    const producing = stack(
      'api',
      { Fn: lambda('Active') },
      {
        stackName: 'Orders',
        region: 'eu-west-1',
        sections: { Outputs: { F: { Value: { Ref: 'Fn' } } } },
      },
    );
    const from = (of: object) => ({
      M: mapping({ EventSourceArn: KAFKA }, { 'Fn::GetStackOutput': { OutputName: 'F', ...of } }),
    });
    expect(verdict(rule, producing, from({ StackName: 'Orders' }))).toHaveLength(1);
    expect(verdict(rule, producing, from({ StackName: 'Orders', Region: 'us-east-1' }))).toHaveLength(0);
    expect(verdict(rule, producing, from({ StackName: 'Others' }))).toHaveLength(0);
  });

  test('a nested stack gets the function as a parameter, and the cluster from a sibling', () => {
    const parent = stack('parent', {
      Fn: lambda('Active'),
      Clusters: { Type: 'AWS::CloudFormation::Stack' },
      Consumers: {
        Type: 'AWS::CloudFormation::Stack',
        Properties: {
          Parameters: {
            Function: { Ref: 'Fn' },
            Cluster: { 'Fn::GetAtt': ['Clusters', 'Outputs.Arn'] },
          },
        },
      },
    });
    const clusters = stack(
      'clusters',
      { C: { Type: 'AWS::MSK::Cluster' } },
      {
        nestedIn: { id: 'parent', logicalId: 'Clusters' },
        sections: { Outputs: { Arn: { Value: { Ref: 'C' } } } },
      },
    );
    const consumers = stack(
      'consumers',
      { M: mapping({ EventSourceArn: { Ref: 'Cluster' } }, { Ref: 'Function' }) },
      {
        nestedIn: { id: 'parent', logicalId: 'Consumers' },
        sections: { Parameters: { Function: { Type: 'String' }, Cluster: { Type: 'String' } } },
      },
    );
    expect(verdict(rule, parent, clusters, consumers)).toEqual(['consumers M EventSourceArn']);
  });
});

describe('values that depend on something', () => {
  const conditional = (resources: Resources, sections: object = {}) => stack('t', resources, { sections });
  const Conditions = {
    UseKafka: { 'Fn::Equals': [{ Ref: 'Source' }, 'kafka'] },
    NoKafka: { 'Fn::Not': [{ Condition: 'UseKafka' }] },
  };
  const kafkaIf = (condition: string) =>
    mapping({ EventSourceArn: KAFKA }, undefined, { Condition: condition });

  test.each<[string, Resources, boolean]>([
    [
      'Active in one branch',
      { Fn: lambda({ 'Fn::If': ['Traced', 'Active', 'PassThrough'] }), M: kafkaIf('UseKafka') },
      true,
    ],
    [
      'Active just where there is no Kafka',
      { Fn: lambda({ 'Fn::If': ['UseKafka', 'PassThrough', 'Active'] }), M: kafkaIf('UseKafka') },
      false,
    ],
    [
      'the same, by the opposite condition',
      { Fn: lambda({ 'Fn::If': ['NoKafka', 'Active', 'PassThrough'] }), M: kafkaIf('UseKafka') },
      false,
    ],
    [
      'Active just where there is Kafka',
      { Fn: lambda({ 'Fn::If': ['NoKafka', 'PassThrough', 'Active'] }), M: kafkaIf('UseKafka') },
      true,
    ],
    [
      'a configuration left out in one branch',
      {
        Fn: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            TracingConfig: { 'Fn::If': ['UseKafka', { Ref: 'AWS::NoValue' }, { Mode: 'Active' }] },
          },
        },
        M: kafkaIf('UseKafka'),
      },
      false,
    ],
    [
      'a source that is Kafka in one branch',
      { Fn: lambda('Active'), M: mapping({ EventSourceArn: { 'Fn::If': ['UseKafka', KAFKA, QUEUE] } }) },
      true,
    ],
    [
      'a mode from a mapping',
      {
        Fn: lambda({ 'Fn::FindInMap': ['Modes', { Ref: 'AWS::Region' }, 'Mode'] }),
        M: mapping({ EventSourceArn: KAFKA }),
      },
      true,
    ],
    [
      'a parameter that allows Active',
      { Fn: lambda({ Ref: 'Mode' }), M: mapping({ EventSourceArn: KAFKA }) },
      true,
    ],
    [
      'a parameter that defaults to Active',
      { Fn: lambda({ Ref: 'Default' }), M: mapping({ EventSourceArn: KAFKA }) },
      true,
    ],
    [
      'a parameter from Parameter Store',
      { Fn: lambda({ Ref: 'Stored' }), M: mapping({ EventSourceArn: KAFKA }) },
      false,
    ],
    [
      'a condition that never holds',
      { Fn: lambda({ 'Fn::If': ['Never', 'Active', 'PassThrough'] }), M: mapping({ EventSourceArn: KAFKA }) },
      false,
    ],
  ])('%s', (_, resources, isFound) => {
    const source = conditional(resources, {
      Conditions: {
        ...Conditions,
        Never: { 'Fn::Equals': ['a', 'b'] },
        Traced: { 'Fn::Equals': [{ Ref: 'T' }, 'x'] },
      },
      Mappings: { Modes: { 'eu-west-1': { Mode: 'Active' }, 'us-east-1': { Mode: 'PassThrough' } } },
      Parameters: {
        Mode: { Type: 'String', AllowedValues: ['Active', 'PassThrough'], Default: 'PassThrough' },
        Default: { Type: 'String', Default: 'Active' },
        Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: 'Active' },
      },
    });
    expect(verdict(rule, source)).toHaveLength(isFound ? 1 : 0);
  });
});

describe('SAM', () => {
  const serverless = (properties: object) => ({ Type: 'AWS::Serverless::Function', Properties: properties });
  const Events = { Orders: { Type: 'MSK', Properties: { Stream: KAFKA } } };

  test.each(['MSK', 'SelfManagedKafka', 'MQ', 'DocumentDB'])('an event of type %s', (type) => {
    const resources = { Fn: serverless({ Tracing: 'Active', Events: { Orders: { Type: type } } }) };
    expect(verdict(rule, resources)).toEqual(['template0 FnOrders Events.Orders.Type']);
  });

  test.each(['SQS', 'Kinesis', 'DynamoDB', 'Api', 'S3'])('an event of type %s is fine', (type) => {
    expect(verdict(rule, { Fn: serverless({ Tracing: 'Active', Events: { E: { Type: type } } }) })).toEqual(
      [],
    );
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
    expect(verdict(rule, source)).toHaveLength(findings);
  });

  test('a mapping on the alias that SAM generates', () => {
    const resources = {
      Fn: serverless({ Tracing: 'Active', AutoPublishAlias: 'live' }),
      M: mapping({ EventSourceArn: KAFKA }, { Ref: 'Fn.Alias' }),
    };
    expect(verdict(rule, resources)).toEqual(['template0 M EventSourceArn']);
  });
});

test('the message names the function, the kind and the way out', () => {
  const source = stack(
    't',
    { Fn: lambda({ 'Fn::If': ['C', 'Active', 'PassThrough'] }), M: mapping({ EventSourceArn: KAFKA }) },
    { constructPaths: { Fn: 'Orders/Consumer/Resource' } },
  );
  const [finding] = rule.check(buildTracingModel([source]));
  expect(finding.message).toBe(
    "This event source mapping connects Amazon MSK to the function 'Orders/Consumer', whose tracing mode can be " +
      'Active; X-Ray does not support tracing behind Amazon MSK.',
  );
  expect(finding.fix).toContain('PassThrough');
});

test('the message names the alias that the mapping is on, however it is written', () => {
  const A = { Type: 'AWS::Lambda::Alias', Properties: { Name: 'live', FunctionName: { Ref: 'Fn' } } };
  for (const target of [{ Ref: 'A' }, { 'Fn::Sub': '${Fn}:live' }, { 'Fn::Sub': '${Fn.Arn}:live' }]) {
    const source = stack('t', { Fn: lambda('Active'), A, M: mapping({ EventSourceArn: KAFKA }, target) });
    const [{ message }] = rule.check(buildTracingModel([source]));
    expect(message).toContain("to the function 'Fn' (through 'A')");
  }
});

describe('templates that are no such', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', []],
    ['a string', 'Resources'],
    ['resources that are a list', { Resources: [1] }],
    ['a resource that is a string', { Resources: { Fn: 'x' } }],
    ['properties that are a number', { Resources: { Fn: { Type: 'AWS::Lambda::Function', Properties: 7 } } }],
    ['a mapping without anything', { Resources: { M: { Type: 'AWS::Lambda::EventSourceMapping' } } }],
    [
      'wrong types everywhere',
      {
        Resources: {
          Fn: { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: 'Active', FunctionName: [1] } },
          M: mapping({ EventSourceArn: 5, SourceAccessConfigurations: 'x', Topics: 1 }, { 'Fn::If': 'x' }),
          N: mapping({ EventSourceArn: { 'Fn::Join': 3 } }, { 'Fn::Sub': {} }),
          O: mapping({ EventSourceArn: { 'Fn::Select': [9, []] } }, { 'Fn::GetAtt': [] }),
          S: { Type: 'AWS::Serverless::Function', Properties: { Events: [null], Tracing: {} } },
        },
        Parameters: 1,
        Mappings: [],
        Conditions: 'x',
        Outputs: { A: null },
        Globals: [],
      },
    ],
  ])('%s', (_, template) => {
    expect(verdict(rule, { id: 't', template })).toEqual([]);
  });

  test('references in a circle', () => {
    const alias = (name: unknown) => ({ Type: 'AWS::Lambda::Alias', Properties: { FunctionName: name } });
    const source = stack(
      't',
      {
        A: alias({ Ref: 'B' }),
        B: alias({ Ref: 'A' }),
        M: mapping({ EventSourceArn: KAFKA }, { Ref: 'A' }),
        N: mapping({ EventSourceArn: KAFKA }, { 'Fn::ImportValue': 'Loop' }),
        O: { ...mapping({ EventSourceArn: KAFKA }), Condition: 'X' },
      },
      {
        sections: {
          Outputs: { L: { Value: { 'Fn::ImportValue': 'Loop' }, Export: { Name: 'Loop' } } },
          Conditions: { X: { Condition: 'Y' }, Y: { 'Fn::Not': [{ Condition: 'X' }] } },
        },
      },
    );
    expect(verdict(rule, source)).toEqual([]);
  });

  test('conditions without end in sight', () => {
    const deep = Array.from({ length: 40 }).reduce<unknown>(
      (inner, _, i) => ({ 'Fn::Join': ['', [{ 'Fn::If': [`C${i}`, 'a', 'b'] }, inner]] }),
      'x',
    );
    const resources = { Fn: lambda('Active'), M: mapping({ EventSourceArn: deep, Queues: ['q'] }) };
    expect(verdict(rule, resources)).toEqual(['template0 M Queues']);
  });
});
