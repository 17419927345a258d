import {
  type App,
  CustomResource,
  Duration,
  RemovalPolicy,
  type Stack,
  Stage,
  Validations,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { experimental } from 'aws-cdk-lib/aws-cloudfront';
import { ManagedPolicy, type IRole, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Alias, Tracing, Version } from 'aws-cdk-lib/aws-lambda';
import { LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { EvaluateExpression } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import { TriggerFunction } from 'aws-cdk-lib/triggers';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { TracingPermissions } from '../../lib/constructs/tracing-props';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { activeLambda, app, CODE, lambda, stackIn, synthesize } from '../apps/app';
import { cfnFunction, findings, modes, role, warnings } from './traced-stacks';

const NOT_GRANTED = 'cdk-lambda-xray:permissionsNotGranted';
const WITHOUT_CHANGE = 'cdk-lambda-xray:versionWithoutChange';

/** Adds the two lines of the README to an app. */
function addTwoLines(root: App): void {
  LambdaTracing.of(root).active();
  Validations.of(root).addPlugins(new LambdaXRayChecks(root));
}

describe('the two lines of the README work on an app with', () => {
  test.each<[string, (stack: Stack) => unknown, string]>([
    [
      'EvaluateExpression',
      (stack) => {
        const task = new EvaluateExpression(stack, 'Task', { expression: '$.a + $.b' });
        return new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(task) });
      },
      'unset',
    ],
    [
      'a custom resource with a provider framework',
      (stack) => {
        const provider = new Provider(stack, 'Provider', {
          onEventHandler: lambda(stack, 'OnEvent'),
          isCompleteHandler: lambda(stack, 'IsComplete'),
          totalTimeout: Duration.hours(1),
        });
        return new CustomResource(stack, 'Resource', { serviceToken: provider.serviceToken });
      },
      'Active',
    ],
    ['a trigger', (stack) => new TriggerFunction(stack, 'Trigger', CODE), 'Active'],
    [
      'BucketDeployment',
      (stack) =>
        new BucketDeployment(stack, 'Deployment', {
          sources: [Source.data('index.html', 'Hello')],
          destinationBucket: new Bucket(stack, 'Bucket', {
            autoDeleteObjects: true,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        }),
      'Active',
    ],
    [
      'LogRetention',
      (stack) => new LogRetention(stack, 'Logs', { logGroupName: 'x', retention: RetentionDays.ONE_DAY }),
      'Active',
    ],
  ])('%s', (_, build, mode) => {
    const root = app();
    const stack = stackIn(root);
    build(stack);
    addTwoLines(root);
    expect(synthesize(root).passes).toBe(true);
    expect(new Set(Object.values(modes(stack)))).toEqual(new Set([mode]));
  });

  test.each<[string, (root: App) => App | Stage]>([
    ['the app', (root) => root],
    ['a stage', (root) => new Stage(root, 'Prod')],
  ])('an EdgeFunction of another region in %s', (_, scopeIn) => {
    const root = app();
    const scope = scopeIn(root);
    const env = { account: '111122223333', region: 'eu-west-1' };
    const site = stackIn(scope, 'Site', { env });
    void new experimental.EdgeFunction(site, 'Edge', CODE).currentVersion;
    addTwoLines(root);
    expect(synthesize(root).passes).toBe(true);
    const edge = scope.node.children.find((child) => child.node.id.startsWith('edge-lambda-stack'));
    expect(modes(edge as Stack)).toEqual({ Edge: 'unset' });
    expect(JSON.stringify(Template.fromStack(edge as Stack))).not.toMatch(/xray/i);
  });
});

describe('the two lines of the README work on an app', () => {
  test('without functions', () => {
    const root = app();
    stackIn(new Stage(root, 'Prod'));
    addTwoLines(root);
    expect(synthesize(root).passes).toBe(true);
  });

  test('with a pipeline, after its stages: a warning names the stages', () => {
    const root = app();
    const env = { account: '111122223333', region: 'eu-west-1' };
    const stack = stackIn(root, 'Pipeline', { env });
    const pipeline = new CodePipeline(stack, 'Pipeline', {
      synth: new ShellStep('Synth', {
        commands: ['npx cdk synth'],
        input: CodePipelineSource.s3(new Bucket(stack, 'Code'), 'code.zip'),
      }),
    });
    const stage = new Stage(root, 'Prod', { env });
    const inStage = stackIn(stage);
    lambda(inStage);
    pipeline.addStage(stage);
    lambda(stack);
    addTwoLines(root);
    expect(synthesize(root).passes).toBe(true);
    expect(modes(stack)).toEqual({ Fn: 'Active' });
    expect(modes(inStage)).toEqual({ Fn: 'unset' });
    expect(warnings(stack)).toContainEqual(
      expect.stringMatching(
        /^LambdaTracing\.of\(app\): the stage 'Prod' is already synthesized.*Call LambdaTracing before that/,
      ),
    );
  });
});

describe('a role that the app cannot change', () => {
  const ARN = 'arn:aws:iam::111122223333:role/orders';
  const imported = (stack: Stack) => Role.fromRoleArn(stack, 'Role', ARN, { mutable: false });
  const withRole = (fnRole: (stack: Stack) => IRole) => (stack: Stack) =>
    lambda(stack, 'Fn', { role: fnRole(stack) });
  const ROLES: [string, (stack: Stack) => unknown][] = [
    ['without policy updates', withRole((stack) => role(stack).withoutPolicyUpdates())],
    ['imported as immutable', withRole(imported)],
    ['that is a literal ARN', (stack) => cfnFunction(stack, ARN)],
  ];

  test.each(ROLES)('%s: the function is not Active, and a warning names the way out', (_, build) => {
    const stack = stackIn(app());
    build(stack);
    LambdaTracing.of(stack).active();
    expect(modes(stack)).toEqual({ Fn: 'unset' });
    expect(warnings(stack)).toEqual([
      expect.stringMatching(
        /^'Stack\/Fn' is not set to Active, because this app can't change its execution role.*not known to allow xray:PutTraceSegments and xray:PutTelemetryRecords\..*TracingPermissions\.NONE.*AWSXRayDaemonWriteAccess.*exclude, or its path to excludePaths: \['Stack\/Fn'\]/,
      ),
    ]);
    expect(findings(stack, 'error')).toEqual([]);
  });

  test.each(ROLES)('%s: the warning can be acknowledged, or the function excluded', (_, build) => {
    const stack = stackIn(app());
    build(stack);
    const other = stackIn(stack.node.root, 'Other');
    build(other);
    Validations.of(stack).acknowledge({ id: NOT_GRANTED, reason: 'Not traced.' });
    LambdaTracing.of(stack.node.root).active({ excludePaths: ['Other/Fn'] });
    expect(warnings(stack)).toEqual([]);
    expect(warnings(other)).toEqual([]);
  });

  test.each(ROLES)('%s: the function is Active if the permissions are granted elsewhere', (_, build) => {
    const stack = stackIn(app());
    build(stack);
    LambdaTracing.of(stack).active({ tracingPermissions: TracingPermissions.NONE });
    expect(modes(stack)).toEqual({ Fn: 'Active' });
    expect(warnings(stack)).toEqual([]);
  });

  test.each<[string, (granting: Role) => void]>([
    [
      'the managed policy',
      (granting) =>
        granting.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AWSXRayDaemonWriteAccess')),
    ],
    [
      'the statement',
      (granting) =>
        granting.addToPolicy(
          new PolicyStatement({
            actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
            resources: ['*'],
          }),
        ),
    ],
  ])('with %s: the function is Active', (_, grant) => {
    const stack = stackIn(app());
    const granting = role(stack);
    grant(granting);
    lambda(stack, 'Fn', { role: granting.withoutPolicyUpdates() });
    LambdaTracing.of(stack).active();
    expect(modes(stack)).toEqual({ Fn: 'Active' });
    expect(warnings(stack)).toEqual([]);
    expect(findings(stack, 'error')).toEqual([]);
  });

  test('of a function that is Active: the function stays Active, with a warning', () => {
    const stack = stackIn(app());
    activeLambda(stack, 'Fn', { role: imported(stack) });
    LambdaTracing.of(stack).active();
    expect(modes(stack)).toEqual({ Fn: 'Active' });
    expect(warnings(stack)).toEqual([expect.stringContaining("can't be changed by this app")]);
  });
});

describe('turning tracing off', () => {
  const hasPolicy = (stack: Stack) => /xray/i.test(JSON.stringify(Template.fromStack(stack)));

  test.each<[string, TracingPermissions | undefined, boolean]>([
    ['adds no permissions', undefined, false],
    ['adds permissions that are asked for', TracingPermissions.MANAGED_POLICY, true],
    ['adds a statement that is asked for', TracingPermissions.LEAST_PRIVILEGE, true],
  ])('%s', (_, tracingPermissions, expected) => {
    const stack = stackIn(app());
    lambda(stack);
    LambdaTracing.of(stack).passThrough({ tracingPermissions });
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
    expect(hasPolicy(stack)).toBe(expected);
  });

  test('with the mixin adds no permissions', () => {
    const stack = stackIn(app());
    lambda(stack).with(new LambdaTracing({ tracing: Tracing.PASS_THROUGH }));
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
    expect(hasPolicy(stack)).toBe(false);
  });

  test('with TracedFunction adds permissions, because its code can send segments', () => {
    const stack = stackIn(app());
    new TracedFunction(stack, 'Fn', { ...CODE, tracing: Tracing.PASS_THROUGH });
    expect(hasPolicy(stack)).toBe(true);
  });

  test('for a function with Tracing.DISABLED keeps it untraced in a traced app', () => {
    const root = app();
    const stack = stackIn(root);
    const fn = lambda(stack, 'Fn', { tracing: Tracing.DISABLED });
    lambda(stack, 'Traced', { tracing: Tracing.DISABLED });
    fn.addAlias('live');
    LambdaTracing.of(root).active();
    LambdaTracing.of(fn).passThrough();
    expect(modes(stack)).toEqual({ Fn: 'unset', Traced: 'Active' });
  });
});

describe('passThrough() on a published function without a mode', () => {
  const notes = (stack: Stack) =>
    Annotations.fromStack(stack)
      .findInfo('*', Match.stringLikeRegexp(WITHOUT_CHANGE))
      .map(({ entry }) => entry.data);
  const NOTE = (version: string): unknown =>
    expect.stringMatching(
      new RegExp(`^'Stack/Fn' keeps Lambda's default tracing mode.*make '${version}' publish a new version`),
    );
  const sam = (stack: Stack, properties: Record<string, unknown>) => {
    const fn = new CfnServerlessFunction(stack, 'Fn', { inlineCode: 'x', handler: 'x', runtime: 'x' });
    for (const [name, value] of Object.entries(properties)) fn.addPropertyOverride(name, value);
    return fn;
  };

  test.each<[string, boolean, (stack: Stack) => unknown, string]>([
    ['currentVersion', false, (stack) => lambda(stack).currentVersion, 'Stack/Fn/CurrentVersion'],
    ['an alias', false, (stack) => lambda(stack).addAlias('live'), 'Stack/Fn/CurrentVersion'],
    [
      'a tied version',
      true,
      (stack) => new Version(stack, 'Version', { lambda: lambda(stack) }),
      'Stack/Version/Resource',
    ],
    [
      'SAM and all properties',
      false,
      (stack) => sam(stack, { AutoPublishAlias: 'live', AutoPublishAliasAllProperties: true }),
      'Stack/Fn',
    ],
    ['SAM, tied', true, (stack) => sam(stack, { AutoPublishAlias: 'live' }), 'Stack/Fn'],
  ])('changes nothing, with a note: %s', (_, tieVersions, build, version) => {
    const make = (isOff: boolean) => {
      const stack = stackIn(app());
      build(stack);
      if (isOff) LambdaTracing.of(stack).passThrough({ tieVersions });
      return stack;
    };
    const off = make(true);
    expect(Template.fromStack(off).toJSON()).toEqual(Template.fromStack(make(false)).toJSON());
    expect(notes(off)).toEqual([NOTE(version)]);
  });

  test('has no note if it is acknowledged', () => {
    const stack = stackIn(app());
    void lambda(stack).currentVersion;
    Validations.of(stack).acknowledge({ id: WITHOUT_CHANGE, reason: 'The default is intended.' });
    LambdaTracing.of(stack).passThrough();
    expect(notes(stack)).toEqual([]);
  });

  test.each<[string, (stack: Stack) => unknown]>([
    [
      'a version that does not depend on the mode',
      (stack) => new Version(stack, 'V', { lambda: lambda(stack) }),
    ],
    [
      'an alias of such a version',
      (stack) =>
        new Alias(stack, 'Live', {
          aliasName: 'live',
          version: new Version(stack, 'V', { lambda: lambda(stack) }),
        }),
    ],
    ['SAM and its code', (stack) => sam(stack, { AutoPublishAlias: 'live' })],
    [
      'SAM and the hash of its code',
      (stack) =>
        sam(stack, {
          AutoPublishAlias: 'live',
          AutoPublishAliasAllProperties: true,
          AutoPublishCodeSha256: 'a',
        }),
    ],
  ])('sets the mode: %s', (_, build) => {
    const stack = stackIn(app());
    build(stack);
    LambdaTracing.of(stack).passThrough();
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
    expect(notes(stack)).toEqual([]);
  });

  test('with override sets the mode of a function that is Active, which is a change', () => {
    const stack = stackIn(app());
    activeLambda(stack).addAlias('live');
    LambdaTracing.of(stack).passThrough({ override: true });
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
    expect(notes(stack)).toEqual([]);
  });

  test('tieVersions leaves the versions of a function alone that active() does not change, with a note', () => {
    const stack = stackIn(app());
    const fn = lambda(stack, 'Fn', { role: role(stack).withoutPolicyUpdates() });
    new Version(stack, 'Version', { lambda: fn, description: 'Release 7' });
    LambdaTracing.of(stack).active({ tieVersions: true });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Version', { Description: 'Release 7' });
    expect(notes(stack)).toEqual([NOTE('Stack/Version/Resource')]);
  });
});
