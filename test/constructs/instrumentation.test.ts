import { join } from 'node:path';
import { type App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnDiscovery } from 'aws-cdk-lib/aws-applicationsignals';
import {
  Alias,
  Architecture,
  CfnFunction,
  Code,
  DockerImageCode,
  LayerVersion,
  Runtime,
  Tracing,
  Version,
} from 'aws-cdk-lib/aws-lambda';
import { CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  Instrumentation,
  type OpenTelemetryOptions,
  OpenTelemetrySampler,
} from '../../lib/constructs/instrumentation';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import {
  TracedDockerImageFunction,
  TracedFunction,
  type TracedFunctionProps,
} from '../../lib/constructs/traced-function';
import { TracingPermissions } from '../../lib/constructs/tracing-props';
import { OPEN_TELEMETRY_LAYERS } from '../../lib/lambda/open-telemetry-layers';
import { app, CODE, lambda } from '../apps/app';
import { L1_CODE, only, role, warnings } from './traced-stacks';

const FUNCTION = 'AWS::Lambda::Function';
const OTEL = { instrumentation: Instrumentation.openTelemetry() };
const LAYER = 'arn:aws:lambda:eu-west-1:615299751070:layer:AWSOpenTelemetryDistroJs:15';

const stackIn = (region: string | undefined = 'eu-west-1', id = 'Stack', parent: App = app()) =>
  new Stack(parent, id, { env: { region } });

function traced(stack: Stack, props: Partial<TracedFunctionProps> = OTEL) {
  return new TracedFunction(stack, 'Fn', { ...CODE, ...props });
}

interface Properties {
  readonly Layers?: unknown;
  readonly Environment?: { readonly Variables: Record<string, unknown> };
}

function functionIn(stack: Stack): Properties {
  return only(Template.fromStack(stack), FUNCTION);
}

function policiesOf(stack: Stack): string {
  return JSON.stringify(only(Template.fromStack(stack), 'AWS::IAM::Role').ManagedPolicyArns);
}

