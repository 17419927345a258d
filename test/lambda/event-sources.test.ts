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
  ['nothing', {}, undefined, UNKNOWN],
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
  ['an ARN of which nothing is known', {}, {}, UNKNOWN],
  ['a property of its own', { Queues: ['q'] }, {}, { kind: 'mq', property: 'Queues' }],
  [
    'a property that is not set',
    { Queues: null, Topics: undefined, SelfManagedEventSource: [] },
    {},
    UNKNOWN,
  ],
  ['topics beside an ARN', { Topics: ['t'] }, {}, { kind: 'msk', property: 'Topics' }],
  ['topics without one', { Topics: ['t'] }, undefined, { kind: 'kafka', property: 'Topics' }],
  ['an access that is no list', { SourceAccessConfigurations: 'x' }, {}, UNKNOWN],
  ['an access that is no object', { SourceAccessConfigurations: ['VIRTUAL_HOST'] }, {}, UNKNOWN],
  ['an access that more kinds have', { SourceAccessConfigurations: [{ Type: 'BASIC_AUTH' }] }, {}, UNKNOWN],
  [
    'an access that Kafka of either kind has',
    { SourceAccessConfigurations: [{ Type: 'CLIENT_CERTIFICATE_TLS_AUTH' }] },
    undefined,
    { kind: 'kafka', property: 'SourceAccessConfigurations' },
  ],
])('what %s tells of a source', (_, properties, arn, expected) => {
  expect(classifyEventSource({ ...properties }, arn)).toEqual(expected);
});

test.each<[type: string, kind: EventSourceKind]>([
  ['AWS::SQS::Queue', 'sqs'],
  ['AWS::Kinesis::Stream', 'kinesis'],
  ['AWS::Kinesis::StreamConsumer', 'kinesis'],
  ['AWS::DynamoDB::Table', 'dynamodb'],
  ['AWS::DynamoDB::GlobalTable', 'dynamodb'],
  ['AWS::Serverless::SimpleTable', 'dynamodb'],
])('%s is a source of the kind %s', (resourceType, kind) => {
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
])('the event %s of SAM is a source of the kind %s', (event, kind) => {
  expect(classifySamEvent(event)).toBe(kind);
});

test('what people call the sources', () => {
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
  ['what is no ARN', { EventSourceArn: 'name:of:mq' }, ['unknown']],
  ['an ARN of which the beginning is given', { EventSourceArn: { 'Fn::Sub': '${Stage}:x:mq' } }, ['unknown']],
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
  ['what a macro brings in', { 'Fn::Transform': { Name: 'AWS::Include' } }, ['unknown']],
])('what %s tells of a mapping', (_, properties, kinds) => {
  const [{ sources }] = modelOf({ M: mapping(properties) }, PROD).eventSourceMappings;
  expect(sources.map(({ value }) => value.kind)).toEqual(kinds);
});
