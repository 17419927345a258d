import { Validations } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { readCloudAssembly } from '../../lib/input/cloud-assembly';
import { buildTracingModel } from '../../lib/model/build-model';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { UNSUPPORTED_EVENT_SOURCE } from '../../lib/rules/unsupported-event-source';
import { app, synthesize } from './app';
import { HIDING_PLACES } from './hiding-places';

const RULE = 'LambdaXRay-UnsupportedEventSource';

describe.each(Object.entries(HIDING_PLACES))('a mapping hidden in %s', (_, hide) => {
  test('fails the synthesis', () => {
    const hidden = app();
    const { path } = hide(hidden);
    Validations.of(hidden).addPlugins(new LambdaXRayChecks(hidden));
    const { passes, output } = synthesize(hidden);
    expect(passes).toBe(false);
    expect(output).toContain(path);
    expect(output).toContain(RULE);
  });

  test('is reported on the mapping with its property', () => {
    const hidden = app();
    const { path, property } = hide(hidden);
    const { success, violations } = new LambdaXRayChecks().validateScope(hidden);
    expect(success).toBe(false);
    expect(violations.filter(({ ruleName }) => ruleName === RULE)).toEqual([
      expect.objectContaining({
        ruleName: RULE,
        severity: 'error',
        violatingResources: [
          expect.objectContaining({ constructPath: path, locations: [`Properties.${property}`] }),
        ],
      }),
    ]);
  });

  test('is reported in the cloud assembly', () => {
    const hidden = app();
    const { path } = hide(hidden);
    const { directory } = hidden.synth();
    const found = UNSUPPORTED_EVENT_SOURCE.check(buildTracingModel(readCloudAssembly(directory).templates));
    expect(found.map(({ resource }) => resource.constructPath)).toEqual([path]);
  });

  test('is accepted if acknowledged', () => {
    const hidden = app();
    const { path } = hide(hidden);
    const mapping = hidden.node.findAll().find(({ node }) => node.path === path)!;
    Validations.of(mapping).acknowledge({ id: RULE, reason: 'Known.' });
    Validations.of(hidden).addPlugins(new LambdaXRayChecks(hidden));
    expect(synthesize(hidden).passes).toBe(true);
  });

  test('is accepted if the function is PassThrough', () => {
    const hidden = app();
    hide(hidden);
    for (const construct of hidden.node.findAll()) {
      if (construct instanceof CfnFunction) {
        construct.addPropertyOverride('TracingConfig.Mode', 'PassThrough');
      }
    }
    const { violations } = new LambdaXRayChecks().validateScope(hidden);
    expect(violations.filter(({ ruleName }) => ruleName === RULE)).toEqual([]);
  });
});