describe('OpenTelemetry', () => {
  test('adds the layer, the wrapper and the permissions', () => {
    const stack = stackIn();
    traced(stack);
    const fn = functionIn(stack);
    expect(fn.Layers).toEqual([LAYER]);
    expect(fn.Environment?.Variables).toEqual({
      AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-instrument',
      OTEL_AWS_APPLICATION_SIGNALS_ENABLED: 'false',
    });
    expect(policiesOf(stack)).toContain('policy/AWSXRayDaemonWriteAccess');
    expect(policiesOf(stack)).toContain('policy/CloudWatchLambdaApplicationSignalsExecutionRolePolicy');
    Template.fromStack(stack).resourceCountIs('AWS::ApplicationSignals::Discovery', 0);
  });

  test.each(
    Object.entries(OPEN_TELEMETRY_LAYERS).flatMap(([name, { runtimes }]) =>
      runtimes.map((runtime) => [runtime, name]),
    ),
  )('has a layer for %s', (runtime, name) => {
    const stack = stackIn('us-east-1');
    traced(stack, { ...OTEL, runtime: new Runtime(runtime), code: Code.fromBucketV2(bucket(stack), 'key') });
    expect(functionIn(stack).Layers).toEqual([
      expect.stringMatching(new RegExp(`^arn:aws:lambda:us-east-1:615299751070:layer:${name}:\\d+$`)),
    ]);
  });

  test('uses the partition of the region', () => {
    const stack = stackIn('cn-north-1');
    traced(stack);
    expect(functionIn(stack).Layers).toEqual([
      'arn:aws-cn:lambda:cn-north-1:440179912924:layer:AWSOpenTelemetryDistroJs:8',
    ]);
  });

  test('finds the layer in a mapping if the region is known only at deployment', () => {
    const stack = new Stack(app(), 'Stack');
    traced(stack);
    expect(functionIn(stack).Layers).toEqual([
      { 'Fn::FindInMap': ['OpenTelemetryLayers', { Ref: 'AWS::Region' }, 'AWSOpenTelemetryDistroJs'] },
    ]);
    const mapping = Template.fromStack(stack).findMappings('OpenTelemetryLayers').OpenTelemetryLayers;
    expect(Object.keys(mapping)).toEqual(
      Object.keys(OPEN_TELEMETRY_LAYERS.AWSOpenTelemetryDistroJs.versions),
    );
    expect(mapping['eu-west-1']).toEqual({ AWSOpenTelemetryDistroJs: LAYER });
  });

  test.each<[string, OpenTelemetryOptions, Runtime, Record<string, string>]>([
    [
      'the sampler',
      { sampler: OpenTelemetrySampler.traceIdRatio(0.3) },
      Runtime.NODEJS_22_X,
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.3' },
    ],
    [
      'a parent-based sampler',
      { sampler: OpenTelemetrySampler.parentBasedTraceIdRatio(1) },
      Runtime.NODEJS_22_X,
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '1' },
    ],
    [
      'a sampler without a ratio',
      { sampler: OpenTelemetrySampler.alwaysOn() },
      Runtime.NODEJS_22_X,
      { OTEL_TRACES_SAMPLER: 'always_on' },
    ],
    ['the service', { serviceName: 'orders' }, Runtime.NODEJS_22_X, { OTEL_SERVICE_NAME: 'orders' }],
    [
      'all instrumentations',
      { allInstrumentations: true },
      Runtime.NODEJS_22_X,
      { OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'none' },
    ],
    [
      'all instrumentations of Java',
      { allInstrumentations: true },
      Runtime.JAVA_21,
      { OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED: 'true' },
    ],
    [
      'all instrumentations of .NET',
      { allInstrumentations: true },
      Runtime.DOTNET_8,
      { OTEL_DOTNET_AUTO_TRACES_INSTRUMENTATION_ENABLED: 'true' },
    ],
    [
      'all instrumentations of Python',
      { allInstrumentations: true, applicationSignals: true },
      Runtime.PYTHON_3_13,
      { OTEL_PYTHON_DISABLED_INSTRUMENTATIONS: 'none' },
    ],
    [
      "AWS's distribution for Python",
      {},
      Runtime.PYTHON_3_13,
      { OTEL_PYTHON_DISTRO: 'aws_distro', OTEL_PYTHON_CONFIGURATOR: 'aws_configurator' },
    ],
  ])('sets %s', (_, options, runtime, variables) => {
    const stack = stackIn();
    traced(stack, {
      instrumentation: Instrumentation.openTelemetry(options),
      runtime,
      code: Code.fromBucketV2(bucket(stack), 'key'),
    });
    expect(functionIn(stack).Environment?.Variables).toEqual({
      AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-instrument',
      OTEL_AWS_APPLICATION_SIGNALS_ENABLED: String(options.applicationSignals ?? false),
      ...variables,
    });
  });

  test('enables Application Signals once in a stack', () => {
    const stack = stackIn();
    const props = { ...CODE, instrumentation: Instrumentation.openTelemetry({ applicationSignals: true }) };
    for (const id of ['A', 'B']) new TracedFunction(stack, id, props);
    Template.fromStack(stack).resourceCountIs('AWS::ApplicationSignals::Discovery', 1);
  });

  test('uses the Discovery of the user', () => {
    const stack = stackIn();
    new CfnDiscovery(stack, 'Discovery');
    traced(stack, { instrumentation: Instrumentation.openTelemetry({ applicationSignals: true }) });
    Template.fromStack(stack).resourceCountIs('AWS::ApplicationSignals::Discovery', 1);
  });

  test('leaves out the resource in China, where CloudFormation does not have it', () => {
    const stack = stackIn('cn-north-1');
    traced(stack, { instrumentation: Instrumentation.openTelemetry({ applicationSignals: true }) });
    Template.fromStack(stack).resourceCountIs('AWS::ApplicationSignals::Discovery', 0);
    expect(functionIn(stack).Layers).toEqual([expect.stringMatching(/^arn:aws-cn:lambda:cn-north-1:/)]);
  });

  test('uses the layer of the user, for any runtime', () => {
    const stack = stackIn('us-gov-west-1');
    const layerVersionArn = 'arn:aws-us-gov:lambda:us-gov-west-1:111122223333:layer:otel:1';
    traced(stack, {
      runtime: new Runtime('nodejs99.x'),
      code: Code.fromBucketV2(bucket(stack), 'key'),
      instrumentation: Instrumentation.openTelemetry({ layerVersionArn }),
    });
    expect(functionIn(stack).Layers).toEqual([layerVersionArn]);
  });

  test('adds a statement with TracingPermissions.LEAST_PRIVILEGE and Application Signals', () => {
    const stack = stackIn();
    traced(stack, {
      instrumentation: Instrumentation.openTelemetry({ applicationSignals: true }),
      tracingPermissions: TracingPermissions.LEAST_PRIVILEGE,
    });
    const { PolicyDocument: document } = only(Template.fromStack(stack), 'AWS::IAM::Policy');
    expect(document).toMatchObject({
      Statement: [
        { Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' },
        {
          Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: {
            'Fn::Join': [
              '',
              ['arn:', { Ref: 'AWS::Partition' }, ':logs:*:*:log-group:/aws/application-signals/data:*'],
            ],
          },
        },
      ],
    });
    expect(policiesOf(stack)).not.toContain('ApplicationSignals');
  });

  test('adds no statement for traces alone with TracingPermissions.LEAST_PRIVILEGE', () => {
    const stack = stackIn();
    traced(stack, { ...OTEL, tracingPermissions: TracingPermissions.LEAST_PRIVILEGE });
    expect(JSON.stringify(Template.fromStack(stack))).not.toContain('logs:');
  });

  test('adds no permissions with TracingPermissions.NONE', () => {
    const stack = stackIn();
    traced(stack, { ...OTEL, tracingPermissions: TracingPermissions.NONE });
    expect(policiesOf(stack)).not.toContain('ApplicationSignals');
  });

  test('grants to an imported role by a policy of its own', () => {
    const stack = stackIn();
    traced(stack, {
      ...OTEL,
      role: Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/shared'),
    });
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(JSON.stringify(policies)).toContain('WriteToXRay');
    expect(JSON.stringify(policies)).toContain('WriteToApplicationSignals');
  });

  test('publishes a version of a function with currentVersion', () => {
    const ids = [{}, OTEL].map((props) => {
      const stack = stackIn();
      new Alias(stack, 'Live', { aliasName: 'live', version: traced(stack, props).currentVersion });
      return Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Version'))[0];
    });
    expect(ids[0]).not.toEqual(ids[1]);
  });

  test('publishes tied versions when the layer changes', () => {
    const stack = stackIn();
    new Version(stack, 'V', { lambda: traced(stack, { ...OTEL, tieVersions: true }) });
    expect(only(Template.fromStack(stack), 'AWS::Lambda::Version').Description).toBe(
      'X-Ray tracing: Active, OpenTelemetry 15',
    );
  });

  test('publishes tied versions in a stack without a region', () => {
    const stack = new Stack(app(), 'Stack');
    new Version(stack, 'V', { lambda: traced(stack, { ...OTEL, tieVersions: true }) });
    const { Description: description } = only(Template.fromStack(stack), 'AWS::Lambda::Version');
    expect(JSON.stringify(description)).toContain('OpenTelemetryLayers');
  });

  test('warns about a function that is not Active', () => {
    const stack = stackIn();
    traced(stack, { ...OTEL, tracing: Tracing.PASS_THROUGH });
    expect(JSON.stringify(warnings(stack))).toMatch(/'Stack\/Fn' is instrumented, but PassThrough/);
  });

  test.each([0, -1, 1.1, NaN])('rejects the sampling ratio %s', (ratio) => {
    expect(() => OpenTelemetrySampler.traceIdRatio(ratio)).toThrow(/above 0 and at most 1/);
  });
});

