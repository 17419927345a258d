import fc from 'fast-check';
import { isAlias, isMap, isScalar, isSeq, parse, parseDocument } from 'yaml';
import { type CheckedFinding, checkModel } from '../../lib/checker/check';
import { isEqual } from '../../lib/cloudformation/template-edit';
import { type Checked, fixFindings, type Withheld } from '../../lib/cli/fix';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { SEVERITIES } from '../../lib/rules/rule';
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

const keyOf = (finding: CheckedFinding) => `${finding.rule.id} ${placeOf(finding)}`;

/** Returns the errors and warnings that are not in the first findings, on the same property with this or a higher severity. */
function newProblems({ findings }: Checked, first: Checked): CheckedFinding[] {
  const rank = ({ severity }: CheckedFinding) => SEVERITIES.indexOf(severity);
  return findings.filter(
    (finding) =>
      finding.severity !== 'info' &&
      !first.findings.some((other) => placeOf(other) === placeOf(finding) && rank(other) <= rank(finding)),
  );
}

/** True for a finding that a fix may cause only if it is withheld: its own fix needs a decision. */
function needsDecision({ rule, property, resource, fix }: CheckedFinding): boolean {
  switch (`${rule.id} ${property}`) {
    // An alias that is pinned to a version number.
    case 'LambdaXRay-UnpublishedMode FunctionVersion':
      return true;
    // A description that the template computes.
    case 'LambdaXRay-UnpublishedMode Description':
      return typeof resource.properties.Description === 'object';
    case 'LambdaXRay-WritePermissions Role':
      return fix.includes('Effect: Deny');
    default:
      return false;
  }
}

const hasKnownReason = ({ reason, caused }: Withheld) =>
  reason === 'causes findings' && caused.length > 0 && caused.every(needsDecision);

/** Removes the values that fixes replace. */
const withoutModes = (text: string) => text.replace(/PassThrough|Active|Disabled/g, '');

/** True if a text contains the characters of another in order. Fixes then only add text. */
function isExtended(before: string, after: string): boolean {
  let at = 0;
  for (const character of after) if (character === before[at]) at++;
  return at === before.length;
}

/** Returns the text of each scalar of a template, with its quotes and tag, and the text between two of them, by their paths. */
function scalarsIn(text: string): Map<string, string> {
  const scalars = new Map<string, string>();
  let last = { path: '', end: 0 };
  const visit = (node: unknown, path: readonly string[]): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        visit(key, [...path, 'the key', (key as { source: string }).source]);
        visit(value, [...path, (key as { source: string }).source]);
      }
    } else if (isSeq(node)) node.items.forEach((item, i) => visit(item, [...path, String(i)]));
    else if (isScalar(node) || isAlias(node)) {
      const [start, end] = node.range!;
      const name = path.join('.');
      scalars.set(name, `${node.tag ?? ''} ${text.slice(start, end)}`);
      scalars.set(`${last.path} to ${name}`, text.slice(last.end, start));
      last = { path: name, end };
    }
  };
  visit(parseDocument(text, { version: '1.1', logLevel: 'silent' }).contents, []);
  return scalars;
}

/** Returns the paths at which two values differ. */
function differences(before: unknown, after: unknown, path: readonly string[] = []): string[] {
  if (isEqual(before, after)) return [];
  const areBoth = [before, after].every((value) => typeof value === 'object' && value !== null);
  if (!areBoth || Array.isArray(before) !== Array.isArray(after)) return [path.join('.')];
  const [from, to] = [before, after] as Record<string, unknown>[];
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...keys].flatMap((key) => differences(from[key], to[key], [...path, key]));
}

const isWithin = (path: string, around: string) => path === around || path.startsWith(`${around}.`);

/** Checks that a text differs from another only at some paths, or in the objects that contain nothing else. */
function expectOnlyEdits(before: string, after: string, paths: readonly string[]): void {
  const [from, to] = [before, after].map((text): unknown =>
    parse(text, { version: '1.1', logLevel: 'silent' }),
  );
  const changed = differences(from, to);
  const unexpected = changed.filter(
    (path) => !paths.some((edit) => isWithin(path, edit) || isWithin(edit, path)),
  );
  expect(unexpected).toEqual([]);
  const scalars = scalarsIn(after);
  const isChanged = (name: string) =>
    name.split(' to ').some((path) => changed.some((edit) => isWithin(path.replace(/\.?the key/, ''), edit)));
  // An insertion is between two other scalars.
  const rewritten = [...scalarsIn(before)].filter(
    ([name, text]) =>
      !(name.includes(' to ') && !scalars.has(name)) && scalars.get(name) !== text && !isChanged(name),
  );
  expect(rewritten).toEqual([]);
  const comments = /# (?:above|beside)/g;
  expect(after.match(comments)).toEqual(before.match(comments));
  expect(/\r(?!\n)|(?<!\r)\n/.test(after)).toBe(/\r(?!\n)|(?<!\r)\n/.test(before));
}

let fixedCount = 0;
let systemCount = 0;

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
      const offered = [...first.findings];
      const recheck = (texts: ReadonlyMap<string, string>) => {
        const checked = check(directory, texts);
        offered.push(...checked.findings);
        return Promise.resolve(checked);
      };
      const { result, changes, withheld, rounds } = await fixFindings(first, recheck, { suggestions });

      expect(rounds).toBeLessThanOrEqual(3);
      expect(newProblems(result, first)).toEqual([]);
      expect(withheld.filter((one) => !hasKnownReason(one))).toEqual([]);
      const isFixed = ({ fixes = [] }: CheckedFinding) =>
        fixes.length > 0 && (suggestions || fixes.every(({ safety }) => safety === 'safe'));
      const left = result.findings.filter(isFixed).map(keyOf);
      expect(left.filter((key) => !withheld.some(({ finding }) => keyOf(finding) === key))).toEqual([]);
      fixedCount += first.findings.filter(isFixed).length - left.length;
      systemCount++;

      const paths = offered.flatMap(({ fixes = [] }) =>
        fixes.flatMap(({ path, globals }) =>
          [path, ...(globals ? [globals.path] : [])].map((p) => p.join('.')),
        ),
      );
      for (const { before, after } of changes) {
        expectOnlyEdits(before, after, paths);
        if (!suggestions) expect(isExtended(withoutModes(before), withoutModes(after))).toBe(true);
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
  expect(fixedCount).toBeGreaterThan(systemCount / 2);
});
