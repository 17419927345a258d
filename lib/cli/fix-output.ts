import { accessSync, constants, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { pathOf } from '../cloudformation/template';
import type { LoadError } from '../input/loaded-template';
import { displayed, identityOf, isWithin, QuotedFolders, readText, STDIN } from '../input/text-files';
import { unifiedDiff } from '../report/edited-texts';
import { locationOfFinding, templatesById } from '../report/location';
import { count, locationInWords } from '../report/wording';
import { listNames } from '../text/printable';
import {
  type Checked,
  editableIn,
  type FileChange,
  type Fixed,
  fixFindings,
  isFixable,
  type Withheld,
} from './fix';
import { linkIn, replace } from './output';

/** The options of a run that fixes findings. */
export interface FixMode {
  /** True to apply fixes that are only suggested too. */
  readonly suggestions: boolean;
  /** True to write no file. */
  readonly isDryRun: boolean;
}

/** The result of a run that fixes findings. */
interface Fixes<T extends Checked> {
  readonly result: T;
  readonly errors: readonly LoadError[];
  readonly notes: readonly string[];
  /** The changes, if no file is written. */
  readonly diff?: string;
}

/**
 * Fixes findings, and checks the result.
 *
 * @param check reads and checks the templates with texts instead of the content of files, by the identity of the file
 */
export async function applyFixes<T extends Checked>(
  first: T,
  check: (texts: ReadonlyMap<string, string>) => Promise<T>,
  mode: FixMode,
): Promise<Fixes<T>> {
  const fixed = await fixFindings(first, check, mode);
  const { result, changes } = fixed;
  const diffs: string[] = [];
  const unreadable: string[] = [];
  const addDiff = ({ file, before, after }: FileChange, { mark, isUtf16 }: FileState) => {
    const path = relativePath(file);
    diffs.push(unifiedDiff(path, mark + before, mark + after));
    if (isUtf16)
      unreadable.push(`git apply and patch can't edit ${path}, because it is in UTF-16. Use --fix.`);
  };
  const errors = mode.isDryRun ? eachWritable(changes, addDiff) : writeChanges(changes);
  const failed = new Set(errors.map(({ file }) => file));
  const applied = changes.filter(({ file }) => !failed.has(file));
  const texts = applied.map(({ file, after }): [string, string] => [identityOf(file), after]);
  const left = errors.length === 0 ? result : await check(new Map(mode.isDryRun ? texts : []));
  const notes = fixNotes(first, { ...fixed, result: left, changes: applied }, mode);
  return {
    result: left,
    errors,
    notes: [...notes, ...unreadable],
    ...(mode.isDryRun && { diff: diffs.join('') }),
  };
}

/** Returns a path as a diff shows it: below the working directory, or absolute. */
function relativePath(file: string): string {
  const path = relative(process.cwd(), file);
  return isAbsolute(path) || path.startsWith('..') ? displayed(resolve(file)) : displayed(path);
}

/**
 * Writes the changed files. A file that can't be written, or that changed since it was read, stays as it is.
 *
 * @param write replaces the content of a file
 * @returns the errors
 */
export function writeChanges(changes: readonly FileChange[], write = replace): LoadError[] {
  return eachWritable(changes, ({ after }, { path, stats, mark, encode }) => {
    write(path, encode(mark + after), stats);
  });
}

/** Calls a function for each changed file that can be written, and returns the errors of the others. */
function eachWritable(
  changes: readonly FileChange[],
  use: (change: FileChange, state: FileState) => void,
): LoadError[] {
  return changes.flatMap((change) => {
    const fault = (problem: string) => [{ file: change.file, message: `${problem} It is not fixed.` }];
    try {
      const state = stateOf(change);
      if (typeof state === 'string') return fault(state);
      use(change, state);
      return [];
    } catch (error) {
      return fault(writeProblem(error));
    }
  });
}

const DENIED = 'Permission to write to this file or its folder is denied. Make them writable.';

const WRITE_PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: DENIED,
  EPERM: DENIED,
  EROFS: DENIED,
  ENOSPC: 'The disk is full. Free some space.',
};

function writeProblem(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return WRITE_PROBLEMS[code] ?? `Cannot write this file: ${message}.`;
}

/** The encoding of a template. */
interface Encoding {
  /** The byte order mark, which its text does not contain. */
  readonly mark: string;
  readonly encode: (text: string) => Buffer;
  readonly isUtf16: boolean;
}

const ENCODINGS: readonly Encoding[] = ['', '\uFEFF'].flatMap((mark) => [
  { mark, encode: (text: string) => Buffer.from(text, 'utf8'), isUtf16: false },
  { mark, encode: (text: string) => Buffer.from(text, 'utf16le'), isUtf16: true },
  { mark, encode: (text: string) => Buffer.from(text, 'utf16le').swap16(), isUtf16: true },
]);

/** A file that can be written. */
interface FileState extends Encoding {
  /** The path, without links. */
  readonly path: string;
  readonly stats: Stats;
}

