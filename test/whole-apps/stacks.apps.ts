import {
  type App,
  Aspects,
  CfnCondition,
  CfnOutput,
  CfnParameter,
  CfnResource,
  Fn,
  NestedStack,
  type Stack,
} from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Role } from 'aws-cdk-lib/aws-iam';
import { CfnAlias, type CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { DEFAULT_CROSS_STACK_REFERENCES } from 'aws-cdk-lib/cx-api';
import { lambda, stackIn } from '../apps/app';
import { include } from '../apps/include';
import { wholeApps } from './whole-apps';

function stackInRegion(app: App, id: string, region: string): Stack {
  const env = { account: '111122223333', region };
  return stackIn(app, id, { env, crossRegionReferences: true });
}

/** A template as teams wrote it before they used the CDK. */
const INCLUDED = {
  Parameters: { Stage: { Type: 'String', Default: 'prod' } },
  Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
      },
    },
    Fn: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { ZipFile: 'exports.handler = async () => {};' },
        Handler: 'index.handler',
        MemorySize: { 'Fn::If': ['IsProd', 1024, 256] },
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Runtime: 'nodejs22.x',
      },
    },
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
    Live: {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: 'Fn' },
        FunctionVersion: { 'Fn::GetAtt': ['Version', 'Version'] },
        Name: 'live',
      },
    },
  },
};

/** The orders in one region, and their caller in another. */
function acrossRegions(app: App): void {
  const fn = lambda(stackInRegion(app, 'Virginia', 'us-east-1'), 'Orders');
  const caller = lambda(stackInRegion(app, 'Ireland', 'eu-west-1'), 'Caller', {
    environment: { ORDERS: fn.addAlias('live').functionArn, VERSION: fn.currentVersion.version },
  });
  fn.grantInvoke(caller);
}

wholeApps({
  'nested stacks that use functions of each other': (app) => {
    const stack = stackIn(app);
    const orders = new NestedStack(stack, 'Orders');
    const intake = lambda(orders, 'Intake');
    const inner = new NestedStack(new NestedStack(stack, 'Reports'), 'Inner');
    const report = lambda(inner, 'Report');
    intake.addAlias('live').grantInvoke(report);
    new Rule(inner, 'Nightly', {
      schedule: Schedule.cron({ hour: '2', minute: '0' }),
      targets: [new LambdaFunction(report.currentVersion)],
    });
  },

  'references across regions': acrossRegions,

  'references across regions, in an older project': (app) => {
    app.node.setContext(DEFAULT_CROSS_STACK_REFERENCES, 'strong');
    acrossRegions(app);
  },

  'an exported version': (app) => {
    const { currentVersion } = lambda(stackIn(app, 'Orders'), 'Orders');
    const caller = stackIn(app, 'Caller');
    currentVersion.grantInvoke(lambda(caller, 'Fn'));
    new CfnOutput(caller, 'Version', { value: currentVersion.version });
    new CfnAlias(caller, 'Stable', {
      functionName: currentVersion.lambda.functionName,
      functionVersion: currentVersion.version,
      name: 'stable',
    });
  },

  'an included template': (app) => {
    const stack = stackIn(app);
    const included = include(stack, INCLUDED);
    const fn = included.getResource('Fn') as CfnFunction;
    fn.description = 'Takes orders';
    lambda(stack, 'Caller', { environment: { ORDERS: fn.ref } });
  },

  'an included SAM template': (app) => {
    const included = include(stackIn(app), {
      Transform: 'AWS::Serverless-2016-10-31',
      Globals: { Function: { Runtime: 'nodejs22.x', Handler: 'index.handler', AutoPublishAlias: 'live' } },
      Resources: {
        Orders: {
          Type: 'AWS::Serverless::Function',
          Properties: { InlineCode: 'exports.handler = async () => {};', Policies: 'AmazonS3ReadOnlyAccess' },
        },
        Table: { Type: 'AWS::Serverless::SimpleTable' },
      },
    });
    included.getResource('Orders').addPropertyOverride('MemorySize', 512);
  },

  'functions that an aspect adds': (app) => {
    const stack = stackIn(app);
    lambda(stack, 'Orders');
    Aspects.of(stack).add({
      visit: (construct) => {
        if (construct !== stack || stack.node.tryFindChild('Audit')) return;
        lambda(stack, 'Audit').addAlias('live');
      },
    });
  },

  'resources that exist only in production': (app) => {
    const stack = stackIn(app);
    const stage = new CfnParameter(stack, 'Stage', { default: 'test' });
    const expression = Fn.conditionEquals(stage, 'prod');
    const condition = new CfnCondition(stack, 'IsProd', { expression });
    new Topic(stack, 'Orders').addSubscription(new LambdaSubscription(lambda(stack, 'Audit')));
    const resources = stack.node.findAll().filter((construct) => CfnResource.isCfnResource(construct));
    for (const { cfnOptions } of resources) cfnOptions.condition = condition;
    lambda(stack, 'Report');
  },

  'stacks in other partitions': (app) => {
    for (const [id, region] of [
      ['Gov', 'us-gov-west-1'],
      ['China', 'cn-north-1'],
    ]) {
      const stack = stackIn(app, id, { env: { account: '111122223333', region } });
      new Topic(stack, 'Orders').addSubscription(new LambdaSubscription(lambda(stack, 'OnOrder')));
    }
  },

  'topics and state machines in other stacks than their function': (app) => {
    const env = { account: '111122223333', region: 'eu-west-1' };
    const [topics, functions, workflows] = ['Topics', 'Functions', 'Workflows'].map((id) =>
      stackIn(app, id, { env }),
    );
    const lambdaFunction = lambda(functions, 'Orders');
    const arn = 'arn:aws:sns:eu-west-1:111122223333:imported';
    for (const topic of [
      new Topic(topics, 'Placed'),
      Topic.fromTopicArn(functions, 'Imported', arn),
      new Topic(new NestedStack(functions, 'Nested'), 'Shipped'),
    ]) {
      topic.addSubscription(new LambdaSubscription(lambdaFunction));
    }
    const task = new LambdaInvoke(workflows, 'Task', { lambdaFunction });
    new StateMachine(workflows, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(task),
      role: Role.fromRoleName(workflows, 'Role', 'state-machines'),
    });
  },
});
