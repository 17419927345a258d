import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  Aspects,
  CfnCondition,
  CfnParameter,
  CfnResource,
  Fn,
  Lazy,
  Mixins,
  NestedStack,
  type Stack,
  Stage,
  Token,
  Validations,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Distribution, experimental, LambdaEdgeEventType } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import {
  Alias,
  CfnFunction,
  CfnVersion,
  Function as LambdaFunction,
  SingletonFunction,
  Tracing,
  Version,
} from 'aws-cdk-lib/aws-lambda';
import { CfnFunction as CfnServerlessFunction, type CfnFunctionProps } from 'aws-cdk-lib/aws-sam';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import type { IConstruct } from 'constructs';
import { LambdaTracing, TracedFunction } from '../../lib';
import { app, CODE, lambda, stackIn } from '../apps/app';

const ACTIVE = 'X-Ray tracing: Active';
const PASS_THROUGH = 'X-Ray tracing: PassThrough';
const NOT_TIED = 'cdk-lambda-xray:versionNotTied';

/** Ways to trace a function of a stack and tie its versions, before they are made and after. */
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

/** The descriptions of a stack's versions. */
function descriptions(stack: Stack): unknown[] {
  const versions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Version'));
  return (versions as { Properties: { Description?: unknown } }[]).map(
    ({ Properties: { Description: description } }) => description,
  );
}

function warnings(stack: Stack): unknown[] {
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp(NOT_TIED))
    .map(({ entry }) => entry.data);
}

function version(fn: LambdaFunction, description?: string, scope: Stack = fn.stack) {
  return new Version(scope, 'Version', { lambda: fn, description });
}

function cfnVersion(functionName: string, scope: Stack, description?: string) {
  return new CfnVersion(scope, 'Version', { functionName, description });
}

function resourceOf(fn: LambdaFunction) {
  return fn.node.defaultChild as CfnFunction;
}

function included(stack: Stack, template: object): CfnInclude {
  const file = join(mkdtempSync(join(tmpdir(), 'include-')), 'template.json');
  writeFileSync(file, JSON.stringify(template));
  return new CfnInclude(stack, 'Included', { templateFile: file });
}

