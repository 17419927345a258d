import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { pathOf } from '../cloudformation/template';
import type { LoadError } from '../input/loaded-template';
import { displayed, isWithin, QuotedFolders, readText } from '../input/text-files';
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
  const notes = fixNotes(first, fixed, mode);
  if (mode.isDryRun) {
    const diff = changes
      .map(({ file, before, after }) => unifiedDiff(relativePath(file), before, after))
      .join('');
    return { result, errors: [], notes, diff };
  }
  const errors = writeChanges(changes);
  if (errors.length === 0) return { result, errors, notes };
  const left = await check(new Map());
  return { result: left, errors, notes: fixNotes(first, { ...fixed, result: left }, mode) };
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
  return changes.flatMap((change) => {
    try {
      const problem = writeChange(change, write);
      return problem === undefined ? [] : [{ file: change.file, message: `${problem} It is not fixed.` }];
    } catch (error) {
      return [{ file: change.file, message: `${writeProblem(error)} It is not fixed.` }];
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

/** The encodings of templates, with the byte order mark. */
const ENCODINGS: readonly (readonly [mark: string, encoding: BufferEncoding])[] = [
  ['', 'utf8'],
  ['\uFEFF', 'utf8'],
  ['\uFEFF', 'utf16le'],
  ['', 'utf16le'],
];

/** Follows links only in the working directory: in a checkout, they can point to any file of the user. */
function writeChange({ file, before, after }: FileChange, write: typeof replace): string | undefined {
  if (linkIn(file) !== undefined && !isWithin(file, process.cwd())) {
    return 'This is a symbolic link to a file outside of the working directory. Pass the path that it points to.';
  }
  const target = realpathSync(file);
  const bytes = readFileSync(target);
  const found = ENCODINGS.find(([mark, encoding]) => Buffer.from(mark + before, encoding).equals(bytes));
  if (!found) return 'This file changed since it was read, or is not valid UTF-8.';
  const [mark, encoding] = found;
  write(target, Buffer.from(mark + after, encoding), statSync(target));
  return undefined;
}

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
    ...codeNotes(result),
  ];
}

const REASONS: Readonly<Record<Withheld['reason'], string>> = {
  'no place':
    'The template has no place of its own for the edit, such as below a YAML alias. Edit it yourself.',
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
