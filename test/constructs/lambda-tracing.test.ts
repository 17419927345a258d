import { join } from 'node:path';
import {
  type App,
  Aws,
  CfnCondition,
  CfnParameter,
  CfnResource,
  CustomResource,
  Fn,
  Lazy,
  Mixins,
  NestedStack,
  RemovalPolicy,
  type Stack,
} from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Distribution, experimental, LambdaEdgeEventType } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import {
  type CfnFunction,
  DockerImageCode,
  DockerImageFunction,
  Function as LambdaFunction,
  SingletonFunction,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  PhysicalResourceId,
  Provider,
} from 'aws-cdk-lib/custom-resources';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import type { LambdaTracingOptions } from '../../lib/constructs/tracing-props';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { app, CODE, lambda, stackIn } from '../apps/app';
import { cfnFunction, cfnRole, findings, modes, role, warnings } from './traced-stacks';

const INCLUDED = join(__dirname, '..', 'apps', 'included');

/** Ways to turn on tracing for a whole stack. */
const WAYS: [string, (scope: Stack, options?: LambdaTracingOptions) => void][] = [
  ['LambdaTracing.of(scope).active()', (scope, options) => LambdaTracing.of(scope).active(options)],
  ['Mixins.of(scope).apply()', (scope, options) => void Mixins.of(scope).apply(new LambdaTracing(options))],
  ['scope.with()', (scope, options) => void scope.with(new LambdaTracing(options))],
];

/** A user's subclass. */
class LegacyFunction extends LambdaFunction {}

