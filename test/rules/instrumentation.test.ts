import { buildTracingModel } from '../../lib/model/build-model';
import { BROKEN_INSTRUMENTATION } from '../../lib/rules/broken-instrumentation';
import { INSTRUMENTED_PASS_THROUGH } from '../../lib/rules/instrumented-pass-through';
import { LEGACY_INSTRUMENTATION } from '../../lib/rules/legacy-instrumentation';
import { RESERVED_ENVIRONMENT } from '../../lib/rules/reserved-environment';
import {
  CONDITIONS,
  findingsIn,
  KAFKA,
  lambda,
  mapping,
  type Resources,
  ruleTester,
  serverless,
  stack,
} from './templates';

const layer = (name = 'AWSOpenTelemetryDistroJs:15', region: string = 'eu-west-1', partition = 'aws') =>
  `arn:${partition}:lambda:${region}:615299751070:layer:${name}`;
const WRAPPER = { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-instrument' };
const LEGACY = layer('aws-otel-nodejs-amd64-ver-1-30-2:1');
const DATADOG = layer('Datadog-Node22-x:120');

interface Options {
  readonly layers?: unknown;
  readonly environment?: object;
  readonly mode?: unknown;
  readonly more?: object;
}

const fn = ({
  layers = [layer()],
  environment = WRAPPER,
  mode = 'Active',
  more = {},
}: Options = {}): Resources => ({
  Fn: lambda(mode, {
    Runtime: 'nodejs22.x',
    Layers: layers,
    Environment: { Variables: environment },
    ...more,
  }),
});
const code = (text: string) => ({ Code: { ZipFile: text }, Handler: 'index.handler' });
const FIXED = code('var index_exports = {};\nmodule.exports = __toCommonJS(index_exports);');
const IN_REGION = { region: 'eu-west-1' };

/** A function with the layer, and a role with a managed policy and a statement. */
function withRole(
  statement: object | undefined,
  {
    managed = 'AWSXRayDaemonWriteAccess',
    role = {},
    environment = WRAPPER,
  }: { readonly managed?: string; readonly role?: object; readonly environment?: object } = {},
): Resources {
  const policy = { PolicyName: 'logs', PolicyDocument: { Statement: [statement] } };
  return {
    ...fn({ environment, more: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } }),
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        ManagedPolicyArns: [`arn:aws:iam::aws:policy/${managed}`],
        ...(statement && { Policies: [policy] }),
        ...role,
      },
    },
  };
}
const OWN_LOGS = '/aws/lambda/fn:*';
const writingTo = (logGroup: string, more: object = {}) => ({
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: `arn:aws:logs:*:*:log-group:${logGroup}`,
  ...more,
});
const SIGNALS = 'OTEL_AWS_APPLICATION_SIGNALS_ENABLED';

