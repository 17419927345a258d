import { App, Aspects, Fn, NestedStack, type Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnStateMachine as CfnServerlessStateMachine } from 'aws-cdk-lib/aws-sam';
import { CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IConstruct } from 'constructs';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import type { LambdaTracingActiveOptions } from '../../lib/constructs/tracing-props';
import { app, lambda, stackIn } from '../apps/app';
import { active, asl, bare, calling, type Make, tracing } from './callers';

describe('the scope', () => {
  const machine: Make = (stack, fn) =>
    new CfnServerlessStateMachine(stack, 'Machine', { definition: asl(fn.functionArn) });

  /** Creates an app in which one stack calls a function of another stack. */
  const twoStacks = (trace: (root: App, functions: Stack, callers: Stack) => void) => {
    const root = app();
    const [functions, callers] = [stackIn(root, 'Functions'), stackIn(root, 'Callers')];
    machine(callers, lambda(functions));
    lambda(callers, 'Own');
    trace(root, functions, callers);
    return tracing(callers);
  };

  test.each<[string, (root: App, functions: Stack, callers: Stack) => void, unknown]>([
    ['contains the caller and the function', (root) => active(root), true],
    [
      'of an inner call without callers decides',
      (root, _, callers) => (active(root), LambdaTracing.of(callers).active()),
      undefined,
    ],
    [
      'of an inner call of passThrough() decides',
      (root, _, callers) => (active(root), LambdaTracing.of(callers).passThrough()),
      undefined,
    ],
    ['of an inner call with callers decides', (root, _, callers) => (active(root), active(callers)), true],
    [
      'of an inner call excludes the caller',
      (root, _, callers) => (
        active(root),
        LambdaTracing.of(callers).active({ excludePaths: ['Callers/Machine'] })
      ),
      true,
    ],
    [
      'of an inner call for the function, without callers',
      (root, functions) => (active(root), LambdaTracing.of(functions).active()),
      true,
    ],
    [
      'of an inner call for the function, of passThrough()',
      (root, functions) => (active(root), LambdaTracing.of(functions).passThrough()),
      undefined,
    ],
    [
      'of an inner call for the function, which the outer call excludes',
      (root, functions) => (
        active(root, { excludePaths: ['Functions/Fn'] }),
        LambdaTracing.of(functions).active()
      ),
      undefined,
    ],
    [
      'of an inner call with its own callers',
      (root, functions) => (LambdaTracing.of(root).active(), active(functions)),
      undefined,
    ],
    [
      'of several calls: the last decides for the function',
      (root, _, callers) => (active(root), LambdaTracing.of(root).active(), active(callers)),
      undefined,
    ],
    [
      'of several calls: the last decides',
      (root) => (active(root), LambdaTracing.of(root).active()),
      undefined,
    ],
  ])('%s', (_, trace, expected) => {
    expect(twoStacks(trace)).toEqual([expected]);
  });

  test.each<[string, (root: App, stack: (scope: IConstruct) => Stack) => Stack]>([
    ['constructs that are added later', (root, stack) => (active(root), stack(root))],
    [
      'stages that are added earlier',
      (root, stack) => {
        const made = stack(new Stage(root, 'Prod'));
        active(root);
        return made;
      },
    ],
    ['stages that are added later', (root, stack) => (active(root), stack(new Stage(root, 'Prod')))],
  ])('includes %s', (_, build) => {
    const root = app();
    const stack = build(root, (scope) => stackIn(scope));
    machine(stack, lambda(stack));
    root.synth();
    expect(tracing(stack)).toEqual([true]);
  });

  test('includes nested stacks', () => {
    const root = app();
    const nested = new NestedStack(stackIn(root), 'Nested');
    machine(nested, lambda(nested));
    active(root);
    expect(tracing(nested)).toEqual([true]);
  });

  test.each([false, true])('lets other aspects visit created constructs (stabilized: %s)', (stabilized) => {
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

  test('is visited before aspects that only read', () => {
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

  test('keeps tracing that is known only at deployment, unless overwrite is set', () => {
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
    expect(build({ overwrite: true })).toEqual([true, true, 'Active']);
  });
});

test('callers is not an option of passThrough()', () => {
  const stack = calling((scope, fn) => new LambdaRestApi(scope, 'Api', { handler: fn }));
  // @ts-expect-error It isn't an option.
  LambdaTracing.of(stack).passThrough({ callers: true });
  expect(tracing(stack)).toEqual([undefined]);
});
