import {
  type App,
  Aspects,
  CfnResource,
  Fn,
  type IAspect,
  RemovalPolicy,
  type Stack,
  Stage,
  Validations,
} from 'aws-cdk-lib';
import { CfnEventSourceMapping, type CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import { EvaluateExpression } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { NagMessageLevel, NagPack, NagRuleCompliance, type NagRuleResult } from 'cdk-nag';
import type { Construct, IConstruct } from 'constructs';
import { checkApp } from '../../lib/nag/check-app';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { LambdaXRayRules } from '../../lib/nag/lambda-xray-rules';
import { RULES } from '../../lib/rules';
import { activeLambda, app, CLUSTER_ARN, lambda, stackIn, synthesize } from '../apps/app';
import { faultyApp } from '../apps/faulty-app';
import { HIDING_PLACES } from '../apps/hiding-places';

jest.mock('../../lib/nag/check-app', () => {
  const actual = jest.requireActual<{ checkApp: typeof checkApp }>('../../lib/nag/check-app');
  return { ...actual, checkApp: jest.fn(actual.checkApp) };
});

/** A pack of a team that applies all rules. */
class AllRules extends NagPack {
  public readonly name = 'Team';

  constructor() {
    super(undefined, { verbose: true });
    this.packName = this.name;
  }

  protected checkResource(node: CfnResource): void {
    for (const rule of Object.values(LambdaXRayRules)) {
      this.applyRule({ info: 'Incorrect.', explanation: '', level: NagMessageLevel.ERROR, rule, node });
    }
  }
}

interface Reported {
  readonly rule: string;
  readonly id: string | undefined;
  readonly path: string;
}

/** Returns the findings of a pack in a synthesized app. */
function reported(root: App, pack: NagPack = new AllRules()): Reported[] {
  return pack.validateScope(root).violations.flatMap(({ ruleName, violatingResources }) => {
    const [, rule, id] = /^\w+-(\w+)(?:\[(.*)\])?$/.exec(ruleName)!;
    return violatingResources.map(({ constructPath = '' }) => ({ rule, id, path: constructPath }));
  });
}

/** Returns the rule and the construct of each finding. The construct is in the ID if it is not a resource. */
function locations(root: App, found: readonly Reported[]): string[] {
  const others = root.node.findAll().filter((construct) => !CfnResource.isCfnResource(construct));
  const paths = new Map(others.map(({ node: { path } }) => [path || 'App', path]));
  return found
    .map(({ rule, id = '', path }) => `${rule} ${paths.get(id.replace(/[:#].*/, '')) ?? path}`)
    .sort();
}

function kafka(scope: Construct, functionName: string, id = 'Kafka'): CfnEventSourceMapping {
  return new CfnEventSourceMapping(scope, id, { functionName, eventSourceArn: CLUSTER_ARN });
}

/**
 * Returns the rule and the construct of each finding that another rule stands for. A pack may apply only one of them, so
 * each function reports its own.
 */
function withSameCause(root: App, baseline?: string): string[] {
  return checkApp(root, { baseline })
    .findings.flatMap(({ finding: { sameCause = [] }, construct }) =>
      sameCause.map(({ rule }) => `${rule.id.replace('LambdaXRay-', '')} ${construct.node.path}`),
    )
    .sort();
}

const RULE = LambdaXRayRules.UnsupportedEventSource;
const { COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE } = NagRuleCompliance;

test('there is a function for each rule, with the name that cdk-nag reports', () => {
  expect(Object.entries(LambdaXRayRules).map(([name, { name: own }]) => [`LambdaXRay-${name}`, own])).toEqual(
    RULES.map(({ id }) => [id, id.replace('LambdaXRay-', '')]),
  );
});

describe('the findings equal those of LambdaXRayChecks and those that they stand for', () => {
  test.each<[string, () => App]>([
    ['with each rule', () => faultyApp()],
    ...Object.entries(HIDING_PLACES).map(([place, hide]): [string, () => App] => [
      `with a mapping hidden in ${place}`,
      () => {
        const root = app();
        hide(root);
        return root;
      },
    ]),
  ])('in the app %s', (_, build) => {
    const root = build();
    root.synth();
    const ofChecks = reported(root, new LambdaXRayChecks());
    expect(ofChecks).not.toEqual([]);
    expect(locations(root, reported(root))).toEqual(
      [...locations(root, ofChecks), ...withSameCause(root)].sort(),
    );
  });

  test('in an app with a baseline', () => {
    const baseline = faultyApp(true).synth().directory;
    const root = faultyApp(false, { 'cdk-lambda-xray:baseline': baseline });
    root.synth();
    const ofChecks = reported(root, new LambdaXRayChecks(undefined, { baseline }));
    const found = reported(root);
    expect(locations(root, found)).toEqual(
      [...locations(root, ofChecks), ...withSameCause(root, baseline)].sort(),
    );
    expect(new Set(found.map(({ rule }) => rule)).size).toBe(RULES.length);
  });
});

test('a function reports what another rule stands for, because a pack may apply only one of them', () => {
  const root = app();
  const stack = stackIn(root);
  const worker = lambda(stack, 'Worker');
  worker.grantInvoke(activeLambda(stack, 'Caller'));
  const fn = worker.node.defaultChild as CfnFunction;
  root.synth();
  expect(withSameCause(root)).toEqual([`ActiveTracing ${fn.node.path}`, `ExplicitMode ${fn.node.path}`]);
  const { BrokenTrace, ActiveTracing, ExplicitMode } = LambdaXRayRules;
  expect([BrokenTrace, ActiveTracing, ExplicitMode].map((rule) => rule(fn))).toEqual([
    NON_COMPLIANT,
    NON_COMPLIANT,
    NON_COMPLIANT,
  ]);
});

test('a baseline that cannot be read is an error on one resource', () => {
  const root = app({ 'cdk-lambda-xray:baseline': '/gone' });
  lambda(stackIn(root), 'First');
  lambda(stackIn(root, 'Other'), 'Second');
  root.synth();
  const { violations } = new AllRules().validateScope(root);
  const errors = violations.filter(({ description }) => description.startsWith('Rule threw an error'));
  expect(errors).toMatchObject([
    {
      ruleName: 'Team-VersionLock',
      description: expect.stringMatching(/can't be compared with the baseline: .*gone/) as string,
      violatingResources: [{ constructPath: 'Stack/First/ServiceRole/Resource' }],
    },
  ]);
});

/** Registers a pack on an app, and returns what CDK prints. */
function registered(root: App): { passes: boolean; output: string } {
  Validations.of(root).addPlugins(new AllRules());
  return synthesize(root);
}

describe('in a registered pack', () => {
  test('a finding fails the synthesis', () => {
    const root = app();
    const stack = stackIn(root);
    kafka(stack, activeLambda(stack).functionName);
    const { passes, output } = registered(root);
    expect(passes).toBe(false);
    expect(output).toContain('Team-UnsupportedEventSource');
  });

  test('the app is checked once per synthesis', () => {
    const root = app();
    for (const id of ['One', 'Two', 'Three']) {
      const stack = stackIn(root, id);
      kafka(stack, activeLambda(stack).functionName);
    }
    jest.mocked(checkApp).mockClear();
    Validations.of(root).addPlugins(new AllRules(), new AllRules());
    synthesize(root);
    expect(checkApp).toHaveBeenCalledTimes(1);
  });

  test('a change is seen by the next synthesis', () => {
    const root = app();
    const stack = stackIn(root);
    const mapping = kafka(stack, activeLambda(stack).functionName);
    root.synth();
    expect(RULE(mapping)).toBe(NON_COMPLIANT);
    (stack.node.findChild('Fn').node.defaultChild as CfnFunction).tracingConfig = { mode: 'PassThrough' };
    root.synth({ force: true });
    expect(RULE(mapping)).toBe(COMPLIANT);
    const second = kafka(stack, activeLambda(stack, 'Other').functionName, 'Second');
    root.synth({ force: true });
    expect(RULE(mapping)).toBe(COMPLIANT);
    expect(RULE(second)).toBe(NON_COMPLIANT);
  });

  test('findings in stages that were synthesized before are reported', () => {
    const root = app();
    const stage = new Stage(root, 'Prod');
    const stack = stackIn(stage);
    const denied = lambda(stack).node.defaultChild as CfnFunction;
    denied.addPropertyOverride('TracingConfig.Mode', 'Active');
    stage.synth();
    const { output } = registered(root);
    expect(output).toContain('Team-WritePermissions');
    expect(output).toContain('Prod/Stack/Fn/Resource');
  });

  test('an acknowledgement counts with the ID of the pack, of a finding, and of this package', () => {
    const root = app();
    const stack = stackIn(root);
    const [one, two, three] = ['One', 'Two', 'Three'].map((id) =>
      kafka(stack, activeLambda(stack, `${id}Fn`).functionName, id),
    );
    Validations.of(one).acknowledge({ id: 'Team-UnsupportedEventSource', reason: 'Known.' });
    Validations.of(two).acknowledge({ id: 'UnsupportedEventSource', reason: 'Known.' });
    root.synth();
    const found = reported(root).filter(({ rule }) => rule === 'UnsupportedEventSource');
    expect(found).toEqual([{ rule: 'UnsupportedEventSource', id: undefined, path: three.node.path }]);
  });
});

describe('several findings on one resource', () => {
  /** Creates a function with two variables that interfere with tracing. */
  function withVariables(root: App, names: readonly string[]): CfnFunction {
    const fn = activeLambda(stackIn(root)).node.defaultChild as CfnFunction;
    for (const name of names) fn.addPropertyOverride(`Environment.Variables.${name}`, 'x');
    return fn;
  }

  test('are finding IDs, which are acknowledged one by one', () => {
    const root = app();
    const fn = withVariables(root, ['_X_AMZN_TRACE_ID', 'AWS_XRAY_DAEMON_ADDRESS']);
    root.synth();
    expect(LambdaXRayRules.ReservedEnvironment(fn)).toEqual([
      'Environment.Variables._X_AMZN_TRACE_ID',
      'Environment.Variables.AWS_XRAY_DAEMON_ADDRESS',
    ]);
    const id = 'Team-ReservedEnvironment[Environment.Variables._X_AMZN_TRACE_ID]';
    Validations.of(fn).acknowledge({ id, reason: 'Known.' });
    expect(reported(root).filter(({ rule }) => rule === 'ReservedEnvironment')).toEqual([
      {
        rule: 'ReservedEnvironment',
        id: 'Environment.Variables.AWS_XRAY_DAEMON_ADDRESS',
        path: fn.node.path,
      },
    ]);
  });

  test('have IDs that CDK accepts, whatever the names of constructs are', () => {
    const root = app();
    const stack = stackIn(root);
    const name = 'Fn [a::b (c {d';
    const [one, two] = [name, `${name}2`].map((id) => activeLambda(stack, id).functionName);
    const mapping = kafka(stack, Fn.conditionIf('Any', one, two).toString());
    const { output } = registered(root);
    expect(output).toContain('Incorrect.');
    const ids = RULE(mapping) as string[];
    expect(ids).toEqual(['EventSourceArn:Stack/Fn-a-b-c-d', 'EventSourceArn:Stack/Fn-a-b-c-d2']);
    for (const id of ids) {
      Validations.of(mapping).acknowledge({ id: `Team-UnsupportedEventSource[${id}]`, reason: 'Known.' });
    }
    expect(reported(root).filter(({ rule }) => rule === 'UnsupportedEventSource')).toEqual([]);
  });
});

test.each<[string, (stack: Stack) => CfnResource, NagRuleResult]>([
  ['compliant', (stack) => kafka(stack, lambda(stack).functionName), COMPLIANT],
  ['not applicable', (stack) => new CfnResource(stack, 'Queue', { type: 'AWS::SQS::Queue' }), NOT_APPLICABLE],
])('other resources are %s, before synthesis too', (_, build, expected) => {
  const root = app();
  const resource = build(stackIn(root));
  expect(RULE(resource)).toBe(expected);
  root.synth();
  expect(RULE(resource)).toBe(expected);
});

describe('before synthesis', () => {
  /** Applies rules in an aspect, as packs of cdk-nag 2 do. */
  class AspectPack implements IAspect {
    public readonly found: string[] = [];

    constructor(private readonly rules = Object.values(LambdaXRayRules)) {}

    public visit(node: IConstruct): void {
      if (!CfnResource.isCfnResource(node)) return;
      for (const rule of this.rules) {
        if (rule(node) === NON_COMPLIANT) this.found.push(`${rule.name} ${node.node.path}`);
      }
    }
  }

  /** Returns the findings of an aspect in a synthesis. */
  function inAspect(root: App): string[] {
    const pack = new AspectPack();
    Aspects.of(root).add(pack);
    for (const stage of root.node.findAll().filter((one) => Stage.isStage(one))) Aspects.of(stage).add(pack);
    root.synth();
    return pack.found;
  }

  const OF_CONSTRUCTS = ['UnsupportedEventSource', 'InvalidMode', 'ActiveTracing'];

  test.each([['with each rule', (root: App) => void root], ...Object.entries(HIDING_PLACES)])(
    'an aspect finds what the constructs show: %s',
    (place, build) => {
      const root = place === 'with each rule' ? faultyApp() : app();
      build(root);
      const found = inAspect(root);
      const ofChecks = locations(root, reported(root, new LambdaXRayChecks()));
      expect([...new Set(found)].sort()).toEqual(
        [...new Set([...ofChecks, ...withSameCause(root)])]
          .filter((one) => OF_CONSTRUCTS.includes(one.split(' ')[0]))
          .sort(),
      );
      expect(found).not.toEqual([]);
    },
  );

  test('an aspect sees a change before the next synthesis', () => {
    const root = app();
    const stack = stackIn(root);
    const mapping = kafka(stack, activeLambda(stack).functionName);
    const pack = new AspectPack([RULE]);
    Aspects.of(root).add(pack);
    root.synth();
    mapping.eventSourceArn = 'arn:aws:sqs:eu-west-1:111122223333:orders';
    root.synth({ force: true });
    expect(pack.found).toEqual(['UnsupportedEventSource Stack/Kafka']);
  });

  test.each<[string, object | undefined, NagRuleResult, NagRuleResult]>([
    ['no mode', undefined, COMPLIANT, NON_COMPLIANT],
    ['Active', { Mode: 'Active' }, COMPLIANT, COMPLIANT],
    ['PassThrough', { Mode: 'PassThrough' }, COMPLIANT, NON_COMPLIANT],
    ['a misspelled mode', { Mode: 'active' }, NON_COMPLIANT, COMPLIANT],
    ['a list', { Mode: ['Active'] }, NON_COMPLIANT, COMPLIANT],
    ['a parameter', { Mode: { Ref: 'Mode' } }, COMPLIANT, COMPLIANT],
    ['a condition', { Mode: { 'Fn::If': ['C', 'Active', 'PassThrough'] } }, COMPLIANT, COMPLIANT],
    [
      'a conditional misspelling',
      { 'Fn::If': ['C', { Mode: 'On' }, { Ref: 'AWS::NoValue' }] },
      NON_COMPLIANT,
      COMPLIANT,
    ],
    [
      'PassThrough or nothing',
      { 'Fn::If': ['C', { Mode: 'PassThrough' }, { Ref: 'AWS::NoValue' }] },
      COMPLIANT,
      NON_COMPLIANT,
    ],
  ])('%s has the results of the template', (_, config, invalid, untraced) => {
    const root = app();
    const fn = lambda(stackIn(root)).node.defaultChild as CfnFunction;
    if (config) fn.addPropertyOverride('TracingConfig', config);
    const results = () => [LambdaXRayRules.InvalidMode(fn), LambdaXRayRules.ActiveTracing(fn)];
    expect(results()).toEqual([invalid, untraced]);
    root.synth();
    expect(results()).toEqual([invalid, untraced]);
  });

  test('functions that CDK makes for itself have the results of the template', () => {
    const root = app();
    const stack = stackIn(root);
    const bucket = new Bucket(stack, 'Bucket', {
      autoDeleteObjects: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const onEventHandler = lambda(stack, 'OnEvent');
    new Provider(stack, 'Provider', { onEventHandler });
    new BucketDeployment(stack, 'Files', { sources: [Source.data('x', 'y')], destinationBucket: bucket });
    new EvaluateExpression(stack, 'Evaluate', { expression: '1 + 1' });
    const nonCompliant = () =>
      stack.node
        .findAll()
        .filter(
          (node) => CfnResource.isCfnResource(node) && LambdaXRayRules.ActiveTracing(node) === NON_COMPLIANT,
        );
    expect(nonCompliant()).toEqual([onEventHandler.node.defaultChild]);
    root.synth();
    expect(nonCompliant()).toEqual([onEventHandler.node.defaultChild]);
  });

  test('a SAM function has the results of the template', () => {
    const root = app();
    const stack = stackIn(root);
    const events = (Type: string) => ({ Events: { Orders: { Type, Properties: {} } } });
    const functions = [
      { Tracing: 'Active', ...events('MSK') },
      { Tracing: 'Disabled' },
      { Tracing: 'On' },
    ].map((properties, index) => {
      const fn = new CfnServerlessFunction(stack, `Fn${index}`);
      for (const [name, value] of Object.entries(properties)) fn.addPropertyOverride(name, value);
      return fn;
    });
    const results = () =>
      OF_CONSTRUCTS.map((name) =>
        functions.map((fn) => LambdaXRayRules[name as keyof typeof LambdaXRayRules](fn)),
      );
    const expected = [
      [NON_COMPLIANT, COMPLIANT, COMPLIANT],
      [COMPLIANT, COMPLIANT, NON_COMPLIANT],
      [COMPLIANT, NON_COMPLIANT, COMPLIANT],
    ];
    expect(results()).toEqual(expected);
    root.synth();
    expect(results()).toEqual(expected);
  });

  test('an acknowledgement with the prefix of this package counts', () => {
    const stack = stackIn(app());
    const mapping = kafka(stack, activeLambda(stack).functionName);
    expect(RULE(mapping)).toBe(NON_COMPLIANT);
    Validations.of(mapping).acknowledge({ id: 'LambdaXRay-UnsupportedEventSource', reason: 'Known.' });
    expect(RULE(mapping)).toBe(COMPLIANT);
  });

  test('the other rules warn that they need templates, once', () => {
    const root = app();
    const stack = stackIn(root);
    lambda(stack);
    lambda(stack, 'Other');
    const pack = new AspectPack([LambdaXRayRules.WritePermissions, LambdaXRayRules.DaemonMemory]);
    Aspects.of(root).add(pack);
    root.synth();
    expect(pack.found).toEqual([]);
    const warnings = root.node.metadata.filter(({ type }) => type === 'aws:cdk:warning');
    expect(warnings).toMatchObject([
      {
        data: expect.stringMatching(
          /^LambdaXRayRules\.WritePermissions was applied before synthesis\./,
        ) as string,
      },
    ]);
  });
});
