import { lambda, type Resources, stack } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const TOPIC = { Orders: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'orders' } } };
const TRACED = { Orders: { Type: 'AWS::SNS::Topic', Properties: { TracingConfig: 'Active' } } };
const QUEUE = { Jobs: { Type: 'AWS::SQS::Queue' } };
const FN = { 'Fn::GetAtt': ['Fn', 'Arn'] };

test.each<[string, Resources, string[]]>([
  ['a topic', { ...TOPIC, S: subscription({ Ref: 'Orders' }) }, ['Orders -propagates-> Fn (asynchronous)']],
  [
    'a topic by its attribute',
    { ...TOPIC, S: subscription({ 'Fn::GetAtt': ['Orders', 'TopicArn'] }) },
    ['Orders -propagates-> Fn (asynchronous)'],
  ],
  [
    'a topic by its ARN',
    { ...TOPIC, S: subscription('arn:aws:sns:eu-west-1:111122223333:orders') },
    ['Orders -propagates-> Fn (asynchronous)'],
  ],
  [
    'a topic by a joined ARN',
    {
      ...TOPIC,
      S: subscription({ 'Fn::Sub': 'arn:aws:sns:${AWS::Region}:${AWS::AccountId}:${Orders.TopicName}' }),
    },
    ['Orders -propagates-> Fn (asynchronous)'],
  ],
  [
    'a topic outside of the templates',
    { S: subscription({ 'Fn::Join': [':', ['arn:aws:sns', { Ref: 'AWS::Region' }, '1', 'others']] }) },
    ['others -propagates-> Fn (asynchronous)'],
  ],
  [
    'a topic that is known only at deployment',
    { S: subscription({ Ref: 'TopicArn' }) },
    ['TopicArn -propagates-> Fn (asynchronous)'],
  ],
  [
    'a topic with active tracing, which does not sample,',
    { ...TRACED, S: subscription({ Ref: 'Orders' }) },
    ['Orders -propagates-> Fn (asynchronous)'],
  ],
  [
    'a topic with an embedded subscription',
    {
      Orders: {
        Type: 'AWS::SNS::Topic',
        Properties: { Subscription: [{ Protocol: 'lambda', Endpoint: FN }] },
      },
    },
    ['Orders -propagates-> Fn (asynchronous)'],
  ],
  [
    'a topic, through a version',
    {
      ...TOPIC,
      V1: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
      S: subscription({ Ref: 'Orders' }, 'lambda', { Ref: 'V1' }),
    },
    ['Orders -propagates-> Fn:V1 (asynchronous)'],
  ],
  [
    'a topic possibly, with a filter policy,',
    {
      ...TOPIC,
      S: subscription({ Ref: 'Orders' }, 'lambda', FN, { FilterPolicy: { store: ['example_corp'] } }),
    },
    ['Orders -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'a topic with an empty filter policy',
    { ...TOPIC, S: subscription({ Ref: 'Orders' }, 'lambda', FN, { FilterPolicy: {} }) },
    ['Orders -propagates-> Fn (asynchronous)'],
  ],
  [
    'one of two topics',
    { ...TOPIC, S: subscription({ 'Fn::If': ['C', { Ref: 'Orders' }, 'arn:aws:sns:eu-west-1:1:others'] }) },
    ['Orders -propagates-> Fn (asynchronous) ?', 'others -propagates-> Fn (asynchronous) ?'],
  ],
])('%s calls a function', (_, resources, expected) => {
  expect(edgeLines({ Fn: lambda('Active'), ...resources })).toEqual(expected);
});

test.each<[string, Resources, string[]]>([
  [
    'a queue',
    { ...QUEUE, S: subscription({ Ref: 'Orders' }, 'sqs', { 'Fn::GetAtt': ['Jobs', 'Arn'] }) },
    ['Orders -propagates-> Jobs'],
  ],
  [
    'a delivery stream',
    {
      Lake: { Type: 'AWS::KinesisFirehose::DeliveryStream' },
      S: subscription({ Ref: 'Orders' }, 'firehose', { 'Fn::GetAtt': ['Lake', 'Arn'] }),
    },
    ['Orders -propagates-> Lake'],
  ],
  ['nothing by email', { S: subscription({ Ref: 'Orders' }, 'email', 'a@example.com') }, []],
  [
    'nothing by a function URL',
    {
      Fn: lambda(),
      Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: FN } },
      S: subscription({ Ref: 'Orders' }, 'https', { 'Fn::GetAtt': ['Url', 'FunctionUrl'] }),
    },
    ['Url -breaks-> Fn (synchronous)'],
  ],
  [
    'nothing if the protocol is known only at deployment',
    { S: subscription({ Ref: 'Orders' }, { Ref: 'P' }, FN) },
    [],
  ],
])('a topic calls %s', (_, resources, expected) => {
  expect(edgeLines({ ...TOPIC, ...resources })).toEqual(expected);
});