describe.each(WAYS)('%s', (_, activate) => {
  describe('traces', () => {
    test.each<[string, (stack: Stack) => unknown]>([
      ['lambda.Function', (stack) => lambda(stack)],
      [
        'DockerImageFunction',
        (stack) =>
          new DockerImageFunction(stack, 'Fn', {
            code: DockerImageCode.fromImageAsset(join(__dirname, '..', 'apps', 'image')),
          }),
      ],
      ['SingletonFunction', (stack) => new SingletonFunction(stack, 'Fn', { ...CODE, uuid: 'a-b' })],
      [
        'the provider framework',
        (stack) =>
          new CustomResource(stack, 'Resource', {
            serviceToken: new Provider(stack, 'Provider', { onEventHandler: lambda(stack) }).serviceToken,
          }),
      ],
      [
        'AwsCustomResource',
        (stack) =>
          new AwsCustomResource(stack, 'Call', {
            onCreate: {
              service: 'SNS',
              action: 'listTopics',
              physicalResourceId: PhysicalResourceId.of('x'),
            },
            installLatestAwsSdk: false,
            policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: ['*'] }),
          }),
      ],
      [
        "CDK's own custom resources",
        (stack) =>
          new LogRetention(stack, 'Retention', { logGroupName: 'x', retention: RetentionDays.ONE_DAY }),
      ],
      [
        'the handler of bucket notifications',
        (stack) =>
          new Bucket(stack, 'Bucket').addEventNotification(
            EventType.OBJECT_CREATED,
            new LambdaDestination(lambda(stack)),
          ),
      ],
      ['the handler that empties a bucket', (stack) => autoDeleteBucket(stack)],
      ['CfnFunction', (stack) => cfnFunction(stack, role(stack).roleArn)],
      ['CfnFunction with a CfnRole', (stack) => cfnFunction(stack, cfnRole(stack).attrArn)],
      [
        'a bare resource',
        (stack) =>
          new CfnResource(stack, 'Fn', {
            type: 'AWS::Lambda::Function',
            properties: {
              Role: role(stack).roleArn,
              Runtime: 'nodejs22.x',
              Handler: 'x',
              Code: { ZipFile: 'x' },
            },
          }),
      ],
      [
        'AWS::Serverless::Function',
        (stack) =>
          new CfnServerlessFunction(stack, 'Fn', { inlineCode: 'x', handler: 'x', runtime: 'nodejs22.x' }),
      ],
      [
        'a bare AWS::Serverless::Function',
        (stack) =>
          new CfnResource(stack, 'Fn', { type: 'AWS::Serverless::Function', properties: { Handler: 'x' } }),
      ],
    ])('%s', (_name, build) => {
      const stack = stackIn(app());
      build(stack);
      activate(stack);
      const found = Object.values(modes(stack));
      expect(found.length).toBeGreaterThan(0);
      expect(new Set(found)).toEqual(new Set(['Active']));
      // Every function may write: each role has the policy.
      const roles = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
      for (const granted of roles) expect(JSON.stringify(granted)).toContain('AWSXRayDaemonWriteAccess');
      expect(warnings(stack)).toEqual([]);
    });

    test('functions from CfnInclude, except those with only unsupported SAM events', () => {
      const stack = stackIn(app());
      new CfnInclude(stack, 'Sam', { templateFile: join(INCLUDED, 'orders-sam.json') });
      activate(stack);
      expect(modes(stack)).toEqual({ Intake: 'Active', Consumer: 'unset' });
    });
  });

  test('keeps a mode that is set, unless overwrite is set', () => {
    const build = (options: LambdaTracingOptions) => {
      const stack = stackIn(app());
      lambda(stack, 'Prop', { tracing: Tracing.PASS_THROUGH });
      new TracedFunction(stack, 'Traced', { ...CODE, tracing: Tracing.PASS_THROUGH });
      (lambda(stack, 'Raw').node.defaultChild as CfnFunction).addPropertyOverride(
        'TracingConfig.Mode',
        'PassThrough',
      );
      new CfnServerlessFunction(stack, 'Sam', {
        tracing: 'Disabled',
        inlineCode: 'x',
        handler: 'x',
        runtime: 'nodejs22.x',
      });
      activate(stack, options);
      return modes(stack);
    };
    expect(build({})).toEqual({
      Prop: 'PassThrough',
      Traced: 'PassThrough',
      Raw: 'PassThrough',
      Sam: 'Disabled',
    });
    expect(build({ overwrite: true })).toEqual({
      Prop: 'Active',
      Traced: 'Active',
      Raw: 'Active',
      Sam: 'Active',
    });
  });

  test.each<[string, CfnFunction['tracingConfig']]>([
    ['a lazy value that is undefined', Lazy.any({ produce: () => undefined })],
    ['a lazy mode that is undefined', { mode: Lazy.string({ produce: () => undefined }) }],
    ['an empty configuration', {}],
  ])('traces a function whose mode is %s, and so not set', (_, tracingConfig) => {
    const stack = stackIn(app());
    cfnFunction(stack, role(stack).roleArn).tracingConfig = tracingConfig;
    activate(stack);
    expect(modes(stack)).toEqual({ Fn: 'Active' });
  });

  test.each<[string, (stack: Stack) => CfnFunction['tracingConfig']]>([
    ['a parameter', (stack) => ({ mode: new CfnParameter(stack, 'Mode').valueAsString })],
    ['conditional', () => ({ mode: Fn.conditionIf('Prod', 'Active', 'PassThrough').toString() })],
    ['conditional as a whole', () => Fn.conditionIf('Prod', { Mode: 'Active' }, Aws.NO_VALUE)],
    ['lazy', () => Lazy.any({ produce: () => ({ mode: 'Active' }) })],
  ])('keeps a mode that is %s, and grants the permissions', (_, tracingConfig) => {
    const stack = stackIn(app());
    new CfnCondition(stack, 'Prod', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });
    const config = tracingConfig(stack);
    cfnFunction(stack, role(stack).roleArn).tracingConfig = config;
    const before = stack.resolve(config) as object;
    activate(stack);
    expect(stack.resolve((stack.node.findChild('Fn') as CfnFunction).tracingConfig)).toEqual(before);
    expect(findings(stack, 'error')).toEqual([]);
  });

  test.each<[string, (stack: Stack) => LambdaTracingOptions]>([
    ['construct', (stack) => ({ exclude: [stack.node.findChild('Legacy')] })],
    ['its resource', (stack) => ({ exclude: [stack.node.findChild('Legacy').node.defaultChild!] })],
    ['path', () => ({ excludePaths: ['Stack/Legacy'] })],
    ['pattern of paths', () => ({ excludePaths: ['*/Leg*'] })],
    ['class', () => ({ excludeTypes: ['LegacyFunction'] })],
  ])('excludes by %s', (_name, options) => {
    const stack = stackIn(app());
    lambda(stack);
    new LegacyFunction(stack, 'Legacy', CODE);
    activate(stack, options(stack));
    expect(modes(stack)).toEqual({ Fn: 'Active', Legacy: 'unset' });
  });

  test.each(['SingletonFunction', 'aws-cdk-lib.aws_lambda.SingletonFunction'])(
    'excludes by the type %s',
    (type) => {
      const stack = stackIn(app());
      lambda(stack);
      new SingletonFunction(stack, 'Singleton', { ...CODE, uuid: 'ab' });
      activate(stack, { excludeTypes: [type] });
      expect(modes(stack)).toEqual({ Fn: 'Active', SingletonLambdaab: 'unset' });
    },
  );

  test('excludes by CloudFormation type', () => {
    const stack = stackIn(app());
    lambda(stack);
    new CfnServerlessFunction(stack, 'Sam', { inlineCode: 'x', handler: 'x', runtime: 'nodejs22.x' });
    activate(stack, { excludeTypes: ['AWS::Serverless::Function'] });
    expect(modes(stack)).toEqual({ Fn: 'Active', Sam: 'unset' });
  });

  test('skips Lambda@Edge functions', () => {
    const env = { account: '111122223333', region: 'us-east-1' };
    const stack = stackIn(app(), 'Stack', { env });
    lambda(stack, 'Plain');
    const edge = new experimental.EdgeFunction(stack, 'Edge', CODE);
    new Distribution(stack, 'Site', {
      defaultBehavior: {
        origin: new HttpOrigin('example.com'),
        edgeLambdas: [
          { functionVersion: edge.currentVersion, eventType: LambdaEdgeEventType.VIEWER_REQUEST },
          {
            functionVersion: lambda(stack, 'Associated').currentVersion,
            eventType: LambdaEdgeEventType.VIEWER_RESPONSE,
          },
        ],
      },
    });
    activate(stack);
    expect(modes(stack)).toEqual({ Plain: 'Active', EdgeFn: 'unset', Associated: 'unset' });
  });
});

