import {
  classifyEventSource,
  classifySamEvent,
  EVENT_SOURCE_NAMES,
  type EventSourceArn,
  type EventSourceKind,
  type ResolvedEventSource,
} from '../../lib/lambda/event-sources';
import { mapping } from '../rules/templates';
import { modelOf, PROD, when } from './published';

const UNKNOWN = { kind: 'unknown', property: 'EventSourceArn' } as const;

test.each<[string, object, EventSourceArn | undefined, ResolvedEventSource]>([
  ['no properties', {}, undefined, UNKNOWN],
  ['a service without tracing', {}, { service: 'kafka' }, { kind: 'msk', property: 'EventSourceArn' }],
  ['a service with tracing', {}, { service: 'sqs' }, { kind: 'sqs', property: 'EventSourceArn' }],
  ['another service', {}, { service: 's3' }, UNKNOWN],
  [
    'a type of resource',
    {},
    { resourceType: 'AWS::DocDB::DBCluster' },
    { kind: 'documentdb', property: 'EventSourceArn' },
  ],
  ['another type of resource', {}, { resourceType: 'AWS::S3::Bucket' }, UNKNOWN],
  ['an unknown ARN', {}, {}, UNKNOWN],
  ['a property of its own', { Queues: ['q'] }, {}, { kind: 'mq', property: 'Queues' }],
  [
    'a property that is not set',
    { Queues: null, Topics: undefined, SelfManagedEventSource: [] },
    {},
    UNKNOWN,
  ],
  ['topics with an ARN', { Topics: ['t'] }, {}, { kind: 'msk', property: 'Topics' }],
  ['topics without an ARN', { Topics: ['t'] }, undefined, { kind: 'kafka', property: 'Topics' }],
  ['access configurations that are not a list', { SourceAccessConfigurations: 'x' }, {}, UNKNOWN],
  [
    'an access configuration that is not an object',
    { SourceAccessConfigurations: ['VIRTUAL_HOST'] },
    {},
    UNKNOWN,
  ],
  ['an access type of several kinds', { SourceAccessConfigurations: [{ Type: 'BASIC_AUTH' }] }, {}, UNKNOWN],
  [
    'an access type of both kinds of Kafka',
    { SourceAccessConfigurations: [{ Type: 'CLIENT_CERTIFICATE_TLS_AUTH' }] },
    undefined,
    { kind: 'kafka', property: 'SourceAccessConfigurations' },
  ],
])('classifies a source by %s', (_, properties, arn, expected) => {
  expect(classifyEventSource({ ...properties }, arn)).toEqual(expected);
});

test.each<[type: string, kind: EventSourceKind]>([
  ['AWS::SQS::Queue', 'sqs'],
  ['AWS::Kinesis::Stream', 'kinesis'],
  ['AWS::Kinesis::StreamConsumer', 'kinesis'],
  ['AWS::DynamoDB::Table', 'dynamodb'],
  ['AWS::DynamoDB::GlobalTable', 'dynamodb'],
  ['AWS::Serverless::SimpleTable', 'dynamodb'],
])('%s is an event source of kind %s', (resourceType, kind) => {
  expect(classifyEventSource({}, { resourceType }).kind).toBe(kind);
});

test.each<[event: string, kind: EventSourceKind | undefined]>([
  ['SQS', 'sqs'],
  ['Kinesis', 'kinesis'],
  ['DynamoDB', 'dynamodb'],
  ['MSK', 'msk'],
  ['SelfManagedKafka', 'kafka'],
  ['MQ', 'mq'],
  ['DocumentDB', 'documentdb'],
  ['HttpApi', undefined],
])('the SAM event %s is an event source of kind %s', (event, kind) => {
  expect(classifySamEvent(event)).toBe(kind);
});

test('names the kinds of event source', () => {
  expect(Object.values(EVENT_SOURCE_NAMES)).toEqual([
    'Amazon MSK',
    'self-managed Apache Kafka',
    'Amazon MQ',
    'Amazon DocumentDB',
    'Amazon SQS',
    'Amazon Kinesis',
    'Amazon DynamoDB',
    'an unknown event source',
  ]);
});

test.each<[string, object, string[]]>([
  ['an ARN', { EventSourceArn: 'arn:aws:mq:eu-west-1:111122223333:broker:b:1' }, ['mq']],
  ['text that is not an ARN', { EventSourceArn: 'name:of:mq' }, ['unknown']],
  ['an ARN with an unknown start', { EventSourceArn: { 'Fn::Sub': '${Stage}:x:mq' } }, ['unknown']],
  [
    'an ARN in each case',
    { EventSourceArn: when('Prod', 'arn:aws:kafka:eu-west-1:1:cluster/c/1', 'arn:aws:sqs:eu-west-1:1:q') },
    ['msk', 'sqs'],
  ],
  [
    'properties in each case',
    {
      Queues: when('Prod', ['q'], { Ref: 'AWS::NoValue' }),
      Topics: when('Prod', { Ref: 'AWS::NoValue' }, ['t']),
    },
    ['mq', 'kafka'],
  ],
  ['properties of a macro', { 'Fn::Transform': { Name: 'AWS::Include' } }, ['unknown']],
])('classifies a mapping by %s', (_, properties, kinds) => {
  const [{ sources }] = modelOf({ M: mapping(properties) }, PROD).eventSourceMappings;
  expect(sources.map(({ value }) => value.kind)).toEqual(kinds);
});
