import { App, Aspects, CfnCondition, CfnParameter, Fn, Lazy, type Stack } from 'aws-cdk-lib';
import { CfnFunction, CfnVersion, type Function as LambdaFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { app, CODE, lambda, stackIn } from '../apps/app';
import { ACTIVE, descriptions, PASS_THROUGH, resourceOf, version, warnings } from './tied-versions';

describe('a description states the final mode', () => {
  /** Creates a published function whose versions the mixin ties while it is Active. */
  const tied = (change: (stack: Stack, fn: LambdaFunction) => unknown) => {
    const stack = stackIn(app());
    const fn = lambda(stack);
    version(fn);
    fn.with(new LambdaTracing({ tieVersions: true }));
    change(stack, fn);
    return descriptions(stack);
  };

  test.each<[string, (stack: Stack, fn: LambdaFunction) => unknown]>([
    ['assigned later', (_, fn) => (resourceOf(fn).tracingConfig = { mode: 'PassThrough' })],
    ['overridden later', (_, fn) => resourceOf(fn).addPropertyOverride('TracingConfig.Mode', 'PassThrough')],
    [
      'set by the last aspect',
      (stack) =>
        Aspects.of(stack).add(
          {
            visit: (node: IConstruct) => {
              if (node instanceof CfnFunction) node.tracingConfig = { mode: 'PassThrough' };
            },
          },
          { priority: 5000 },
        ),
    ],
  ])('%s', (_, change) => {
    expect(tied(change)).toEqual([PASS_THROUGH]);
  });

  test('deleted later, which leaves no mode to state', () => {
    const change = (_: Stack, fn: LambdaFunction) =>
      resourceOf(fn).addPropertyDeletionOverride('TracingConfig');
    expect(tied(change)).toEqual([undefined]);
  });

  test('set by a later call on a scope', () => {
    const stack = stackIn(app());
    version(lambda(stack, 'Fn', { tracing: Tracing.ACTIVE }));
    LambdaTracing.of(stack).passThrough({ overwrite: true, tieVersions: true, priority: 2000 });
    expect(descriptions(stack)).toEqual([PASS_THROUGH]);
  });

  test('set by the user and kept', () => {
    const stack = stackIn(app());
    version(lambda(stack, 'Fn', { tracing: Tracing.PASS_THROUGH }));
    LambdaTracing.of(stack).active({ tieVersions: true });
    expect(descriptions(stack)).toEqual([PASS_THROUGH]);
  });

  test.each([false, true])('keeps a text that an aspect sets (stabilized: %s)', (stabilized) => {
    const context = { '@aws-cdk/core:aspectStabilization': stabilized };
    const stack = stackIn(new App({ analyticsReporting: false, context }));
    version(new TracedFunction(stack, 'Fn', { ...CODE, tieVersions: true }));
    Aspects.of(stack).add({
      visit: (node: IConstruct) => {
        if (node instanceof CfnVersion) node.description = 'Release 7';
      },
    });
    expect(descriptions(stack)).toEqual([`Release 7 (${ACTIVE})`]);
  });

  test('keeps a text that is set after the mixin, when tied again at synthesis', () => {
    const stack = stackIn(app());
    const fn = new TracedFunction(stack, 'Fn', { ...CODE, tieVersions: true });
    const { defaultChild } = version(fn, 'Draft').node;
    fn.with(new LambdaTracing({ tieVersions: true }));
    (defaultChild as CfnVersion).description = 'Release 7';
    expect(descriptions(stack)).toEqual([`Release 7 (${ACTIVE})`]);
  });
});

describe('a mode that is known only at deployment', () => {
  const MODE = { Ref: 'Mode' };
  const published = (
    change: (resource: CfnFunction, mode: CfnParameter) => unknown,
    publish: (fn: LambdaFunction, mode: CfnParameter) => unknown = (fn) => version(fn),
  ) => {
    const root = app();
    const stack = stackIn(root);
    const mode = new CfnParameter(stack, 'Mode');
    new CfnCondition(stack, 'C', { expression: Fn.conditionEquals(mode.valueAsString, 'Active') });
    const fn = lambda(stack);
    change(resourceOf(fn), mode);
    publish(fn, mode);
    LambdaTracing.of(root).active({ tieVersions: true });
    return { root, stack };
  };
  const stating = (mode: unknown) => ({ 'Fn::Join': ['', ['X-Ray tracing: ', mode]] });
  const either = (then: unknown, otherwise: unknown) => ({ 'Fn::If': ['C', then, otherwise] });

  test.each<[string, (resource: CfnFunction, mode: CfnParameter) => unknown, unknown]>([
    ['a parameter', (fn, mode) => (fn.tracingConfig = { mode: mode.valueAsString }), MODE],
    ['a parameter by raw override', (fn) => fn.addPropertyOverride('TracingConfig.Mode', MODE), MODE],
    [
      'a condition',
      (fn) => (fn.tracingConfig = { mode: Fn.conditionIf('C', 'Active', 'PassThrough').toString() }),
      either('Active', 'PassThrough'),
    ],
    [
      'a condition on whether there is a mode',
      (fn) => fn.addPropertyOverride('TracingConfig.Mode', either('Active', { Ref: 'AWS::NoValue' })),
      either('Active', 'PassThrough'),
    ],
    [
      'a condition on the configuration',
      (fn) => (fn.tracingConfig = Fn.conditionIf('C', { Mode: 'Active' }, { Ref: 'AWS::NoValue' })),
      either('Active', 'PassThrough'),
    ],
    [
      'a condition by raw override',
      (fn) => fn.addPropertyOverride('TracingConfig', either({ Mode: MODE }, { Mode: 'PassThrough' })),
      either(MODE, 'PassThrough'),
    ],
  ])('is stated unchanged: %s', (_, change, expected) => {
    const { stack } = published(change);
    expect(descriptions(stack)).toEqual([stating(expected)]);
    expect(warnings(stack)).toEqual([]);
  });

  test.each<[string, (fn: CfnFunction) => unknown]>([
    ['a mode', (fn) => (fn.tracingConfig = { mode: Lazy.string({ produce: () => 'PassThrough' }) })],
    ['a configuration', (fn) => (fn.tracingConfig = Lazy.any({ produce: () => ({ mode: 'PassThrough' }) }))],
  ])('is stated as text if %s is lazy', (_, change) => {
    const other = (fn: LambdaFunction) => version(fn, undefined, stackIn(fn.node.root, 'Other'));
    const { root } = published(change, other);
    root.synth();
    expect(descriptions(root.node.findChild('Other') as Stack)).toEqual([PASS_THROUGH]);
  });

  test('is stated once after several calls', () => {
    const { stack } = published(
      (fn, mode) => (fn.tracingConfig = { mode: mode.valueAsString }),
      (fn) => {
        version(fn);
        fn.with(new LambdaTracing({ tieVersions: true }));
        fn.with(new LambdaTracing({ tieVersions: true }));
      },
    );
    expect(descriptions(stack)).toEqual([stating(MODE)]);
  });

  test('is not added to a text that states it', () => {
    const { stack } = published(
      (fn, mode) => (fn.tracingConfig = { mode: mode.valueAsString }),
      (fn, mode) => version(fn, `X-Ray tracing: ${mode.valueAsString}`),
    );
    expect(descriptions(stack)).toEqual([stating(MODE)]);
  });

  test('a parameter is referenced from another stack', () => {
    const { root } = published(
      (fn, mode) => (fn.tracingConfig = { mode: mode.valueAsString }),
      (fn) => version(fn, undefined, stackIn(fn.node.root, 'Other')),
    );
    root.synth();
    expect(JSON.stringify(descriptions(root.node.findChild('Other') as Stack))).toMatch(
      /"X-Ray tracing: ",\{"Fn::(ImportValue|GetStackOutput)"/,
    );
  });

  test('a condition of another stack causes a warning on the version', () => {
    const { root } = published(
      (fn) => (fn.tracingConfig = { mode: Fn.conditionIf('C', 'Active', 'PassThrough').toString() }),
      (fn) => version(fn, undefined, stackIn(fn.node.root, 'Other')),
    );
    const other = root.node.findChild('Other') as Stack;
    expect(descriptions(other)).toEqual([undefined]);
    expect(warnings(other)).toEqual([
      expect.stringMatching(
        /the mode is a value that exists only in the stack of the function\. Set Tracing\.ACTIVE/,
      ),
    ]);
  });
});
