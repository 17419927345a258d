import { join } from 'node:path';
import {
  type App,
  Aspects,
  CfnResource,
  CustomResource,
  Lazy,
  Mixins,
  NestedStack,
  RemovalPolicy,
  type Stack,
  Stage,
  Token,
  Validations,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Distribution, experimental, LambdaEdgeEventType } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CfnRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CfnEventSourceMapping,
  CfnFunction,
  DockerImageCode,
  DockerImageFunction,
  Function as LambdaFunction,
  FunctionUrlAuthType,
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
import type { IConstruct } from 'constructs';
import { LambdaTracing, type LambdaTracingOptions, TracedFunction, TracingPermissions } from '../../lib';
import { activeLambda, app, CLUSTER_ARN, CODE, lambda, stackIn } from '../apps/app';

const INCLUDED = join(__dirname, '..', 'apps', 'included');
const NOTE = 'cdk-lambda-xray:unsupportedEventSource';
const L1_CODE = {
  code: { zipFile: 'exports.handler = async () => {};' },
  handler: 'index.handler',
  runtime: 'nodejs22.x',
};

/** Ways to turn tracing on for all of a stack. */
const WAYS: [string, (scope: Stack, options?: LambdaTracingOptions) => void][] = [
  ['LambdaTracing.of(scope).active()', (scope, options) => LambdaTracing.of(scope).active(options)],
  ['Mixins.of(scope).apply()', (scope, options) => void Mixins.of(scope).apply(new LambdaTracing(options))],
  ['scope.with()', (scope, options) => void scope.with(new LambdaTracing(options))],
];

/** A class of a user's own. */
class LegacyFunction extends LambdaFunction {}

/** Every function's mode, by logical ID without CDK's hash. */
function modes(stack: Stack): Record<string, unknown> {
  const resources = Object.entries(
    Template.fromStack(stack).toJSON().Resources as Record<string, FunctionJson>,
  );
  return Object.fromEntries(
    resources
      .filter(([, { Type }]) => /^AWS::(Lambda|Serverless)::Function$/.test(Type))
      .map(([id, { Properties: properties }]) => [
        id.replace(/[0-9A-F]{8}$/, ''),
        properties.TracingConfig?.Mode ?? properties.Tracing ?? 'unset',
      ]),
  );
}

interface FunctionJson {
  Type: string;
  Properties: { TracingConfig?: { Mode: unknown }; Tracing?: unknown; Role?: unknown };
}