test.each<[string, object, string[]]>([
  ['a topic', { Topic: { Ref: 'Orders' } }, ['Orders -propagates-> Fn (asynchronous)']],
  [
    'a topic, by a generated queue,',
    { Topic: { Ref: 'Orders' }, SqsSubscription: true },
    ['Orders -propagates-> FnEQueue', 'FnEQueue -links-> Fn (queue)'],
  ],
  [
    'a topic, by a queue',
    { Topic: { Ref: 'Orders' }, SqsSubscription: { QueueArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] } } },
    ['Orders -propagates-> Jobs', 'Jobs -links-> Fn (queue)'],
  ],
  [
    'a topic, by no queue',
    { Topic: { Ref: 'Orders' }, SqsSubscription: false },
    ['Orders -propagates-> Fn (asynchronous)'],
  ],
  [
    'a topic, by a queue under a parameter,',
    { Topic: { Ref: 'Orders' }, SqsSubscription: { Ref: 'UseQueue' } },
    ['Orders -propagates-> FnEQueue', 'FnEQueue -links-> Fn (queue)'],
  ],
  [
    'a topic, by a queue, both known only at deployment,',
    { Topic: { Ref: 'TopicArn' }, SqsSubscription: { QueueArn: { Ref: 'QueueArn' } } },
    ['TopicArn -propagates-> QueueArn', 'QueueArn -links-> Fn (queue)'],
  ],
  [
    'a topic possibly, with a filter policy,',
    { Topic: { Ref: 'Orders' }, FilterPolicy: { store: ['example_corp'] } },
    ['Orders -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'a topic possibly, by a queue with a filter policy,',
    { Topic: { Ref: 'Orders' }, FilterPolicy: { store: ['example_corp'] }, SqsSubscription: true },
    ['Orders -propagates-> FnEQueue ?', 'FnEQueue -links-> Fn (queue)'],
  ],
])('%s calls a SAM function', (_, Properties, expected) => {
  const Fn = {
    Type: 'AWS::Serverless::Function',
    Properties: { Events: { E: { Type: 'SNS', Properties } } },
  };
  const sections = { Parameters: { UseQueue: { Type: 'String', Default: 'true' } } };
  expect(edgeLines(stack('sam', { ...TOPIC, ...QUEUE, Fn }, { sections }))).toEqual(expected);
});

