import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, CfnResource, NestedStack, type Stack, Stage, Validations } from 'aws-cdk-lib';
import { CfnEventSourceMapping, type CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks, NagPack } from 'cdk-nag';
import { Construct } from 'constructs';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { LambdaXRayChecks, RuleSeverity } from '../../lib/nag/lambda-xray-checks';
import { activeLambda, app, CLUSTER_ARN, CODE, quietly, stackIn, synthesize } from '../apps/app';
import { harmIn } from '../report/hostile-name';

const RULE = 'LambdaXRay-UnsupportedEventSource';

function kafka(scope: Stack, functionName: string): CfnEventSourceMapping {
  return new CfnEventSourceMapping(scope, 'Kafka', {
    functionName,
    eventSourceArn: CLUSTER_ARN,
    topics: ['orders'],
    startingPosition: 'LATEST',
  });
}

/** Creates an app with a finding on `Stack/Kafka`. */
function faulty(): { root: App; stack: Stack; mapping: CfnEventSourceMapping } {
  const root = app();
  const stack = stackIn(root);
  return { root, stack, mapping: kafka(stack, activeLambda(stack).functionName) };
}

/** Returns the construct paths of one rule's findings in a scope. */
function findings(scope: Construct, rule = RULE): (string | undefined)[] {
  return new LambdaXRayChecks()
    .validateScope(scope)
    .violations.filter(({ ruleName }) => ruleName === rule)
    .flatMap(({ violatingResources }) => violatingResources.map((found) => found.constructPath));
}

test('is a cdk-nag pack with a name, a version and rule IDs', () => {
  const checks = new LambdaXRayChecks();
  expect(checks).toBeInstanceOf(NagPack);
  expect(checks.name).toBe('LambdaXRay');
  expect(checks.readPackName).toBe('LambdaXRay');
  expect(checks.ruleIds).toContain(RULE);
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf-8')) as {
    version: string;
  };
  expect(checks.version).toBe(version);
});

describe('registered on an app', () => {
  test('makes synthesis fail and prints the finding with its fix', () => {
    const { root } = faulty();
    Validations.of(root).addPlugins(new LambdaXRayChecks(root));
    const { passes, output } = synthesize(root);
    expect(passes).toBe(false);
    expect(output).toContain(
      "Function 'Stack/Fn' is Active, but this event source mapping connects it to Amazon MSK",
    );
    expect(output).toContain("Set tracing of 'Stack/Fn' to Tracing.PASS_THROUGH");
    expect(output).toContain('Stack/Kafka');
  });

  test('sees a change when the app is synthesized again', () => {
    const root = app();
    const stack = stackIn(root);
    const { functionName } = activeLambda(stack);
    Validations.of(root).addPlugins(new LambdaXRayChecks(root));
    expect(synthesize(root).passes).toBe(true);
    kafka(stack, functionName);
    expect(synthesize(root, { force: true }).output).toContain('Stack/Kafka');
    stack.node.tryRemoveChild('Kafka');
    expect(synthesize(root, { force: true }).passes).toBe(true);
  });

  test('passes an app without findings', () => {
    const root = app();
    activeLambda(stackIn(root));
    Validations.of(root).addPlugins(new LambdaXRayChecks(root));
    expect(synthesize(root).passes).toBe(true);
  });

  test('works together with the packs of cdk-nag', () => {
    const { root } = faulty();
    Validations.of(root).addPlugins(new AwsSolutionsChecks(root), new LambdaXRayChecks(root));
    const { output } = synthesize(root);
    expect(output).toContain(RULE);
    expect(output).toContain('AwsSolutions-');
  });

  test('writes the finding with its property to the report', () => {
    const { root } = faulty();
    Validations.of(root).addPlugins(new LambdaXRayChecks(root));
    synthesize(root);
    const report = readFileSync(join(root.outdir, 'validation-report.json'), 'utf-8');
    expect(report).toContain(RULE);
    expect(report).toContain('Properties.EventSourceArn');
  });
});

test('registered on a stage, checks the stacks of the stage with the whole app', () => {
  const root = app();
  const functions = stackIn(new Stage(root, 'Functions'));
  kafka(functions, activeLambda(functions, 'Fn', { functionName: 'orders' }).functionName);
  const events = new Stage(root, 'Events');
  kafka(stackIn(events), 'orders');
  Validations.of(events).addPlugins(new LambdaXRayChecks());
  const { output } = synthesize(root);
  expect(output).toContain('Events/Stack/Kafka');
  expect(output).not.toContain('Functions/Stack/Kafka');
});

