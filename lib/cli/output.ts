import {
  chmodSync,
  closeSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { isObject, objectAt } from '../cloudformation/json';
import { assemblyAround } from '../input/find-files';
import type { LoadError } from '../input/loaded-template';
import { parseJson } from '../input/parse-json';
import { displayed, foldersAround, isWithin, readText, repositoryAround, wasRead } from '../input/text-files';
import { reaches, type Threshold } from '../report/configuration';
import { errorLine } from '../report/formats/text';
import { isOpen, type ReportedFinding } from '../report/report';
import { RULE_PREFIX } from '../rules/rule';
import { printable } from '../text/printable';
import { TOOL } from '../version';
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
  /** Notes that the report does not contain. */
  readonly notes?: readonly string[];
}

/**
 * Writes a report to standard output or to a file. Errors are repeated on standard error, unless the report is text on
 * standard output.
 *
 * @throws UsageError if the file can't be written, was read, or is in a cloud assembly
 */
export function writeResult(
  report: string,
  { summary, errors, notes = [] }: ResultSummary,
  input: Input,
  { format, output, quiet }: OutputOptions,
): void {
  if (output === undefined) {
    process.stdout.write(report);
  } else {
    refuseInput(output, input);
    writeOutput(output, report);
    if (!quiet) process.stdout.write(`${printable(`${summary} Written to ${output}.`)}\n`);
  }
  writeNotes([...(input.loaded.warnings ?? []).map(errorLine), ...notes], { quiet });
  if (output !== undefined || format !== 'text') writeErrors(errors);
}

/** Writes errors to standard error, a line each. */
export function writeErrors(errors: readonly LoadError[]): void {
  for (const error of errors) process.stderr.write(`${errorLine(error)}\n`);
}

/** Writes notes to standard error, a line each, unless `--quiet` is set. */
export function writeNotes(notes: readonly string[], { quiet }: Pick<OutputOptions, 'quiet'>): void {
  if (quiet) return;
  for (const note of notes) process.stderr.write(`${printable(note)}\n`);
}

/**
 * Refuses to overwrite a file that was read, or to change a cloud assembly.
 *
 * @throws UsageError
 */
function refuseInput(output: string, { loaded, baseline }: Input): void {
  const isOutput = ({ file }: { readonly file: string }) => resolve(file) === resolve(output);
  if ([...loaded.templates, ...loaded.errors].some(isOutput)) refuse(output, 'would overwrite the input');
  if (baseline?.templates.some(isOutput)) refuse(output, 'would overwrite the baseline');
  if (wasRead(output) && !isEarlierReport(output))
    refuse(output, 'would overwrite a file that this command reads');
  const assembly = assemblyAround(output);
  if (assembly !== undefined)
    refuse(output, `is in the cloud assembly ${displayed(assembly)}, which CDK deploys`);
}

function refuse(output: string, problem: string): never {
  throw new UsageError(`--output ${output} ${problem}. Pass another file to --output.`);
}

/** True for a report of an earlier run, which is read if it is in an input folder. */
function isEarlierReport(file: string): boolean {
  const { value } = parseJson(readText(file));
  // A code quality report for GitLab is a list.
  if (Array.isArray(value)) {
    return value.every(
      (item) =>
        isObject(item) && typeof item.check_name === 'string' && item.check_name.startsWith(RULE_PREFIX),
    );
  }
  const { tool, runs } = isObject(value) ? value : {};
  const [run] = Array.isArray(runs) ? (runs as unknown[]) : [];
  // SARIF has the tool in its run.
  return [tool, objectAt(run, 'tool').driver].some((by) => isObject(by) && by.name === TOOL.name);
}

/** The content of a file and the option that selects it, for errors. */
interface WrittenFile {
  readonly content: string;
  readonly option: string;
}

const REPORT: WrittenFile = { content: 'the report', option: '--output' };

/**
 * Writes a file in one step: a program that reads it meanwhile sees either the old or the new text. Follows no links: in a
 * checkout, they can point to any file of the user.
 *
 * @throws UsageError if the file can't be written
 */
export function writeOutput(file: string, text: string, { content, option } = REPORT): void {
  const unwritable = (reason: string) => new UsageError(`Cannot write ${content} to ${file}: ${reason}`);
  try {
    const link = linkIn(file);
    if (link !== undefined) {
      throw unwritable(`${link} is a symbolic link. Pass the path that it points to, or remove it.`);
    }
    const existing = statSync(file, { throwIfNoEntry: false });
    // Devices and pipes can't be replaced.
    if (isOfSystem(file) || (existing && !existing.isFile())) writeFileSync(file, text);
    else replace(file, text, existing);
  } catch (error) {
    throw error instanceof UsageError ? error : unwritable(reasonOf(error, file, option));
  }
}

