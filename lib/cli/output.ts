import { randomBytes } from 'node:crypto';
import { realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { LoadError } from '../input/loaded-template';
import { errorLine } from '../report/formats/text';
import { isOpen, type ReportedFinding } from '../report/report';
import { reaches, type Threshold } from '../report/severity';
import { printable } from '../text/printable';
import { UsageError } from './errors';
import type { Input } from './input';

/** The options that say where a report goes. */
interface OutputOptions {
  readonly format: string;
  readonly output?: string;
  readonly quiet?: boolean;
}

/** A report in brief. */
interface ResultSummary {
  /** A sentence. */
  readonly summary: string;
  readonly errors: readonly LoadError[];
}

/**
 * Writes a report to standard output or to a file. Errors are repeated on standard error, unless the report is text on
 * standard output.
 *
 * @throws UsageError if the file can't be written, or is part of the input or the baseline
 */
export function writeResult(
  report: string,
  { summary, errors }: ResultSummary,
  { loaded, baseline }: Input,
  { format, output, quiet }: OutputOptions,
): void {
  if (output === undefined) {
    process.stdout.write(report);
  } else {
    refuseToOverwrite(output, [...loaded.templates, ...loaded.errors], 'the input');
    refuseToOverwrite(output, baseline?.templates ?? [], 'the baseline');
    writeOutput(output, report);
    if (!quiet) process.stdout.write(`${printable(`${summary} Written to ${output}.`)}\n`);
  }
  if (output !== undefined || format !== 'text') {
    for (const error of errors) process.stderr.write(`${errorLine(error)}\n`);
  }
}

/** Writes notes to standard error, a line each, unless `--quiet` is set. */
export function writeNotes(notes: readonly string[], { quiet }: Pick<OutputOptions, 'quiet'>): void {
  if (quiet) return;
  for (const note of notes) process.stderr.write(`${printable(note)}\n`);
}

function refuseToOverwrite(
  output: string,
  files: readonly { readonly file: string }[],
  owner: 'the input' | 'the baseline',
): void {
  if (files.some(({ file }) => resolve(file) === resolve(output))) {
    throw new UsageError(`--output ${output} would overwrite ${owner}. Pass another file to --output.`);
  }
}

/**
 * Writes a file in one step: a program that reads it meanwhile sees either the old or the new text.
 *
 * @throws UsageError if the file can't be written
 */
export function writeOutput(file: string, text: string): void {
  try {
    const existing = statSync(file, { throwIfNoEntry: false });
    // Devices and pipes can't be replaced; renaming over a link would replace the link.
    if (existing && !existing.isFile()) writeFileSync(file, text);
    else replace(existing ? realpathSync(file) : file, text, existing);
  } catch (error) {
    throw new UsageError(`Cannot write the report to ${file}: ${reasonOf(error, file)}`);
  }
}

function replace(file: string, text: string, existing: Stats | undefined): void {
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: existing?.mode });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function reasonOf(error: unknown, file: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return `the folder ${dirname(file)} does not exist. Create it, or pass another file to --output.`;
    case 'EISDIR':
      return 'it is a folder. Pass a file in it to --output.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'permission denied. Pass another file to --output.';
    default:
      return message;
  }
}

/** The threshold unless `--fail-on` or the configuration sets another. */
const DEFAULT_THRESHOLD: Threshold = 'error';

/** Returns 2 if input could not be read, 1 if a finding reaches the threshold and is not acknowledged, otherwise 0. */
export function exitStatus(
  errors: readonly LoadError[],
  findings: readonly ReportedFinding[],
  threshold: Threshold = DEFAULT_THRESHOLD,
): number {
  if (errors.length > 0) return 2;
  return findings.some((finding) => isOpen(finding) && reaches(finding.severity, threshold)) ? 1 : 0;
}