describe('an acknowledgement', () => {
  test.each<[string, (app: ReturnType<typeof faulty>) => Construct]>([
    ['the mapping', ({ mapping }) => mapping],
    ['its stack', ({ stack }) => stack],
    ['the app', ({ root }) => root],
  ])('counts on %s', (_, at) => {
    const broken = faulty();
    Validations.of(at(broken)).acknowledge({ id: RULE, reason: 'Known.' });
    expect(findings(broken.root)).toEqual([]);
  });

  test.each([
    RULE,
    `LambdaXRay::${RULE}`,
    'UnsupportedEventSource',
    'LambdaXRay::UnsupportedEventSource',
    'Construct-Annotations::UnsupportedEventSource',
  ])('counts as %s when CDK runs the pack', (id) => {
    const { root, mapping } = faulty();
    Validations.of(mapping).acknowledge({ id, reason: 'Known.' });
    expect(findings(root)).toEqual([]);
    Validations.of(root).addPlugins(new LambdaXRayChecks(root));
    expect(synthesize(root).passes).toBe(true);
  });

  test.each(['LambdaXRay::UnsupportedEventSrc', 'LambdaXRay-UnsupportedEventSrc'])(
    'as %s is reported, because there is no such rule',
    (id) => {
      const { root, mapping } = faulty();
      Validations.of(mapping).acknowledge({ id, reason: 'Known.' });
      const { violations } = new LambdaXRayChecks().validateScope(root);
      expect(violations).toContainEqual(
        expect.objectContaining({
          ruleName: 'LambdaXRay-Acknowledgement',
          description: 'The acknowledgement of LambdaXRay-UnsupportedEventSrc names no rule.',
        }),
      );
      expect(findings(root)).toEqual(['Stack/Kafka']);
    },
  );

  test('by a short ID that matches nothing is reported with the full one', () => {
    const { root, stack } = faulty();
    Validations.of(stack).acknowledge({ id: 'InvalidMode', reason: 'Known.' });
    expect(findings(root, 'LambdaXRay-Acknowledgement')).toEqual(['Stack']);
  });

  test('by a short ID counts for the validation of traced functions', () => {
    const stack = stackIn(app());
    const mapping = kafka(stack, new TracedFunction(stack, 'Fn', CODE).functionName);
    Validations.of(mapping).acknowledge({ id: 'UnsupportedEventSource', reason: 'Known.' });
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });

  test.each(['UnsupportedEventSrc', 'Other::UnsupportedEventSource', `Other::${RULE}`])(
    'does not count as %s',
    (id) => {
      const { root, mapping } = faulty();
      Validations.of(mapping).acknowledge({ id, reason: 'Known.' });
      expect(findings(root)).toEqual(['Stack/Kafka']);
    },
  );

  test('does not count without a reason, and is reported', () => {
    const { root, mapping } = faulty();
    Validations.of(mapping).acknowledge({ id: RULE, reason: '' });
    expect(findings(root)).toEqual(['Stack/Kafka']);
    expect(findings(root, 'LambdaXRay-Acknowledgement')).toEqual(['Stack/Kafka']);
  });

  test('is reported on its construct if it matches no finding', () => {
    const { root, stack } = faulty();
    Validations.of(stack).acknowledge({ id: 'LambdaXRay-InvalidMode', reason: 'Known.' });
    expect(findings(root, 'LambdaXRay-Acknowledgement')).toEqual(['Stack']);
  });

  test('on the function does not apply to its event source mappings', () => {
    const { root, stack } = faulty();
    Validations.of(stack.node.findChild('Fn')).acknowledge({ id: RULE, reason: 'Known.' });
    expect(findings(root)).toEqual(['Stack/Kafka']);
  });

  test('is written to the template on request, as by every pack', () => {
    const { root, mapping } = faulty();
    Validations.of(mapping).acknowledge({ id: RULE, reason: 'Known.' });
    new LambdaXRayChecks(root, { writeSuppressionsToCloudFormation: true });
    const { template } = root.synth().getStackByName('Stack') as {
      template: { Resources: Record<string, unknown> };
    };
    expect(template.Resources.Kafka).toMatchObject({
      Metadata: { cdk_nag: { rules_to_suppress: [{ id: RULE, reason: 'Known.' }] } },
    });
  });
});

