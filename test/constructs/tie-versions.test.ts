import { CfnParameter, CfnResource, Fn, Lazy, Mixins, NestedStack, type Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alias, CfnVersion, Function as LambdaFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import { CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import type { IConstruct } from 'constructs';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { app, CODE, lambda, stackIn } from '../apps/app';
import { include } from '../apps/include';
import {
  ACTIVE,
  cfnVersion,
  descriptions,
  PASS_THROUGH,
  resourceOf,
  SAM,
  version,
  warnings,
} from './tied-versions';

/** Ways to trace a function of a stack and tie its versions, before and after they are created. */
const WAYS: [string, (stack: Stack, make: (fn: LambdaFunction) => unknown) => unknown][] = [
  ['TracedFunction', (stack, make) => make(new TracedFunction(stack, 'Fn', { ...CODE, tieVersions: true }))],
  [
    'LambdaTracing.of(stack), before',
    (stack, make) => {
      LambdaTracing.of(stack).active({ tieVersions: true });
      make(lambda(stack));
    },
  ],
  [
    'LambdaTracing.of(stack), after',
    (stack, make) => {
      make(lambda(stack));
      LambdaTracing.of(stack).active({ tieVersions: true });
    },
  ],
  [
    'LambdaTracing.of(app)',
    (stack, make) => {
      LambdaTracing.of(stack.node.root).active({ tieVersions: true });
      make(lambda(stack));
    },
  ],
  [
    'fn.with()',
    (stack, make) => {
      const fn = lambda(stack);
      make(fn);
      fn.with(new LambdaTracing({ tieVersions: true }));
    },
  ],
  [
    'Mixins.of(stack)',
    (stack, make) => {
      make(lambda(stack));
      Mixins.of(stack).apply(new LambdaTracing({ tieVersions: true }));
    },
  ],
];

describe.each(WAYS)('%s', (_, trace) => {
  test.each<[string, (fn: LambdaFunction) => unknown]>([
    ['new Version', (fn) => version(fn)],
    ['a version of an alias', (fn) => new Alias(fn, 'Live', { aliasName: 'live', version: version(fn) })],
    ['CfnVersion by name', (fn) => cfnVersion(fn.functionName, fn.stack)],
    ['CfnVersion by ARN', (fn) => cfnVersion(fn.functionArn, fn.stack)],
    [
      'CfnVersion by an ARN in a Fn::Join of one item',
      (fn) => cfnVersion(Fn.join('', [fn.functionArn]), fn.stack),
    ],
    [
      'CfnVersion by a hand-written reference',
      (fn) => cfnVersion(Token.asString({ Ref: fn.stack.getLogicalId(resourceOf(fn)) }), fn.stack),
    ],
    [
      'CfnVersion by a literal name',
      (fn) => {
        resourceOf(fn).functionName = 'orders';
        cfnVersion('orders', fn.stack);
      },
    ],
    [
      'a bare resource',
      (fn) =>
        new CfnResource(fn.stack, 'Version', {
          type: 'AWS::Lambda::Version',
          properties: { FunctionName: fn.functionName },
        }),
    ],
    [
      'an included version',
      (fn) => {
        resourceOf(fn).functionName = 'orders';
        include(fn.stack, {
          Resources: { Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: 'orders' } } },
        });
      },
    ],
  ])('ties %s', (_name, make) => {
    const stack = stackIn(app());
    trace(stack, make);
    expect(descriptions(stack)).toEqual([ACTIVE]);
    expect(warnings(stack)).toEqual([]);
  });

  test.each<[string, (root: IConstruct) => Stack]>([
    ['another stack', (root) => stackIn(root, 'Other')],
    ['a nested stack', (root) => new NestedStack(stackIn(root, 'Other'), 'Nested')],
  ])('ties a version in %s', (_name, scope) => {
    const root = app();
    const versions = scope(root);
    trace(stackIn(root), (fn) => version(fn, undefined, versions));
    root.synth();
    expect(descriptions(versions)).toEqual([ACTIVE]);
  });

  test('does not change the current version', () => {
    const build = (tie: boolean) => {
      const stack = stackIn(app());
      if (tie) trace(stack, (fn) => fn.addAlias('live', { provisionedConcurrentExecutions: 1 }));
      else
        lambda(stack, 'Fn', { tracing: Tracing.ACTIVE }).addAlias('live', {
          provisionedConcurrentExecutions: 1,
        });
      const [[logicalId, { Properties: properties }]] = Object.entries(
        Template.fromStack(stack).findResources('AWS::Lambda::Version'),
      ) as [string, { Properties: unknown }][];
      return { logicalId, properties };
    };
    expect(build(true)).toEqual(build(false));
  });

  test.each<[string, string, string]>([
    ['a text', 'Release 7', `Release 7 (${ACTIVE})`],
    ['an empty text', '', ACTIVE],
    ['a text that states the mode', `Release 7, ${ACTIVE}.`, `Release 7, ${ACTIVE}.`],
    ['a text that states another mode', PASS_THROUGH, `${PASS_THROUGH} (${ACTIVE})`],
    ['a lazy text', Lazy.string({ produce: () => 'Release 7' }), `Release 7 (${ACTIVE})`],
    ['a lazy text that states the mode', Lazy.string({ produce: () => ACTIVE }), ACTIVE],
    ['the longest text', 'x'.repeat(256 - ` (${ACTIVE})`.length), `${'x'.repeat(232)} (${ACTIVE})`],
  ])('keeps %s', (_name, text, expected) => {
    const stack = stackIn(app());
    trace(stack, (fn) => version(fn, text));
    expect(descriptions(stack)).toEqual([expected]);
    expect(warnings(stack)).toEqual([]);
  });

  test.each<[string, (of: { fn: LambdaFunction; text: CfnParameter }) => unknown]>([
    ['a prop', ({ fn, text }) => version(fn, text.valueAsString)],
    ['a property', ({ fn, text }) => cfnVersion(fn.functionName, fn.stack, text.valueAsString)],
    [
      'a raw override',
      ({ fn }) => cfnVersion(fn.functionName, fn.stack).addPropertyOverride('Description', { Ref: 'Text' }),
    ],
    [
      'the property of a bare resource',
      ({ fn }) =>
        new CfnResource(fn.stack, 'Version', {
          type: 'AWS::Lambda::Version',
          properties: { FunctionName: fn.functionName, Description: { Ref: 'Text' } },
        }),
    ],
  ])('keeps a text that is a parameter, as %s', (_name, make) => {
    const stack = stackIn(app());
    const text = new CfnParameter(stack, 'Text');
    trace(stack, (fn) => make({ fn, text }));
    expect(descriptions(stack)).toEqual([{ 'Fn::Join': ['', [{ Ref: 'Text' }, ` (${ACTIVE})`]] }]);
  });

  test('keeps a text that is a raw override', () => {
    const stack = stackIn(app());
    trace(stack, (fn) => {
      (version(fn, 'Hidden').node.defaultChild as CfnVersion).addPropertyOverride('Description', 'Release 7');
    });
    expect(descriptions(stack)).toEqual([`Release 7 (${ACTIVE})`]);
  });

  test('keeps a text that is too long, with a warning', () => {
    const stack = stackIn(app());
    trace(stack, (fn) => version(fn, 'x'.repeat(233)));
    expect(descriptions(stack)).toEqual(['x'.repeat(233)]);
    expect(warnings(stack)).toEqual([
      expect.stringMatching(
        /of 'Stack\/Fn' does not publish 'Stack\/Version' again.*have 257 characters, but the maximum is 256\. Shorten it by 1, or use the function's currentVersion\./,
      ),
    ]);
  });

  test('does not change a version of a conditional function, with a warning', () => {
    const stack = stackIn(app());
    trace(stack, (fn) =>
      cfnVersion(
        Token.asString(Fn.conditionIf('C', fn.functionName, lambda(fn.stack, 'Other').functionName)),
        fn.stack,
      ),
    );
    expect(descriptions(stack)).toEqual([undefined]);
    expect(warnings(stack)).toEqual([
      expect.stringMatching(
        /the function of the version is known only at deployment\. Define a version for each/,
      ),
    ]);
  });

  test('states the mode once after several calls', () => {
    const stack = stackIn(app());
    trace(stack, (fn) => version(fn, 'Release 7'));
    LambdaTracing.of(stack).active({ tieVersions: true });
    Mixins.of(stack).apply(new LambdaTracing({ tieVersions: true }));
    stack.with(new LambdaTracing({ tieVersions: true }));
    expect(descriptions(stack)).toEqual([`Release 7 (${ACTIVE})`]);
  });

  test('changes nothing else', () => {
    const stack = stackIn(app());
    const other = LambdaFunction.fromFunctionName(stack, 'Imported', 'imported');
    trace(stack, (fn) => version(fn));
    new CfnVersion(stack, 'Foreign', { functionName: other.functionName });
    expect(descriptions(stack)).toEqual([ACTIVE, undefined]);
  });
});

describe('does not change versions without tieVersions', () => {
  test.each<[string, (stack: Stack) => LambdaFunction]>([
    ['TracedFunction', (stack) => new TracedFunction(stack, 'Fn', CODE)],
    ['LambdaTracing', (stack) => (LambdaTracing.of(stack).active(), lambda(stack))],
  ])('%s', (_, make) => {
    const stack = stackIn(app());
    const fn = make(stack);
    version(fn);
    new CfnServerlessFunction(stack, 'Sam', { ...SAM, autoPublishAlias: 'live' });
    expect(descriptions(stack)).toEqual([undefined]);
    Template.fromStack(stack).hasResourceProperties('AWS::Serverless::Function', {
      AutoPublishAliasAllProperties: Match.absent(),
    });
  });
});

test('renders a published function only when the template is written', () => {
  const stack = stackIn(app());
  let value = 'early';
  const fn = lambda(stack, 'Fn', { environment: { VALUE: Lazy.string({ produce: () => value }) } });
  void fn.currentVersion;
  cfnVersion(Token.asString({ Ref: 'Other' }), stack);
  lambda(stack, 'Another').with(new LambdaTracing({ tieVersions: true }));
  value = 'late';
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { VALUE: 'late' } },
  });
});