describe("A function that can't be instrumented is an error", () => {
  const layers = (stack: Stack, count: number) =>
    Array.from({ length: count }, (__, i) =>
      LayerVersion.fromLayerVersionArn(
        stack,
        `L${i}`,
        `arn:aws:lambda:eu-west-1:111122223333:layer:own:${i}`,
      ),
    );
  const layer = (stack: Stack, arn: string) => [LayerVersion.fromLayerVersionArn(stack, 'L', arn)];

  test.each<[string, (stack: Stack) => Partial<TracedFunctionProps>, RegExp, string?]>([
    [
      'region without the layer',
      () => ({}),
      /does not publish the layer AWSOpenTelemetryDistroJs in the region us-gov-west-1/,
      'us-gov-west-1',
    ],
    [
      'runtime without a layer',
      (stack) => ({ runtime: Runtime.RUBY_3_3, code: Code.fromBucketV2(bucket(stack), 'key') }),
      /no OpenTelemetry layer for the runtime ruby3.3/,
    ],
    [
      'old runtime',
      (stack) => ({ runtime: Runtime.PYTHON_3_9, code: Code.fromBucketV2(bucket(stack), 'key') }),
      /python3.9. The layer AWSOpenTelemetryDistroPython supports python3.10/,
    ],
    [
      'architecture',
      (stack) => ({
        runtime: Runtime.DOTNET_8,
        architecture: Architecture.ARM_64,
        code: Code.fromBucketV2(bucket(stack), 'key'),
      }),
      /supports only x86_64, and the function is for arm64/,
    ],
    [
      'wrapper',
      () => ({ environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/bootstrap' } }),
      /AWS_LAMBDA_EXEC_WRAPPER is already set, to \/opt\/bootstrap/,
    ],
    [
      'layer of another agent',
      (stack) => ({
        layers: layer(stack, 'arn:aws:lambda:eu-west-1:464622532012:layer:Datadog-Node22-x:120'),
      }),
      /it has the layer Datadog-Node22-x of Datadog/,
    ],
    [
      'layer without the wrapper',
      (stack) => ({ layers: layer(stack, LAYER) }),
      /it has the layer AWSOpenTelemetryDistroJs/,
    ],
    ['five layers', (stack) => ({ layers: layers(stack, 5) }), /already has 5 layers, and Lambda allows 5/],
    [
      "handler that can't be replaced",
      () => ({
        code: Code.fromInline('var x={};Object.defineProperty(exports, "handler", { get: () => x });'),
      }),
      /Cannot redefine property/,
    ],
  ])('%s', (_, props, message, region = 'eu-west-1') => {
    const stack = stackIn(region);
    expect(() => traced(stack, { ...OTEL, ...props(stack) })).toThrow(message);
  });

  test('container image, with the way to do it', () => {
    const stack = stackIn();
    const code = DockerImageCode.fromImageAsset(join(__dirname, '..', 'apps', 'image'));
    expect(() => new TracedDockerImageFunction(stack, 'Fn', { ...OTEL, code })).toThrow(
      /Copy the content of the layer to \/opt in the Dockerfile/,
    );
  });

  test('wrapper that is set later', () => {
    const stack = stackIn();
    traced(stack).addEnvironment('AWS_LAMBDA_EXEC_WRAPPER', '/opt/other');
    expect(() => Template.fromStack(stack)).toThrow(/AWS_LAMBDA_EXEC_WRAPPER was later set to \/opt\/other/);
  });

  test('layer of another agent that is added later', () => {
    const stack = stackIn();
    const datadog = 'arn:aws:lambda:eu-west-1:464622532012:layer:Datadog-Node22-x:120';
    traced(stack).addLayers(LayerVersion.fromLayerVersionArn(stack, 'Datadog', datadog));
    expect(() => Template.fromStack(stack)).toThrow(/it has the layer Datadog-Node22-x of Datadog/);
  });

  test('list of layers that replaces the layer later', () => {
    const stack = stackIn();
    const fn = traced(stack).node.defaultChild as CfnFunction;
    fn.addPropertyOverride('Layers', ['arn:aws:lambda:eu-west-1:111122223333:layer:own:1']);
    expect(() => Template.fromStack(stack)).toThrow(/its layer was removed later/);
  });

  test('value that is not an Instrumentation', () => {
    expect(() => traced(stackIn(), { instrumentation: 'openTelemetry' as never })).toThrow(
      /must be an Instrumentation/,
    );
  });
});

test.each([
  ['with a region', () => stackIn()],
  ['without a region', () => new Stack(app(), 'Stack')],
])('other layers can be added later, in a stack %s', (_, create) => {
  const stack = create();
  const own = 'arn:aws:lambda:eu-west-1:111122223333:layer:own:1';
  traced(stack).addLayers(LayerVersion.fromLayerVersionArn(stack, 'Own', own));
  expect(() => Template.fromStack(stack)).not.toThrow();
});

describe('Functions that the user has instrumented', () => {
  test('keep their layer', () => {
    const stack = stackIn();
    const arn = LAYER.replace(/15$/, '14');
    traced(stack, {
      ...OTEL,
      environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-instrument' },
      layers: [LayerVersion.fromLayerVersionArn(stack, 'L', arn)],
    });
    expect(functionIn(stack).Layers).toEqual([arn]);
  });
});

describe('Libraries of the user', () => {
  test.each([
    [Instrumentation.xraySdk(), { AWS_XRAY_SDK_ENABLED: 'true' }],
    [Instrumentation.powertools(), { POWERTOOLS_TRACE_ENABLED: 'true' }],
  ])('are turned on', (instrumentation, variables) => {
    const stack = stackIn();
    traced(stack, { instrumentation });
    expect(functionIn(stack)).toMatchObject({ Environment: { Variables: variables } });
    expect(functionIn(stack).Layers).toBeUndefined();
  });

  test.each([
    [Instrumentation.xraySdk(), 'AWS_XRAY_SDK_ENABLED', 'false'],
    [Instrumentation.powertools(), 'POWERTOOLS_TRACE_DISABLED', '1'],
  ])('must not be turned off', (instrumentation, name, value) => {
    expect(() => traced(stackIn(), { instrumentation, environment: { [name]: value } })).toThrow(
      `${name} turns off`,
    );
  });

  test('must not be combined with a layer', () => {
    const stack = stackIn();
    const layers = [LayerVersion.fromLayerVersionArn(stack, 'L', LAYER)];
    expect(() => traced(stack, { instrumentation: Instrumentation.powertools(), layers })).toThrow(
      /beside Powertools' Tracer/,
    );
  });
});

describe('LambdaTracing', () => {
  const errors = (stack: Stack) =>
    Annotations.fromStack(stack)
      .findError('*', Match.anyValue())
      .map(({ entry }) => entry.data);

  test('instruments functions of a scope, of all kinds', () => {
    const stack = stackIn();
    lambda(stack, 'L2');
    new CfnFunction(stack, 'L1', {
      ...L1_CODE,
      role: 'arn:aws:iam::111122223333:role/r',
      layers: ['arn:aws:lambda:eu-west-1:111122223333:layer:own:1'],
      environment: { variables: { A: 'b' } },
    });
    new CfnServerlessFunction(stack, 'Sam', {
      codeUri: '.',
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      policies: 'AWSLambdaBasicExecutionRole',
    });
    LambdaTracing.of(stack).active({ ...OTEL, tracingPermissions: TracingPermissions.MANAGED_POLICY });
    const { Resources: resources } = Template.fromStack(stack).toJSON() as {
      Resources: Record<string, { Properties: Properties }>;
    };
    const layers = Object.fromEntries(
      Object.entries(resources).map(
        ([
          id,
          {
            Properties: { Layers },
          },
        ]) => [id.replace(/[0-9A-F]{8}$/, ''), Layers],
      ),
    );
    expect(layers).toMatchObject({ L2: [LAYER], Sam: [LAYER] });
    expect(resources.Sam.Properties).toMatchObject({
      Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-instrument' } },
      Policies: ['AWSLambdaBasicExecutionRole', 'CloudWatchLambdaApplicationSignalsExecutionRolePolicy'],
    });
  });

  test('keeps the layers and variables of an L1', () => {
    const stack = stackIn();
    const layer = 'arn:aws:lambda:eu-west-1:111122223333:layer:own:1';
    new CfnFunction(stack, 'L1', {
      ...L1_CODE,
      role: role(stack).roleArn,
      layers: [layer],
      environment: { variables: { A: 'b' } },
    });
    LambdaTracing.of(stack).active(OTEL);
    expect(functionIn(stack)).toMatchObject({
      Layers: [layer, LAYER],
      Environment: { Variables: { A: 'b', AWS_LAMBDA_EXEC_WRAPPER: '/opt/otel-instrument' } },
    });
    expect(policiesOf(stack)).toContain('CloudWatchLambdaApplicationSignalsExecutionRolePolicy');
  });

  test('instruments once in repeated syntheses', () => {
    const parent = app();
    const stack = stackIn('eu-west-1', 'Stack', parent);
    lambda(stack);
    LambdaTracing.of(stack).active(OTEL);
    parent.synth();
    parent.synth({ force: true });
    expect(functionIn(stack).Layers).toEqual([LAYER]);
  });

  test('leaves functions that it does not make Active', () => {
    const stack = stackIn();
    lambda(stack, 'Fn', { tracing: Tracing.PASS_THROUGH });
    LambdaTracing.of(stack).active(OTEL);
    expect(functionIn(stack).Layers).toBeUndefined();
  });

  test('leaves a function with an instrumentation of its own', () => {
    const stack = stackIn();
    traced(stack, { instrumentation: Instrumentation.none() });
    LambdaTracing.of(stack).active(OTEL);
    expect(functionIn(stack).Layers).toBeUndefined();
  });

  test('instruments by the scope closest to the function', () => {
    const stack = stackIn();
    const fn = lambda(stack);
    LambdaTracing.of(stack).active(OTEL);
    LambdaTracing.of(fn).active();
    expect(functionIn(stack).Layers).toBeUndefined();
  });

  test('rejects instrumentation of PassThrough functions', () => {
    expect(() => new LambdaTracing({ ...OTEL, tracing: Tracing.PASS_THROUGH })).toThrow(
      'LambdaTracing: instrumentation needs Tracing.ACTIVE',
    );
  });

  test('instruments by the mixin', () => {
    const stack = stackIn();
    lambda(stack).with(new LambdaTracing(OTEL));
    expect(functionIn(stack).Layers).toEqual([LAYER]);
  });

  test('reports a conflict as an error, once', () => {
    const stack = stackIn();
    lambda(stack, 'Fn', { environment: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/x' } });
    LambdaTracing.of(stack).active(OTEL);
    expect(errors(stack)).toEqual([
      expect.stringMatching(
        /LambdaTracing.of\('Stack'\) can't instrument 'Stack\/Fn': its environment variable/,
      ),
    ]);
  });

  test('reports a runtime without a layer as a warning', () => {
    const stack = stackIn();
    lambda(stack, 'Fn', { runtime: Runtime.PROVIDED_AL2023, code: Code.fromBucketV2(bucket(stack), 'key') });
    LambdaTracing.of(stack).active(OTEL);
    expect(errors(stack)).toEqual([]);
    expect(JSON.stringify(warnings(stack))).toMatch(/no OpenTelemetry layer for the runtime provided.al2023/);
    expect(functionIn(stack)).toMatchObject({ TracingConfig: { Mode: 'Active' } });
  });
});

test('custom resources of CDK keep a handler that works', () => {
  const stack = stackIn();
  new Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
  LambdaTracing.of(stack).active(OTEL);
  const { Runtime: runtime, Layers: layers } = functionIn(stack) as { Runtime?: unknown; Layers?: unknown };
  // Newer versions of CDK use a runtime whose handlers the layer replaces in imports.
  expect([runtime, layers]).toEqual(
    runtime === 'nodejs24.x' ? ['nodejs24.x', [LAYER]] : ['nodejs22.x', undefined],
  );
  if (runtime === 'nodejs22.x')
    expect(JSON.stringify(warnings(stack))).toMatch(/a handler that the layer can't replace/);
});

/** Returns a bucket with the code. */
function bucket(stack: Stack) {
  return Bucket.fromBucketName(stack, 'Bucket', 'code');
}
