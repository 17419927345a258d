import { join } from 'node:path';
import fc from 'fast-check';
import { checkModel } from '../../lib/checker/check';
import { loadBaseline } from '../../lib/input/baseline/load-baseline';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { RULES } from '../../lib/rules';
import { directoryWith } from '../input/temporary';
import { Choices } from '../properties/choices';
import { checkAlwaysAsync } from '../properties/replayable';
import { SYSTEM } from '../properties/system';
import { FORMATS } from '../properties/template-formats';
import { CHOICES, WITHOUT_ENVIRONMENT, written } from '../properties/written-system';
import { atTheDoor, byCommand, inOneLine } from './door-and-command';

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
