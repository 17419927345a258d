import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnParameter, Validations } from 'aws-cdk-lib';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { type CfnFunction, StartingPosition, Tracing } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LambdaXRayChecks, type LambdaXRayChecksProps, RuleSeverity } from '../../lib/nag/lambda-xray-checks';
import { ACKNOWLEDGEMENT } from '../../lib/rules/acknowledgement';
import { helpUrlOf } from '../../lib/version';
import { app, lambda, stackIn, synthesize } from '../apps/app';

const previous = process.cwd();
afterEach(() => process.chdir(previous));

/** Makes a folder with a configuration the app's root. */
function withConfig(text: string, name = '.cdk-lambda-xray.yaml'): void {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'app-')));
  writeFileSync(join(folder, name), text);
  process.chdir(folder);
}

/** Synthesizes an app with an untraced function and a pack. */
function synthesizeApp(props?: LambdaXRayChecksProps) {
  const root = app();
  lambda(stackIn(root, 'Orders'), 'Fn', { tracing: Tracing.PASS_THROUGH });
  Validations.of(root).addPlugins(new LambdaXRayChecks(root, props));
  return synthesize(root);
}

test('failOn makes the synthesis fail', () => {
  expect(synthesizeApp().passes).toBe(true);
  withConfig('failOn: warning');
  expect(synthesizeApp().passes).toBe(false);
});

test('failOn never accepts errors', () => {
  withConfig('rules: { ActiveTracing: error }');
  expect(synthesizeApp().passes).toBe(false);
  withConfig('{ "failOn": "never", "rules": { "ActiveTracing": "error" } }', '.cdk-lambda-xray.json');
  expect(synthesizeApp().passes).toBe(true);
});

test('rules set severities, and the props of the pack take precedence', () => {
  withConfig('rules: { LambdaXRay-ActiveTracing: error }', '.cdk-lambda-xray.yml');
  expect(synthesizeApp().passes).toBe(false);
  expect(synthesizeApp({ severities: { ActiveTracing: RuleSeverity.OFF } }).passes).toBe(true);
});

test('transactionSearch says that it is on outside of the app', () => {
  const build = () => {
    const root = app();
    const stack = stackIn(root);
    const filter = lambda(stack, 'Filter', { tracing: Tracing.PASS_THROUGH });
    const clicks = Stream.fromStreamArn(
      stack,
      'Clicks',
      'arn:aws:kinesis:eu-west-1:111122223333:stream/clicks',
    );
    filter.addEventSource(new KinesisEventSource(clicks, { startingPosition: StartingPosition.LATEST }));
    lambda(stack, 'Worker', { tracing: Tracing.ACTIVE }).grantInvoke(filter);
    const { violations } = new LambdaXRayChecks(root).validateScope(root);
    return violations.map(({ ruleName }) => ruleName).filter((rule) => rule.endsWith('NeverSampled'));
  };
  expect(build()).toEqual(['LambdaXRay-NeverSampled']);
  withConfig('transactionSearch: true');
  expect(build()).toEqual([]);
});

test('includeCdkFunctions applies all rules to the functions of CDK, and the prop takes precedence', () => {
  const build = (props?: LambdaXRayChecksProps) => {
    const root = app();
    const stack = stackIn(root);
    new LogRetention(stack, 'Retention', { logGroupName: 'orders', retention: RetentionDays.ONE_DAY });
    const { violations } = new LambdaXRayChecks(root, props).validateScope(root);
    return violations.map(({ ruleName }) => ruleName);
  };
  expect(build()).toEqual([]);
  expect(build({ includeCdkFunctions: true })).toEqual(['LambdaXRay-ActiveTracing']);
  withConfig('includeCdkFunctions: true');
  expect(build()).toEqual(['LambdaXRay-ActiveTracing']);
  expect(build({ includeCdkFunctions: false })).toEqual([]);
  expect(build({ config: false })).toEqual([]);
});

test.each([
  'path: Orders/Fn',
  'path: "*/Fn"',
  'path: Fn9270CBC0',
  'path: Fn*, expires: 9999-12-31',
  'template: Orders.template.json',
  'template: "*.template.json"',
  'logicalId: "Fn9270CBC0"',
])('acknowledges by %s', (selection) => {
  const entry = (by: string) =>
    withConfig(`failOn: warning\nacknowledge: [{ rule: ActiveTracing, reason: So., ${by} }]`);
  entry(selection);
  expect(synthesizeApp()).toMatchObject({ passes: true });
  entry('path: Orders/Other');
  expect(synthesizeApp().passes).toBe(false);
});

