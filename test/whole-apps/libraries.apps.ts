import { Validations } from 'aws-cdk-lib';
import { LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { MonitoringFacade } from 'cdk-monitoring-constructs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DatadogLambda } from 'datadog-cdk-constructs-v2';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { lambda, stackIn } from '../apps/app';
import { wholeApps } from './whole-apps';

wholeApps({
  'cdk-nag and both packs': (app) => {
    const stack = stackIn(app);
    const deadLetters = new Queue(stack, 'DeadLetters', { enforceSSL: true });
    const queue = new Queue(stack, 'Queue', {
      deadLetterQueue: { maxReceiveCount: 3, queue: deadLetters },
      enforceSSL: true,
    });
    lambda(stack, 'Orders', { runtime: Runtime.NODEJS_24_X }).addEventSource(new SqsEventSource(queue));
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new LambdaXRayChecks(app));
    const reason = 'AWS maintains these policies, and X-Ray knows no resources.';
    for (const policy of ['service-role/AWSLambdaBasicExecutionRole', 'AWSXRayDaemonWriteAccess']) {
      const id = `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}]`;
      Validations.of(stack).acknowledge({ id, reason });
    }
    Validations.of(stack).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason });
  },

  "Datadog's construct": (app) => {
    const stack = stackIn(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
    const orders = lambda(stack, 'Orders');
    const datadog = new DatadogLambda(stack, 'Datadog', {
      apiKeySecret: Secret.fromSecretNameV2(stack, 'ApiKey', 'datadog'),
      enableMergeXrayTraces: true,
      extensionLayerVersion: 65,
      nodeLayerVersion: 115,
      // Otherwise it reads the origin of the Git repository, which not every clone has.
      sourceCodeIntegration: false,
    });
    datadog.addLambdaFunctions([orders]);
    orders.addAlias('live');
  },

  'cdk-monitoring-constructs': (app) => {
    const stack = stackIn(app);
    const orders = lambda(stack, 'Orders');
    const api = new LambdaRestApi(stack, 'Api', { handler: orders });
    new MonitoringFacade(stack, 'Monitoring')
      .monitorLambdaFunction({
        lambdaFunction: orders,
        addFaultCountAlarm: { Critical: { maxErrorCount: 5 } },
      })
      .monitorApiGateway({ api });
  },
});
