import { Duration, type Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import { EventBus, LambdaFunction, SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sources from 'aws-cdk-lib/aws-lambda-event-sources';
import * as logs from 'aws-cdk-lib/aws-logs';
import { LambdaDestination as LogDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LambdaDestination, SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke, SnsPublish } from 'aws-cdk-lib/aws-scheduler-targets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { edgeLinesOfStack } from '../stack-edge-lines';

test.each<[string, (stack: Stack, fn: lambda.Function) => void, string[]]>([
  [
    'queues and streams',
    (stack, fn) => {
      fn.addEventSource(new sources.SqsEventSource(new sqs.Queue(stack, 'Queue')));
      const startingPosition = lambda.StartingPosition.LATEST;
      const stream = new kinesis.Stream(stack, 'Stream');
      fn.addEventSource(new sources.KinesisEventSource(stream, { startingPosition }));
      const table = new dynamodb.Table(stack, 'Table', {
        partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
        stream: dynamodb.StreamViewType.NEW_IMAGE,
      });
      fn.addEventSource(new sources.DynamoEventSource(table, { startingPosition }));
    },
    ['Queue -links-> Fn (queue)', 'Stream -breaks-> Fn (stream)', 'Table -breaks-> Fn (stream)'],
  ],
  [
    'Kafka',
    (stack, fn) => {
      const settings = { topic: 't', startingPosition: lambda.StartingPosition.LATEST };
      const clusterArn = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1-2';
      fn.addEventSource(new sources.ManagedKafkaEventSource({ clusterArn, ...settings }));
      const secret = Secret.fromSecretNameV2(stack, 'Secret', 'kafka');
      const bootstrapServers = ['a.example:9092'];
      fn.addEventSource(new sources.SelfManagedKafkaEventSource({ bootstrapServers, secret, ...settings }));
    },
    ['orders -breaks-> Fn (stream)', 'a.example:9092 -breaks-> Fn (stream)'],
  ],
  [
    'topics',
    (stack, fn) => {
      const topic = new sns.Topic(stack, 'Topic', { tracingConfig: sns.TracingConfig.ACTIVE });
      const queue = new sqs.Queue(stack, 'Queue');
      topic.addSubscription(new SqsSubscription(queue));
      topic.addSubscription(new LambdaSubscription(fn));
      fn.addEventSource(new sources.SnsEventSource(new sns.Topic(stack, 'Other')));
    },
    [
      'Topic -propagates-> Fn (asynchronous)',
      'Other -propagates-> Fn (asynchronous)',
      'Topic -propagates-> Queue',
    ],
  ],
  [
    'rules',
    (stack, fn) => {
      const eventBus = new events.EventBus(stack, 'Bus');
      const eventPattern = { source: ['shop.orders'] };
      const targets = [
        new LambdaFunction(fn),
        new SqsQueue(new sqs.Queue(stack, 'Queue')),
        new SnsTopic(new sns.Topic(stack, 'Topic')),
      ];
      new events.Rule(stack, 'Rule', { eventBus, eventPattern, targets });
      new events.Rule(stack, 'Forward', { eventPattern, targets: [new EventBus(eventBus)] });
      const schedule = events.Schedule.rate(Duration.hours(1));
      new events.Rule(stack, 'Hourly', { schedule, targets: [new LambdaFunction(fn)] });
    },
    [
      'Bus -propagates-> Fn (asynchronous) ?',
      'Bus -propagates-> Queue ?',
      'Bus -propagates-> Topic ?',
      'default -propagates-> Bus ?',
      'Hourly -breaks-> Fn (asynchronous)',
    ],
  ],
  [
    'schedules',
    (stack, fn) => {
      const schedule = ScheduleExpression.rate(Duration.hours(1));
      new Schedule(stack, 'Hourly', { schedule, target: new LambdaInvoke(fn) });
      new Schedule(stack, 'Daily', { schedule, target: new SnsPublish(new sns.Topic(stack, 'Topic')) });
    },
    ['Hourly -breaks-> Fn (asynchronous)', 'Daily -breaks-> Topic'],
  ],
  [
    'pipes',
    (stack, fn) => {
      const queue = new sqs.Queue(stack, 'Queue');
      const stateless = { roleArn: 'arn:aws:iam::111122223333:role/r', source: queue.queueArn };
      new CfnPipe(stack, 'Pipe', { ...stateless, target: fn.functionArn });
    },
    ['Queue -links-> Pipe', 'Pipe -breaks-> Fn (synchronous)'],
  ],
  [
    'buckets',
    (stack, fn) => {
      const bucket = new s3.Bucket(stack, 'Bucket');
      bucket.addEventNotification(s3.EventType.OBJECT_CREATED, new LambdaDestination(fn));
      const queue = new sqs.Queue(stack, 'Queue');
      bucket.addEventNotification(s3.EventType.OBJECT_REMOVED, new SqsDestination(queue));
      bucket.enableEventBridgeNotification();
    },
    ['Bucket -propagates-> Fn (asynchronous)', 'Bucket -propagates-> Queue ?', 'Bucket -breaks-> default'],
  ],
  [
    'buckets by event sources',
    (stack, fn) => {
      const bucket = new s3.Bucket(stack, 'Bucket');
      fn.addEventSource(new sources.S3EventSource(bucket, { events: [s3.EventType.OBJECT_CREATED] }));
    },
    ['Bucket -propagates-> Fn (asynchronous)'],
  ],
  [
    'log groups',
    (stack, fn) => {
      const filterPattern = logs.FilterPattern.allEvents();
      const logGroup = new logs.LogGroup(stack, 'Log');
      const destination = new LogDestination(fn);
      new logs.SubscriptionFilter(stack, 'Filter', { logGroup, filterPattern, destination });
    },
    ['Log -breaks-> Fn (asynchronous)'],
  ],
])('%s of CDK', (_, build, expected) => {
  expect(edgeLinesOfStack(build)).toEqual(expected);
});