describe.each(WAYS)('%s', (_, trace) => {
  test.each<[string, (fn: LambdaFunction) => unknown]>([
    ['new Version', (fn) => version(fn)],
    [
      'a version that an alias names',
      (fn) => new Alias(fn, 'Live', { aliasName: 'live', version: version(fn) }),
    ],
    ['CfnVersion by name', (fn) => cfnVersion(fn.functionName, fn.stack)],
    ['CfnVersion by ARN', (fn) => cfnVersion(fn.functionArn, fn.stack)],
    [
      'CfnVersion by an ARN joined to nothing else',
      (fn) => cfnVersion(Fn.join('', [fn.functionArn]), fn.stack),
    ],
    [
      'CfnVersion by a reference written out',
      (fn) => cfnVersion(Token.asString({ Ref: fn.stack.getLogicalId(resourceOf(fn)) }), fn.stack),
    ],
    [
      'CfnVersion by a name written out',
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
        included(fn.stack, {
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

  test('leaves the current version alone', () => {
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
    ['a text that is empty', '', ACTIVE],
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

  test('leaves a text that is too long, and says so', () => {
    const stack = stackIn(app());
    trace(stack, (fn) => version(fn, 'x'.repeat(233)));
    expect(descriptions(stack)).toEqual(['x'.repeat(233)]);
    expect(warnings(stack)).toEqual([
      expect.stringMatching(
        /of 'Stack\/Fn' does not publish the version 'Stack\/Version' anew.*have 257 characters, and 256 are allowed\. Shorten it by 1, or publish by its currentVersion\./,
      ),
    ]);
  });

  test('leaves a version that publishes one function or another, and says so', () => {
    const stack = stackIn(app());
    trace(stack, (fn) =>
      cfnVersion(
        Token.asString(Fn.conditionIf('C', fn.functionName, lambda(fn.stack, 'Other').functionName)),
        fn.stack,
      ),
    );
    expect(descriptions(stack)).toEqual([undefined]);
    expect(warnings(stack)).toEqual([
      expect.stringMatching(/only deployment tells which function it publishes\. Make a version for each/),
    ]);
  });

  test('states the mode once, however often it is asked to', () => {
    const stack = stackIn(app());
    trace(stack, (fn) => version(fn, 'Release 7'));
    LambdaTracing.of(stack).active({ tieVersions: true });
    Mixins.of(stack).apply(new LambdaTracing({ tieVersions: true }));
    stack.with(new LambdaTracing({ tieVersions: true }));
    expect(descriptions(stack)).toEqual([`Release 7 (${ACTIVE})`]);
  });

  test('ties nothing else', () => {
    const stack = stackIn(app());
    const other = LambdaFunction.fromFunctionName(stack, 'Imported', 'imported');
    trace(stack, (fn) => version(fn));
    new CfnVersion(stack, 'Foreign', { functionName: other.functionName });
    expect(descriptions(stack)).toEqual([ACTIVE, undefined]);
  });
});

describe('without tieVersions, versions are as they were', () => {
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

describe('the mode that is stated is the one in the end', () => {
  /** A function that is published, and tied by the mixin while it is Active. */
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
    ['deleted later', (_, fn) => resourceOf(fn).addPropertyDeletionOverride('TracingConfig')],
    [
      'set by an aspect, the last of all',
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

  test('set by a call on a scope that comes late', () => {
    const stack = stackIn(app());
    version(lambda(stack));
    LambdaTracing.of(stack).passThrough({ tieVersions: true, priority: 2000 });
    expect(descriptions(stack)).toEqual([PASS_THROUGH]);
  });

  test('set by the user, which stands', () => {
    const stack = stackIn(app());
    version(lambda(stack, 'Fn', { tracing: Tracing.PASS_THROUGH }));
    LambdaTracing.of(stack).active({ tieVersions: true });
    expect(descriptions(stack)).toEqual([PASS_THROUGH]);
  });

  test.each([false, true])('a text that an aspect gives is kept (stabilized: %s)', (stabilized) => {
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

  test('a text that is given after the mixin, and tied again at synthesis, is kept', () => {
    const stack = stackIn(app());
    const fn = new TracedFunction(stack, 'Fn', { ...CODE, tieVersions: true });
    const { defaultChild } = version(fn, 'Draft').node;
    fn.with(new LambdaTracing({ tieVersions: true }));
    (defaultChild as CfnVersion).description = 'Release 7';
    expect(descriptions(stack)).toEqual([`Release 7 (${ACTIVE})`]);
  });
});

describe('a mode that deployment tells', () => {
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
  ])('is stated as it is: %s', (_, change, expected) => {
    const { stack } = published(change);
    expect(descriptions(stack)).toEqual([stating(expected)]);
    expect(warnings(stack)).toEqual([]);
  });

  test.each<[string, (fn: CfnFunction) => unknown]>([
    ['a mode', (fn) => (fn.tracingConfig = { mode: Lazy.string({ produce: () => 'PassThrough' }) })],
    ['a configuration', (fn) => (fn.tracingConfig = Lazy.any({ produce: () => ({ mode: 'PassThrough' }) }))],
  ])('is stated in words where %s is lazy', (_, change) => {
    const other = (fn: LambdaFunction) => version(fn, undefined, stackIn(fn.node.root, 'Other'));
    const { root } = published(change, other);
    root.synth();
    expect(descriptions(root.node.findChild('Other') as Stack)).toEqual([PASS_THROUGH]);
  });

  test('is stated once, however often it is asked to', () => {
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

  test('is not stated again after a text that does', () => {
    const { stack } = published(
      (fn, mode) => (fn.tracingConfig = { mode: mode.valueAsString }),
      (fn, mode) => version(fn, `X-Ray tracing: ${mode.valueAsString}`),
    );
    expect(descriptions(stack)).toEqual([stating(MODE)]);
  });

  test('a parameter is referred to from another stack', () => {
    const { root } = published(
      (fn, mode) => (fn.tracingConfig = { mode: mode.valueAsString }),
      (fn) => version(fn, undefined, stackIn(fn.node.root, 'Other')),
    );
    root.synth();
    expect(JSON.stringify(descriptions(root.node.findChild('Other') as Stack))).toMatch(
      /"X-Ray tracing: ",\{"Fn::(ImportValue|GetStackOutput)"/,
    );
  });

  test('a condition of another stack can not be, and the version says so', () => {
    const { root } = published(
      (fn) => (fn.tracingConfig = { mode: Fn.conditionIf('C', 'Active', 'PassThrough').toString() }),
      (fn) => version(fn, undefined, stackIn(fn.node.root, 'Other')),
    );
    const other = root.node.findChild('Other') as Stack;
    expect(descriptions(other)).toEqual([undefined]);
    expect(warnings(other)).toEqual([
      expect.stringMatching(
        /its mode is a value that only the stack of the function has\. Give it Tracing\.ACTIVE/,
      ),
    ]);
  });
});

describe('of the functions', () => {
  test('a singleton is tied, its current version aside', () => {
    const stack = stackIn(app());
    const singleton = new SingletonFunction(stack, 'Singleton', { ...CODE, uuid: 'ab' });
    void singleton.currentVersion;
    new Version(stack, 'Version', { lambda: singleton });
    LambdaTracing.of(singleton).active({ tieVersions: true });
    expect(descriptions(stack)).toEqual([undefined, ACTIVE]);
  });

  test('those at the edge are left out', () => {
    const env = { account: '111122223333', region: 'us-east-1' };
    const stack = stackIn(app(), 'Stack', { env });
    const edge = new experimental.EdgeFunction(stack, 'Edge', CODE);
    const associated = version(lambda(stack));
    new Distribution(stack, 'Site', {
      defaultBehavior: {
        origin: new HttpOrigin('example.com'),
        edgeLambdas: [
          { functionVersion: edge.currentVersion, eventType: LambdaEdgeEventType.VIEWER_REQUEST },
          { functionVersion: associated, eventType: LambdaEdgeEventType.VIEWER_RESPONSE },
        ],
      },
    });
    lambda(stack, 'Plain');
    LambdaTracing.of(stack).active({ tieVersions: true });
    expect(descriptions(stack)).toEqual([undefined, undefined]);
  });

  test('those that are excluded are left out', () => {
    const stack = stackIn(app());
    version(lambda(stack));
    LambdaTracing.of(stack).active({ tieVersions: true, exclude: [stack.node.findChild('Fn')] });
    expect(descriptions(stack)).toEqual([undefined]);
  });

  test('those of another scope are left out, whose versions stand in this one', () => {
    const root = app();
    const [here, there] = [stackIn(root, 'Here'), stackIn(root, 'There')];
    version(lambda(there), undefined, here);
    lambda(here);
    LambdaTracing.of(here).active({ tieVersions: true });
    root.synth();
    expect(descriptions(here)).toEqual([undefined]);
  });

  test.each([true, false])('the closest scope decides about each (%s)', (inner) => {
    const root = app();
    const stack = stackIn(root);
    version(lambda(stack));
    LambdaTracing.of(stack).active({ tieVersions: inner });
    LambdaTracing.of(root).active({ tieVersions: !inner });
    expect(descriptions(stack)).toEqual([inner ? ACTIVE : undefined]);
  });

  test.each<[string, (root: IConstruct, build: (scope: IConstruct) => void) => void]>([
    ['TracedFunction', (root, build) => build(new Stage(root, 'Prod'))],
    [
      'LambdaTracing, before the stage',
      (root, build) => {
        LambdaTracing.of(root).active({ tieVersions: true });
        build(new Stage(root, 'Prod'));
      },
    ],
    [
      'LambdaTracing, after the stage',
      (root, build) => {
        build(new Stage(root, 'Prod'));
        LambdaTracing.of(root).active({ tieVersions: true });
      },
    ],
  ])('those in a stage are tied: %s', (name, trace) => {
    const root = app();
    trace(root, (scope) => {
      const fn =
        name === 'TracedFunction'
          ? new TracedFunction(stackIn(scope), 'Fn', { ...CODE, tieVersions: true })
          : lambda(stackIn(scope));
      version(fn, undefined, stackIn(scope, 'Other'));
    });
    root.synth();
    expect(descriptions(root.node.findChild('Prod').node.findChild('Other') as Stack)).toEqual([ACTIVE]);
  });

  test('a warning can be acknowledged', () => {
    const stack = stackIn(app());
    const long = version(new TracedFunction(stack, 'Fn', { ...CODE, tieVersions: true }), 'x'.repeat(256));
    Validations.of(long).acknowledge({ id: NOT_TIED, reason: 'Known.' });
    expect(descriptions(stack)).toEqual(['x'.repeat(256)]);
    expect(warnings(stack)).toEqual([]);
  });
});

const SAM = { inlineCode: 'x', handler: 'x', runtime: 'nodejs22.x' };

describe('a SAM function', () => {
  const AUTO = { AutoPublishAlias: 'live' };
  const CODE_PROPERTIES = { InlineCode: 'x', Handler: 'x', Runtime: 'nodejs22.x' };

  /** Forms that a SAM function comes in, with further properties. */
  const FORMS: [string, (stack: Stack, properties: Record<string, unknown>) => unknown][] = [
    [
      'CfnFunction',
      (stack, properties) => {
        const { AutoPublishAliasAllProperties: all, ...others } = properties;
        const props = Object.entries({ ...CODE_PROPERTIES, ...others }).map(([name, value]) => [
          `${name[0].toLowerCase()}${name.slice(1)}`,
          value,
        ]);
        const fn = new CfnServerlessFunction(stack, 'Fn', Object.fromEntries(props) as CfnFunctionProps);
        // The L1 doesn't know it.
        if (all !== undefined) fn.addPropertyOverride('AutoPublishAliasAllProperties', all);
      },
    ],
    [
      'a bare resource',
      (stack, properties) =>
        new CfnResource(stack, 'Fn', {
          type: 'AWS::Serverless::Function',
          properties: { ...CODE_PROPERTIES, ...properties },
        }),
    ],
    [
      'an include',
      (stack, properties) =>
        included(stack, {
          Transform: 'AWS::Serverless-2016-10-31',
          Resources: {
            Fn: {
              Type: 'AWS::Serverless::Function',
              Properties: { ...CODE_PROPERTIES, ...properties },
            },
          },
        }),
    ],
  ];
  const TIES: [string, (stack: Stack) => void][] = [
    ['LambdaTracing.of(stack)', (stack) => LambdaTracing.of(stack).active({ tieVersions: true })],
    ['Mixins.of(stack)', (stack) => void Mixins.of(stack).apply(new LambdaTracing({ tieVersions: true }))],
  ];
  const propertiesOf = (stack: Stack) => {
    const [fn] = Object.values(Template.fromStack(stack).findResources('AWS::Serverless::Function')) as {
      Properties: Record<string, unknown>;
    }[];
    return fn.Properties;
  };

  describe.each(TIES)('with %s', (_way, tie) => {
    describe.each(FORMS)('%s', (_form, make) => {
      const tied = (properties: Record<string, unknown>) => {
        const stack = stackIn(app());
        make(stack, properties);
        tie(stack);
        return { properties: propertiesOf(stack), warnings: warnings(stack) };
      };

      test.each<[string, Record<string, unknown>, object]>([
        ['is published on any change', AUTO, { AutoPublishAliasAllProperties: true }],
        ['that says so already is left as it is', { ...AUTO, AutoPublishAliasAllProperties: true }, {}],
        ['that publishes nothing is left as it is', {}, {}],
        [
          'with a hash of its code states the mode',
          { ...AUTO, AutoPublishCodeSha256: 'abc' },
          { VersionDescription: ACTIVE },
        ],
        [
          'with a hash of its code keeps its text',
          { ...AUTO, AutoPublishCodeSha256: 'abc', VersionDescription: 'Release 7' },
          { VersionDescription: `Release 7 (${ACTIVE})` },
        ],
        [
          'with a mode that stands is tied to it',
          { ...AUTO, AutoPublishCodeSha256: 'abc', Tracing: 'PassThrough' },
          { VersionDescription: PASS_THROUGH },
        ],
      ])('%s', (_name, properties, added) => {
        const expected = { ...CODE_PROPERTIES, Tracing: 'Active', ...properties, ...added };
        expect(tied(properties)).toEqual({ properties: expected, warnings: [] });
      });

      test('that must not be published on any change says so', () => {
        const properties = { ...AUTO, AutoPublishAliasAllProperties: false };
        expect(tied(properties)).toEqual({
          properties: { ...CODE_PROPERTIES, Tracing: 'Active', ...properties },
          warnings: [
            expect.stringMatching(
              /'Stack\/(Included\/)?Fn' publishes no version, .*AutoPublishAliasAllProperties is false\. Remove it, or set it to true\./,
            ),
          ],
        });
      });
    });

    test.each<[string, object, object]>([
      ['the alias', AUTO, { AutoPublishAliasAllProperties: true }],
      ['all properties', { ...AUTO, AutoPublishAliasAllProperties: true }, {}],
    ])('that has %s from Globals', (_name, globals, added) => {
      const stack = stackIn(app());
      included(stack, {
        Transform: 'AWS::Serverless-2016-10-31',
        Globals: { Function: globals },
        Resources: { Fn: { Type: 'AWS::Serverless::Function', Properties: CODE_PROPERTIES } },
      });
      tie(stack);
      expect(propertiesOf(stack)).toEqual({ ...CODE_PROPERTIES, Tracing: 'Active', ...added });
    });

    test('whose mode is a parameter states it: SAM knows no values', () => {
      const stack = stackIn(app());
      included(stack, {
        Transform: 'AWS::Serverless-2016-10-31',
        Parameters: { Mode: { Type: 'String' } },
        Globals: { Function: { Tracing: { Ref: 'Mode' } } },
        Resources: {
          Fn: { Type: 'AWS::Serverless::Function', Properties: { ...CODE_PROPERTIES, ...AUTO } },
        },
      });
      tie(stack);
      expect(propertiesOf(stack)).toEqual({
        ...CODE_PROPERTIES,
        ...AUTO,
        VersionDescription: { 'Fn::Join': ['', ['X-Ray tracing: ', { Ref: 'Mode' }]] },
      });
    });

    test('has versions besides, which are tied too', () => {
      const stack = stackIn(app());
      const fn = new CfnServerlessFunction(stack, 'Fn', SAM);
      cfnVersion(fn.ref, stack);
      tie(stack);
      expect(descriptions(stack)).toEqual([ACTIVE]);
    });
  });
});

test('a function that is published is rendered when the template is written, and not before', () => {
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
