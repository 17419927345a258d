import {
  type App,
  CfnParameter,
  CfnResource,
  NestedStack,
  type Stack,
  Stage,
  Validations,
} from 'aws-cdk-lib';
import { Distribution, LambdaEdgeEventType } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import {
  CfnAlias,
  CfnEventSourceMapping,
  type CfnFunction,
  CfnVersion,
  type Function as LambdaFunction,
  Version,
} from 'aws-cdk-lib/aws-lambda';
import { Topic, TracingConfig } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { RULES } from '../../lib/rules';
import { parseCloudFormation } from '../rules/templates';
import { activeLambda, app, CLUSTER_ARN, lambda, stackIn } from './app';

function override(fn: LambdaFunction, property: string, value: unknown): void {
  (fn.node.defaultChild as CfnFunction).addPropertyOverride(property, value);
}

interface Template {
  readonly Parameters?: Record<string, { Type: string; AllowedValues?: string[] }>;
  readonly Resources: Record<string, { Type: string; Properties?: object; Metadata?: object }>;
}

/** Adds the parameters and resources of a template, which may lack properties that CloudFormation requires. */
function addResources(stack: Stack, yaml: string): void {
  const { Parameters = {}, Resources } = parseCloudFormation(yaml) as Template;
  for (const [id, { Type, AllowedValues }] of Object.entries(Parameters)) {
    new CfnParameter(stack, id, { type: Type, allowedValues: AllowedValues });
  }
  for (const [id, { Type, Properties, Metadata = {} }] of Object.entries(Resources)) {
    const resource = new CfnResource(stack, id, { type: Type, properties: { ...Properties } });
    for (const [key, value] of Object.entries(Metadata)) resource.addMetadata(key, value);
  }
}

/** An app with findings in stacks, nested stacks and stages, and a stack with the incorrect example of each rule. */
export function faultyApp(isBaseline = false, context: Readonly<Record<string, unknown>> = {}): App {
  const root = app(context);
  const stack = stackIn(root);
  const nested = new NestedStack(stack, 'Nested');
  const staged = stackIn(new Stage(root, 'Prod'));

  const mapping = new CfnEventSourceMapping(nested, 'UnsupportedEventSource', {
    functionName: activeLambda(stack, 'Consumer').functionName,
    eventSourceArn: CLUSTER_ARN,
  });
  override(lambda(nested, 'WritePermissions'), 'TracingConfig.Mode', 'Active');
  override(lambda(staged, 'InvalidMode'), 'TracingConfig.Mode', 'active');
  override(activeLambda(stack, 'ReservedEnvironment'), 'Environment.Variables', { _X_AMZN_TRACE_ID: 'x' });
  new Distribution(stack, 'Site', {
    defaultBehavior: {
      origin: new HttpOrigin('example.com'),
      edgeLambdas: [
        {
          functionVersion: activeLambda(stack, 'EdgeFunction').currentVersion,
          eventType: LambdaEdgeEventType.VIEWER_REQUEST,
        },
      ],
    },
  });
  lambda(staged, 'ActiveTracing');
  lambda(nested, 'ExplicitMode');
  const published = activeLambda(stack, 'DeployTimeMode');
  void published.currentVersion;
  override(published, 'TracingConfig.Mode', new CfnParameter(stack, 'Mode').valueAsString);
  new Version(nested, 'UnpublishedMode', { lambda: activeLambda(stack, 'Published') });
  const functionName = activeLambda(nested, 'VersionLock').functionName;
  const [old, current] = ['PassThrough', 'Active'].map(
    (mode) =>
      new CfnVersion(nested, `${mode}Version`, { functionName, description: `X-Ray tracing: ${mode}` })
        .attrVersion,
  );
  new CfnAlias(nested, 'Live', {
    name: 'live',
    functionName,
    functionVersion: current,
    routingConfig: { additionalVersionWeights: [{ functionVersion: old, functionWeight: 0.1 }] },
  });
  override(activeLambda(staged, 'DaemonMemory'), 'Layers', [
    'arn:aws:lambda:eu-west-1:111122223333:layer:telemetry:1',
  ]);
  new CfnResource(stack, 'SamplingRule', {
    type: 'AWS::XRay::SamplingRule',
    properties: { SamplingRule: { ServiceType: 'AWS::Lambda::Function' } },
  });
  new Topic(nested, 'TopicResourcePolicy', { tracingConfig: TracingConfig.ACTIVE });
  lambda(nested, 'BrokenTrace').grantInvoke(activeLambda(nested, 'Caller'));
  new Topic(stack, 'UntracedEntry').addSubscription(
    new LambdaSubscription(activeLambda(stack, 'Subscriber')),
  );

  for (const { id, examples } of RULES) {
    const { baseline = examples.incorrect, incorrect } = examples;
    const name = id.replace('LambdaXRay-', '');
    // With Transaction Search beside it, no function is never sampled.
    const scope = name === 'TransactionSearchPolicy' ? new Stage(root, name) : root;
    addResources(stackIn(scope, name), isBaseline ? baseline : incorrect);
  }

  Validations.of(stack).acknowledge({ id: 'LambdaXRay-SamplingRule', reason: 'It is about to go.' });
  Validations.of(mapping).acknowledge({ id: 'LambdaXRay-InvalidMode', reason: 'It matches nothing.' });
  return root;
}
