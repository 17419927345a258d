import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { type App, CfnResource, type Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnVersion, type Function as LambdaFunction, Tracing, Version } from 'aws-cdk-lib/aws-lambda';
import { type CfnFunctionProps, CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { TracingPermissions } from '../../lib/constructs/tracing-props';
import { activeLambda, app, CODE, lambda, stackIn } from '../apps/app';
import { describeWithPython, runPython } from '../python/run-python';

const VERSION = 'AWS::Lambda::Version';
const MODES = ['unset', Tracing.PASS_THROUGH, Tracing.ACTIVE] as const;

type Mode = (typeof MODES)[number];
type Template = Readonly<Record<string, unknown>>;

/** The effect of a deployment on versions, by the previous and the new mode. */
type Outcomes = Partial<Record<Mode, Partial<Record<Mode, string>>>>;

const NEVER: Outcomes = {
  unset: { unset: 'kept', PassThrough: 'kept', Active: 'kept' },
  PassThrough: { unset: 'kept', PassThrough: 'kept', Active: 'kept' },
  Active: { unset: 'kept', PassThrough: 'kept', Active: 'kept' },
};

/** CDK publishes for an explicit PassThrough too. It is Lambda's default, so the deployment fails if nothing else changes. */
const ON_EVERY_CHANGE: Outcomes = {
  unset: { unset: 'kept', PassThrough: 'republished', Active: 'republished' },
  PassThrough: { unset: 'republished', PassThrough: 'kept', Active: 'republished' },
  Active: { unset: 'republished', PassThrough: 'republished', Active: 'kept' },
};

/** This library publishes no version for an explicit PassThrough instead of no mode. */
const ON_CHANGE_FOR_LAMBDA: Outcomes = {
  unset: { unset: 'kept', PassThrough: 'kept', Active: 'republished' },
  PassThrough: { unset: 'kept', PassThrough: 'kept', Active: 'republished' },
  Active: { unset: 'republished', PassThrough: 'republished', Active: 'kept' },
};

/** CDK's flag for the hash in a current version's logical ID: of the properties that versions lock, or of the whole resource. */
const FLAGS: [string, boolean][] = [
  ['hashing the properties that versions lock', true],
  ['hashing the whole resource', false],
];

function appWith(recognizeVersionProps: boolean): App {
  return app({ '@aws-cdk/aws-lambda:recognizeVersionProps': recognizeVersionProps });
}

/** Returns the templates of a new app. */
function templates(build: (stack: Stack) => unknown, recognizeVersionProps = true): Template[] {
  const root = appWith(recognizeVersionProps);
  build(stackIn(root));
  return root.synth().stacks.map(({ template }) => template as Template);
}

/** Returns the effect on the versions, by the replacement behavior in CloudFormation's schema. */
function outcome(before: readonly Template[], after: readonly Template[]): string {
  if (before === after) return 'kept';
  const changes = after.flatMap((template, i) => {
    const { resources } = fullDiff(structuredClone(before[i] ?? {}), structuredClone(template));
    return Object.values(resources.changes).filter(({ resourceType }) => resourceType === VERSION);
  });
  // Metadata changes in place.
  const updated = changes.filter(
    ({ isUpdate, propertyUpdates }) => isUpdate && Object.keys(propertyUpdates).length > 0,
  );
  const inPlace = updated.filter(({ changeImpact }) => changeImpact !== ResourceImpact.WILL_REPLACE);
  if (inPlace.length > 0) return inPlace.map(({ changeImpact }) => changeImpact).join();
  const isReplaced =
    updated.length > 0 || changes.some(({ isAddition, isRemoval }) => isAddition || isRemoval);
  return isReplaced ? 'republished' : 'kept';
}

function outcomes(modes: readonly Mode[], of: (mode: Mode) => Template[]): Outcomes {
  const made = new Map(modes.map((mode) => [mode, of(mode)]));
  const row = (before: Mode) =>
    Object.fromEntries(modes.map((after) => [after, outcome(made.get(before)!, made.get(after)!)]));
  return Object.fromEntries(modes.map((before) => [before, row(before)]));
}

/** Returns the rows and columns of some modes. */
function only(modes: readonly Mode[], all: Outcomes): Outcomes {
  const pick = <T>(of: Partial<Record<Mode, T>>) => Object.fromEntries(modes.map((mode) => [mode, of[mode]]));
  return Object.fromEntries(modes.map((mode) => [mode, pick(all[mode]!)]));
}

type Publish = (fn: LambdaFunction) => unknown;

const BY_CURRENT_VERSION: [string, Publish][] = [
  ['currentVersion', (fn) => fn.currentVersion],
  ['addAlias', (fn) => fn.addAlias('live')],
  ['provisioned concurrency', (fn) => fn.addAlias('live', { provisionedConcurrentExecutions: 1 })],
];

/** CDK removed it from its types, but not from its code. */
interface WithAddVersion {
  addVersion?(name: string, codeSha256?: string, description?: string): unknown;
}

const BY_A_VERSION_OF_ITS_OWN: [string, Publish][] = [
  ['new Version', (fn) => new Version(fn.stack, 'Version', { lambda: fn })],
  [
    'new Version with a text',
    (fn) => new Version(fn.stack, 'Version', { lambda: fn, description: 'Release 7' }),
  ],
  [
    'addVersion',
    (fn) => (fn as WithAddVersion).addVersion?.('One') ?? new Version(fn, 'One', { lambda: fn }),
  ],
  ['CfnVersion', (fn) => new CfnVersion(fn.stack, 'Version', { functionName: fn.functionName })],
  [
    'a bare resource',
    (fn) =>
      new CfnResource(fn.stack, 'Version', { type: VERSION, properties: { FunctionName: fn.functionName } }),
  ],
  [
    'CfnVersion in another stack',
    (fn) => new CfnVersion(stackIn(fn.node.root, 'Other'), 'Version', { functionName: fn.functionArn }),
  ],
];

interface Tracer {
  readonly name: string;
  readonly modes: readonly Mode[];
  readonly make: (stack: Stack, mode: Mode, publish: Publish, tieVersions: boolean) => unknown;
}

const CDK: Tracer = {
  name: "CDK's own tracing",
  modes: MODES,
  make: (stack, mode, publish) =>
    publish(lambda(stack, 'Fn', { tracing: mode === 'unset' ? undefined : mode })),
};

/** Ways of this library. The way for existing functions has no unset mode. */
const OURS: Tracer[] = [
  {
    name: 'TracedFunction',
    modes: [Tracing.PASS_THROUGH, Tracing.ACTIVE],
    make: (stack, mode, publish, tieVersions) =>
      publish(new TracedFunction(stack, 'Fn', { ...CODE, tracing: mode as Tracing, tieVersions })),
  },
  {
    name: 'LambdaTracing.of(stack)',
    modes: MODES,
    make: (stack, mode, publish, tieVersions) => {
      publish(lambda(stack));
      if (mode === Tracing.ACTIVE) LambdaTracing.of(stack).active({ tieVersions });
      if (mode === Tracing.PASS_THROUGH) LambdaTracing.of(stack).passThrough({ tieVersions });
    },
  },
  {
    name: 'fn.with(new LambdaTracing())',
    modes: MODES,
    make: (stack, mode, publish, tieVersions) => {
      const fn = lambda(stack);
      publish(fn);
      if (mode !== 'unset') fn.with(new LambdaTracing({ tracing: mode, tieVersions }));
    },
  },
];

type Way = (typeof BY_CURRENT_VERSION)[number];

const made = new Map<string, Template[]>();

/** Returns the templates of a function that a tracer traces and that is published in some way, synthesized once. */
function published(
  { name, make }: Tracer,
  [way, publish]: Way,
  mode: Mode,
  tieVersions = false,
  recognizeVersionProps = true,
): Template[] {
  const key = JSON.stringify([name, way, mode, tieVersions, recognizeVersionProps]);
  const known =
    made.get(key) ?? templates((stack) => make(stack, mode, publish, tieVersions), recognizeVersionProps);
  made.set(key, known);
  return known;
}

describe.each([CDK, ...OURS])('$name', (tracer) => {
  const { modes } = tracer;
  const publishedModes = tracer === CDK ? ON_EVERY_CHANGE : ON_CHANGE_FOR_LAMBDA;

  describe.each(FLAGS)('%s', (_, flag) => {
    test.each(BY_CURRENT_VERSION)('publishes a version when the mode changes: %s', (...way) => {
      const of = (mode: Mode) => published(tracer, way, mode, false, flag);
      expect(outcomes(modes, of)).toEqual(only(modes, publishedModes));
    });
  });

  test.each(BY_A_VERSION_OF_ITS_OWN)('does not publish with %s', (...way) => {
    expect(outcomes(modes, (mode) => published(tracer, way, mode))).toEqual(only(modes, NEVER));
  });
});

describe.each(OURS)('$name, with tieVersions', (tracer) => {
  const { modes } = tracer;

  test.each([...BY_CURRENT_VERSION, ...BY_A_VERSION_OF_ITS_OWN])(
    'publishes a version when the mode changes: %s',
    (...way) => {
      const of = (mode: Mode) => published(tracer, way, mode, true);
      expect(outcomes(modes, of)).toEqual(only(modes, ON_CHANGE_FOR_LAMBDA));
    },
  );

  test.each(BY_CURRENT_VERSION)('does not change %s', (...way) => {
    const of = (tie: boolean) => published(tracer, way, Tracing.ACTIVE, tie);
    expect(of(true)).toEqual(of(false));
  });

  test.each(BY_A_VERSION_OF_ITS_OWN)('publishes a version when it is turned on or off: %s', (...way) => {
    const of = (tie: boolean) => published(tracer, way, Tracing.ACTIVE, tie);
    expect([outcome(of(false), of(true)), outcome(of(true), of(false))]).toEqual([
      'republished',
      'republished',
    ]);
  });
});

describe.each([CDK, ...OURS])('$name: an unchanged app has the same template', (tracer) => {
  test.each([...BY_CURRENT_VERSION, ...BY_A_VERSION_OF_ITS_OWN])('%s', (...way) => {
    const [, publish] = way;
    for (const mode of tracer.modes) {
      for (const tie of [false, true]) {
        const again = templates((stack) => tracer.make(stack, mode, publish, tie));
        expect(JSON.stringify(again)).toBe(JSON.stringify(published(tracer, way, mode, tie)));
      }
    }
  });
});

describe.each(FLAGS)('in an app with Active functions and currentVersion (%s)', (_, flag) => {
  const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
  const FUNCTIONS: [string, (stack: Stack) => LambdaFunction][] = [
    ['with its own role', (stack) => activeLambda(stack)],
    [
      'with a specified role',
      (stack) => activeLambda(stack, 'Fn', { role: new Role(stack, 'Role', { assumedBy: LAMBDA }) }),
    ],
    [
      'with an imported role',
      (stack) =>
        activeLambda(stack, 'Fn', {
          role: Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/orders'),
        }),
    ],
  ];
  const LIBRARY: [string, (stack: Stack, fn: LambdaFunction) => unknown][] = [
    ['LambdaTracing.of(stack)', (stack) => LambdaTracing.of(stack).active()],
    ['LambdaTracing.of(app)', (stack) => LambdaTracing.of(stack.node.root).active()],
    ['LambdaTracing.of(stack), overriding', (stack) => LambdaTracing.of(stack).active({ overwrite: true })],
    ['LambdaTracing.of(stack), tying', (stack) => LambdaTracing.of(stack).active({ tieVersions: true })],
    [
      'LambdaTracing.of(stack), least privilege',
      (stack) => LambdaTracing.of(stack).active({ tracingPermissions: TracingPermissions.LEAST_PRIVILEGE }),
    ],
    ['the mixin', (_stack, fn) => fn.with(new LambdaTracing())],
  ];
  const withAlias = (
    make: (stack: Stack) => LambdaFunction,
    add: (stack: Stack, fn: LambdaFunction) => unknown = () => undefined,
  ) =>
    templates((stack) => {
      const fn = make(stack);
      fn.addAlias('live', { provisionedConcurrentExecutions: 1 });
      add(stack, fn);
    }, flag);

  describe.each(LIBRARY)('%s', (_way, add) => {
    test.each(FUNCTIONS)('republishes no version of a function %s', (_kind, make) => {
      expect(outcome(withAlias(make), withAlias(make, add))).toBe('kept');
    });
  });

  // Where the whole resource is hashed, the policies of the role count, on which it depends.
  const unlessAllIsHashed = flag ? 'kept' : 'republished';

  test.each<[string, TracingPermissions, (fn: LambdaFunction) => unknown, string]>([
    ['the managed policy', TracingPermissions.MANAGED_POLICY, () => undefined, unlessAllIsHashed],
    [
      'the managed policy and other statements',
      TracingPermissions.MANAGED_POLICY,
      (fn) => fn.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })),
      'kept',
    ],
    ['least privilege', TracingPermissions.LEAST_PRIVILEGE, () => undefined, 'kept'],
  ])(
    'TracedFunction instead of lambda.Function, with %s',
    (_permissions, tracingPermissions, grant, expected) => {
      const before = withAlias(
        (stack) => activeLambda(stack),
        (_stack, fn) => grant(fn),
      );
      const after = withAlias(
        (stack) => new TracedFunction(stack, 'Fn', { ...CODE, tracingPermissions }),
        (_stack, fn) => grant(fn),
      );
      expect(outcome(before, after)).toBe(expected);
    },
  );

  test.each([
    [TracingPermissions.MANAGED_POLICY, 'kept'],
    [TracingPermissions.LEAST_PRIVILEGE, unlessAllIsHashed],
  ])('an Active function without permissions, with %s', (tracingPermissions, expected) => {
    const make = (stack: Stack) => {
      const fn = lambda(stack);
      (fn.node.defaultChild as CfnResource).addPropertyOverride('TracingConfig.Mode', 'Active');
      return fn;
    };
    const after = withAlias(make, (stack) => LambdaTracing.of(stack).active({ tracingPermissions }));
    expect(outcome(withAlias(make), after)).toBe(expected);
  });
});

