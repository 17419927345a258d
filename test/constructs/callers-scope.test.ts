import { App, Aspects, Fn, NestedStack, type Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnStateMachine as CfnServerlessStateMachine } from 'aws-cdk-lib/aws-sam';
import { CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IConstruct } from 'constructs';
import { LambdaTracing, type LambdaTracingActiveOptions } from '../../lib';
import { app, lambda, stackIn } from '../apps/app';
import { active, asl, bare, calling, type Make, tracing } from './callers';

describe('the scope', () => {
  const machine: Make = (stack, fn) =>
    new CfnServerlessStateMachine(stack, 'Machine', { definition: asl(fn.functionArn) });

  /** An app whose one stack calls a function of the other. */
  const twoStacks = (trace: (root: App, functions: Stack, callers: Stack) => void) => {
    const root = app();
    const [functions, callers] = [stackIn(root, 'Functions'), stackIn(root, 'Callers')];
    machine(callers, lambda(functions));
    lambda(callers, 'Own');
    trace(root, functions, callers);
    return tracing(callers);
  };

  test.each<[string, (root: App, functions: Stack, callers: Stack) => void, unknown]>([
    ['holds the caller and the function', (root) => active(root), true],
    [
      'of a call within, which decides: without callers',
      (root, _, callers) => (active(root), LambdaTracing.of(callers).active()),
      undefined,
    ],
    [
      'of a call within, which decides: PassThrough',
      (root, _, callers) => (active(root), LambdaTracing.of(callers).passThrough()),
      undefined,
    ],
    [
      'of a call within, which decides: with callers',
      (root, _, callers) => (active(root), active(callers)),
      true,
    ],
    [
      'of a call within, which excludes it',
      (root, _, callers) => (
        active(root),
        LambdaTracing.of(callers).active({ excludePaths: ['Callers/Machine'] })
      ),
      true,
    ],
    [
      'of a call within for the function, without callers',
      (root, functions) => (active(root), LambdaTracing.of(functions).active()),
      true,
    ],
    [
      'of a call within for the function: PassThrough',
      (root, functions) => (active(root), LambdaTracing.of(functions).passThrough()),
      undefined,
    ],
    [
      'of a call within for the function, and the call around excludes that',
      (root, functions) => (
        active(root, { excludePaths: ['Functions/Fn'] }),
        LambdaTracing.of(functions).active()
      ),
      undefined,
    ],
    [
      'of a call within, which asks for its own callers',
      (root, functions) => (LambdaTracing.of(root).active(), active(functions)),
      undefined,
    ],
    [
      'of several calls, the last decides for the function',
      (root, _, callers) => (active(root), LambdaTracing.of(root).active(), active(callers)),
      undefined,
    ],
    [
      'of several calls, the last decides',
      (root) => (active(root), LambdaTracing.of(root).active()),
      undefined,
    ],
  ])('%s', (_, trace, expected) => {
    expect(twoStacks(trace)).toEqual([expected]);
  });

  test.each<[string, (root: App, stack: (scope: IConstruct) => Stack) => Stack]>([
    ['what is added later', (root, stack) => (active(root), stack(root))],
    [
      'stages that are added before',
      (root, stack) => {
        const made = stack(new Stage(root, 'Prod'));
        active(root);
        return made;
      },
    ],
    ['stages that are added later', (root, stack) => (active(root), stack(new Stage(root, 'Prod')))],
  ])('holds %s', (_, build) => {
    const root = app();
    const stack = build(root, (scope) => stackIn(scope));
    machine(stack, lambda(stack));
    root.synth();
    expect(tracing(stack)).toEqual([true]);
  });

  test('holds nested stacks', () => {
    const root = app();
    const nested = new NestedStack(stackIn(root), 'Nested');
    machine(nested, lambda(nested));
    active(root);
    expect(tracing(nested)).toEqual([true]);
  });

  test.each([false, true])('what is made is there, and aspects go on (stabilized: %s)', (stabilized) => {
    const context = { '@aws-cdk/core:aspectStabilization': stabilized };
    const root = new App({ analyticsReporting: false, context });
    const stack = stackIn(root);
    const fn = lambda(stack);
    new Topic(stack, 'Topic').addSubscription(new LambdaSubscription(fn));
    const seen: string[] = [];
    Aspects.of(root).add({ visit: ({ node: { path } }) => void seen.push(path) }, { priority: 100 });
    Aspects.of(root).add({ visit: ({ node: { path } }) => void seen.push(path) }, { priority: 900 });
    active(root);
    expect(tracing(stack)).toEqual(['Active']);
    Template.fromStack(stack).resourceCountIs('AWS::XRay::ResourcePolicy', 1);
  });

  test('comes before aspects that only read', () => {
    const stack = stackIn(app());
    const fn = lambda(stack);
    new Topic(stack, 'Topic').addSubscription(new LambdaSubscription(fn));
    const seen: unknown[] = [];
    Aspects.of(stack).add(
      { visit: (node) => void (node instanceof CfnTopic && seen.push(node.tracingConfig)) },
      { priority: 1000 },
    );
    active(stack);
    Template.fromStack(stack);
    expect(tracing(stack)).toEqual(['Active']);
  });

  test('leaves a caller that deployment tells of, unless it is overridden', () => {
    const build = (options: LambdaTracingActiveOptions) => {
      const stack = stackIn(app());
      const fn = lambda(stack);
      const when = <T>(a: T, b: T) => Fn.conditionIf('C', a, b);
      new CfnServerlessStateMachine(stack, 'Whole', {
        definition: asl(fn.functionArn),
        tracing: when({ Enabled: true }, { Enabled: false }),
      });
      new CfnServerlessStateMachine(stack, 'Member', {
        definition: asl(fn.functionArn),
        tracing: { enabled: when(true, false) },
      });
      bare(stack, 'Bare', 'AWS::SNS::Topic', {
        Subscription: [{ Protocol: 'lambda', Endpoint: fn.functionArn }],
        TracingConfig: { Ref: 'Mode' },
      });
      active(stack, options);
      return tracing(stack);
    };
    expect(build({})).toEqual([undefined, { 'Fn::If': ['C', true, false] }, { Ref: 'Mode' }]);
    expect(build({ override: true })).toEqual([true, true, 'Active']);
  });
});

test('is nothing that passThrough() takes', () => {
  const stack = calling((scope, fn) => new LambdaRestApi(scope, 'Api', { handler: fn }));
  // @ts-expect-error It isn't an option.
  LambdaTracing.of(stack).passThrough({ callers: true });
  expect(tracing(stack)).toEqual([undefined]);
});