ruleTester(BROKEN_INSTRUMENTATION, {
  valid: [
    [
      'a legacy layer with its wrapper',
      fn({ layers: [LEGACY], environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-handler' } }),
    ],
    [
      'the layer for Java with its second wrapper',
      fn({
        layers: [layer('AWSOpenTelemetryDistroJava:11')],
        environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-handler' },
        more: { Runtime: 'java21' },
      }),
    ],
    [
      'layers of two regions in two cases',
      stack(
        't',
        fn({
          layers: [{ 'Fn::If': ['Traced', layer(), layer('AWSOpenTelemetryDistroJs:15', 'us-east-1')] }],
        }),
        CONDITIONS,
      ),
    ],
    [
      'a role that can write all logs',
      withRole(writingTo(OWN_LOGS), { managed: 'service-role/AWSLambdaBasicExecutionRole' }),
    ],
    [
      'a role with the policy of Application Signals',
      withRole(writingTo(OWN_LOGS), { managed: 'CloudWatchLambdaApplicationSignalsExecutionRolePolicy' }),
    ],
    ['a role with another policy', withRole(writingTo(OWN_LOGS), { managed: 'AmazonS3FullAccess' })],
    ['a role that can write the log group', withRole(writingTo('/aws/application-signals/data:*'))],
    [
      'a role that can write the stream',
      withRole(writingTo('/aws/application-signals/data:log-stream:default')),
    ],
    ['a role that can write below /aws', withRole(writingTo('/aws/*'))],
    ['a role that can write any log', withRole(writingTo(OWN_LOGS, { Resource: 'arn:aws:logs:*:*:*' }))],
    [
      'a role for all actions but some',
      withRole(writingTo(OWN_LOGS, { Action: undefined, NotAction: 'iam:*', Resource: '*' })),
    ],
    [
      'a role for logs known only at deployment',
      withRole(writingTo(OWN_LOGS, { Resource: { Ref: 'Logs' } })),
    ],
    ['a role with a statement known only at deployment', withRole({ Ref: 'Statement' })],
    [
      'a role whose policies are known only at deployment',
      withRole(undefined, { role: { Policies: { Ref: 'P' } } }),
    ],
    [
      'a role whose managed policies are known only at deployment',
      withRole(undefined, { role: { ManagedPolicyArns: [{ Ref: 'P' }] } }),
    ],
    [
      'a role with a policy of its own',
      {
        ...withRole(writingTo(OWN_LOGS)),
        Policy: {
          Type: 'AWS::IAM::Policy',
          Properties: {
            Roles: [{ Ref: 'Role' }],
            PolicyDocument: { Statement: writingTo('/aws/application-signals/data:*') },
          },
        },
      },
    ],
    ['a role outside of the templates', fn({ more: { Role: 'arn:aws:iam::111122223333:role/fn' } })],
    [
      'Application Signals off',
      withRole(writingTo(OWN_LOGS), { environment: { ...WRAPPER, [SIGNALS]: 'false' } }),
    ],
    [
      'Application Signals known only at deployment',
      withRole(writingTo(OWN_LOGS), { environment: { ...WRAPPER, [SIGNALS]: { Ref: 'Signals' } } }),
    ],
    ['a layer with its wrapper', fn()],
    ['a layer in its region', stack('t', fn(), IN_REGION)],
    [
      'a layer in a region known only at deployment',
      fn({
        layers: [{ 'Fn::Sub': layer('AWSOpenTelemetryDistroJs:15', '${AWS::Region}', '${AWS::Partition}') }],
      }),
    ],
    ['a wrapper in a layer known only at deployment', fn({ layers: [{ Ref: 'Layer' }] })],
    ['a wrapper with layers known only at deployment', fn({ layers: { Ref: 'Layers' } })],
    [
      'a wrapper in the code',
      fn({
        layers: undefined,
        environment: { AWS_LAMBDA_EXEC_WRAPPER: '/var/task/run.sh' },
        more: { Layers: undefined },
      }),
    ],
    ['a container image', fn({ layers: [], more: { PackageType: 'Image', Code: { ImageUri: 'x' } } })],
    [
      'a template that a macro changes',
      stack('t', fn({ layers: [] }), { sections: { Transform: ['DatadogServerless'] } }),
    ],
    [
      'a library that Node.js loads by itself',
      fn({ environment: { NODE_OPTIONS: '--require /opt/wrapper.js' } }),
    ],
    [
      'a collector without a wrapper',
      fn({ layers: [layer('aws-otel-collector-amd64-ver-0-115-0:3')], environment: {} }),
    ],
    ['the receiver of another product', fn({ layers: [layer(), layer('Datadog-Extension:80')] })],
    [
      'a layer of another architecture only where it is not used',
      stack(
        't',
        fn({
          layers: [{ 'Fn::If': ['Traced', LEGACY, { Ref: 'AWS::NoValue' }] }],
          more: { Architectures: [{ 'Fn::If': ['Traced', 'x86_64', 'arm64'] }] },
        }),
        CONDITIONS,
      ),
    ],
    [
      'the exporter that the layer uses',
      fn({ environment: { ...WRAPPER, OTEL_TRACES_EXPORTER: 'otlp', OTEL_PROPAGATORS: 'xray-lambda' } }),
    ],
    [
      'the endpoint of X-Ray',
      fn({
        environment: {
          ...WRAPPER,
          OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://xray.eu-west-1.amazonaws.com/v1/traces',
        },
      }),
    ],
    [
      'variables of OpenTelemetry without the layer',
      fn({ layers: [{ Ref: 'Own' }], environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a' } }),
    ],
    ['a handler that the layer can replace', fn({ more: code('exports.handler = async () => {};') })],
    [
      'a bundle with the footer',
      fn({ more: code(`${FIXED.Code.ZipFile}\nmodule.exports = { ...module.exports };`) }),
    ],
    [
      'a bundle for a runtime that replaces handlers in imports',
      fn({ more: { ...FIXED, Runtime: 'nodejs24.x' } }),
    ],
    [
      'a SAM function',
      serverless({
        Runtime: 'python3.13',
        Layers: [layer('AWSOpenTelemetryDistroPython:26')],
        Environment: { Variables: WRAPPER },
      }),
    ],
  ],
  invalid: [
    ['Fn Role', 'a role that can write only its own logs', withRole(writingTo(OWN_LOGS))],
    ['Fn Role', 'a role without any log', withRole(undefined)],
    [
      'Fn Role',
      'a role that can only create the log group',
      withRole(writingTo('/aws/application-signals/data:*', { Action: 'logs:CreateLogGroup' }), {
        environment: { ...WRAPPER, [SIGNALS]: 'true' },
      }),
    ],
    ['Fn Role', 'a role that is denied it', withRole(writingTo('*', { Effect: 'Deny' }))],
    ['Fn Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER', 'a wrapper without a layer', fn({ layers: [] })],
    [
      'Fn Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER',
      'a wrapper without a layer in one case',
      stack(
        't',
        fn({
          layers: [{ 'Fn::If': ['Traced', layer(), { Ref: 'AWS::NoValue' }] }],
          environment: {
            AWS_LAMBDA_EXEC_WRAPPER: {
              'Fn::If': ['Traced', { Ref: 'AWS::NoValue' }, '/opt/otel-instrument'],
            },
          },
        }),
        CONDITIONS,
      ),
    ],
    [
      'Fn Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER',
      'the wrapper of a legacy layer',
      fn({ environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-handler' } }),
    ],
    [
      'Fn Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER',
      'the wrapper of a legacy layer, beside a layer that can contain it',
      fn({
        layers: [layer(), layer('own:1')],
        environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-handler' },
      }),
    ],
    ['Fn Layers', 'layers of two regions', fn({ layers: [layer(), layer('own:1', 'us-east-1')] })],
    ['Fn Layers', 'a layer without its wrapper', fn({ environment: {} })],
    ['Fn Layers', 'a layer of another region', stack('t', fn(), { region: 'eu-west-2' })],
    [
      'Fn Layers',
      'a layer of another partition',
      stack('t', fn({ layers: [layer('AWSOpenTelemetryDistroJs:8', 'cn-north-1')] }), {
        region: 'cn-north-1',
      }),
    ],
    ['Fn Layers', 'a layer of another language', fn({ layers: [layer('AWSOpenTelemetryDistroPython:26')] })],
    [
      'Fn Layers',
      'a layer of another architecture',
      fn({ layers: [LEGACY], more: { Architectures: ['arm64'] } }),
    ],
    [
      'Fn Layers',
      'the layer for .NET on arm64',
      fn({
        layers: [layer('AWSOpenTelemetryDistroDotNet:13')],
        more: { Runtime: 'dotnet8', Architectures: ['arm64'] },
      }),
    ],
    ['Fn Layers', 'a runtime that the layer is not published for', fn({ more: { Runtime: 'nodejs16.x' } })],
    ['Fn Layers', 'two agents', fn({ layers: [layer(), DATADOG] })],
    ['Fn Layers', 'a handler that the layer can not replace', fn({ more: FIXED })],
    [
      'Fn Environment.Variables.OTEL_TRACES_SAMPLER',
      'a sampler that drops all',
      fn({ environment: { ...WRAPPER, OTEL_TRACES_SAMPLER: 'always_off' } }),
    ],
    [
      'Fn Environment.Variables.OTEL_SDK_DISABLED',
      'a library that is off',
      fn({ environment: { ...WRAPPER, OTEL_SDK_DISABLED: 'true' } }),
    ],
    [
      'Fn Environment.Variables.OTEL_TRACES_EXPORTER',
      'another exporter',
      fn({ environment: { ...WRAPPER, OTEL_TRACES_EXPORTER: 'none' } }),
    ],
    [
      'Fn Environment.Variables.OTEL_EXPORTER_OTLP_ENDPOINT',
      'another endpoint',
      fn({ environment: { ...WRAPPER, OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example.com' } }),
    ],
    [
      'Fn Environment.Variables.OTEL_PROPAGATORS',
      'propagators without X-Ray',
      fn({ environment: { ...WRAPPER, OTEL_PROPAGATORS: 'tracecontext,baggage' } }),
    ],
    [
      'Fn Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER',
      'a SAM function',
      serverless({ Runtime: 'python3.13', Environment: { Variables: WRAPPER } }),
    ],
    [
      'Fn Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER',
      'an L2 of CDK',
      stack('t', fn({ layers: [] }), { constructPaths: { Fn: 'App/Fn/Resource' } }),
    ],
  ],
});

test('variables of OpenTelemetry are reported by one rule', () => {
  const templates = fn({ environment: { ...WRAPPER, OTEL_SDK_DISABLED: 'true' } });
  expect(findingsIn(RESERVED_ENVIRONMENT, templates)).toEqual([]);
  expect(
    findingsIn(RESERVED_ENVIRONMENT, fn({ layers: [], environment: { OTEL_SDK_DISABLED: 'true' } })),
  ).toHaveLength(1);
});

test('BrokenInstrumentation reports a layer once that a mapping has for several regions', () => {
  const byRegion = { 'Fn::FindInMap': ['Layers', { Ref: 'AWS::Region' }, 'Python'] };
  const python = (region: string) => ({ Python: layer('AWSOpenTelemetryDistroPython:26', region) });
  const template = stack('t', fn({ layers: [byRegion] }), {
    sections: {
      Mappings: { Layers: { 'eu-west-1': python('eu-west-1'), 'us-east-1': python('us-east-1') } },
    },
  });
  expect(findingsIn(BROKEN_INSTRUMENTATION, template)).toHaveLength(1);
});

const withCode = (given: Readonly<Record<string, string>>, handler = 'index.handler') =>
  stack(
    't',
    { Fn: lambda('PassThrough', { Handler: handler }) },
    { codeOf: () => Object.entries(given).map(([path, text]) => ({ path, text })) },
  );
const SDK_PACKAGE = { 'package.json': '{"dependencies":{"aws-xray-sdk-core":"3"}}' };

ruleTester(INSTRUMENTED_PASS_THROUGH, {
  valid: [
    [
      'a package that the handler does not load',
      withCode({ ...SDK_PACKAGE, 'index.js': '', 'log.js': `require('aws-xray-sdk-core')` }),
    ],
    ['an Active function', fn()],
    ['a function without instrumentation', { Fn: lambda('PassThrough') }],
    ['a mode known only at deployment', fn({ mode: { Ref: 'Mode' } })],
    [
      'a function that can be Active',
      stack('t', fn({ mode: { 'Fn::If': ['Traced', 'Active', 'PassThrough'] } }), CONDITIONS),
    ],
    [
      'an agent that sends its traces elsewhere',
      fn({ mode: 'PassThrough', layers: [DATADOG], environment: {} }),
    ],
    [
      'an exporter that sends its traces elsewhere',
      fn({ mode: 'PassThrough', environment: { ...WRAPPER, OTEL_EXPORTER_OTLP_ENDPOINT: 'https://a' } }),
    ],
    [
      'an event source that X-Ray does not support',
      { ...fn({ mode: 'PassThrough' }), Map: mapping({ EventSourceArn: KAFKA, Topics: ['a'] }) },
    ],
  ],
  invalid: [
    [
      'Fn TracingConfig.Mode',
      'a package that a module of the handler loads',
      withCode({
        ...SDK_PACKAGE,
        'index.js': `require('./log')`,
        'log.js': `require('aws-xray-sdk-core')`,
      }),
    ],
    ['Fn TracingConfig.Mode', 'a package, and no handler', withCode(SDK_PACKAGE)],
    ['Fn TracingConfig.Mode', 'PassThrough with a layer', fn({ mode: 'PassThrough' })],
    ['Fn TracingConfig.Mode', 'no mode with a legacy layer', { Fn: lambda(undefined, { Layers: [LEGACY] }) }],
    [
      'Fn TracingConfig.Mode',
      'a container image with the wrapper',
      { Fn: lambda('PassThrough', { PackageType: 'Image', Environment: { Variables: WRAPPER } }) },
    ],
    [
      'Fn TracingConfig.Mode',
      'a library in the code',
      { Fn: lambda('PassThrough', code(`const x = require('aws-xray-sdk-core');`)) },
    ],
    ['Fn Tracing', 'a SAM function', serverless({ Layers: [layer()], Environment: { Variables: WRAPPER } })],
  ],
});

const files = (given: Record<string, string>) =>
  stack(
    't',
    { Fn: lambda('Active', { Runtime: 'nodejs22.x' }) },
    {
      codeOf: () => Object.entries(given).map(([path, text]) => ({ path, text })),
    },
  );

describe('The date', () => {
  beforeAll(() => jest.useFakeTimers({ now: new Date('2026-12-01T00:00:00Z') }));
  afterAll(() => jest.useRealTimers());

  ruleTester(LEGACY_INSTRUMENTATION, {
    valid: [
      ['the recommended layer', fn()],
      [
        'other code',
        files({
          'index.js': 'exports.handler = 1;',
          'package.json': '{"dependencies":{"aws-xray-sdkx":"1"}}',
          'requirements.txt': 'boto3\n',
        }),
      ],
      ['a development dependency', files({ 'package.json': '{"devDependencies":{"aws-xray-sdk":"1"}}' })],
      [
        'Powertools without Tracer',
        files({
          'a.py': 'from aws_lambda_powertools import Logger',
          'requirements.txt': 'aws-lambda-powertools==3',
        }),
      ],
      [
        'a container image beside functions with a folder in Globals',
        stack(
          't',
          { Fn: serverless({ PackageType: 'Image', ImageUri: 'x', Tracing: 'Active' }) },
          { codeOf: () => [{ path: 'app.py', text: 'import aws_xray_sdk' }] },
        ),
      ],
      ['files that are no JSON', files({ 'package.json': '{' })],
      ['code that names the SDK in a comment', files({ 'a.py': '# like aws_xray_sdk' })],
    ],
    invalid: [
      ['Fn Layers', 'a legacy layer', fn({ layers: [LEGACY] })],
      [
        'Fn Code',
        'an import in inline code',
        { Fn: lambda('Active', code(`const AWSXRay = require('aws-xray-sdk');`)) },
      ],
      [
        'Fn Code',
        'an import in Python',
        files({ 'src/app.py': 'import os\nfrom aws_xray_sdk.core import patch_all\n' }),
      ],
      [
        'Fn Code',
        'a package of npm',
        files({ 'package.json': '{"dependencies":{"aws-xray-sdk-core":"3"}}' }),
      ],
      ['Fn Code', 'a package of Python', files({ 'requirements.txt': 'boto3\naws-xray-sdk>=2\n' })],
      [
        'Fn Code',
        'a bundle of the SDK',
        files({ 'index.js': '// node_modules/aws-xray-sdk-core/dist/lib/index.js\n' }),
      ],
      [
        'Fn Code',
        'a minified bundle of the SDK',
        files({ 'index.js': 'var a=process.env.AWS_XRAY_CONTEXT_MISSING' }),
      ],
      [
        'Fn Code',
        "Powertools' Tracer",
        files({ 'index.mjs': `import { Tracer } from '@aws-lambda-powertools/tracer';` }),
      ],
      [
        'Fn Code',
        "Powertools' Tracer for Python",
        files({ 'a.py': 'from aws_lambda_powertools import Logger, Tracer' }),
      ],
      [
        'Fn Code',
        "a list with Powertools' Tracer",
        files({ 'requirements.txt': 'aws-lambda-powertools[parser,tracer]' }),
      ],
    ],
  });

  test.each([
    'from aws_lambda_powertools import (\n    Logger,  # logs (JSON)\n    Tracer,\n)\n',
    'from aws_lambda_powertools import (Tracer)\n',
    'from aws_lambda_powertools import Logger, \\\n    Tracer\n',
    'from aws_lambda_powertools.tracing.tracer import Tracer\n',
    'import boto3, os.path as p, aws_xray_sdk.core\n',
  ])('finds the import %j', (text) => {
    expect(findingsIn(LEGACY_INSTRUMENTATION, files({ 'a.py': text }))).toEqual(['t Fn Code']);
  });

  test.each([
    'from aws_lambda_powertools import (\n    Logger,\n)\nfrom own import Tracer\n',
    'from aws_lambda_powertools import Logger\nTracer = None\n',
    'from aws_lambda_powertools import Logger, MyTracer\n',
    'import aws_xray_sdk_stub, boto3\n',
  ])('does not find the import %j', (text) => {
    expect(findingsIn(LEGACY_INSTRUMENTATION, files({ 'a.py': text }))).toEqual([]);
  });

  test('makes findings about the SDKs warnings', () => {
    const severities = () => LEGACY_INSTRUMENTATION.check(model()).map(({ severity }) => severity);
    expect(severities()).toEqual(['info']);
    jest.setSystemTime(new Date('2027-02-26T00:00:00Z'));
    expect(severities()).toEqual(['warning']);
    jest.setSystemTime(new Date('2026-12-01T00:00:00Z'));
  });
});

const model = () => buildTracingModel([files({ 'index.js': `require('aws-xray-sdk')` })]);
