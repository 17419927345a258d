import type { Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LambdaDestination, SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { KinesisEventSource, SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { edgeLinesOfStack, newFunction } from './stack-edge-lines';

function newTable(stack: Stack, id: string): dynamodb.Table {
  return new dynamodb.Table(stack, id, {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    stream: dynamodb.StreamViewType.NEW_IMAGE,
  });
}

test.each<[string, (stack: Stack, fn: lambda.Function) => void, string[]]>([
  [
    'grants to a function are calls',
    (stack, fn) => {
      newTable(stack, 'Table').grantReadWriteData(fn);
      new Queue(stack, 'Queue', { encryptionMasterKey: new Key(stack, 'Key') }).grantSendMessages(fn);
      new Bucket(stack, 'Bucket').grantRead(fn);
      new Topic(stack, 'Topic').grantPublish(fn);
      new EventBus(stack, 'Bus').grantPutEventsTo(fn);
      const definitionBody = sfn.DefinitionBody.fromChainable(new sfn.Pass(stack, 'Pass'));
      new sfn.StateMachine(stack, 'Machine', { definitionBody }).grantStartExecution(fn);
      const callee = newFunction(stack, 'Callee');
      callee.grantInvoke(fn);
      callee.addAlias('live').grantInvoke(fn);
      new Secret(stack, 'Secret').grantRead(fn);
      new StringParameter(stack, 'Parameter', { stringValue: 'x' }).grantRead(fn);
      Secret.fromSecretNameV2(stack, 'OutsideSecret', 'prod/db').grantRead(fn);
      StringParameter.fromStringParameterName(stack, 'OutsideParameter', '/prod/flags').grantRead(fn);
    },
    [
      'Fn -propagates-> Table',
      'Fn -propagates-> Queue',
      'Fn -breaks-> Bucket',
      'Fn -propagates-> Topic',
      'Fn -propagates-> Bus',
      'Fn -propagates-> Machine',
      'Fn -propagates-> Callee (synchronous)',
      'Fn -propagates-> Callee:CalleeAliaslive59318A86 (synchronous)',
      'Fn -propagates-> Secret',
      'Fn -propagates-> Parameter',
      'Fn -propagates-> prod/db',
      'Fn -propagates-> prod/flags',
    ],
  ],
  [
    'consumed queues and streams are not called',
    (stack, fn) => {
      fn.addEventSource(new SqsEventSource(new Queue(stack, 'Queue')));
      newTable(stack, 'Table').grantStreamRead(fn);
    },
    ['Queue -links-> Fn (queue)'],
  ],
  [
    'the failure destination of a stream is not called',
    (stack, fn) => {
      const onFailure = new SqsDlq(new Queue(stack, 'Queue'));
      const startingPosition = lambda.StartingPosition.LATEST;
      fn.addEventSource(new KinesisEventSource(new Stream(stack, 'Stream'), { startingPosition, onFailure }));
    },
    ['Stream -breaks-> Fn (stream)'],
  ],
  [
    'destinations are calls',
    (stack) => {
      newFunction(stack, 'Other', {
        onSuccess: new SqsDestination(new Queue(stack, 'Queue')),
        onFailure: new LambdaDestination(newFunction(stack, 'Failed')),
      });
      newFunction(stack, 'Last', { deadLetterQueue: new Queue(stack, 'Dead') });
    },
    ['Other -propagates-> Queue', 'Other -propagates-> Failed (asynchronous) ?', 'Last -propagates-> Dead ?'],
  ],
  [
    'tasks of a state machine are calls',
    (stack, fn) => {
      const invoke = new tasks.LambdaInvoke(stack, 'Invoke', { lambdaFunction: fn });
      const send = new tasks.SqsSendMessage(stack, 'Send', {
        queue: new Queue(stack, 'Queue'),
        messageBody: sfn.TaskInput.fromText('x'),
      });
      const publish = new tasks.SnsPublish(stack, 'Publish', {
        topic: new Topic(stack, 'Topic'),
        message: sfn.TaskInput.fromText('x'),
      });
      const put = new tasks.DynamoPutItem(stack, 'Put', {
        table: newTable(stack, 'Table'),
        item: { id: tasks.DynamoAttributeValue.fromString('x') },
      });
      const events = new tasks.EventBridgePutEvents(stack, 'Events', {
        entries: [
          {
            eventBus: new EventBus(stack, 'Bus'),
            detail: sfn.TaskInput.fromText('x'),
            detailType: 'x',
            source: 'x',
          },
        ],
      });
      const each = new sfn.Map(stack, 'Each').itemProcessor(send);
      const both = new sfn.Parallel(stack, 'Both').branch(publish).branch(put);
      const inner = new sfn.StateMachine(stack, 'Inner', {
        definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(stack, 'Pass')),
      });
      const start = new tasks.StepFunctionsStartExecution(stack, 'Start', {
        stateMachine: inner,
        integrationPattern: sfn.IntegrationPattern.RUN_JOB,
      });
      new sfn.StateMachine(stack, 'Machine', {
        tracingEnabled: true,
        definitionBody: sfn.DefinitionBody.fromChainable(
          invoke.next(each).next(both).next(events).next(start),
        ),
      });
    },
    [
      'Machine -starts-> Fn (synchronous)',
      'Machine -breaks-> Bus',
      'Machine -starts-> Inner',
      'Machine -starts-> Queue',
      'Machine -starts-> Topic',
      'Machine -starts-> Table',
    ],
  ],
  [
    'tasks of a definition file are calls',
    (stack, fn) => {
      new sfn.StateMachine(stack, 'Machine', {
        definitionBody: sfn.DefinitionBody.fromString(
          '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Worker}", "End": true}}}',
        ),
        definitionSubstitutions: { Worker: fn.functionArn },
      });
    },
    ['Machine -propagates-> Fn (synchronous)'],
  ],
])('CDK: %s', (_, build, expected) => {
  expect(edgeLinesOfStack(build)).toEqual(expected);
});
