import { join } from 'node:path';
import fc from 'fast-check';
import { checkModel } from '../../lib/checker/check';
import { NO_CONFIG } from '../../lib/config/config';
import { checkChange } from '../../lib/guard/check-change';
import { loadBaseline } from '../../lib/input/baseline/load-baseline';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { RULES } from '../../lib/rules';
import { bundledCommand, folderWith, runShared } from '../cli/bundled-command';
import { directoryWith } from '../input/temporary';
import { Choices } from '../properties/choices';
import { checkAlwaysAsync } from '../properties/replayable';
import { SYSTEM } from '../properties/system';
import { FORMATS } from '../properties/template-formats';
import { CHOICES, WITHOUT_ENVIRONMENT, written } from '../properties/written-system';

interface JsonFinding {
  readonly ruleId: string;
  readonly logicalId: string;
  readonly property: string;
  readonly severity: string;
  readonly message: string;
  readonly fix: string;
  readonly acknowledged?: unknown;
}

const inOneLine = ({ ruleId, logicalId, property, severity, message, fix }: JsonFinding): string =>
  JSON.stringify([ruleId, logicalId, property, severity, message, fix]);

/** Returns the findings of the guard, and those that it counts as added. */
function atTheDoor(template: string, previousTemplate: string) {
  const { findings, added } = checkChange(
    { stack: { name: 'Stack' }, template, previousTemplate },
    NO_CONFIG,
  );
  const flat = findings.map((one) => ({ ...one, ruleId: one.rule.id }));
  return {
    findings: flat.map(inOneLine).sort(),
    added: findings
      .flatMap((one, i) => (added.has(one) && !one.acknowledged ? [inOneLine(flat[i])] : []))
      .sort(),
  };
}

/** Runs the command with a baseline, and returns the findings of `check` and the new ones of `diff`. */
async function byCommand(template: string, previousTemplate: string) {
  const cwd = folderWith({ 'before/stack.template': previousTemplate, 'after/stack.template': template });
  const command = await bundledCommand();
  const [before, after] = ['before', 'after'].map((folder) => join(folder, 'stack.template'));
  const results = [];
  for (const args of [
    ['check', after, '--baseline', before],
    ['diff', before, after],
  ]) {
    const { stdout, stderr, status } = await runShared(command, [...args, '--format', 'json'], { cwd });
    if (status === null || status > 1) throw new Error(stderr);
    results.push(JSON.parse(stdout) as unknown);
  }
  const [checked, changes] = results as [{ findings: JsonFinding[] }, { findings: { new: JsonFinding[] } }];
  return {
    findings: checked.findings.map(inOneLine).sort(),
    added: changes.findings.new
      .filter(({ acknowledged }) => !acknowledged)
      .map(inOneLine)
      .sort(),
  };
}

/** The examples of all rules: from the previous template to the wrong one, from right to wrong, and back. */
const EXAMPLES = RULES.flatMap(({ id, examples: { baseline, incorrect, correct } }) => [
  [`${id}, from right to wrong`, correct, incorrect],
  [`${id}, from wrong to right`, incorrect, correct],
  ...(baseline === undefined
    ? []
    : [
        [`${id}, compared with the baseline`, baseline, incorrect],
        [`${id}, from the baseline to right`, baseline, correct],
      ]),
]);

test.each(EXAMPLES)('the findings are those of the command: %s', async (_, before, after) => {
  const expected = await byCommand(after, before);
  expect(atTheDoor(after, before)).toEqual(expected);
});

test('the findings on generated systems are those of a check with a baseline', () =>
  checkAlwaysAsync(
    fc.asyncProperty(
      SYSTEM,
      SYSTEM,
      WITHOUT_ENVIRONMENT,
      CHOICES,
      async (previous, next, writing, choices) => {
        const formats = new Choices(choices);
        const [before, after] = [previous, next].map((system) => {
          const [{ template }] = written(system, { ...writing, templates: 1 });
          return formats.of(FORMATS)(template);
        });
        const folder = directoryWith({ 'before.template': before, 'after.template': after });
        const known = { id: 'Stack', stackName: 'Stack' };
        const current = load([join(folder, 'after.template')]).templates.map((one) => ({ ...one, ...known }));
        const baseline = await loadBaseline(join(folder, 'before.template'), current, []);
        // A baseline that has nothing in common with the template is an error of the command only.
        fc.pre(baseline.errors.length === 0);
        const expected = checkModel(buildTracingModel(current, baseline.templates)).map((one) =>
          inOneLine({ ...one, ruleId: one.rule.id }),
        );
        expect(atTheDoor(after, before).findings).toEqual(expected.sort());
      },
    ),
    40,
  ));
