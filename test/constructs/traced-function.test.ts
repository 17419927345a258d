import { join } from 'node:path';
import { App, CfnParameter, Duration, Stack, Token, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  AdotLambdaExecWrapper,
  AdotLambdaLayerJavaScriptSdkVersion,
  AdotLayerVersion,
  DockerImageCode,
  type Function as LambdaFunction,
  StartingPosition,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { ManagedKafkaEventSource, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  TracedDockerImageFunction,
  TracedFunction,
  TracedNodejsFunction,
} from '../../lib/constructs/traced-function';
import type { TracingProps } from '../../lib/constructs/tracing-props';
import { app, CLUSTER_ARN, CODE, lambda, stackIn } from '../apps/app';

const FUNCTION = 'AWS::Lambda::Function';
const MODES = [
  [Tracing.ACTIVE, 'Active'],
  [Tracing.PASS_THROUGH, 'PassThrough'],
] as const;

type Make = (stack: Stack, props?: { tracing?: Tracing } & TracingProps) => LambdaFunction;

const CLASSES: [string, Make][] = [
  ['TracedFunction', (stack, props) => new TracedFunction(stack, 'Fn', { ...CODE, ...props })],
  [
    'TracedNodejsFunction',
    (stack, props) =>
      new TracedNodejsFunction(stack, 'Fn', {
        entry: join(__dirname, '..', 'apps', 'handler.ts'),
        depsLockFilePath: join(__dirname, '..', '..', 'package-lock.json'),
        projectRoot: join(__dirname, '..', '..'),
        ...props,
      }),
  ],
  [
    'TracedDockerImageFunction',
    (stack, props) =>
      new TracedDockerImageFunction(stack, 'Fn', {
        code: DockerImageCode.fromImageAsset(join(__dirname, '..', 'apps', 'image')),
        ...props,
      }),
  ],
];

/** Creates a stack without bundling of assets, because the tests read only the template. */
function stack(): Stack {
  return new Stack(
    new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false }),
    'Stack',
  );
}