function role(scope: Stack, id = 'Role') {
  return new Role(scope, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
}

function cfnRole(scope: Stack, managedPolicyArns?: string[]) {
  return new CfnRole(scope, 'Role', { assumeRolePolicyDocument: {}, managedPolicyArns });
}

function cfnFunction(scope: Stack, roleArn: string, id = 'Fn') {
  return new CfnFunction(scope, id, { ...L1_CODE, role: roleArn });
}

function kafka(scope: Stack | NestedStack, functionName: string, id = 'Kafka') {
  return new CfnEventSourceMapping(scope, id, {
    functionName,
    eventSourceArn: CLUSTER_ARN,
    topics: ['orders'],
    startingPosition: 'LATEST',
  });
}

describe.each(WAYS)('%s', (_, activate) => {
  describe('reaches', () => {
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

    test('what CfnInclude brought in, and what only SAM events without tracing feed is PassThrough', () => {
      const stack = stackIn(app());
      new CfnInclude(stack, 'Sam', { templateFile: join(INCLUDED, 'orders-sam.json') });
      activate(stack);
      expect(modes(stack)).toEqual({ Intake: 'Active', Consumer: 'PassThrough' });
    });
  });

  test('leaves a mode that is set, unless told to override it', () => {
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
    expect(build({ override: true })).toEqual({
      Prop: 'Active',
      Traced: 'Active',
      Raw: 'Active',
      Sam: 'Active',
    });
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

  test('leaves Lambda@Edge functions out', () => {
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

describe('a function that only unsupported sources feed', () => {
  test('becomes PassThrough, with a note that can be acknowledged', () => {
    const build = (before: (fn: IConstruct) => void = () => undefined) => {
      const stack = stackIn(app());
      const fn = lambda(stack);
      before(fn);
      kafka(stack, fn.addAlias('live').functionArn);
      LambdaTracing.of(stack).active();
      expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
      return Annotations.fromStack(stack).findInfo('/Stack/Fn', Match.stringLikeRegexp(NOTE));
    };
    expect(build()).toHaveLength(1);
    expect(build()[0].entry.data).toMatch(/'Stack\/Fn' is PassThrough.*only Amazon MSK feeds it/);
    expect(build((fn) => Validations.of(fn).acknowledge({ id: NOTE, reason: 'Known.' }))).toHaveLength(0);
  });

  test('in another stack', () => {
    const root = app();
    const functions = stackIn(root, 'Functions');
    kafka(stackIn(root, 'Events'), lambda(functions).functionName);
    LambdaTracing.of(root).active();
    expect(modes(functions)).toEqual({ Fn: 'PassThrough' });
  });

  test.each<[string, (stack: Stack, fn: ReturnType<typeof lambda>) => unknown]>([
    ['a queue feeds it too', (stack, fn) => fn.addEventSource(new SqsEventSource(new Queue(stack, 'Queue')))],
    ['a service may invoke it', (_, fn) => fn.grantInvoke(new ServicePrincipal('sns.amazonaws.com'))],
    ['it has a URL', (_, fn) => fn.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM })],
  ])('is Active when %s', (_, build) => {
    const stack = stackIn(app());
    const fn = lambda(stack);
    kafka(stack, fn.functionName);
    build(stack, fn);
    LambdaTracing.of(stack).active();
    expect(modes(stack)).toEqual({ Fn: 'Active' });
  });

  test('stays so even when modes are overridden', () => {
    const stack = stackIn(app());
    kafka(stack, activeLambda(stack).functionName);
    LambdaTracing.of(stack).active({ override: true });
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
  });
});

describe('the scope', () => {
  test('passThrough() writes the mode out', () => {
    const stack = stackIn(app());
    lambda(stack);
    LambdaTracing.of(stack).passThrough();
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
  });

  test('holds what is added later', () => {
    const stack = stackIn(app());
    LambdaTracing.of(stack).active();
    lambda(stack);
    expect(modes(stack)).toEqual({ Fn: 'Active' });
  });

  test('holds nested stacks', () => {
    const nested = new NestedStack(stackIn(app()), 'Nested');
    lambda(nested);
    LambdaTracing.of(nested.node.root).active();
    expect(modes(nested)).toEqual({ Fn: 'Active' });
  });

  test.each<[string, (app: App, activate: () => void) => Stack]>([
    [
      'before',
      (root, activate) => {
        const stack = stackIn(new Stage(root, 'Prod'));
        activate();
        return stack;
      },
    ],
    [
      'after',
      (root, activate) => {
        activate();
        return stackIn(new Stage(root, 'Prod'));
      },
    ],
  ])('holds stages that are added %s', (_, build) => {
    const root = app();
    const stack = build(root, () => LambdaTracing.of(root).active());
    lambda(stack);
    root.synth();
    expect(modes(stack)).toEqual({ Fn: 'Active' });
  });

  test('leaves alone what is outside', () => {
    const root = app();
    const [inside, outside] = [stackIn(root, 'In'), stackIn(root, 'Out')];
    lambda(inside);
    lambda(outside);
    LambdaTracing.of(inside).active();
    expect(modes(outside)).toEqual({ Fn: 'unset' });
  });

  test('the singleton in it has its function elsewhere in the stack', () => {
    const stack = stackIn(app());
    const singleton = new SingletonFunction(stack, 'Singleton', { ...CODE, uuid: 'ab' });
    LambdaTracing.of(singleton).active();
    expect(modes(stack)).toEqual({ SingletonLambdaab: 'Active' });
  });

  test('comes before aspects that only read, and after those of a lower priority', () => {
    const stack = stackIn(app());
    lambda(stack);
    const seen: unknown[] = [];
    const read = {
      visit: (node: IConstruct) => node instanceof CfnFunction && seen.push(node.tracingConfig),
    };
    Aspects.of(stack).add(read, { priority: 1000 });
    LambdaTracing.of(stack).active({ priority: 300 });
    Template.fromStack(stack);
    expect(seen).toEqual([{ mode: 'Active' }]);
  });
});

describe('what is refused', () => {
  test('a scope without functions, at synthesis', () => {
    const root = app();
    const stack = stackIn(root);
    new Queue(stack, 'Queue');
    LambdaTracing.of(stack).active();
    expect(() => root.synth()).toThrow(
      /LambdaTracing\.of\('Stack'\): there is no Lambda function in this scope/,
    );
  });

  test('an app without functions, at synthesis', () => {
    const root = app();
    stackIn(new Stage(root, 'Prod'));
    LambdaTracing.of(root).active();
    expect(() => root.synth()).toThrow(/LambdaTracing\.of\(app\): there is no Lambda function in this scope/);
  });

  test.each<[string, LambdaTracingOptions & { tracing?: Tracing }, RegExp]>([
    [
      'a mode that does not exist',
      { tracing: Tracing.DISABLED },
      /^LambdaTracing: Lambda has two tracing modes/,
    ],
    ['a misspelt mode', { tracing: 'active' as Tracing }, /'active' is not a tracing mode/],
    ['a token', { tracing: Lazy.string({ produce: () => 'Active' }) as Tracing }, /known at synthesis/],
    ['permissions that do not exist', { tracingPermissions: 'x' as never }, /'x' is not a value/],
    ['an empty path', { excludePaths: [''] }, /excludePaths holds an empty entry/],
    ['an exclusion that is nothing', { exclude: [undefined as never] }, /exclude holds an empty entry/],
  ])('%s', (_, props, message) => {
    expect(() => new LambdaTracing(props)).toThrow(message);
  });

  test('wrong options change nothing', () => {
    const stack = stackIn(app());
    lambda(stack);
    expect(() => LambdaTracing.of(stack).active({ tracingPermissions: 'x' as never })).toThrow(
      /^LambdaTracing\.of\('Stack'\): 'x'/,
    );
    expect(modes(stack)).toEqual({ Fn: 'unset' });
  });

  test('an include of a missing file, in the words of CDK', () => {
    const stack = stackIn(app());
    LambdaTracing.of(stack).active();
    expect(() => new CfnInclude(stack, 'Gone', { templateFile: 'gone.json' })).toThrow(/gone\.json/);
  });
});

describe('the role', () => {
  test("of a function with CDK's own tracing keeps its statement, and gets nothing beside it", () => {
    const stack = stackIn(app());
    activeLambda(stack);
    LambdaTracing.of(stack).active();
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Policy', 1);
    expect(JSON.stringify(template.findResources('AWS::IAM::Role'))).not.toContain('XRay');
  });

  test.each<[string, TracingPermissions | undefined, number, string]>([
    ['gets the managed policy', undefined, 0, 'AWSXRayDaemonWriteAccess'],
    ['gets the statement when it is full', undefined, 10, 'xray:PutTelemetryRecords'],
    [
      'gets the statement for least privilege',
      TracingPermissions.LEAST_PRIVILEGE,
      0,
      'xray:PutTelemetryRecords',
    ],
  ])('of an L1 %s, once', (_, tracingPermissions, policies, granted) => {
    const stack = stackIn(app());
    const arns = Array.from({ length: policies }, (_policy, i) => `arn:aws:iam::aws:policy/P${i}`);
    const { attrArn } = cfnRole(stack, arns);
    cfnFunction(stack, attrArn, 'A');
    cfnFunction(stack, attrArn, 'B');
    LambdaTracing.of(stack).active({ tracingPermissions });
    const [found] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    expect(JSON.stringify(found).split(granted)).toHaveLength(2);
    for (const arn of arns) expect(JSON.stringify(found)).toContain(arn);
  });

  test('of an L1 in another stack', () => {
    const root = app();
    const roles = stackIn(root, 'Roles');
    cfnFunction(stackIn(root, 'Functions'), cfnRole(roles).attrArn);
    LambdaTracing.of(root).active();
    Template.fromStack(roles).hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: [Match.objectLike({ 'Fn::Join': Match.anyValue() })],
    });
  });

  test.each<[string, (stack: Stack) => string]>([
    ['an ARN written out', () => 'arn:aws:iam::111122223333:role/orders'],
    ['a token', () => Token.asString({ 'Fn::ImportValue': 'Role' })],
  ])('that is %s yields a warning', (_, arn) => {
    const stack = stackIn(app());
    cfnFunction(stack, arn(stack));
    LambdaTracing.of(stack).active();
    expect(warnings(stack)).toEqual([expect.stringContaining('AWSXRayDaemonWriteAccess')]);
  });

  test('by hand-written intrinsic function', () => {
    const stack = stackIn(app());
    cfnRole(stack);
    new CfnResource(stack, 'Fn', {
      type: 'AWS::Lambda::Function',
      properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    });
    LambdaTracing.of(stack).active();
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Role'))).toContain('XRayDaemon');
    expect(warnings(stack)).toEqual([]);
  });

  test('of a SAM function is made by SAM, unless it is given', () => {
    const stack = stackIn(app());
    const props = { inlineCode: 'x', handler: 'x', runtime: 'nodejs22.x' };
    new CfnServerlessFunction(stack, 'Own', props);
    new CfnServerlessFunction(stack, 'Given', { ...props, role: role(stack).roleArn });
    LambdaTracing.of(stack).active();
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.anyValue() });
    template.hasResource('AWS::Serverless::Function', {
      Properties: { Role: Match.absent(), Tracing: 'Active' },
    });
  });
});

describe('publishing', () => {
  test.each(WAYS)('with %s: a new mode is a new version, the same mode is not', (_, activate) => {
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
  });
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

  test('are byte for byte the same twice', () => {
    const active = () => build((root) => LambdaTracing.of(root).active());
    expect(active()).toBe(active());
  });

  test('keep the logical IDs that were there', () => {
    const before = logicalIds(build(() => undefined));
    expect(logicalIds(build((root) => LambdaTracing.of(root).active()))).toEqual(before);
  });
});

function autoDeleteBucket(stack: Stack) {
  return new Bucket(stack, 'AutoDelete', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
}

function warnings(stack: Stack) {
  return Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => entry.data);
}
