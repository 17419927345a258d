import fc from 'fast-check';
import { parse } from 'yaml';
import { type CheckedFinding, checkModel } from '../../lib/checker/check';
import { type Checked, fixFindings } from '../../lib/cli/fix';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { directoryWith } from '../input/temporary';
import { Choices } from './choices';
import { checkAlwaysAsync } from './replayable';
import { SYSTEM } from './system';
import { FORMATS } from './template-formats';
import { CHOICES, WITHOUT_ENVIRONMENT, written } from './written-system';

const [json, yaml, flow] = FORMATS;

/** Writers of templates, with what the edits must keep: comments, line ends, and the indentation. */
const WRITERS: readonly ((template: unknown) => string)[] = [
  json,
  yaml,
  flow,
  (template) => JSON.stringify(template),
  (template) => json(template).replace(/^ +/gm, (spaces) => '\t'.repeat(spaces.length / 2)),
  (template) => yaml(template).replace(/^( {4}Type: .*)$/gm, '    # above\n$1 # beside'),
  (template) => yaml(template).replaceAll('\n', '\r\n'),
];

const check = (directory: string, texts?: ReadonlyMap<string, string>): Checked => {
  const loaded = load([directory], { texts });
  expect(loaded.errors).toEqual([]);
  return { loaded, findings: checkModel(buildTracingModel(loaded.templates)) };
};

const placeOf = ({ resource, logicalId, property }: CheckedFinding) =>
  `${resource.template.id} ${logicalId} ${property}`;

const problems = ({ findings }: Checked) => findings.filter(({ severity }) => severity !== 'info');

/** Removes the values that fixes replace. */
const withoutModes = (text: string) => text.replace(/PassThrough|Active|Disabled/g, '');

/** True if a text contains the characters of another in order. Fixes then only add text. */
function isExtended(before: string, after: string): boolean {
  let at = 0;
  for (const character of after) if (character === before[at]) at++;
  return at === before.length;
}

let fixedCount = 0;
let withheldCount = 0;

test('fixes in all spellings and formats resolve their findings, and cause no others', async () => {
  const property = fc.asyncProperty(
    SYSTEM,
    WITHOUT_ENVIRONMENT,
    CHOICES,
    fc.boolean(),
    async (system, writing, choices, suggestions) => {
      const formats = new Choices(choices);
      const sources = written(system, writing);
      const files = sources.map(({ id, template }) => [id, formats.of(WRITERS)(template)]);
      const directory = directoryWith(Object.fromEntries(files) as Record<string, string>);
      const first = check(directory);
      const recheck = (texts: ReadonlyMap<string, string>) => Promise.resolve(check(directory, texts));
      const { result, changes, withheld, rounds } = await fixFindings(first, recheck, { suggestions });

      expect(rounds).toBeLessThanOrEqual(3);
      const before = new Set(first.findings.map(placeOf));
      expect(problems(result).filter((finding) => !before.has(placeOf(finding)))).toEqual([]);
      expect(problems(result).length).toBeLessThanOrEqual(problems(first).length);
      const offered = first.findings.filter(
        ({ fixes = [] }) =>
          fixes.length > 0 && (suggestions || fixes.every(({ safety }) => safety === 'safe')),
      );
      const left = new Set(
        [...result.findings, ...withheld].map((finding) => finding.rule.id + placeOf(finding)),
      );
      const resolved = offered.filter((finding) => !left.has(finding.rule.id + placeOf(finding)));
      expect(resolved.length + withheld.length).toBeGreaterThanOrEqual(offered.length);
      fixedCount += resolved.length;
      withheldCount += withheld.length;

      for (const change of changes) {
        expect(commentsIn(change.after)).toEqual(commentsIn(change.before));
        expect(/\r(?!\n)|(?<!\r)\n/.test(change.after)).toBe(/\r(?!\n)|(?<!\r)\n/.test(change.before));
        if (!suggestions)
          expect(isExtended(withoutModes(change.before), withoutModes(change.after))).toBe(true);
        expect(parse(change.after, { logLevel: 'silent' })).not.toBeNull();
      }

      const texts = new Map(changes.map(({ file, after }) => [file, after]));
      const again = await fixFindings(
        check(directory, texts),
        (more) => Promise.resolve(check(directory, new Map([...texts, ...more]))),
        { suggestions },
      );
      expect(again.changes).toEqual([]);
    },
  );
  await checkAlwaysAsync(property, 100);
  // The test checks fixes, not only their absence.
  expect(fixedCount).toBeGreaterThan(50);
  expect(withheldCount).toBeLessThan(fixedCount);
});

function commentsIn(text: string): string[] {
  return text.match(/# (?:above|beside)/g) ?? [];
}
