import { Aspects, CfnResource, type Stack, Stage, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  CfnRole,
  Effect,
  ManagedPolicy,
  PermissionsBoundary,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import {
  CfnFunction as CfnServerlessFunction,
  CfnStateMachine as CfnServerlessStateMachine,
} from 'aws-cdk-lib/aws-sam';
import { CfnStateMachine, DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { IConstruct } from 'constructs';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { cfnFunction, findings, modes, warnings } from '../constructs/traced-stacks';
import { activeLambda, app, lambda, stackIn } from './app';

const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const POWER_USER = 'arn:aws:iam::aws:policy/PowerUserAccess';

/** Sets the boundary of all roles, also of those that SAM generates, with an aspect of a priority. */
function limit(scope: IConstruct, priority: number, arn = READ_ONLY): void {
  const visit = (construct: IConstruct) => {
    if (!CfnResource.isCfnResource(construct)) return;
    if (!/^AWS::(?:IAM::Role|Serverless::)/.test(construct.cfnResourceType)) return;
    construct.addPropertyOverride('PermissionsBoundary', arn);
  };
  Aspects.of(scope).add({ visit }, { priority });
}

/** The priorities of aspects before, like, and after the one of `LambdaTracing`. */
const PRIORITIES = [0, 200, 201, 500, 1000];

function role(stack: Stack) {
  return new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {} }).attrArn;
}

/** Functions, each with its role before or after it in the construct tree. */
const FUNCTIONS: [what: string, build: (stack: Stack) => unknown][] = [
  ['an L2', (stack) => lambda(stack)],
  ['an L1', (stack) => cfnFunction(stack, role(stack))],
  [
    'an L1 before its role',
    (stack) => {
      const fn = cfnFunction(stack, 'later');
      fn.role = role(stack);
    },
  ],
  [
    'a resource without an L1',
    (stack) =>
      new CfnResource(stack, 'Fn', { type: 'AWS::Lambda::Function', properties: { Role: role(stack) } }),
  ],
  [
    'a SAM function',
    (stack) =>
      new CfnServerlessFunction(stack, 'Fn', { inlineCode: 'x', handler: 'x', runtime: 'nodejs22.x' }),
  ],
];

const NOT_ACTIVE: unknown = expect.stringMatching(
  /^'Stack\/Fn' is not set to Active, because a policy or the permissions boundary of its execution role prevents.*exclude/,
);

describe.each(FUNCTIONS)('%s', (_, build) => {
  test.each(PRIORITIES)('is not Active behind a boundary of priority %i, with one warning', (priority) => {
    const stack = stackIn(app());
    build(stack);
    LambdaTracing.of(stack.node.root).active();
    limit(stack.node.root, priority);
    expect(modes(stack)).toEqual({ Fn: 'unset' });
    expect(warnings(stack)).toEqual([NOT_ACTIVE]);
    expect(findings(stack, 'error')).toEqual([]);
  });

  test.each(PRIORITIES)('is Active behind a sufficient boundary of priority %i', (priority) => {
    const stack = stackIn(app());
    build(stack);
    LambdaTracing.of(stack).active();
    limit(stack, priority, POWER_USER);
    expect(modes(stack)).toEqual({ Fn: 'Active' });
    expect(warnings(stack)).toEqual([]);
    expect(findings(stack, 'error')).toEqual([]);
  });
});

const asl = (name: string) => ({ StartAt: 'A', States: { A: { Type: 'Task', Resource: name, End: true } } });
const STATES = new ServicePrincipal('states.amazonaws.com');

/** State machines that call a function. */
const MACHINES: [what: string, build: (stack: Stack, fn: LambdaFunction) => unknown][] = [
  [
    'an L2 state machine',
    (stack, fn) =>
      new StateMachine(stack, 'Machine', {
        definitionBody: DefinitionBody.fromChainable(new LambdaInvoke(stack, 'Call', { lambdaFunction: fn })),
        role: new Role(stack, 'Role', { assumedBy: STATES }),
      }),
  ],
  [
    'an L1 state machine',
    (stack, fn) =>
      new CfnStateMachine(stack, 'Machine', { roleArn: role(stack), definition: asl(fn.functionArn) }),
  ],
  [
    'a SAM state machine',
    (stack, fn) => new CfnServerlessStateMachine(stack, 'Machine', { definition: asl(fn.functionArn) }),
  ],
];