test.each([
  ['./cdk.out/Orders.template.json', true],
  ['./Orders.template.json', false],
])('template: %s is a path from the folder of the file', (template, passes) => {
  withConfig(`failOn: warning\nacknowledge: [{ rule: ActiveTracing, reason: So., template: ${template} }]`);
  const root = new App({ outdir: 'cdk.out' });
  lambda(stackIn(root, 'Orders'), 'Fn', { tracing: Tracing.PASS_THROUGH });
  Validations.of(root).addPlugins(new LambdaXRayChecks(root));
  expect(synthesize(root).passes).toBe(passes);
});

test('reports an acknowledgement that matches no finding', () => {
  withConfig('acknowledge: [{ rule: InvalidMode, reason: So., path: Orders/Gone }]');
  const { output } = synthesizeApp();
  expect(output).toContain(
    '.cdk-lambda-xray.yaml:1:15: The acknowledgement of LambdaXRay-InvalidMode matches no finding (Orders/Gone).',
  );
});

test('a problem with an acknowledgement leads to the page of its rule', () => {
  withConfig('acknowledge: [{ rule: InvalidMode, reason: So., path: Orders/Gone }]');
  const root = app();
  const stack = stackIn(root, 'Orders');
  lambda(stack);
  root.synth();
  const { violations } = new LambdaXRayChecks(root).validate({
    appConstruct: root,
    templatePaths: [stack.templateFile],
    stackTemplates: [],
  });
  expect(violations.map(({ ruleMetadata }) => ruleMetadata?.documentation)).toContain(
    helpUrlOf(ACKNOWLEDGEMENT),
  );
});

test('reports an acknowledgement that has expired', () => {
  withConfig('acknowledge: [{ rule: ActiveTracing, reason: So., path: Orders/Fn, expires: 2020-01-31 }]');
  expect(synthesizeApp().output).toContain(
    'The acknowledgement of LambdaXRay-ActiveTracing expired after 2020-01-31, so it is ignored (Orders/Fn).',
  );
});

test('sets parameters by template', () => {
  const passes = () => {
    const root = app();
    const stack = stackIn(root, 'Orders');
    const { valueAsString } = new CfnParameter(stack, 'Mode');
    const fn = lambda(stack, 'Fn').node.defaultChild as CfnFunction;
    fn.tracingConfig = { mode: valueAsString };
    Validations.of(root).addPlugins(new LambdaXRayChecks(root));
    return synthesize(root).passes;
  };
  withConfig('rules: { ActiveTracing: error }');
  expect(passes()).toBe(true);
  withConfig('rules: { ActiveTracing: error }\nparameters: { Orders.template.json: { Mode: PassThrough } }');
  expect(passes()).toBe(false);
});

test('configFile is the only file that is read', () => {
  withConfig('failOn: warning', 'company.yaml');
  writeFileSync('.cdk-lambda-xray.yaml', 'rules: { ActiveTracing: off }');
  expect(synthesizeApp().passes).toBe(true);
  expect(synthesizeApp({ configFile: 'company.yaml' }).passes).toBe(false);
});

test.each([
  [
    { configFile: 'missing.yaml' },
    'Cannot read the configuration missing.yaml: it does not exist. Pass another path to configFile, or omit configFile.',
  ],
  [
    { config: false, configFile: 'company.yaml' },
    'LambdaXRayChecks: config: false ignores configuration files, but configFile names one. Remove one of them.',
  ],
])('the props %j are an error', (props, message) => {
  expect(() => synthesizeApp(props)).toThrow(message);
});

test('config: false ignores the file', () => {
  withConfig('failOn: warning');
  expect(synthesizeApp({ config: false }).passes).toBe(true);
});

test('reports a mistake in the file with its line', () => {
  withConfig('failOn: error\nrulez: {}');
  expect(() => synthesizeApp()).toThrow(
    '.cdk-lambda-xray.yaml:2:1: Unknown key "rulez" in the configuration. Did you mean rules?',
  );
  expect(() => synthesizeApp({ config: false })).not.toThrow();
});
