import { lambda, type Resources } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const FN = { 'Fn::GetAtt': ['Fn', 'Arn'] };
const QUEUE = { 'Fn::GetAtt': ['Jobs', 'Arn'] };

test.each<[string, Resources, string[]]>([
  [
    'a function',
    bucket({ LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: FN }] }),
    ['Uploads -propagates-> Fn (asynchronous)'],
  ],
  [
    'a queue and a topic',
    bucket({ QueueConfigurations: [{ Queue: QUEUE }], TopicConfigurations: [{ Topic: { Ref: 'News' } }] }),
    ['Uploads -propagates-> Jobs', 'Uploads -propagates-> News'],
  ],
  [
    'a function, by every upload in one part',
    bucket({ LambdaConfigurations: [{ Event: 's3:ObjectCreated:Put', Function: FN }] }),
    ['Uploads -propagates-> Fn (asynchronous)'],
  ],
  [
    'a function possibly, by removals',
    bucket({ LambdaConfigurations: [{ Event: 's3:ObjectRemoved:*', Function: FN }] }),
    ['Uploads -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'a function possibly, by events of a parameter',
    bucket({ LambdaConfigurations: [{ Event: { Ref: 'Event' }, Function: FN }] }),
    ['Uploads -propagates-> Fn (asynchronous) ?'],
  ],
  [
    'a queue possibly, for some keys',
    bucket({
      QueueConfigurations: [
        {
          Event: 's3:ObjectCreated:*',
          Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'raw/' }] } },
          Queue: QUEUE,
        },
      ],
    }),
    ['Uploads -propagates-> Jobs ?'],
  ],
  ['the default bus', bucket({ EventBridgeConfiguration: {} }), ['Uploads -breaks-> default']],
  ['no bus, if events are off', bucket({ EventBridgeConfiguration: { EventBridgeEnabled: false } }), []],
  [
    'the targets of the custom resource of CDK',
    {
      ...bucket(undefined),
      N: notifications({ Ref: 'Uploads' }, { LambdaFunctionConfigurations: [{ LambdaFunctionArn: FN }] }),
    },
    ['Uploads -propagates-> Fn (asynchronous)'],
  ],
  [
    'the targets of the custom resource of CDK, with and without a filter',
    {
      ...bucket(undefined),
      N: notifications(
        { Ref: 'Uploads' },
        {
          LambdaFunctionConfigurations: [
            {
              Events: ['s3:ObjectCreated:*'],
              Filter: { Key: { FilterRules: [{ Name: 'suffix', Value: '.csv' }] } },
              LambdaFunctionArn: FN,
            },
          ],
          QueueConfigurations: [{ Events: ['s3:ObjectRemoved:*', 's3:ObjectCreated:*'], QueueArn: QUEUE }],
          TopicConfigurations: [{ Events: ['s3:ObjectRestore:*'], TopicArn: { Ref: 'News' } }],
        },
      ),
    },
    [
      'Uploads -propagates-> Fn (asynchronous) ?',
      'Uploads -propagates-> Jobs',
      'Uploads -propagates-> News ?',
    ],
  ],
  [
    'a queue, from another bucket',
    {
      N: notifications('others', {
        QueueConfigurations: [{ QueueArn: QUEUE }],
        EventBridgeConfiguration: {},
      }),
    },
    ['others -propagates-> Jobs', 'others -breaks-> default'],
  ],
])('a bucket calls %s', (_, resources, expected) => {
  const targets = { Fn: lambda(), Jobs: { Type: 'AWS::SQS::Queue' }, News: { Type: 'AWS::SNS::Topic' } };
  expect(edgeLines({ ...targets, ...resources })).toEqual(expected);
});

test('a bucket calls a SAM function', () => {
  const Events = {
    E: { Type: 'S3', Properties: { Bucket: { Ref: 'Uploads' }, Events: 's3:ObjectCreated:*' } },
  };
  const Fn = { Type: 'AWS::Serverless::Function', Properties: { Events } };
  expect(edgeLines({ ...bucket(undefined), Fn })).toEqual(['Uploads -propagates-> Fn (asynchronous)']);
});

test.each([
  [{ Events: ['s3:ObjectRemoved:*'] }],
  [{ Events: 's3:ObjectCreated:*', Filter: { S3Key: { Rules: [{ Name: 'suffix', Value: '.jpg' }] } } }],
])('a bucket possibly calls a SAM function: %j', (event) => {
  const Events = { E: { Type: 'S3', Properties: { Bucket: { Ref: 'Uploads' }, ...event } } };
  const Fn = { Type: 'AWS::Serverless::Function', Properties: { Events } };
  expect(edgeLines({ ...bucket(undefined), Fn })).toEqual(['Uploads -propagates-> Fn (asynchronous) ?']);
});

function bucket(configuration: unknown): Resources {
  return { Uploads: { Type: 'AWS::S3::Bucket', Properties: { NotificationConfiguration: configuration } } };
}

function notifications(name: unknown, configuration: object) {
  return {
    Type: 'Custom::S3BucketNotifications',
    Properties: { BucketName: name, NotificationConfiguration: configuration },
  };
}
