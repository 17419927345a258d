import fc from 'fast-check';
import { buildTracingModel } from '../../../lib/model/build-model';
import { lambda, mapping } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

/** The properties in which callers name their targets, and values of these properties. */
const KEYS = [
  'Actions',
  'Arn',
  'BucketName',
  'DestinationArn',
  'Endpoint',
  'Endpoints',
  'Enrichment',
  'EventBridgeConfiguration',
  'EventBusName',
  'EventPattern',
  'Events',
  'EventSourceArn',
  'ExtendedS3DestinationConfiguration',
  'FunctionName',
  'Input',
  'KafkaBootstrapServers',
  'KinesisStreamSourceConfiguration',
  'Lambda',
  'LambdaConfigurations',
  'LambdaFunctionParameters',
  'LogGroupName',
  'Name',
  'NotificationConfiguration',
  'Parameters',
  'ProcessingConfiguration',
  'Processors',
  'Properties',
  'Protocol',
  'Queue',
  'ScheduleExpression',
  'SelfManagedEventSource',
  'Source',
  'SourceParameters',
  'SqsSubscription',
  'StreamARN',
  'Subscription',
  'Target',
  'TargetParameters',
  'Targets',
  'Topic',
  'TopicArn',
  'TopicName',
  'TopicRulePayload',
  'TracingConfig',
  'Type',
  'source',
];

const TYPES = [
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::IoT::TopicRule',
  'AWS::Kinesis::Stream',
  'AWS::Kinesis::StreamConsumer',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Logs::SubscriptionFilter',
  'AWS::Pipes::Pipe',
  'AWS::S3::Bucket',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::Scheduler::Schedule',
  'AWS::Serverless::Function',
  'Custom::S3BucketNotifications',
];

const NAMES = ['A', 'B', 'C', '__proto__', 'constructor'];

const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(
      ...['lambda', 'sqs', 'SQS', 'SNS', 'SelfManagedKafka', 'EventBridgeRule', 'Schedule', 'true', 'A', ''],
      ...[
        'smk://',
        'smk://a:1',
        'aws.s3',
        '{"FunctionName":"A"}',
        '{',
        'arn:',
        'arn:aws:sqs',
        'arn:aws:sqs:::',
      ],
      ...['arn:aws:sqs:r:1:*', 'arn:aws:scheduler:::aws-sdk:lambda:invoke', 'arn:aws:kinesis:r:1:stream/A'],
    ),
    fc.constantFrom(null, true, false, 0, -1, NaN),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.record({ Ref: fc.constantFrom(...NAMES) }),
    fc.record({ 'Fn::GetAtt': fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom('Arn', 'StreamArn')) }),
    fc.dictionary(fc.constantFrom('Fn::If', 'Fn::Join', 'Fn::Sub', 'Fn::ImportValue'), tie('value'), {
      maxKeys: 1,
    }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 4 }),
  ),
})).value;

const resource = fc.record({
  Type: fc.constantFrom(...TYPES),
  Properties: fc.oneof(
    { weight: 9, arbitrary: fc.dictionary(fc.constantFrom(...KEYS), anything, { maxKeys: 8 }) },
    { weight: 1, arbitrary: anything },
  ),
});

test('builds a map from callers with any values, with each edge at both of its nodes', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...NAMES), resource), (Resources) => {
      const { nodes, edges } = buildTracingModel([{ id: 't', template: { Resources } }]).traceMap;
      for (const edge of edges) {
        expect(nodes).toContain(edge.from);
        expect(edge.from.outgoing).toContain(edge);
        expect(edge.to.incoming).toContain(edge);
      }
      expect(nodes.map(({ name }) => name).join()).not.toMatch(/undefined|\[object/);
    }),
    { numRuns: 2000, seed: 42 },
  );
});

test('a stream consumer of itself belongs to an unknown stream', () => {
  const Consumer = { Type: 'AWS::Kinesis::StreamConsumer', Properties: { StreamARN: { Ref: 'Consumer' } } };
  const resources = { Fn: lambda(), Consumer, M: mapping({ EventSourceArn: { Ref: 'Consumer' } }) };
  expect(edgeLines(resources)).toEqual(['Consumer -breaks-> Fn (stream)']);
});
