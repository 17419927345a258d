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

/** A stack that knows its region only at deployment. CloudFormation does not have Discovery in China. */
const ANY_REGION = {
  template: templateFor(undefined, (all) => all),
  regions: REGIONS.filter((region) => !region.startsWith('cn-')),
};

const INVALID = templateFor('eu-west-1', (all) => all.slice(-1)) as {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
};
const fn = Object.values(INVALID.Resources).find(({ Type: type }) => type === 'AWS::Lambda::Function')!;
fn.Properties.Layers = ['arn:aws:lambda:eu-west-1:615299751070:layer:Wrong Name:1'];
fn.Properties.Tracing = 'Active';

describeWithPython('templates with instrumented functions', () => {
  test('are valid with each runtime and the layers of all regions, unless a property is invalid', () => {
    expect(JSON.stringify(ANY_REGION.template)).toContain(
      OPEN_TELEMETRY_LAYERS.AWSOpenTelemetryDistroJs.versions['il-central-1'].split(':')[0],
    );
    // One process, since it takes long to start.
    const errors = runPython('lint_templates.py', [
      ANY_REGION,
      ...SOME_REGIONS.map((region) => ({
        template: templateFor(region, (all) => all),
        regions: [region],
      })),
      { template: INVALID, regions: ['eu-west-1'] },
    ]);
    expect(errors).toEqual([
      [],
      ...SOME_REGIONS.map(() => []),
      [expect.stringContaining("'Tracing'"), expect.stringContaining('Wrong Name')],
    ]);
  }, 120_000);
});
