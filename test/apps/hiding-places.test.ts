import { join } from 'node:path';
import { type App, CfnParameter, CfnResource, Fn, NestedStack, Stage, Validations } from 'aws-cdk-lib';
import { CfnBroker } from 'aws-cdk-lib/aws-amazonmq';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import {
  CfnEventSourceMapping,
  CfnFunction,
  EventSourceMapping,
  StartingPosition,
  Version,
} from 'aws-cdk-lib/aws-lambda';
import { CfnServerlessCluster } from 'aws-cdk-lib/aws-msk';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { readCloudAssembly } from '../../lib/input/cloud-assembly';
import { buildTracingModel } from '../../lib/model/build-model';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { UNSUPPORTED_EVENT_SOURCE } from '../../lib/rules/unsupported-event-source';
import { activeLambda, app, CLUSTER_ARN, lambda, stackIn, synthesize } from './app';

const KAFKA = {
  eventSourceArn: CLUSTER_ARN,
  kafkaTopic: 'orders',
  startingPosition: StartingPosition.LATEST,
};

const RULE = 'LambdaXRay-UnsupportedEventSource';

/** Builds an app, and returns the expected location of the finding. */
type HidingPlace = (app: App) => { path: string; property: string };

const HIDING_PLACES: Record<string, HidingPlace> = {
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

describe.each(Object.entries(HIDING_PLACES))('a mapping hidden in %s', (_, hide) => {
  test('fails the synthesis', () => {
    const hidden = app();
    const { path } = hide(hidden);
    Validations.of(hidden).addPlugins(new LambdaXRayChecks(hidden));
    const { passes, output } = synthesize(hidden);
    expect(passes).toBe(false);
    expect(output).toContain(path);
    expect(output).toContain(RULE);
  });

  test('is reported on the mapping with its property', () => {
    const hidden = app();
    const { path, property } = hide(hidden);
    const { success, violations } = new LambdaXRayChecks().validateScope(hidden);
    expect(success).toBe(false);
    expect(violations.filter(({ ruleName }) => ruleName === RULE)).toEqual([
      expect.objectContaining({
        ruleName: RULE,
        severity: 'error',
        violatingResources: [
          expect.objectContaining({ constructPath: path, locations: [`Properties.${property}`] }),
        ],
      }),
    ]);
  });

  test('is reported in the cloud assembly', () => {
    const hidden = app();
    const { path } = hide(hidden);
    const { directory } = hidden.synth();
    const found = UNSUPPORTED_EVENT_SOURCE.check(buildTracingModel(readCloudAssembly(directory).templates));
    expect(found.map(({ resource }) => resource.constructPath)).toEqual([path]);
  });

  test('is accepted if acknowledged', () => {
    const hidden = app();
    const { path } = hide(hidden);
    const mapping = hidden.node.findAll().find(({ node }) => node.path === path)!;
    Validations.of(mapping).acknowledge({ id: RULE, reason: 'Known.' });
    Validations.of(hidden).addPlugins(new LambdaXRayChecks(hidden));
    expect(synthesize(hidden).passes).toBe(true);
  });

  test('is accepted if the function is PassThrough', () => {
    const hidden = app();
    hide(hidden);
    for (const construct of hidden.node.findAll()) {
      if (construct instanceof CfnFunction) {
        construct.addPropertyOverride('TracingConfig.Mode', 'PassThrough');
      }
    }
    const { violations } = new LambdaXRayChecks().validateScope(hidden);
    expect(violations.filter(({ ruleName }) => ruleName === RULE)).toEqual([]);
  });
});
