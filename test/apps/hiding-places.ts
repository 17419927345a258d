import { join } from 'node:path';
import { type App, CfnParameter, CfnResource, Fn, NestedStack, Stage } from 'aws-cdk-lib';
import { CfnBroker } from 'aws-cdk-lib/aws-amazonmq';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import {
  CfnEventSourceMapping,
  type CfnFunction,
  EventSourceMapping,
  StartingPosition,
  Version,
} from 'aws-cdk-lib/aws-lambda';
import { CfnServerlessCluster } from 'aws-cdk-lib/aws-msk';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { activeLambda, CLUSTER_ARN, lambda, stackIn } from './app';

const KAFKA = {
  eventSourceArn: CLUSTER_ARN,
  kafkaTopic: 'orders',
  startingPosition: StartingPosition.LATEST,
};

/** Builds an app, and returns the expected location of the finding. */
export type HidingPlace = (app: App) => { path: string; property: string };

/** Apps with an Active function and a Kafka, MSK or MQ event source, by what makes it hard to find. */
export const HIDING_PLACES: Record<string, HidingPlace> = {
  'another stack': (app) => {
    const fn = activeLambda(stackIn(app, 'Functions'));
    const events = stackIn(app, 'Events');
    new EventSourceMapping(events, 'Kafka', {
      target: fn,
      ...KAFKA,
    });
    return { path: 'Events/Kafka/Resource', property: 'EventSourceArn' };
  },
  'a nested stack': (app) => {
    const stack = stackIn(app);
    const fn = activeLambda(stack);
    const nested = new NestedStack(stack, 'Nested');
    fnMapping(nested, fn.functionName);
    return { path: 'Stack/Nested/Kafka', property: 'EventSourceArn' };
  },
  'a nested stack in another, the function beside it': (app) => {
    const stack = stackIn(app);
    const fn = activeLambda(new NestedStack(stack, 'Functions'));
    fnMapping(new NestedStack(new NestedStack(stack, 'Outer'), 'Inner'), fn.functionArn);
    return { path: 'Stack/Outer/Inner/Kafka', property: 'EventSourceArn' };
  },
  'another stage': (app) => {
    activeLambda(stackIn(new Stage(app, 'Functions')), 'Fn', { functionName: 'orders' });
    fnMapping(stackIn(new Stage(app, 'Events')), 'orders');
    return { path: 'Events/Stack/Kafka', property: 'EventSourceArn' };
  },
  'a bare resource': (app) => {
    const stack = stackIn(app);
    const fn = activeLambda(stack);
    new CfnResource(stack, 'Kafka', {
      type: 'AWS::Lambda::EventSourceMapping',
      properties: { FunctionName: fn.functionName, EventSourceArn: CLUSTER_ARN, StartingPosition: 'LATEST' },
    });
    return { path: 'Stack/Kafka', property: 'EventSourceArn' };
  },
  'a bare resource with intrinsic functions by hand': (app) => {
    const stack = stackIn(app);
    const id = stack.resolve((activeLambda(stack).node.defaultChild as CfnFunction).logicalId) as string;
    new CfnResource(stack, 'Kafka', {
      type: 'AWS::Lambda::EventSourceMapping',
      properties: {
        FunctionName: { 'Fn::Sub': `\${${id}.Arn}` },
        EventSourceArn: CLUSTER_ARN,
        StartingPosition: 'LATEST',
      },
    });
    return { path: 'Stack/Kafka', property: 'EventSourceArn' };
  },
  'a raw override of the source': (app) => {
    const stack = stackIn(app);
    const mapping = new EventSourceMapping(stack, 'Kafka', {
      target: activeLambda(stack),
      eventSourceArn: new Queue(stack, 'Queue').queueArn,
    });
    (mapping.node.defaultChild as CfnEventSourceMapping).addPropertyOverride('EventSourceArn', CLUSTER_ARN);
    return { path: 'Stack/Kafka/Resource', property: 'EventSourceArn' };
  },
  'a raw override of the mode': (app) => {
    const stack = stackIn(app);
    const fn = lambda(stack);
    fn.role?.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AWSXRayDaemonWriteAccess'));
    (fn.node.defaultChild as CfnFunction).addPropertyOverride('TracingConfig.Mode', 'Active');
    fnMapping(stack, fn.functionName);
    return { path: 'Stack/Kafka', property: 'EventSourceArn' };
  },
  'an include': (app) => {
    new CfnInclude(stackIn(app), 'Included', {
      templateFile: join(__dirname, 'included', 'kafka-consumer.json'),
    });
    return { path: 'Stack/Included/ConsumerEvents', property: 'Topics' };
  },
  'an alias': (app) => {
    const stack = stackIn(app);
    new EventSourceMapping(stack, 'Kafka', {
      target: activeLambda(stack).addAlias('live'),
      ...KAFKA,
    });
    return { path: 'Stack/Kafka/Resource', property: 'EventSourceArn' };
  },
  'an alias in another stack': (app) => {
    const alias = activeLambda(stackIn(app, 'Functions')).addAlias('live');
    fnMapping(stackIn(app, 'Events'), alias.functionArn);
    return { path: 'Events/Kafka', property: 'EventSourceArn' };
  },
  'a version': (app) => {
    const stack = stackIn(app);
    const version = new Version(stack, 'Version', { lambda: activeLambda(stack) });
    fnMapping(stack, version.functionArn);
    return { path: 'Stack/Kafka', property: 'EventSourceArn' };
  },
  'an ARN written out': (app) => {
    const env = { account: '111122223333', region: 'eu-west-1' };
    activeLambda(stackIn(app, 'Functions', { env }), 'Fn', { functionName: 'orders' });
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:orders:live';
    fnMapping(stackIn(app, 'Events', { env }), arn);
    return { path: 'Events/Kafka', property: 'EventSourceArn' };
  },
  'a name written out': (app) => {
    activeLambda(stackIn(app, 'Functions'), 'Fn', { functionName: 'orders' });
    fnMapping(stackIn(app, 'Events'), 'orders');
    return { path: 'Events/Kafka', property: 'EventSourceArn' };
  },
  'a cluster that is a reference': (app) => {
    const stack = stackIn(app);
    const cluster = new CfnServerlessCluster(stack, 'Cluster', {
      clusterName: 'orders',
      clientAuthentication: { sasl: { iam: { enabled: true } } },
      vpcConfigs: [{ subnetIds: ['subnet-1', 'subnet-2'] }],
    });
    fnMapping(stack, activeLambda(stack).functionName, { eventSourceArn: cluster.attrArn });
    return { path: 'Stack/Kafka', property: 'EventSourceArn' };
  },
  'a broker that is a reference to another stack': (app) => {
    const broker = new CfnBroker(stackIn(app, 'Brokers'), 'Broker', {
      brokerName: 'orders',
      deploymentMode: 'SINGLE_INSTANCE',
      engineType: 'RABBITMQ',
      hostInstanceType: 'mq.m5.large',
      publiclyAccessible: false,
    });
    const stack = stackIn(app, 'Events');
    fnMapping(stack, activeLambda(stack).functionName, {
      eventSourceArn: broker.attrArn,
      topics: undefined,
      queues: undefined,
    });
    return { path: 'Events/Kafka', property: 'EventSourceArn' };
  },
  'an imported ARN, whose kind only the topics tell': (app) => {
    const stack = stackIn(app);
    fnMapping(stack, activeLambda(stack).functionName, { eventSourceArn: Fn.importValue('ClusterArn') });
    return { path: 'Stack/Kafka', property: 'Topics' };
  },
  'a parameter, whose kind only the queues tell': (app) => {
    const stack = stackIn(app);
    fnMapping(stack, activeLambda(stack).functionName, {
      eventSourceArn: new CfnParameter(stack, 'BrokerArn').valueAsString,
      topics: undefined,
      queues: ['orders'],
    });
    return { path: 'Stack/Kafka', property: 'Queues' };
  },
};

function fnMapping(
  scope: NestedStack | ReturnType<typeof stackIn>,
  functionName: string,
  props: Partial<ConstructorParameters<typeof CfnEventSourceMapping>[2]> = {},
): CfnEventSourceMapping {
  return new CfnEventSourceMapping(scope, 'Kafka', {
    functionName,
    eventSourceArn: CLUSTER_ARN,
    topics: ['orders'],
    startingPosition: 'LATEST',
    ...props,
  });
}
