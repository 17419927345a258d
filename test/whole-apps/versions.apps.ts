import { Duration } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Alias, CfnAlias, CfnVersion, EventInvokeConfig, Tracing, Version } from 'aws-cdk-lib/aws-lambda';
import { LambdaDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { lambda, stackIn } from '../apps/app';
import { wholeApps } from './whole-apps';

wholeApps({
  'CodeDeploy deployment groups': (app) => {
    const stack = stackIn(app);
    const fn = lambda(stack, 'Orders');
    const alias = new Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion });
    const alarm = new Alarm(stack, 'Errors', {
      metric: alias.metricErrors(),
      threshold: 1,
      evaluationPeriods: 1,
    });
    new LambdaDeploymentGroup(stack, 'Group', {
      alias,
      alarms: [alarm],
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      preHook: lambda(stack, 'BeforeTraffic'),
      postHook: lambda(stack, 'AfterTraffic'),
    });
  },

  'a weighted alias': (app) => {
    const stack = stackIn(app);
    const fn = lambda(stack, 'Orders');
    const stable = new Version(stack, 'Stable', { lambda: fn, description: 'Release 1' });
    new Alias(stack, 'Live', {
      aliasName: 'live',
      version: fn.currentVersion,
      additionalVersions: [{ version: stable, weight: 0.1 }],
    });
  },

  'provisioned concurrency that scales': (app) => {
    const fn = lambda(stackIn(app), 'Orders', {
      currentVersionOptions: { provisionedConcurrentExecutions: 2 },
    });
    const alias = fn.addAlias('live', { provisionedConcurrentExecutions: 5 });
    alias.addAutoScaling({ maxCapacity: 50 }).scaleOnUtilization({ utilizationTarget: 0.5 });
  },

  'destinations of a version and an alias': (app) => {
    const stack = stackIn(app);
    const onFailure = new LambdaDestination(lambda(stack, 'Failures'));
    const fn = lambda(stack, 'Orders', { currentVersionOptions: { retryAttempts: 1, onFailure } });
    fn.addAlias('live', { maxEventAge: Duration.hours(1), onFailure });
    const version = new Version(stack, 'Stable', { lambda: fn, description: 'Release 1' });
    new EventInvokeConfig(stack, 'Config', { function: fn, qualifier: version.version, onFailure });
  },

  'versions without constructs of their own': (app) => {
    const stack = stackIn(app);
    const { functionName } = lambda(stack, 'Orders', { description: 'Takes orders' });
    const version = new CfnVersion(stack, 'Version', { functionName });
    new CfnAlias(stack, 'Live', { functionName, functionVersion: version.attrVersion, name: 'live' });
  },

  'functions with tracing of their own': (app) => {
    const stack = stackIn(app);
    const lambdaFunction = lambda(stack, 'Orders', { tracing: Tracing.ACTIVE });
    lambdaFunction.addAlias('live');
    new StateMachine(stack, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(new LambdaInvoke(stack, 'Task', { lambdaFunction })),
      tracingEnabled: true,
    });
    lambda(stack, 'Billing', { tracing: Tracing.PASS_THROUGH }).addAlias('live');
    lambda(stack, 'Shipping', { tracing: Tracing.DISABLED }).addAlias('live');
    return ['Stack/Billing'];
  },
});