describe('publishing', () => {
  test.each(WAYS)(
    'with %s, a changed mode publishes a new version and an unchanged mode does not',
    (_, activate) => {
      const versions = (change: (stack: Stack) => void) => {
        const stack = stackIn(app());
        lambda(stack).addAlias('live', { provisionedConcurrentExecutions: 1 });
        change(stack);
        return Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Version'));
      };
      const before = versions(() => undefined);
      const after = versions((stack) => activate(stack));
      expect(after).toHaveLength(1);
      expect(after).not.toEqual(before);
      expect(versions((stack) => activate(stack))).toEqual(after);
    },
  );
});

describe('the templates', () => {
  const build = (change: (app: App) => void) => {
    const root = app();
    const stack = stackIn(root);
    const shared = role(stack, 'Shared');
    const fn = lambda(stack, 'Fn', { role: shared });
    lambda(stack, 'Other', { role: shared });
    fn.addEventSource(new SqsEventSource(new Queue(stack, 'Queue')));
    autoDeleteBucket(stack);
    new CfnInclude(stack, 'Included', { templateFile: join(INCLUDED, 'kafka-consumer.json') });
    lambda(new NestedStack(stack, 'Nested'));
    change(root);
    return JSON.stringify(root.synth().getStackByName('Stack').template);
  };
  const logicalIds = (template: string) =>
    Object.keys((JSON.parse(template) as { Resources: object }).Resources);

  test('are identical in two syntheses', () => {
    const active = () => build((root) => LambdaTracing.of(root).active());
    expect(active()).toBe(active());
  });

  test('keep existing logical IDs', () => {
    const before = logicalIds(build(() => undefined));
    expect(logicalIds(build((root) => LambdaTracing.of(root).active()))).toEqual(before);
  });
});

function autoDeleteBucket(stack: Stack) {
  return new Bucket(stack, 'AutoDelete', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
}
