import { type App, NestedStack, Stage, type Stack, Validations } from 'aws-cdk-lib';
import { SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import type { LambdaTracingOptions } from '../../lib/constructs/tracing-props';
import { app, CODE, lambda, stackIn } from '../apps/app';
import { warnings } from './callers';
import { modes } from './traced-stacks';

/** An app with functions in a stack, a nested stack and a stage. */
function system() {
  const root = app();
  const stack = stackIn(root);
  const nested = new NestedStack(stack, 'Nested');
  const stage = new Stage(root, 'Prod');
  const staged = stackIn(stage, 'Orders');
  const reports = new Construct(staged, 'Reports');
  for (const scope of [stack, nested, staged, reports]) lambda(scope);
  return { root, stack, nested, stage, staged, reports };
}

type System = ReturnType<typeof system>;

const ALL = {
  Stack: { Fn: 'Active' },
  Nested: { Fn: 'Active' },
  Orders: { Fn: 'Active', ReportsFn: 'Active' },
};

/** Returns the modes after synthesis, by stack. */
function synthesized({ root, stack, nested, staged }: System) {
  root.synth();
  return { Stack: modes(stack), Nested: modes(nested), Orders: modes(staged) };
}

describe('excludes', () => {
  test.each<[string, (system: System) => LambdaTracingOptions, object]>([
    [
      'a stack with its nested stacks',
      ({ stack }) => ({ exclude: [stack] }),
      { Stack: { Fn: 'unset' }, Nested: { Fn: 'unset' } },
    ],
    ['a nested stack', ({ nested }) => ({ exclude: [nested] }), { Nested: { Fn: 'unset' } }],
    ['a stage', ({ stage }) => ({ exclude: [stage] }), { Orders: { Fn: 'unset', ReportsFn: 'unset' } }],
    [
      'a construct',
      ({ reports }) => ({ exclude: [reports] }),
      { Orders: { Fn: 'Active', ReportsFn: 'unset' } },
    ],
    [
      'the path of a stage',
      () => ({ excludePaths: ['Prod'] }),
      { Orders: { Fn: 'unset', ReportsFn: 'unset' } },
    ],
    [
      'a path below a nested stack',
      () => ({ excludePaths: ['Stack/Nested/Fn'] }),
      { Nested: { Fn: 'unset' } },
    ],
    [
      'a pattern of whole IDs',
      () => ({ excludePaths: ['**/{Reports,Nested}/F?'] }),
      { Nested: { Fn: 'unset' }, Orders: { Fn: 'Active', ReportsFn: 'unset' } },
    ],
    ['the type of a nested stack', () => ({ excludeTypes: ['NestedStack'] }), { Nested: { Fn: 'unset' } }],
  ])('%s', (_, options, expected) => {
    const all = system();
    LambdaTracing.of(all.root).active(options(all));
    expect(synthesized(all)).toEqual({ ...ALL, ...expected });
    expect([warnings(all.stack), warnings(all.staged)]).toEqual([[], []]);
  });

  test('a construct in another scope, whose calls are independent', () => {
    const all = system();
    LambdaTracing.of(all.stage).passThrough({ exclude: [all.reports] });
    LambdaTracing.of(all.root).active({ exclude: [all.nested] });
    expect(synthesized(all)).toEqual({
      Stack: { Fn: 'Active' },
      Nested: { Fn: 'unset' },
      Orders: { Fn: 'PassThrough', ReportsFn: 'Active' },
    });
  });

  test('a singleton in a scope that does not contain its function', () => {
    const stack = stackIn(app());
    const scope = new Construct(stack, 'Scope');
    const singleton = new SingletonFunction(scope, 'Singleton', { ...CODE, uuid: 'ab' });
    lambda(scope);
    LambdaTracing.of(scope).active({ exclude: [singleton] });
    expect(modes(stack)).toEqual({ ScopeFn: 'Active', SingletonLambdaab: 'unset' });
    expect(warnings(stack)).toEqual([]);
  });
});

describe('warns of', () => {
  const cases: [string, (system: System) => LambdaTracingOptions, string][] = [
    [
      'a construct outside of the scope',
      ({ root }) => ({ exclude: [new Queue(stackIn(root, 'Other'), 'Queue')] }),
      "exclude contains 'Other/Queue', which is not in the scope.",
    ],
    [
      'a path that does not exist',
      () => ({ excludePaths: ['Prod/Order/Reports'] }),
      "excludePaths contains 'Prod/Order/Reports', which matches no construct. Did you mean Prod/Orders/Reports?",
    ],
    [
      'a pattern that matches nothing',
      () => ({ excludePaths: ['*/Reports'] }),
      "excludePaths contains '*/Reports', which matches no construct.",
    ],
    [
      'a type that does not exist',
      () => ({ excludeTypes: ['AWS::Lambda::Functions'] }),
      "excludeTypes contains 'AWS::Lambda::Functions', which matches no construct. Did you mean AWS::Lambda::Function?",
    ],
    [
      'a class that does not exist, with a name that users know',
      () => ({ excludeTypes: ['Functionn'] }),
      "excludeTypes contains 'Functionn', which matches no construct. Did you mean Function?",
    ],
  ];

  test.each(cases)('%s', (_, options, expected) => {
    const all = system();
    LambdaTracing.of(all.stage).active(options(all));
    all.root.synth();
    expect(warnings(all.staged)).toEqual([
      expect.stringContaining(`LambdaTracing.of('Prod'): ${expected}`) as string,
    ]);
  });

  const unmatched = { excludePaths: ['Prod/Order'] };

  test.each<[string, (system: System) => IConstruct, (system: System) => Stack]>([
    ['a stack', ({ staged }) => staged, ({ staged }) => staged],
    ['a construct', ({ reports }) => reports, ({ staged }) => staged],
    ['a nested stack', ({ nested }) => nested, ({ stack }) => stack],
    ['an app, once', ({ root }) => root, ({ staged }) => staged],
  ])('an exclusion that matches nothing in %s', (_, scopeOf, reportedIn) => {
    const all = system();
    LambdaTracing.of(scopeOf(all)).active(unmatched);
    all.root.synth();
    expect(warnings(reportedIn(all))).toHaveLength(1);
  });

  test.each<[string, (system: System) => IConstruct]>([
    ['the app', ({ root }) => root],
    ['the stage', ({ stage }) => stage],
    ['the stack', ({ staged }) => staged],
  ])('no exclusion that is acknowledged on %s', (_, acknowledged) => {
    const all = system();
    LambdaTracing.of(all.stage).active(unmatched);
    Validations.of(acknowledged(all)).acknowledge({
      id: 'cdk-lambda-xray:unmatchedExclusion',
      reason: 'The stack is optional.',
    });
    all.root.synth();
    expect(warnings(all.staged)).toEqual([]);
  });
});

describe('without functions', () => {
  test.each<[string, (root: App) => IConstruct]>([
    ['an app', (root) => root],
    ['a stage', (root) => root.node.findChild('Prod')],
  ])('%s is traced without a finding', (_, scopeOf) => {
    const root = app();
    const stack = stackIn(new Stage(root, 'Prod'));
    new Queue(stack, 'Queue');
    LambdaTracing.of(scopeOf(root)).active({ callers: true, tieVersions: true });
    expect(() => root.synth()).not.toThrow();
    expect(warnings(stack)).toEqual([]);
  });

  test.each<[string, (stack: Stack) => IConstruct]>([
    ['a stack', (stack) => stack],
    ['a construct', (stack) => stack.node.findChild('Queue')],
  ])('%s has a warning that can be acknowledged', (_, scopeOf) => {
    const make = () => {
      const stack = stackIn(app());
      new Queue(stack, 'Queue');
      LambdaTracing.of(scopeOf(stack)).active();
      return stack;
    };
    expect(warnings(make())).toEqual([
      expect.stringContaining('this scope contains no Lambda function') as string,
    ]);
    const acknowledged = make();
    Validations.of(acknowledged).acknowledge({
      id: 'cdk-lambda-xray:noFunction',
      reason: 'It has none yet.',
    });
    expect(warnings(acknowledged)).toEqual([]);
  });
});
