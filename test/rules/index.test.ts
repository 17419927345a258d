import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkModel } from '../../lib/checker/check';
import { buildTracingModel } from '../../lib/model/build-model';
import { RULES } from '../../lib/rules';
import { parseCloudFormation } from './templates';

const PROJECT = join(__dirname, '..', '..');

/** Returns a template's findings of a rule. */
function findingsOf(ruleId: string, yaml: string, baseline?: string) {
  const [templates, previous] = [yaml, baseline].map(
    (text) => text && [{ id: 'example', template: parseCloudFormation(text) }],
  );
  return checkModel(buildTracingModel(templates || [], previous || undefined)).filter(
    ({ rule }) => rule.id === ruleId,
  );
}

test('each rule has its own ID', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
});

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('has an ID with the prefix, and a file named after it', () => {
    expect(id).toMatch(/^LambdaXRay-([A-Z][a-z]+)+$/);
    const file = id
      .replace('LambdaXRay-', '')
      .replace(/(?<=[a-z])[A-Z]/g, '-$&')
      .toLowerCase();
    expect(existsSync(join(PROJECT, 'lib', 'rules', `${file}.ts`))).toBe(true);
  });

  test('has a title that states a requirement', () => {
    expect(rule.title).toMatch(/^[A-Z].* (should|must) .*[^.]$/);
  });

  test('names its problem in a few words', () => {
    expect(rule.problem).toMatch(/^[A-Z][^.]{10,70}$/);
    expect(rule.problem).not.toMatch(/\b(should|must)\b/);
  });

  test('has a reason that GitHub shows in full', () => {
    expect(rule.rationale.length).toBeLessThanOrEqual(1000);
  });

  test('reports its incorrect example, and not its correct one', () => {
    const { baseline, incorrect, correct } = rule.examples;
    expect(findingsOf(id, incorrect, baseline)).toHaveLength(1);
    expect(findingsOf(id, correct, baseline)).toEqual([]);
  });
});