describe('severities', () => {
  const severityOf = (checks: LambdaXRayChecks, root: App) =>
    checks.validateScope(root).violations.find(({ ruleName }) => ruleName === RULE)?.severity;

  test.each<[RuleSeverity, string | undefined]>([
    [RuleSeverity.WARNING, 'warning'],
    [RuleSeverity.INFO, 'info'],
    [RuleSeverity.OFF, undefined],
  ])('can be changed to %s', (severity, reported) => {
    const { root } = faulty();
    const checks = new LambdaXRayChecks(root, { severities: { UnsupportedEventSource: severity } });
    expect(severityOf(checks, root)).toBe(reported);
    expect(checks.validateScope(root).success).toBe(true);
  });

  test('can make an error of an info finding', () => {
    const { root, stack, mapping } = faulty();
    Validations.of(mapping).acknowledge({ id: RULE, reason: 'Known.' });
    (stack.node.findChild('Fn').node.defaultChild as CfnFunction).addPropertyOverride('Layers', [
      'telemetry',
    ]);
    const checks = new LambdaXRayChecks(root, {
      severities: { 'LambdaXRay-DaemonMemory': RuleSeverity.ERROR },
    });
    expect(checks.validateScope(root).success).toBe(false);
  });

  test.each<[object, RegExp]>([
    [{ DaemonMemroy: RuleSeverity.OFF }, /'DaemonMemroy' is not a rule\. The rules are LambdaXRay-/],
    [
      { DaemonMemory: 'none' },
      /'none' is not a valid severity for LambdaXRay-DaemonMemory\. Use one of error, warning/,
    ],
  ])('that are invalid cause an error: %j', (severities, message) => {
    expect(() => new LambdaXRayChecks(app(), { severities: severities as never })).toThrow(message);
  });
});

describe('validateScope', () => {
  test('reports the findings in the scope', () => {
    const { root, stack, mapping } = faulty();
    const other = stackIn(root, 'Other');
    expect(findings(root)).toEqual(['Stack/Kafka']);
    expect(findings(stack)).toEqual(['Stack/Kafka']);
    expect(findings(mapping)).toEqual(['Stack/Kafka']);
    expect(findings(other)).toEqual([]);
  });

  test('reports the findings of a nested stack', () => {
    const stack = stackIn(app());
    const nested = new NestedStack(stack, 'Nested');
    kafka(nested, activeLambda(stack).functionName);
    expect(findings(nested)).toEqual(['Stack/Nested/Kafka']);
  });

  test('works if the pack is also registered', () => {
    const { root, stack } = faulty();
    Validations.of(root).addPlugins(new LambdaXRayChecks(root));
    expect(quietly(() => findings(stack))).toEqual(['Stack/Kafka']);
  });

  test('adds the rationale if verbose is set', () => {
    const { root } = faulty();
    const [{ description }] = new LambdaXRayChecks(root, { verbose: true }).validateScope(root).violations;
    expect(description).toContain(
      'X-Ray tracing is not supported for Lambda functions with an event source mapping',
    );
  });

  test('reports a finding that makes a traced function fail, and synthesis still fails later', () => {
    const stack = stackIn(app());
    kafka(stack, new TracedFunction(stack, 'Fn', CODE).functionName);
    expect(findings(stack)).toEqual(['Stack/Kafka']);
    expect(() => (stack.node.root as App).synth()).toThrow(/'Stack\/Fn' has active tracing/);
  });

  test('throws other errors of the app', () => {
    const { root, stack } = faulty();
    stack.node.addValidation({ validate: () => ['Out of order.'] });
    expect(() => findings(root)).toThrow(/Out of order/);
  });

  test('throws an error for a scope outside of an app', () => {
    expect(() => findings(new Construct(undefined as never, 'Lone'))).toThrow(
      /Can't check 'Lone', because it is not in an App or Stage/,
    );
  });

  test('accepts malformed resources', () => {
    const stack = stackIn(app());
    new CfnResource(stack, 'Odd', { type: 'AWS::Lambda::EventSourceMapping' });
    new CfnResource(stack, 'Odder', {
      type: 'AWS::Lambda::EventSourceMapping',
      properties: { FunctionName: [], EventSourceArn: { Ref: 'Gone' }, Topics: 'x' },
    });
    expect(findings(stack)).toEqual([]);
  });
});

test.each([{}, { verbose: true }, { baseline: '\u001b[31m\n::add-mask::x\u202e' }])(
  'findings contain no control characters or CI commands of names: %j',
  (props) => {
    const name = '::add-mask::x\u001b[31m\n::error::x\u202e\u200b##[add-mask]y';
    const stack = stackIn(app());
    const fn = activeLambda(stack, name).node.defaultChild as CfnResource;
    fn.addPropertyOverride('TracingConfig.Mode', name);
    const { violations } = new LambdaXRayChecks(undefined, props).validateScope(stack);
    const texts = violations.flatMap(({ description, fix = '' }) => [description, fix]);
    expect(texts.join('\n')).toContain('add-mask');
    expect(texts.flatMap((text) => [...harmIn(text), ...(text.match(/\n/g) ?? [])])).toEqual([]);
    // CDK finds the construct by its path, which must be unchanged.
    const paths = violations.flatMap(({ violatingResources }) =>
      violatingResources.map(({ constructPath }) => constructPath),
    );
    expect(paths).toContain(fn.node.path);
  },
);
