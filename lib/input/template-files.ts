import { closeSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { isObject, type JsonObject } from '../cloudformation/json';
import type { LoadError } from './loaded-template';
import { parseJson } from './parse-json';
import {
  isTemplate,
  looksLikeTemplate,
  mayBeTemplate,
  type ParsedTemplate,
  parseTemplate,
  parseText,
} from './parse-template';
import { TextPositions } from './source-text';

/** The name of standard input. */
export const STDIN = '-';

/**
 * The origin of a file: `named` by the user, `found` below a directory, or `declared` by a cloud assembly as the template
 * of a stack. A declared file is a template even without resources.
 */
export type FileOrigin = 'named' | 'found' | 'declared';

/** The result of reading a file. */
interface FileResult {
  readonly parsed?: ParsedTemplate;
  readonly errors: readonly LoadError[];
  /** True if the file seems to be a template. Its errors are then reported even if the user did not name it. */
  readonly isRelevant: boolean;
  reported: boolean;
}

/** A file that contains a part of a template, such as an OpenAPI definition. */
export interface FilePart {
  readonly text: string;
  readonly value?: unknown;
}

/** Reads the files of a run, each once, and collects the errors in them. */
export class TemplateFiles {
  public readonly errors: LoadError[] = [];
  private readonly results = new Map<string, FileResult>();
  private readonly parts = new Map<string, FilePart | undefined>();
  private filesRead = 0;

  constructor(
    private readonly readStdin: () => string = () => readText(0),
    private readonly onProgress: (files: number) => void = () => {},
  ) {}

  /**
   * Reads a template. Reports its errors once. Returns undefined if the file is not a template or can't be read.
   *
   * @param hint a sentence that explains why the file is read, for errors
   */
  public read(file: string, origin: FileOrigin, hint?: string): ParsedTemplate | undefined {
    const identity = identityOf(file);
    const result = this.results.get(identity) ?? this.readFile(file, origin);
    this.results.set(identity, result);
    if ((origin !== 'found' || result.isRelevant) && !result.reported) {
      result.reported = true;
      for (const error of result.errors) {
        this.errors.push(hint ? { ...error, message: `${error.message} ${hint}` } : error);
      }
    }
    return result.parsed;
  }

  /** Returns true if a file was read that is a template or seems to be one. */
  public isRelevant(file: string): boolean {
    return this.results.get(identityOf(file))?.isRelevant ?? false;
  }

  /** Reads a JSON object that is not a template. Reports its errors. */
  public readObject(file: string, hint: string): JsonObject | undefined {
    try {
      const text = readText(file);
      const { value, faults } = parseJson(text);
      if (isObject(value)) return value;
      const { offset, message } = faults[0] ?? { offset: 0, message: 'This is not a JSON object.' };
      this.report({ file, ...new TextPositions(text).at(offset), message: `${message} ${hint}` });
    } catch (error) {
      this.report({ file, message: `${asUnreadable(error).message} ${hint}` });
    }
    return undefined;
  }

  /** Reads a part of a template. The value is undefined if the text is not valid JSON or YAML. */
  public readPart(file: string): FilePart | undefined {
    const identity = identityOf(file);
    if (!this.parts.has(identity)) this.parts.set(identity, partIn(file));
    return this.parts.get(identity);
  }

  public report(error: LoadError): void {
    this.errors.push(error);
  }

  private readFile(file: string, origin: FileOrigin): FileResult {
    const result = { ...this.attempt(file, origin), reported: false };
    this.filesRead++;
    this.onProgress(this.filesRead);
    return result;
  }

  private attempt(file: string, origin: FileOrigin): Omit<FileResult, 'reported'> {
    let text;
    try {
      text = file === STDIN ? this.readStdin() : readText(file);
    } catch (error) {
      const { message } = asUnreadable(error);
      return { errors: [{ file, message }], isRelevant: !(error instanceof NoTextError) };
    }
    const noTemplate = { file, message: 'This is not a CloudFormation template: it has no Resources.' };
    // Most files below a directory are not templates, and may be large.
    if (origin === 'found' && !mayBeTemplate(text)) return { errors: [noTemplate], isRelevant: false };
    const parsed = parseTemplate(file, text);
    const errors = parsed.errors.map((error) => ({ file, ...error }));
    if (parsed.template === undefined) return { errors, isRelevant: looksLikeTemplate(text) };
    const isDeclared = origin === 'declared' && isObject(parsed.template);
    if (!isDeclared && !isTemplate(parsed.template))
      return { errors: [...errors, noTemplate], isRelevant: false };
    return { parsed, errors, isRelevant: true };
  }
}

function partIn(file: string): FilePart | undefined {
  try {
    const text = readText(file);
    const { value, faults } = parseText(file, text);
    return faults.length === 0 ? { text, value } : { text };
  } catch {
    return undefined;
  }
}

/** Returns a key that is equal for all paths of a file. */
export function identityOf(path: string): string {
  try {
    return path === STDIN ? STDIN : realpathSync.native(path);
  } catch {
    return path;
  }
}

/** Returns a path as reports show it, with slashes on every system. */
export function displayed(path: string): string {
  return path.split(sep).join('/');
}

/** In bytes. CloudFormation accepts 1 MB. */
const MAX_SIZE = 100_000_000;

const TOO_LARGE = `The file is larger than ${MAX_SIZE / 1e6} MB. CloudFormation accepts templates up to 1 MB.`;

/** In bytes, for a pipe or a device, which have no size. */
const CHUNK = 65_536;

/** An error of reading a file. */
export class UnreadableError extends Error {}

/** An error for a file that can't be a template, because it is binary or too large. */
class NoTextError extends UnreadableError {}

/** Messages for file system errors that users can fix, by code. */
const MESSAGES: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory.',
  ENOTDIR: 'No such file or directory.',
  EACCES: 'Permission to read this is denied.',
  EPERM: 'Permission to read this is denied.',
  ELOOP: 'This symbolic link points to itself.',
  EISDIR: 'This is a directory, not a file.',
  ENAMETOOLONG: 'No such file or directory. The name is too long.',
};

/**
 * Reads UTF-8 text of up to 100 MB.
 *
 * @param file a path, or the descriptor of an open file
 * @throws UnreadableError
 */
export function readText(file: string | number): string {
  const bytes = readBytes(file);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    throw new NoTextError('This file is in UTF-16. Save it in UTF-8.');
  }
  if (bytes.includes(0)) throw new NoTextError('This is not a text file: it contains null bytes.');
  return bytes.toString('utf-8').replace(/^\uFEFF/, '');
}

/** Converts an error of the file system. */
export function asUnreadable(error: unknown): UnreadableError {
  if (error instanceof UnreadableError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new UnreadableError(MESSAGES[code] ?? `Can't read this: ${message.split('\n')[0]}.`);
}

/** Stops at the maximum size. `readFileSync` never ends if a file has no end. */
function readBytes(file: string | number): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = typeof file === 'number' ? file : openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    if (size > MAX_SIZE) throw new NoTextError(TOO_LARGE);
    let bytes = Buffer.allocUnsafe(size > 0 ? size + 1 : CHUNK);
    let total = 0;
    for (;;) {
      const read = readSync(descriptor, bytes, { offset: total });
      if (read === 0) return bytes.subarray(0, total);
      total += read;
      if (total > MAX_SIZE) throw new NoTextError(TOO_LARGE);
      if (total === bytes.length) bytes = Buffer.concat([bytes], 2 * total);
    }
  } catch (error) {
    throw asUnreadable(error);
  } finally {
    if (descriptor !== undefined && typeof file === 'string') closeSync(descriptor);
  }
}
