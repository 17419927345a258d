import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  Chain,
  DefinitionBody,
  DistributedMap,
  IntegrationPattern,
  JsonPath,
  Pass,
  S3ObjectsItemReader,
  StateMachine,
  StateMachineType,
  TaskInput,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import {
  EvaluateExpression,
  LambdaInvoke,
  StepFunctionsStartExecution,
} from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { lambda, stackIn } from '../apps/app';
import { wholeApps } from './whole-apps';

wholeApps({
  'a distributed map over the objects of a bucket': (app) => {
    const stack = stackIn(app);
    const bucket = new Bucket(stack, 'Images');
    const resize = new LambdaInvoke(stack, 'Resize', { lambdaFunction: lambda(stack, 'Resizer') });
    const map = new DistributedMap(stack, 'Each', {
      itemReader: new S3ObjectsItemReader({ bucket, prefix: 'new/' }),
      mapExecutionType: StateMachineType.EXPRESS,
      maxConcurrency: 20,
    });
    new StateMachine(stack, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(map.itemProcessor(resize)),
    });
  },

  'a state machine that waits for a callback, and one that it starts': (app) => {
    const stack = stackIn(app);
    const ship = new LambdaInvoke(stack, 'Ship', {
      lambdaFunction: lambda(stack, 'Shipping').addAlias('live'),
    });
    const child = new StateMachine(stack, 'Child', {
      definitionBody: DefinitionBody.fromChainable(ship),
      stateMachineType: StateMachineType.EXPRESS,
    });
    const approve = new LambdaInvoke(stack, 'Approve', {
      integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      lambdaFunction: lambda(stack, 'Approval'),
      payload: TaskInput.fromObject({ token: JsonPath.taskToken }),
    });
    const start = new StepFunctionsStartExecution(stack, 'Start', { stateMachine: child });
    new StateMachine(stack, 'Parent', { definitionBody: DefinitionBody.fromChainable(approve.next(start)) });
  },

  EvaluateExpression: (app) => {
    const stack = stackIn(app);
    const wait = new EvaluateExpression(stack, 'Double', {
      expression: '$.seconds * 2',
      resultPath: '$.wait',
    });
    new StateMachine(stack, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(
        Chain.start(wait).next(new Wait(stack, 'Wait', { time: WaitTime.secondsPath('$.wait') })),
      ),
    });
  },

  'an EventBridge pipe with an enrichment': (app) => {
    const stack = stackIn(app);
    const source = new Queue(stack, 'Queue', { visibilityTimeout: Duration.minutes(1) });
    const enrichment = lambda(stack, 'Enrichment');
    const target = new StateMachine(stack, 'Target', {
      definitionBody: DefinitionBody.fromChainable(
        new LambdaInvoke(stack, 'Task', { lambdaFunction: lambda(stack, 'Worker') }).next(
          new Pass(stack, 'End'),
        ),
      ),
    });
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('pipes.amazonaws.com') });
    source.grantConsumeMessages(role);
    enrichment.grantInvoke(role);
    target.grantStartExecution(role);
    new CfnPipe(stack, 'Pipe', {
      roleArn: role.roleArn,
      source: source.queueArn,
      enrichment: enrichment.functionArn,
      target: target.stateMachineArn,
      targetParameters: { stepFunctionStateMachineParameters: { invocationType: 'FIRE_AND_FORGET' } },
    });
  },
});
