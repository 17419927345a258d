import { CfnResource } from 'aws-cdk-lib';
import { UserPool, UserPoolOperation } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Alias, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import {
  DynamoEventSource,
  KinesisEventSource,
  ManagedKafkaEventSource,
  S3EventSource,
  SelfManagedKafkaEventSource,
  SnsEventSource,
  SqsEventSource,
} from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CLUSTER_ARN, lambda, stackIn } from '../apps/app';
import { wholeApps } from './whole-apps';

const startingPosition = StartingPosition.LATEST;
const kafka = () =>
  new ManagedKafkaEventSource({ clusterArn: CLUSTER_ARN, topic: 'orders', startingPosition });

wholeApps({
  'a Kafka consumer with a version, and a queue consumer': (app) => {
    const stack = stackIn(app);
    const consumer = lambda(stack, 'KafkaConsumer');
    consumer.addEventSource(kafka());
    consumer.addAlias('live');
    lambda(stack, 'QueueConsumer').addEventSource(new SqsEventSource(new Queue(stack, 'Queue')));
    return ['Stack/KafkaConsumer'];
  },

  'self-managed Kafka, and an alias that consumes a topic': (app) => {
    const stack = stackIn(app);
    const own = lambda(stack, 'Own');
    own.addEventSource(
      new SelfManagedKafkaEventSource({
        bootstrapServers: ['broker:9092'],
        secret: Secret.fromSecretNameV2(stack, 'Credentials', 'kafka'),
        startingPosition,
        topic: 'orders',
      }),
    );
    new Alias(stack, 'Newest', { aliasName: 'newest', version: own.latestVersion });
    lambda(stack, 'Live').addAlias('live').addEventSource(kafka());
    lambda(stack, 'Other');
    return ['Stack/Own', 'Stack/Live'];
  },

  'a function that consumes both a Kafka topic and a queue': (app) => {
    const stack = stackIn(app);
    const consumer = lambda(stack, 'Consumer');
    consumer.addEventSource(kafka());
    consumer.addEventSource(new SqsEventSource(new Queue(stack, 'Queue')));
    lambda(stack, 'Other');
    return ['Stack/Consumer'];
  },

  'streams, topics and buckets': (app) => {
    const stack = stackIn(app);
    const partitionKey = { name: 'id', type: AttributeType.STRING };
    const table = new Table(stack, 'Table', { partitionKey, stream: StreamViewType.NEW_IMAGE });
    const bucket = new Bucket(stack, 'Bucket');
    const topic = new Topic(stack, 'Topic');
    const queue = new Queue(stack, 'Queue');
    topic.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true }));

    lambda(stack, 'OnChange').addEventSource(new DynamoEventSource(table, { startingPosition }));
    lambda(stack, 'OnRecord').addEventSource(
      new KinesisEventSource(new Stream(stack, 'Stream'), { startingPosition }),
    );
    lambda(stack, 'OnUpload').addEventSource(
      new S3EventSource(bucket, { events: [EventType.OBJECT_CREATED] }),
    );
    lambda(stack, 'OnNotice').addEventSource(new SnsEventSource(topic));
    lambda(stack, 'OnMessage').addAlias('live').addEventSource(new SqsEventSource(queue));
  },

  'notifications of an imported bucket': (app) => {
    const stack = stackIn(app);
    const bucket = Bucket.fromBucketName(stack, 'Bucket', 'uploads');
    bucket.addEventNotification(EventType.OBJECT_CREATED, new LambdaDestination(lambda(stack, 'OnUpload')));
  },

  'an event bus and a schedule': (app) => {
    const stack = stackIn(app);
    const eventBus = new EventBus(stack, 'Orders');
    const deadLetterQueue = new Queue(stack, 'DeadLetters');
    new Rule(stack, 'Placed', {
      eventBus,
      eventPattern: { source: ['orders'] },
      targets: [new LambdaFunction(lambda(stack, 'OnOrder').addAlias('live'), { deadLetterQueue })],
    });
    new Schedule(stack, 'Daily', {
      schedule: ScheduleExpression.expression('rate(1 day)'),
      target: new LambdaInvoke(lambda(stack, 'Report')),
    });
  },

  'triggers of a user pool': (app) => {
    const stack = stackIn(app);
    const pool = new UserPool(stack, 'Users', {
      lambdaTriggers: { preSignUp: lambda(stack, 'SignUp'), postConfirmation: lambda(stack, 'Welcome') },
    });
    pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION, lambda(stack, 'Claims'));
  },

  'the rotation of a secret, and a subscription to its log': (app) => {
    const stack = stackIn(app);
    const rotation = lambda(stack, 'Rotation');
    new Secret(stack, 'Secret').addRotationSchedule('Monthly', { rotationLambda: rotation });
    new CfnResource(stack, 'Filter', {
      type: 'AWS::Logs::SubscriptionFilter',
      properties: {
        DestinationArn: lambda(stack, 'OnLog').functionArn,
        FilterPattern: 'ERROR',
        LogGroupName: rotation.logGroup.logGroupName,
      },
    });
  },
});
