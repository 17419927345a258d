import { alignBaseline } from '../../lib/baseline/align';
import { checkModel } from '../../lib/checker/check';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { RULES } from '../../lib/rules';
import { faultyApp } from './faulty-app';

test('the pack and the command report the same findings of each rule', () => {
  const baseline = faultyApp(true).synth().directory;
  const root = faultyApp();
  const { violations } = new LambdaXRayChecks(undefined, { baseline }).validateScope(root);
  const ofPack = violations.flatMap(({ ruleName, severity, description, violatingResources }) =>
    violatingResources.map(({ constructPath, locations }) => [
      severity,
      ruleName,
      constructPath,
      locations.join().replace(/^Properties\./, ''),
      description,
    ]),
  );

  const { templates, errors } = load([root.synth().directory]);
  const { templates: previous } = load([baseline]);
  const before = alignBaseline(previous, templates).templates;
  const ofCommand = checkModel(buildTracingModel(templates, before))
    .filter(({ acknowledged }) => !acknowledged)
    .map(({ severity, rule, resource, property, message }) => [
      severity,
      rule.id,
      resource.constructPath,
      property,
      message,
    ]);

  expect(errors).toEqual([]);
  expect(ofCommand.sort()).toEqual(ofPack.sort());

  const rules = new Set(ofPack.map(([, rule]) => rule));
  expect([...rules].sort()).toEqual(RULES.map(({ id }) => id).sort());
});
