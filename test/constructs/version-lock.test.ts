import { Aspects, CfnParameter, Fn, type IResolvable, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnFunction, CfnVersion, type IVersion, Tracing, Version } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { app, CODE, lambda, stackIn } from '../apps/app';

/** Creates a published function with the mode Active. */
function published(publish: (fn: TracedFunction) => unknown = (fn) => fn.currentVersion) {
  const stack = stackIn(app());
  const fn = new TracedFunction(stack, 'Fn', CODE);
  publish(fn);
  return { stack, fn, resource: fn.node.defaultChild as CfnFunction };
}

const CHANGES: [string, (of: ReturnType<typeof published>) => unknown, RegExp][] = [
  [
    'by assignment',
    ({ resource }) => (resource.tracingConfig = { mode: 'PassThrough' }),
    /later set to PassThrough, by assigning tracingConfig/,
  ],
  [
    'by a raw override',
    ({ resource }) => resource.addPropertyOverride('TracingConfig.Mode', 'PassThrough'),
    /later set to PassThrough, by a raw override/,
  ],
  [
    'by the mixin',
    ({ fn }) => fn.with(new LambdaTracing({ tracing: Tracing.PASS_THROUGH, overwrite: true })),
    /later set to PassThrough, by LambdaTracing\./,
  ],
  [
    'for a scope',
    ({ stack }) => LambdaTracing.of(stack).passThrough({ overwrite: true }),
    /later set to PassThrough, by LambdaTracing\.of\('Stack'\)/,
  ],
  [
    'by an aspect',
    ({ stack }) =>
      Aspects.of(stack).add({
        visit: (node: IConstruct) => {
          if (node instanceof CfnFunction) node.tracingConfig = { mode: 'PassThrough' };
        },
      }),
    /later set to PassThrough, by assigning/,
  ],
  [
    'by removing it',
    ({ resource }) => (resource.tracingConfig = undefined),
    /was later removed, by assigning tracingConfig/,
  ],
  [
    'by a raw override that removes the configuration',
    ({ resource }) => resource.addPropertyDeletionOverride('TracingConfig'),
    /was later removed, by a raw override\./,
  ],
  [
    'by a raw override that removes the mode',
    ({ resource }) => resource.addPropertyDeletionOverride('TracingConfig.Mode'),
    /was later removed, by a raw override\./,
  ],
  [
    'to no value',
    ({ resource }) => (resource.tracingConfig = Fn.ref('AWS::NoValue') as unknown as IResolvable),
    /was later removed, by assigning tracingConfig/,
  ],
  [
    'to a token',
    ({ stack, resource }) =>
      (resource.tracingConfig = { mode: new CfnParameter(stack, 'Mode').valueAsString }),
    /later set to a value that is known only at deployment.*select between modes in code/,
  ],
];

describe('the mode of a published function', () => {
  test.each(CHANGES)("can't be changed %s", (_, change, message) => {
    const of = published();
    change(of);
    expect(() => Template.fromStack(of.stack)).toThrow(message);
    expect(() => Template.fromStack(of.stack)).toThrow(
      "'Stack/Fn' was created with the mode Active, which is part of its version 'Stack/Fn/CurrentVersion/Resource'",
    );
  });

  test.each<[string, (fn: TracedFunction) => unknown]>([
    ['an alias', (fn) => fn.addAlias('live', { provisionedConcurrentExecutions: 1 })],
    ['a separate version', (fn) => new Version(fn.stack, 'Version', { lambda: fn })],
    ['an L1 version', (fn) => new CfnVersion(fn.stack, 'Version', { functionName: fn.functionName })],
    [
      'a version with a reference in a Fn::Join of one item',
      (fn) => new CfnVersion(fn.stack, 'V', { functionName: Fn.join('', [fn.functionArn]) }),
    ],
    [
      'a version in another stack',
      (fn) => new CfnVersion(stackIn(fn.node.root, 'Other'), 'V', { functionName: fn.functionArn }),
    ],
  ])('is locked by %s', (_, publish) => {
    const { stack, resource } = published(publish);
    resource.addPropertyOverride('TracingConfig.Mode', 'PassThrough');
    expect(() => Template.fromStack(stack)).toThrow(/'Stack\/Fn' was created with the mode Active/);
  });

  test('is always explicit, even if it is the default of Lambda', () => {
    const stack = stackIn(app());
    const fn = new TracedFunction(stack, 'Fn', { ...CODE, tracing: Tracing.PASS_THROUGH });
    fn.addAlias('live');
    (fn.node.defaultChild as CfnFunction).tracingConfig = undefined;
    expect(() => Template.fromStack(stack)).toThrow(
      /'Stack\/Fn' was created with the mode PassThrough, .* was later removed/,
    );
  });

  test('can be set again to the same value', () => {
    const { stack, resource } = published();
    resource.addPropertyOverride('TracingConfig.Mode', 'Active');
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

test.each(CHANGES)('the mode of an unpublished function can be changed %s', (_, change) => {
  const of = published(() => undefined);
  change(of);
  expect(() => Template.fromStack(of.stack)).not.toThrow();
});

test('each version states its mode in its metadata', () => {
  const { stack, fn } = published();
  new Version(stack, 'Other', { lambda: fn });
  const versions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Version'));
  expect(versions).toHaveLength(2);
  for (const version of versions) {
    expect(version).toMatchObject({ Metadata: { 'cdk-lambda-xray': { TracingMode: 'Active' } } });
  }
});

test('versions are the same as without the library', () => {
  const logicalIds = (make: (stack: Stack) => { currentVersion: IVersion }) => {
    const stack = stackIn(app());
    void make(stack).currentVersion;
    return Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Version'));
  };
  expect(logicalIds((stack) => new TracedFunction(stack, 'Fn', CODE))).toEqual(
    logicalIds((stack) => lambda(stack, 'Fn', { tracing: Tracing.ACTIVE })),
  );
});