describe.each(MACHINES)('%s', (_, build) => {
  test.each(PRIORITIES)('is not traced behind a boundary of priority %i, with one warning', (priority) => {
    const stack = stackIn(app());
    const fn = activeLambda(stack, 'Fn', { role: Role.fromRoleName(stack, 'Imported', 'orders') });
    build(stack, fn);
    LambdaTracing.of(stack).active({ callers: true });
    limit(stack, priority);
    const template = JSON.stringify(Template.fromStack(stack).toJSON());
    expect(template).not.toMatch(/"(?:Enabled|TracingConfiguration)"/);
    const path = '/Stack/Machine';
    const found = Annotations.fromStack(stack).findWarning(
      path,
      Match.stringLikeRegexp('prevents it from using X-Ray'),
    );
    expect(found).toHaveLength(1);
    expect(findings(stack, 'error')).toEqual([]);
  });

  test('is traced behind a sufficient boundary', () => {
    const stack = stackIn(app());
    const fn = activeLambda(stack, 'Fn', { role: Role.fromRoleName(stack, 'Imported', 'orders') });
    build(stack, fn);
    LambdaTracing.of(stack).active({ callers: true });
    limit(stack, 500, POWER_USER);
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).toMatch(
      /"Tracing(?:Configuration)?":{"Enabled":true}/,
    );
    expect(findings(stack, 'error')).toEqual([]);
  });
});

test('a boundary of the CDK that is applied after LambdaTracing counts, with and without its feature flag', () => {
  for (const flag of [true, false]) {
    const stack = stackIn(app({ '@aws-cdk/core:aspectPrioritiesMutating': flag }));
    lambda(stack);
    LambdaTracing.of(stack.node.root).active();
    PermissionsBoundary.of(stack).apply(ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess'));
    expect(modes(stack)).toEqual({ Fn: 'unset' });
    expect(findings(stack, 'error')).toEqual([]);
  }
});

test('a denial that an aspect adds counts', () => {
  const stack = stackIn(app());
  lambda(stack);
  LambdaTracing.of(stack).active();
  const denial = new PolicyStatement({ effect: Effect.DENY, actions: ['xray:*'], resources: ['*'] });
  const visit = (construct: IConstruct) => {
    if (Role.isRole(construct)) construct.addToPrincipalPolicy(denial);
  };
  Aspects.of(stack).add({ visit }, { priority: 900 });
  expect(modes(stack)).toEqual({ Fn: 'unset' });
  expect(findings(stack, 'error')).toEqual([]);
});

test('an acknowledged warning is left out', () => {
  const stack = stackIn(app());
  const fn = lambda(stack);
  Validations.of(fn).acknowledge({ id: 'cdk-lambda-xray:permissionsNotGranted', reason: 'Untraced.' });
  LambdaTracing.of(stack).active();
  limit(stack, 500);
  expect(modes(stack)).toEqual({ Fn: 'unset' });
  expect(warnings(stack)).toEqual([]);
});

test('the mode of the user comes back, and no version is published', () => {
  const versionOf = (trace: (stack: Stack) => unknown) => {
    const stack = stackIn(app());
    void lambda(stack, 'Fn', { tracing: undefined }).currentVersion;
    const fn = lambda(stack, 'Off').node.defaultChild as CfnFunction;
    fn.tracingConfig = { mode: 'PassThrough' };
    trace(stack);
    limit(stack, 500);
    expect(modes(stack)).toEqual({ Fn: 'unset', Off: 'PassThrough' });
    return Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Version'));
  };
  const traced = versionOf((stack) => LambdaTracing.of(stack).active({ overwrite: true }));
  expect(traced).toEqual(versionOf(() => undefined));
});

test('a function of a stage is checked with its stage', () => {
  const root = app();
  const stack = stackIn(new Stage(root, 'Prod'));
  lambda(stack);
  LambdaTracing.of(root).active();
  limit(stack, 500);
  root.synth();
  expect(modes(stack)).toEqual({ Fn: 'unset' });
  expect(findings(stack, 'error')).toEqual([]);
});

test('a function that a user makes Active stays Active, and the rule reports it', () => {
  const stack = stackIn(app());
  activeLambda(stack);
  LambdaTracing.of(stack).active();
  limit(stack, 500);
  expect(modes(stack)).toEqual({ Fn: 'Active' });
  expect(findings(stack, 'error')).toEqual(['LambdaXRay-WritePermissions']);
});

test('a synthesis after a change sees a new boundary', () => {
  const root = app();
  const stack = stackIn(root);
  const fn = lambda(stack);
  LambdaTracing.of(root).active();
  const mode = () => {
    const artifact = root.synth({ force: true }).getStackArtifact(stack.artifactId);
    return JSON.stringify(artifact.template).includes('TracingConfig');
  };
  expect(mode()).toBe(true);
  PermissionsBoundary.of(fn).apply(ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess'));
  expect(mode()).toBe(false);
  expect(mode()).toBe(false);
});
