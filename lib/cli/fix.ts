import type { CheckedFinding } from '../checker/check';
import { addressOf } from '../cloudformation/template';
import { editTemplate } from '../input/edit-template';
import type { Loaded, LoadedTemplate } from '../input/loaded-template';
import { identityOf } from '../input/text-files';
import { SEVERITIES, type TemplateFix } from '../rules/rule';
import { compatible, editsOf, fixesByFile } from '../rules/template-fixes';

/** Templates and the findings in them. */
export interface Checked {
  readonly loaded: Loaded;
  readonly findings: readonly CheckedFinding[];
}

/** A file with edits. */
export interface FileChange {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** The result of fixing findings. */
export interface Fixed<T extends Checked> {
  /** The fixed templates and the findings that are left. */
  readonly result: T;
  readonly changes: readonly FileChange[];
  readonly withheld: readonly Withheld[];
  /** The number of times that edits were applied. */
  readonly rounds: number;
}

/** A finding whose fix is not applied, and the reason. */
export interface Withheld {
  readonly finding: CheckedFinding;
  /** `no place`: no part of the text belongs to the edit alone. `ineffective`: the finding remains in spite of its edits. */
  readonly reason: 'no place' | 'ineffective' | 'causes findings';
  /** The errors and warnings that the fix would cause. */
  readonly caused: readonly CheckedFinding[];
}

/** A fix can cause findings with fixes of their own: an Active function needs permissions. More rounds than any case needs. */
const MAX_ROUNDS = 5;

/**
 * Fixes findings in the texts of their templates, and checks the result. Fixes that don't resolve their finding, or that
 * cause an error or a warning that no other fix resolves, are withheld. Writes no file.
 *
 * @param check reads and checks the templates with texts instead of the content of files, by the identity of the file
 */
export async function fixFindings<T extends Checked>(
  first: T,
  check: (texts: ReadonlyMap<string, string>) => Promise<T>,
  { suggestions }: { readonly suggestions: boolean },
): Promise<Fixed<T>> {
  const withheld = new Map<string, Withheld>();
  for (;;) {
    const { result, changes, applied, failed, rounds } = await attempt(first, check, suggestions, withheld);
    const causes = failed.length > 0 ? failed : causesOf(newFindings(first, result), applied);
    for (const cause of causes) withheld.set(keyOf(cause.finding), cause);
    if (causes.length === 0) return { result, changes, withheld: [...withheld.values()], rounds };
  }
}

/** A finding whose edits were applied. */
interface Applied {
  readonly finding: CheckedFinding;
  readonly round: number;
}

/** The result of all rounds. */
interface Attempt<T extends Checked> {
  readonly result: T;
  readonly changes: readonly FileChange[];
  readonly applied: readonly Applied[];
  /** The findings that remain in spite of their edits, or whose edits have no place. */
  readonly failed: readonly Withheld[];
  readonly rounds: number;
}

async function attempt<T extends Checked>(
  first: T,
  check: (texts: ReadonlyMap<string, string>) => Promise<T>,
  suggestions: boolean,
  withheld: ReadonlyMap<string, Withheld>,
): Promise<Attempt<T>> {
  const texts = new Map<string, string>();
  const applied = new Map<string, Applied>();
  let result = first;
  let rounds = 0;
  const failing = (reason: Withheld['reason'], findings: readonly CheckedFinding[]): Attempt<T> => ({
    result,
    changes: [],
    applied: [...applied.values()],
    failed: findings.map((finding) => ({ finding, reason, caused: [] })),
    rounds,
  });
  for (; rounds < MAX_ROUNDS; rounds++) {
    const editable = editableIn(result.loaded);
    const fixable = result.findings.filter(
      (finding) => isFixable(finding, editable, suggestions) && !withheld.has(keyOf(finding)),
    );
    const again = fixable.filter((finding) => applied.has(keyOf(finding)));
    if (again.length > 0) return failing('ineffective', again);
    const identities = identitiesOf(result.loaded);
    const together = compatible(fixable, (id) => identities.get(id) ?? id);
    const { edited, failed } = editedTexts(together, result.loaded);
    if (failed.length > 0) return failing('no place', failed);
    if (edited.size === 0) break;
    for (const finding of together) applied.set(keyOf(finding), { finding, round: rounds });
    for (const [identity, text] of edited) texts.set(identity, text);
    result = await check(texts);
  }
  const changes = [...textsByFile(first.loaded)].flatMap(([identity, { file, text }]) => {
    const after = texts.get(identity);
    const before = after === undefined ? undefined : text?.read();
    return before === undefined || after === undefined || after === before ? [] : [{ file, before, after }];
  });
  return { result, changes, applied: [...applied.values()], failed: [], rounds };
}

/** Returns the IDs of the templates whose files can be edited. */
export function editableIn({ templates }: Loaded): ReadonlySet<string> {
  return new Set(templates.flatMap(({ id, text }) => (text === undefined ? [] : [id])));
}

/**
 * True if `--fix` edits the templates of a finding.
 *
 * @param editable the IDs of the templates whose files can be edited
 */
export function isFixable(
  { fixes = [], acknowledged }: CheckedFinding,
  editable: ReadonlySet<string>,
  suggestions: boolean,
): boolean {
  if (acknowledged || fixes.length === 0) return false;
  return fixes.every(
    ({ template, safety }) => (suggestions || safety === 'safe') && editable.has(template.id),
  );
}

/** Returns the identity of the file of each template. Several templates can have the same file. */
function identitiesOf({ templates }: Loaded): Map<string, string> {
  return new Map(templates.map(({ id, file }) => [id, identityOf(file)]));
}

/** Applies the edits of findings to the texts of their files. A finding fails if the text has no place for one of them. */
function editedTexts(
  findings: readonly CheckedFinding[],
  loaded: Loaded,
): { edited: Map<string, string>; failed: CheckedFinding[] } {
  const identities = identitiesOf(loaded);
  const edited = new Map<string, string>();
  const missing = new Set<string>();
  const texts = textsByFile(loaded);
  for (const [identity, fixes] of fixesByFile(findings, (id) => identities.get(id)!)) {
    const { file, text: source } = texts.get(identity)!;
    const text = source?.read() ?? '';
    const edits = editsOf(fixes);
    const { text: after, applied } = editTemplate(file, text, edits);
    edited.set(identity, after);
    const done = new Set(applied);
    for (const edit of edits) if (!done.has(edit)) missing.add(`${identity}#${edit.path.join()}`);
  }
  const lacksPlace = ({ template, path, globals }: TemplateFix) =>
    [path, globals?.path ?? path].some((steps) =>
      missing.has(`${identities.get(template.id)}#${steps.join()}`),
    );
  return { edited, failed: findings.filter(({ fixes = [] }) => fixes.some(lacksPlace)) };
}

/** Returns a template of each file. Several templates can have the same file. */
function textsByFile({ templates }: Loaded): Map<string, LoadedTemplate> {
  return new Map(
    templates.flatMap((template) =>
      template.text === undefined ? [] : [[identityOf(template.file), template]],
    ),
  );
}

/** Returns the open errors and warnings that are not in the first findings, on the same property with this or a higher severity. */
function newFindings(first: Checked, result: Checked): CheckedFinding[] {
  const known = new Map<string, number>();
  for (const finding of first.findings) {
    const rank = SEVERITIES.indexOf(finding.severity);
    known.set(placeOf(finding), Math.min(rank, known.get(placeOf(finding)) ?? rank));
  }
  return result.findings.filter(
    (finding) =>
      !finding.acknowledged &&
      finding.severity !== 'info' &&
      SEVERITIES.indexOf(finding.severity) < (known.get(placeOf(finding)) ?? SEVERITIES.length),
  );
}

/** Returns the fixed findings that can be the cause of new ones, each with those. */
function causesOf(news: readonly CheckedFinding[], applied: readonly Applied[]): Withheld[] {
  const caused = new Map<CheckedFinding, CheckedFinding[]>();
  for (const other of news) {
    for (const cause of likelyCausesOf(other, applied))
      caused.set(cause, [...(caused.get(cause) ?? []), other]);
  }
  return [...caused].map(([finding, others]) => ({ finding, reason: 'causes findings', caused: others }));
}

/**
 * Returns the fixed findings that can be the cause of a new one: those whose edits changed its resources, or on the same
 * resources, or in the same template, or all. Of these, the cause is a new mode, on which permissions and versions depend, and
 * the first edits: those of a later round are for findings that the first ones caused.
 */
function likelyCausesOf(finding: CheckedFinding, applied: readonly Applied[]): CheckedFinding[] {
  const resources = [finding.resource, ...finding.related].map(addressOf);
  const isAmong = (addresses: readonly string[]) => addresses.some((address) => resources.includes(address));
  const near =
    [
      (other: CheckedFinding) => isAmong(editedResourcesOf(other)),
      (other: CheckedFinding) => isAmong([other.resource, ...other.related].map(addressOf)),
      (other: CheckedFinding) => other.resource.template.id === finding.resource.template.id,
    ]
      .map((isNear) => applied.filter((other) => isNear(other.finding)))
      .find((some) => some.length > 0) ?? applied;
  const ofMode = near.filter((other) => changesMode(other.finding));
  const likely = ofMode.length > 0 ? ofMode : near;
  const round = Math.min(...likely.map((other) => other.round));
  return likely.filter((other) => other.round === round).map((other) => other.finding);
}

function changesMode({ fixes = [] }: CheckedFinding): boolean {
  return fixes.some(({ path }) => path.some((key) => key === 'Tracing' || key === 'TracingConfig'));
}

/** Returns the addresses of the resources that the edits of a finding change. */
function editedResourcesOf({ fixes = [] }: CheckedFinding): string[] {
  return fixes.map(({ template, path }) => addressOf({ template, logicalId: path[1] }));
}

function keyOf(finding: CheckedFinding): string {
  return `${finding.rule.id} ${placeOf(finding)}`;
}

function placeOf({ resource, logicalId, property }: CheckedFinding): string {
  return `${addressOf({ template: resource.template, logicalId })} ${property}`;
}