describe.each(CLASSES)('%s', (_, make) => {
  test('is Active and has permission to write traces', () => {
    const template = templateOf(make);
    template.hasResourceProperties(FUNCTION, { TracingConfig: { Mode: 'Active' } });
    expect(policiesOf(template)).toContain('AWSXRayDaemonWriteAccess');
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('has an explicit PassThrough and the same permissions', () => {
    const template = templateOf(make, { tracing: Tracing.PASS_THROUGH });
    template.hasResourceProperties(FUNCTION, { TracingConfig: { Mode: 'PassThrough' } });
    expect(policiesOf(template)).toContain('AWSXRayDaemonWriteAccess');
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test.each<[string, Tracing, RegExp]>([
    ['disabled', Tracing.DISABLED, /^Stack\/Fn: Lambda has two tracing modes.*Use Tracing\.PASS_THROUGH/],
    [
      'misspelled',
      'active' as Tracing,
      /^Stack\/Fn: 'active' is not a tracing mode\. Use Tracing\.ACTIVE or/,
    ],
    ['a token', Token.asString({ Ref: 'Mode' }) as Tracing, /^Stack\/Fn: .*known at synthesis/],
    ['empty', '' as Tracing, /^Stack\/Fn: '' is not a tracing mode/],
  ])('throws an error for a mode that is %s, and creates no construct', (_mode, tracing, message) => {
    const scope = stack();
    expect(() => make(scope, { tracing })).toThrow(message);
    expect(scope.node.children).toEqual([]);
  });

  test('throws an error for invalid permissions', () => {
    expect(() => make(stack(), { tracingPermissions: 'all' as never })).toThrow(
      /^Stack\/Fn: 'all' is not a valid value of tracingPermissions\. Use TracingPermissions\.MANAGED_POLICY/,
    );
  });
});

test('accepts event sources', () => {
  const scope = stack();
  const queue = new Queue(scope, 'Queue');
  new TracedFunction(scope, 'Fn', { ...CODE, events: [new SqsEventSource(queue)] });
  Template.fromStack(scope).resourceCountIs('AWS::Lambda::EventSourceMapping', 1);
});

test('accepts the OpenTelemetry layer without the statement that CDK adds', () => {
  const scope = stack();
  new TracedFunction(scope, 'Fn', {
    ...CODE,
    tracing: Tracing.PASS_THROUGH,
    adotInstrumentation: {
      layerVersion: AdotLayerVersion.fromJavaScriptSdkLayerVersion(
        AdotLambdaLayerJavaScriptSdkVersion.LATEST,
      ),
      execWrapper: AdotLambdaExecWrapper.REGULAR_HANDLER,
    },
  });
  const template = Template.fromStack(scope);
  template.hasResourceProperties(FUNCTION, {
    TracingConfig: { Mode: 'PassThrough' },
    Layers: Match.anyValue(),
  });
  template.resourceCountIs('AWS::IAM::Policy', 0);
});

describe('publishing', () => {
  test.each(MODES)('publishes a version of a function that is %s', (tracing, mode) => {
    const scope = stack();
    const fn = new TracedFunction(scope, 'Fn', { ...CODE, tracing });
    fn.addAlias('live', { provisionedConcurrentExecutions: 1 });
    const template = Template.fromStack(scope);
    template.hasResourceProperties(FUNCTION, { TracingConfig: { Mode: mode } });
    template.resourceCountIs('AWS::Lambda::Version', 1);
    template.hasResourceProperties('AWS::Lambda::Alias', {
      Name: 'live',
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 1 },
    });
  });

  test('publishes a new version when the mode changes', () => {
    const versionWith = (tracing: Tracing) => {
      const scope = stack();
      void new TracedFunction(scope, 'Fn', { ...CODE, tracing }).currentVersion;
      return Object.keys(Template.fromStack(scope).findResources('AWS::Lambda::Version'));
    };
    expect(versionWith(Tracing.ACTIVE)).not.toEqual(versionWith(Tracing.PASS_THROUGH));
    expect(versionWith(Tracing.ACTIVE)).toEqual(versionWith(Tracing.ACTIVE));
  });

  test("publishes the same version as CDK's own tracing", () => {
    const versions = (make: (scope: Stack) => LambdaFunction) => {
      const scope = stack();
      void make(scope).currentVersion;
      return Object.keys(Template.fromStack(scope).findResources('AWS::Lambda::Version'));
    };
    expect(versions((scope) => new TracedFunction(scope, 'Fn', CODE))).toEqual(
      versions((scope) => lambda(scope, 'Fn', { tracing: Tracing.ACTIVE })),
    );
  });
});

describe('an event source that X-Ray does not support', () => {
  const kafka = () =>
    new ManagedKafkaEventSource({
      clusterArn: CLUSTER_ARN,
      topic: 'orders',
      startingPosition: StartingPosition.LATEST,
    });

  test('makes synthesis of an Active function fail, with both paths and a fix', () => {
    const scope = stack();
    new TracedFunction(scope, 'Fn', CODE).addEventSource(kafka());
    expect(() => Template.fromStack(scope)).toThrow(
      /'Stack\/Fn' has active tracing, but the event source mapping 'Stack\/Fn\/KafkaEventSource:[^']*' connects it to Amazon MSK.*Tracing\.PASS_THROUGH/,
    );
  });

  test('is reported for each function', () => {
    const scope = stack();
    new TracedFunction(scope, 'A', CODE).addEventSource(kafka());
    new TracedFunction(scope, 'B', CODE).addAlias('live').addEventSource(kafka());
    expect(() => Template.fromStack(scope)).toThrow(/'Stack\/A'[^]*'Stack\/B'/);
  });

  test('is found in another stack', () => {
    const root = app();
    const fn = new TracedFunction(stackIn(root, 'Functions'), 'Fn', CODE);
    fn.currentVersion.addEventSource(kafka());
    const other = stackIn(root, 'Events');
    const secret = Secret.fromSecretNameV2(other, 'Secret', 'kafka');
    new TracedFunction(other, 'Fn', { ...CODE, tracing: Tracing.PASS_THROUGH }).addEventSource(
      new ManagedKafkaEventSource({ ...KAFKA_WITH_SECRET, secret }),
    );
    expect(() => root.synth()).toThrow(/'Functions\/Fn' has active tracing/);
  });

  test.each<[string, (scope: Stack) => void]>([
    [
      'a PassThrough function',
      (scope) =>
        new TracedFunction(scope, 'Fn', { ...CODE, tracing: Tracing.PASS_THROUGH }).addEventSource(kafka()),
    ],
    [
      'a function of CDK',
      (scope) => lambda(scope, 'Fn', { tracing: Tracing.ACTIVE }).addEventSource(kafka()),
    ],
    [
      'a mapping with an acknowledgement of the rule',
      (scope) => {
        const fn = new TracedFunction(scope, 'Fn', CODE);
        fn.addEventSource(kafka());
        const mapping = fn.node.children.find(({ node }) => node.id.startsWith('KafkaEventSource'))!;
        Validations.of(mapping).acknowledge({
          id: 'LambdaXRay-UnsupportedEventSource',
          reason: 'Its API is traced.',
        });
      },
    ],
  ])('is accepted on %s', (_, build) => {
    const scope = stack();
    build(scope);
    expect(() => Template.fromStack(scope)).not.toThrow();
  });
});

test('prints nothing', () => {
  const scope = stack();
  new TracedFunction(scope, 'Fn', { ...CODE, timeout: Duration.seconds(10) });
  new CfnParameter(scope, 'Unrelated');
  expect(Annotations.fromStack(scope).findWarning('*', Match.anyValue())).toEqual([]);
});

const KAFKA_WITH_SECRET = {
  clusterArn: CLUSTER_ARN,
  topic: 'orders',
  startingPosition: StartingPosition.LATEST,
};

function templateOf(make: Make, props?: { tracing?: Tracing }): Template {
  const scope = stack();
  make(scope, props);
  return Template.fromStack(scope);
}

function policiesOf(template: Template): string {
  return JSON.stringify(template.findResources('AWS::IAM::Role'));
}
