import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, type AssetStaging, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Instrumentation } from '../../lib/constructs/instrumentation';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedNodejsFunction, type TracedNodejsFunctionProps } from '../../lib/constructs/traced-function';
import { app } from '../apps/app';
import { only, warnings } from './traced-stacks';

const OTEL = { instrumentation: Instrumentation.openTelemetry() };
const LAYER = 'arn:aws:lambda:eu-west-1:615299751070:layer:AWSOpenTelemetryDistroJs:15';

const stackIn = (parent: App = app()) => new Stack(parent, 'Stack', { env: { region: 'eu-west-1' } });

function layersIn(stack: Stack): unknown {
  return only(Template.fromStack(stack), 'AWS::Lambda::Function').Layers;
}

describe('Bundled Node.js code', () => {
  const ROOT = join(__dirname, '..', '..');
  const PROPS: TracedNodejsFunctionProps = {
    entry: join(__dirname, '..', 'apps', 'handler.ts'),
    depsLockFilePath: join(ROOT, 'package-lock.json'),
    projectRoot: ROOT,
    runtime: Runtime.NODEJS_22_X,
    bundling: { logLevel: LogLevel.ERROR },
  };
  const bundled = (stack: Stack, props: Partial<TracedNodejsFunctionProps> = {}) =>
    new TracedNodejsFunction(stack, 'Fn', {
      ...PROPS,
      ...OTEL,
      ...props,
      bundling: { logLevel: LogLevel.ERROR, ...props.bundling },
    });

  test.each([
    ['', undefined],
    ['and keeps the footer of the user', '// own footer'],
    ['and minifies', undefined],
  ])('exports a handler that the layer can replace %s', (name, footer) => {
    const fn = bundled(stackIn(), { bundling: { footer, minify: name === 'and minifies' } });
    const staging = fn.node.findChild('Code').node.findChild('Stage') as AssetStaging;
    const file = join(staging.absoluteStagedPath, 'index.js');
    const code = jest.requireActual<{ handler: unknown }>(file);
    Object.defineProperty(code, 'handler', { value: 'replaced' });
    expect(code.handler).toBe('replaced');
    if (footer) expect(readFileSync(file, 'utf-8')).toContain(footer);
  });

  test('can be an ES module', () => {
    const stack = stackIn();
    bundled(stack, { bundling: { format: OutputFormat.ESM } });
    expect(layersIn(stack)).toEqual([LAYER]);
  });

  test('must not have another footer in esbuildArgs', () => {
    const bundling = { esbuildArgs: { '--footer:js': '// own' } };
    expect(() => bundled(stackIn(), { bundling })).toThrow(
      /Stack\/Fn: bundling.esbuildArgs sets --footer:js/,
    );
  });

  test.each([{ bundleAwsSDK: true }, { externalModules: ['sharp'] }])(
    'should not include the AWS SDK: %j',
    (bundling) => {
      const stack = stackIn(app({ 'aws:cdk:bundling-stacks': [] }));
      bundled(stack, { bundling });
      expect(JSON.stringify(warnings(stack))).toMatch(/'Stack\/Fn' bundles the AWS SDK/);
    },
  );

  test('of a NodejsFunction in a scope is left, with a warning', () => {
    const stack = stackIn();
    new NodejsFunction(stack, 'Fn', PROPS);
    LambdaTracing.of(stack).active(OTEL);
    expect(JSON.stringify(warnings(stack))).toMatch(
      /'Stack\/Fn': its code exports a handler that the layer can't replace/,
    );
    expect(layersIn(stack)).toBeUndefined();
  });

  test('of a NodejsFunction for a runtime that replaces handlers in imports is instrumented', () => {
    const stack = stackIn();
    new NodejsFunction(stack, 'Fn', { ...PROPS, runtime: Runtime.NODEJS_24_X });
    LambdaTracing.of(stack).active(OTEL);
    expect(layersIn(stack)).toEqual([LAYER]);
  });
});
