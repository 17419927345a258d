import { randomBytes } from 'node:crypto';
import { realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { LoadError } from '../input/loaded-template';
import { errorLine, type TextOptions } from '../report/formats/text';
import type { ReportedFinding } from '../report/report';
import { printable } from '../text/printable';
import { UsageError } from './errors';
import type { Input } from './input';
import type { RunChecksOptions } from './options';

/**
 * Puts what was written where it is wanted. What could not be read goes to standard error too, unless it is in a report
 * that is read there and then.
 *
 * @throws UsageError if the file can't be written, or is one that was read
 */
export function writeResult(
  written: string,
  { summary, errors }: Pick<CommandResult, 'summary' | 'errors'>,
  { loaded, baseline }: Input,
  { format, output, quiet }: Pick<RunChecksOptions, 'format' | 'output' | 'quiet'>,
): void {
  if (output === undefined) {
    process.stdout.write(written);
  } else {
    refuseToOverwrite(output, [...loaded.templates, ...loaded.errors], 'what was to be judged');
    refuseToOverwrite(output, baseline?.templates ?? [], 'the baseline');
    writeOutput(output, written);
    if (!quiet) process.stdout.write(`${printable(`${summary} Written to ${output}.`)}\n`);
  }
  if (output !== undefined || format !== 'text') {
    for (const error of errors) process.stderr.write(`${errorLine(error)}\n`);
  }
}

function refuseToOverwrite(output: string, read: readonly { readonly file: string }[], what: string): void {
  if (read.some(({ file }) => resolve(file) === resolve(output))) {
    throw new UsageError(`${output} is ${what}. Name another file with --output.`);
  }
}

/**
 * Writes a file so that whoever reads it meanwhile sees all of the old or all of the new text.
 *
 * @throws UsageError if it can't be written
 */
export function writeOutput(file: string, text: string): void {
  try {
    const existing = statSync(file, { throwIfNoEntry: false });
    // Devices and pipes can't be replaced; renaming over a link would replace the link.
    if (existing && !existing.isFile()) writeFileSync(file, text);
    else replace(existing ? realpathSync(file) : file, text, existing);
  } catch (error) {
    throw new UsageError(`The report can't be written to ${file}: ${reasonOf(error, file)}`);
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
      return `there is no folder ${dirname(file)}. Make it, or name another file with --output.`;
    case 'EISDIR':
      return 'that is a folder. Name a file in it.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'this is not allowed. Name another file with --output.';
    default:
      return message;
  }
}

/** What a command that judges has to say. */
export interface CommandResult {
  /** In the format that was asked for. */
  write(options: TextOptions): string | Promise<string>;
  /** In a sentence. */
  readonly summary: string;
  /** What is worth knowing and isn't wrong, and isn't written. */
  readonly notes: readonly string[];
  readonly errors: readonly LoadError[];
  /** By which the command fails, where they are grave enough. */
  readonly findings: readonly ReportedFinding[];
}