/**
 * Returns the first link in a path, or undefined if there is none. The folders of an absolute path to another place than
 * the repository belong to the user or the system.
 */
export function linkIn(file: string): string | undefined {
  if (isOfSystem(file)) return undefined;
  const here = process.cwd();
  const paths = foldersAround(resolve(file));
  const shared = foldersAround(here).find((folder) => paths.includes(folder));
  const isHere = shared !== undefined && isWithin(shared, repositoryAround(here) ?? here);
  const checked =
    isHere || !isAbsolute(file) ? paths.slice(0, paths.indexOf(shared ?? '')) : paths.slice(0, 1);
  const link = checked.reverse().find((path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink());
  return link && (isHere ? relative(here, link) : link);
}

/** True for a name of an open file, such as `/dev/stdout`, which is a link. */
function isOfSystem(file: string): boolean {
  return /^\/dev\/(?:std(?:out|err)|fd\/\d+)$/.test(file);
}

/**
 * Writes a file beside its place and renames it, so that an interruption leaves the old or the new content.
 *
 * @param existing the file that it replaces, whose permissions it gets
 */
export function replace(file: string, text: string | Uint8Array, existing: Stats | undefined): void {
  const temporary = join(dirname(file), `.${basename(file)}.${crypto.randomUUID()}.tmp`);
  try {
    writeInParts(temporary, text, existing?.mode);
    if (existing) chmodSync(temporary, existing.mode);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** In characters. */
const PART = 1_000_000;

/** Writes a new file in parts. Encoding a large report at once would take the memory of the report again. */
function writeInParts(file: string, text: string | Uint8Array, mode: number | undefined): void {
  if (typeof text !== 'string' || text.length <= PART) {
    writeFileSync(file, text, { flag: 'wx', mode });
    return;
  }
  const descriptor = openSync(file, 'wx', mode);
  try {
    for (let start = 0, end; start < text.length; start = end) {
      end = start + PART;
      // Both halves of a surrogate pair are one character in UTF-8.
      if (/[\uD800-\uDBFF]/.test(text[end - 1] ?? '')) end--;
      writeFileSync(descriptor, text.slice(start, end));
    }
  } finally {
    closeSync(descriptor);
  }
}

function reasonOf(error: unknown, file: string, option: string): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code]?.(file, option) ?? `${message}. Pass another file to ${option}.`;
}

const denied = (_: string, option: string) => `permission denied. Pass another file to ${option}.`;

const REASONS: Readonly<Record<string, (file: string, option: string) => string>> = {
  ENOENT: (file, option) =>
    `the folder ${dirname(file)} does not exist. Create it, or pass another file to ${option}.`,
  ENOTDIR: (file, option) => `${dirname(file)} is not a folder. Pass another file to ${option}.`,
  EISDIR: (_, option) => `it is a folder. Pass a file in it to ${option}.`,
  ENAMETOOLONG: (_, option) => `the name is too long. Pass another file to ${option}.`,
  ENOSPC: (_, option) => `the disk is full. Free some space, or pass a file on another disk to ${option}.`,
  EACCES: denied,
  EPERM: denied,
  EROFS: denied,
};

/** The findings that make a run fail. */
export interface FailureLimits {
  readonly failOn: Threshold;
  /** @default - any number of warnings */
  readonly maxWarnings?: number;
}

/**
 * Returns 2 if input could not be read, 1 if the findings that are not acknowledged exceed a limit, otherwise 0. Writes
 * to the error output that there are too many warnings, because the result does not show that.
 */
export function exitStatus(
  errors: readonly LoadError[],
  findings: readonly ReportedFinding[],
  { failOn, maxWarnings = Infinity }: FailureLimits,
): number {
  if (errors.length > 0) return 2;
  const open = findings.filter(isOpen);
  if (open.some(({ severity }) => reaches(severity, failOn))) return 1;
  const warnings = open.filter(({ severity }) => severity === 'warning').length;
  if (warnings <= maxWarnings) return 0;
  process.stderr.write(
    `Too many warnings: ${warnings}, with a maximum of ${maxWarnings}. Fix or acknowledge some, or raise --max-warnings.\n`,
  );
  return 1;
}