describe('an AWS service that publishes to a topic', () => {
  const ARN = { Ref: 'Orders' };
  const calling = { ...TOPIC, Fn: lambda('Active'), S: subscription(ARN) };

  test.each<[string, object, string]>([
    ['AWS::CloudWatch::Alarm', { OKActions: [ARN, 'arn:aws:automate:eu-west-1:ec2:stop'] }, 'cloudwatch'],
    ['AWS::CloudWatch::Alarm', { InsufficientDataActions: [ARN] }, 'cloudwatch'],
    ['AWS::CloudWatch::LogAlarm', { AlarmActions: [ARN] }, 'cloudwatch'],
    ['AWS::Neptune::EventSubscription', { SnsTopicArn: ARN }, 'neptune'],
    ['AWS::CloudWatch::CompositeAlarm', { AlarmActions: [ARN] }, 'cloudwatch'],
    ['AWS::CloudWatch::CompositeAlarm', { OKActions: [ARN] }, 'cloudwatch'],
    ['AWS::CloudWatch::CompositeAlarm', { InsufficientDataActions: [ARN] }, 'cloudwatch'],
    [
      'AWS::AutoScaling::AutoScalingGroup',
      {
        NotificationConfigurations: [
          { TopicARN: [ARN], NotificationTypes: ['autoscaling:EC2_INSTANCE_LAUNCH'] },
        ],
      },
      'autoscaling',
    ],
    ['AWS::AutoScaling::AutoScalingGroup', { NotificationConfiguration: { TopicARN: ARN } }, 'autoscaling'],
    ['AWS::AutoScaling::LifecycleHook', { NotificationTargetARN: ARN }, 'autoscaling'],
    [
      'AWS::Budgets::Budget',
      { NotificationsWithSubscribers: [{ Subscribers: [{ Address: 'a@example.com' }, { Address: ARN }] }] },
      'budgets',
    ],
    ['AWS::Backup::BackupVault', { Notifications: { SNSTopicArn: ARN } }, 'backup'],
    ['AWS::RDS::EventSubscription', { SnsTopicArn: ARN }, 'events.rds'],
    ['AWS::Redshift::EventSubscription', { SnsTopicArn: ARN }, 'redshift'],
    ['AWS::DMS::EventSubscription', { SnsTopicArn: ARN }, 'dms'],
    ['AWS::ElastiCache::CacheCluster', { NotificationTopicArn: ARN }, 'elasticache'],
    ['AWS::ElastiCache::ReplicationGroup', { NotificationTopicArn: ARN }, 'elasticache'],
    ['AWS::CloudFormation::Stack', { NotificationARNs: [ARN] }, 'cloudformation'],
    ['AWS::CloudTrail::Trail', { SnsTopicName: { 'Fn::GetAtt': ['Orders', 'TopicName'] } }, 'cloudtrail'],
    [
      'AWS::CodeStarNotifications::NotificationRule',
      { Targets: [{ TargetType: 'SNS', TargetAddress: ARN }] },
      'codestar-notifications',
    ],
    ['AWS::Config::DeliveryChannel', { SnsTopicARN: ARN }, 'config'],
    ['AWS::CE::AnomalySubscription', { Subscribers: [{ Type: 'SNS', Address: ARN }] }, 'costalerts'],
    [
      'AWS::SES::ConfigurationSetEventDestination',
      { EventDestination: { SnsDestination: { TopicARN: ARN } } },
      'ses',
    ],
    ['AWS::SES::ReceiptRule', { Rule: { Actions: [{ SNSAction: { TopicArn: ARN } }] } }, 'ses'],
  ])('by an %s: %j', (Type, Properties, service) => {
    expect(edgeLines({ ...calling, R: { Type, Properties } })).toEqual([
      'Orders -propagates-> Fn (asynchronous)',
      `${service}.amazonaws.com -breaks-> Orders`,
    ]);
  });

  test('is left out if the topic calls nothing', () => {
    const Alarm = { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmActions: [ARN] } };
    expect(edgeLines({ ...TOPIC, Alarm })).toEqual([]);
  });
});

test('a topic of another stack calls a function', () => {
  const topics = stack('topics', TOPIC, {
    sections: { Outputs: { O: { Value: { Ref: 'Orders' }, Export: { Name: 'orders' } } } },
  });
  const functions = { Fn: lambda(), S: subscription({ 'Fn::ImportValue': 'orders' }) };
  expect(edgeLines(topics, functions)).toEqual(['Orders -propagates-> Fn (asynchronous)']);
});

function subscription(
  topic: unknown,
  protocol: unknown = 'lambda',
  endpoint: unknown = FN,
  more: object = {},
) {
  return {
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: topic, Protocol: protocol, Endpoint: endpoint, ...more },
  };
}
