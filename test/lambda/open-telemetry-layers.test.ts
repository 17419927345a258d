import { layerArn, layerNameFor, parseLayerArn } from '../../lib/lambda/instrumentation';
import { type LayerName, OPEN_TELEMETRY_LAYERS } from '../../lib/lambda/open-telemetry-layers';
import { compatibilityIn, versionsIn } from '../../scripts/open-telemetry-layers';

const LAYERS = Object.keys(OPEN_TELEMETRY_LAYERS) as LayerName[];

describe('The table of OpenTelemetry layers', () => {
  test.each(LAYERS)('has ARNs of %s that name their region and layer', (name) => {
    const regions = Object.keys(OPEN_TELEMETRY_LAYERS[name].versions);
    expect(regions.length).toBeGreaterThan(30);
    for (const region of regions) {
      const arn = layerArn(name, region)!;
      expect(parseLayerArn(arn)).toMatchObject({ region, name });
      expect(arn).toMatch(/^arn:aws(-cn)?:lambda:[\w-]+:\d{12}:layer:\w+:\d+$/);
    }
  });

  test.each(LAYERS)('has runtimes for %s', (name) => {
    const { runtimes } = OPEN_TELEMETRY_LAYERS[name];
    expect(runtimes.length).toBeGreaterThan(0);
    expect(runtimes.map(layerNameFor)).toEqual(runtimes.map(() => name));
  });

  test('has no ARN for a region without the layer', () => {
    expect(layerArn('AWSOpenTelemetryDistroJs', 'us-gov-west-1')).toBeUndefined();
    expect(layerArn('AWSOpenTelemetryDistroJs', 'constructor')).toBeUndefined();
  });

  test.each(['go1.x', 'provided.al2023', 'ruby3.4', '', 'constructor'])('has no layer for %j', (runtime) => {
    expect(layerNameFor(runtime)).toBeUndefined();
  });
});

describe('The script', () => {
  test('reads the ARNs of all layers', () => {
    const source = `
      nodejs: { arns: {
        "eu-west-1": "arn:aws:lambda:eu-west-1:615299751070:layer:AWSOpenTelemetryDistroJs:15",
        "cn-north-1": "arn:aws-cn:lambda:cn-north-1:440179912924:layer:AWSOpenTelemetryDistroJs:8",
      } },
      java: { arns: { "eu-west-1": "arn:aws:lambda:eu-west-1:615299751070:layer:AWSOpenTelemetryDistroJava:16" } }`;
    expect(versionsIn(source)).toEqual({
      AWSOpenTelemetryDistroJs: { 'eu-west-1': '615299751070:15', 'cn-north-1': '440179912924:8' },
      AWSOpenTelemetryDistroJava: { 'eu-west-1': '615299751070:16' },
    });
  });

  test('rejects an ARN of another region', () => {
    const source = '"eu-west-1": "arn:aws:lambda:eu-west-2:615299751070:layer:AWSOpenTelemetryDistroJs:15"';
    expect(() => versionsIn(source)).toThrow('for eu-west-1 is one of eu-west-2');
  });

  test('reads runtimes and architectures', () => {
    const workflow = `
              --compatible-runtimes nodejs22.x nodejs24.x \\
              --compatible-architectures "x86_64" "arm64" \\
              --license-info "Apache-2.0" \\`;
    expect(compatibilityIn(workflow)).toEqual({
      runtimes: ['nodejs22.x', 'nodejs24.x'],
      architectures: ['arm64', 'x86_64'],
    });
  });
});
