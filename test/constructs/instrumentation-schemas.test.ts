import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Architecture, Code, Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Instrumentation } from '../../lib/constructs/instrumentation';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { type LayerName, OPEN_TELEMETRY_LAYERS } from '../../lib/lambda/open-telemetry-layers';
import { app } from '../apps/app';
import { describeWithPython, runPython } from '../python/run-python';

const LAYERS = Object.entries(OPEN_TELEMETRY_LAYERS);
const REGIONS = [...new Set(LAYERS.flatMap(([, { versions }]) => Object.keys(versions)))].sort();

const FAMILIES: Readonly<Record<LayerName, RuntimeFamily>> = {
  AWSOpenTelemetryDistroJs: RuntimeFamily.NODEJS,
  AWSOpenTelemetryDistroPython: RuntimeFamily.PYTHON,
  AWSOpenTelemetryDistroJava: RuntimeFamily.JAVA,
  AWSOpenTelemetryDistroDotNet: RuntimeFamily.DOTNET_CORE,
};

/** Returns the template of a stack with a function for each of some runtimes and architectures of the layers. */
function templateFor(
  region: string | undefined,
  select: (all: readonly string[]) => readonly string[],
): unknown {
  const stack = new Stack(app(), 'Stack', { env: { region } });
  const bucket = Bucket.fromBucketName(stack, 'Bucket', 'code');
  for (const [name, { runtimes, architectures, versions }] of LAYERS) {
    if (region !== undefined && !Object.hasOwn(versions, region)) continue;
    for (const runtime of select(runtimes)) {
      for (const architecture of select(architectures)) {
        new TracedFunction(stack, `${runtime}-${architecture}`, {
          runtime: new Runtime(runtime, FAMILIES[name as LayerName]),
          architecture: Architecture.custom(architecture),
          handler: 'index.handler',
          code: Code.fromBucketV2(bucket, 'code.zip'),
          instrumentation: Instrumentation.openTelemetry({ applicationSignals: true }),
        });
      }
    }
  }
  return Template.fromStack(stack).toJSON();
}

/** A region of each partition, and one with fewer layers than others. */
const SOME_REGIONS = ['eu-west-1', 'cn-north-1', 'ap-east-2'];

describeWithPython('templates with instrumented functions are valid', () => {
  test.each(SOME_REGIONS)(
    'with each runtime, in %s',
    (region) => {
      const template = templateFor(region, (all) => all);
      expect(runPython('lint_templates.py', [{ template, regions: [region] }])).toEqual([[]]);
    },
    120_000,
  );

  test('with each runtime and the layers of all regions, in a stack that knows its region only at deployment', () => {
    const template = templateFor(undefined, (all) => all);
    expect(JSON.stringify(template)).toContain(
      OPEN_TELEMETRY_LAYERS.AWSOpenTelemetryDistroJs.versions['il-central-1'].split(':')[0],
    );
    // CloudFormation does not have AWS::ApplicationSignals::Discovery in China.
    const regions = REGIONS.filter((region) => !region.startsWith('cn-'));
    expect(runPython('lint_templates.py', [{ template, regions }])).toEqual([[]]);
  }, 120_000);

  test('unless a property is invalid', () => {
    const template = templateFor('eu-west-1', (all) => all.slice(-1)) as {
      Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    };
    const fn = Object.values(template.Resources).find(({ Type: type }) => type === 'AWS::Lambda::Function')!;
    fn.Properties.Layers = ['arn:aws:lambda:eu-west-1:615299751070:layer:Wrong Name:1'];
    fn.Properties.Tracing = 'Active';
    expect(runPython('lint_templates.py', [{ template, regions: ['eu-west-1'] }])).toEqual([
      [expect.stringContaining("'Tracing'"), expect.stringContaining('Wrong Name')],
    ]);
  }, 120_000);
});