test('CloudFormation replaces a version whose description changes', () => {
  const [{ properties }] = loadAwsServiceSpecSync().lookup(
    'resource',
    'cloudFormationType',
    'equals',
    VERSION,
  );
  expect(properties.Description.causesReplacement).toBe('yes');
});

describeWithPython('the SAM translator', () => {
  const SAM: CfnFunctionProps = { inlineCode: 'x', handler: 'index.handler', runtime: 'nodejs22.x' };
  const FUNCTIONS: Record<string, { props: Partial<CfnFunctionProps>; untied: Outcomes; tied: Outcomes }> = {
    AutoPublishAlias: { props: { autoPublishAlias: 'live' }, untied: NEVER, tied: ON_CHANGE_FOR_LAMBDA },
    'AutoPublishAlias and a text': {
      props: { autoPublishAlias: 'live', versionDescription: 'Release 7' },
      untied: NEVER,
      tied: ON_CHANGE_FOR_LAMBDA,
    },
    AutoPublishCodeSha256: {
      props: { autoPublishAlias: 'live', autoPublishCodeSha256: '6b86b273ff34fce1' },
      untied: NEVER,
      tied: ON_CHANGE_FOR_LAMBDA,
    },
    'AutoPublishCodeSha256 and a text': {
      props: {
        autoPublishAlias: 'live',
        autoPublishCodeSha256: '6b86b273ff34fce1',
        versionDescription: 'Release 7',
      },
      untied: NEVER,
      tied: ON_CHANGE_FOR_LAMBDA,
    },
  };

  const untranslated = Object.entries(FUNCTIONS).flatMap(([name, { props }]) =>
    [false, true].flatMap((tieVersions) =>
      MODES.map((mode) => {
        const [template] = templates((stack) => {
          new CfnServerlessFunction(stack, 'Fn', { ...SAM, ...props });
          if (mode === Tracing.ACTIVE) LambdaTracing.of(stack).active({ tieVersions });
          if (mode === Tracing.PASS_THROUGH) LambdaTracing.of(stack).passThrough({ tieVersions });
        });
        return { key: [name, tieVersions, mode].join(), template };
      }),
    ),
  );
  const translated = new Map<string, Template>();

  beforeAll(() => {
    const input = untranslated.map(({ template }) => template);
    const output = runPython('transform.py', input) as Template[];
    untranslated.forEach(({ key }, i) => translated.set(key, output[i]));
  });

  test.each(Object.entries(FUNCTIONS))('%s', (name, { untied, tied }) => {
    const of = (tie: boolean) => outcomes(MODES, (mode) => [translated.get([name, tie, mode].join())!]);
    expect(of(false)).toEqual(untied);
    expect(of(true)).toEqual(tied);
  });
});