/**
 * Returns the state of a file, or the reason why it must not be written. Links are followed only in the working directory:
 * in a checkout, they can point to any file of the user.
 *
 * @throws if the file can't be read, or the user may not write it
 */
function stateOf({ file, before }: FileChange): FileState | string {
  if (linkIn(file) !== undefined && !isWithin(file, process.cwd())) return OUTSIDE_LINK;
  const path = realpathSync(file);
  const bytes = readFileSync(path);
  const encoding = ENCODINGS.find(({ mark, encode }) => encode(mark + before).equals(bytes));
  if (!encoding) return 'This file changed since it was read, or is not valid UTF-8.';
  const stats = statSync(path);
  // The administrator and a new file beside it need no permission for the file itself.
  if ((stats.mode & 0o222) === 0) return DENIED;
  accessSync(path, constants.W_OK);
  return { ...encoding, path, stats };
}

const OUTSIDE_LINK =
  'This is a symbolic link to a file outside of the working directory. Pass the path that it points to.';

/** Returns notes about the fixes that were applied, and those that were not. */
function fixNotes<T extends Checked>(
  first: T,
  { result, changes, withheld }: Fixed<T>,
  { suggestions, isDryRun }: FixMode,
): string[] {
  const fixed = openCount(first) - openCount(result);
  const editable = editableIn(result.loaded);
  const suggested = suggestions
    ? 0
    : result.findings.filter(
        (finding) => isFixable(finding, editable, true) && !isFixable(finding, editable, false),
      ).length;
  const verb = isDryRun ? 'Would fix' : 'Fixed';
  return [
    changes.length === 0
      ? 'No finding has a fix that can be applied.'
      : `${verb} ${count(fixed, 'finding')} in ${count(changes.length, 'file')}.`,
    ...(suggested > 0
      ? [
          `${count(suggested, 'finding')} more can be fixed with --fix-suggestions. Review these fixes: they change more than tracing, or a mode that is set on purpose.`,
        ]
      : []),
    ...withheld.map(withheldNote),
    ...readOnlyNotes(result, editable),
    ...codeNotes(result),
  ];
}

const REASONS: Readonly<Record<Withheld['reason'], string>> = {
  'no place':
    'The template has no place of its own for the edit, such as below a YAML alias or in a loop. Edit it yourself.',
  ineffective: 'Its fix does not resolve it in this template. Edit it yourself.',
  'causes findings': 'Its fix would cause',
};

function withheldNote({ finding, reason, caused }: Withheld): string {
  const others = [...new Set(caused.map(({ rule, resource }) => `${rule.id} of '${pathOf(resource)}'`))];
  const why = `${REASONS[reason]}${others.length > 0 ? ` ${listNames(others, MAX_CAUSED)}. Resolve that first.` : ''}`;
  return `Not fixed: ${finding.rule.id} of '${pathOf(finding.resource)}' in ${finding.resource.template.id}. ${why}`;
}

/** The number of findings that a note names. */
const MAX_CAUSED = 3;

function openCount({ findings }: Checked): number {
  return findings.filter(({ acknowledged }) => !acknowledged).length;
}

/** Returns a note for each template that has fixes but can't be edited. */
function readOnlyNotes({ findings, loaded }: Checked, editable: ReadonlySet<string>): string[] {
  const fixed = findings.filter(({ acknowledged }) => !acknowledged).flatMap(({ fixes = [] }) => fixes);
  const ids = new Set(fixed.map(({ template }) => template.id));
  return loaded.templates
    .filter(({ id, sourceOf }) => ids.has(id) && !editable.has(id) && !sourceOf)
    .map(({ id, file }) =>
      file === STDIN
        ? 'Not fixed: standard input. Pass the path of the file.'
        : `Not fixed: ${id}, because it is outside of the working directory and of the folders that you name. Pass its real path.`,
    );
}

/** Returns the code to write in a CDK app for each finding, at its line. The command does not edit code. */
function codeNotes({ findings, loaded }: Checked): string[] {
  const templates = templatesById(loaded);
  const quoted = new QuotedFolders();
  return findings.flatMap((finding) => {
    if (finding.acknowledged) return [];
    const location = locationOfFinding(finding, templates);
    const { source, isGenerated } = location;
    if (!isGenerated) return [];
    const code = finding.fixes?.find((fix) => fix.code !== undefined)?.code;
    const { line } = source?.position ?? {};
    const shown =
      source && line !== undefined && quoted.include(source.file) ? lineOf(source.file, line) : undefined;
    return [
      `${locationInWords(location)}: '${pathOf(finding.resource)}': ${code === undefined ? finding.fix : `write ${code}`}`,
      ...(shown === undefined ? [] : [`    ${shown}`]),
    ];
  });
}

function lineOf(file: string, line: number): string | undefined {
  try {
    return readText(file).split(/\r?\n/)[line - 1]?.trim();
  } catch {
    return undefined;
  }
}
