import { CustomResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Distribution, experimental, LambdaEdgeEventType } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  PhysicalResourceId,
  Provider,
} from 'aws-cdk-lib/custom-resources';
import { Trigger, TriggerFunction } from 'aws-cdk-lib/triggers';
import { CODE, lambda, stackIn } from '../apps/app';
import { wholeApps } from './whole-apps';

wholeApps({
  'a custom resource of the provider framework': (app) => {
    const stack = stackIn(app);
    const { serviceToken } = new Provider(stack, 'Provider', {
      onEventHandler: lambda(stack, 'OnEvent'),
      isCompleteHandler: lambda(stack, 'IsComplete'),
      queryInterval: Duration.minutes(1),
    });
    new CustomResource(stack, 'Resource', { serviceToken, properties: { Name: 'orders' } });
  },

  'a custom resource with a singleton function': (app) => {
    const stack = stackIn(app);
    const handler = new SingletonFunction(stack, 'Handler', {
      ...CODE,
      uuid: '0a1b2c3d-0000-1111-2222-333344445555',
    });
    new CustomResource(stack, 'Resource', { serviceToken: handler.functionArn });
  },

  AwsCustomResource: (app) => {
    const stack = stackIn(app);
    new AwsCustomResource(stack, 'Parameter', {
      onUpdate: {
        service: 'SSM',
        action: 'GetParameter',
        parameters: { Name: 'orders' },
        physicalResourceId: PhysicalResourceId.of('orders'),
      },
      policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }),
    });
    lambda(stack, 'Orders');
  },

  'a bucket that is filled and emptied': (app) => {
    const stack = stackIn(app);
    const destinationBucket = new Bucket(stack, 'Site', {
      autoDeleteObjects: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const sources = [Source.data('index.html', '<p>Hello</p>')];
    new BucketDeployment(stack, 'Deployment', { destinationBucket, sources });
  },

  LogRetention: (app) => {
    const stack = stackIn(app);
    const { logGroupName } = lambda(stack, 'Orders').logGroup;
    new LogRetention(stack, 'Retention', { logGroupName, retention: RetentionDays.ONE_MONTH });
    lambda(stack, 'Billing', { logRetention: RetentionDays.ONE_WEEK });
  },

  triggers: (app) => {
    const stack = stackIn(app);
    const bucket = new Bucket(stack, 'Bucket');
    new TriggerFunction(stack, 'Migration', { ...CODE, timeout: Duration.minutes(1) }).executeAfter(bucket);
    new Trigger(stack, 'Check', { handler: lambda(stack, 'Checker') });
  },

  'Lambda@Edge functions': (app) => {
    const stack = stackIn(app, 'Site', { env: { account: '111122223333', region: 'eu-west-1' } });
    const edge = new experimental.EdgeFunction(stack, 'Headers', CODE);
    new Distribution(stack, 'Distribution', {
      defaultBehavior: {
        origin: new HttpOrigin('example.com'),
        edgeLambdas: [
          { functionVersion: edge.currentVersion, eventType: LambdaEdgeEventType.VIEWER_REQUEST },
        ],
      },
    });
    lambda(stack, 'Orders');
    return [edge.lambda.node.path];
  },
});
