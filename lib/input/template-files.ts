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
} from './parse-template';
import { TextPositions } from './source-text';

/** The name of standard input. */
export const STDIN = '-';

/**
 * How a file has come into a run: by its name, as one of many below a directory, or as what a cloud assembly declares to
 * be the template of a stack. Then it is one, though it may have no resources yet.
 */
export type Mention = 'named' | 'found' | 'declared';

/** What came of reading a file. */
interface Outcome {
  readonly parsed?: ParsedTemplate;
  readonly errors: readonly LoadError[];
  /** Whether it has to do with templates at all, so that its errors are of interest even if nobody named it. */
  readonly matters: boolean;
  reported: boolean;
}

/** Reads the files of a run, each once, and gathers what is wrong with them. */
export class TemplateFiles {
  public readonly errors: LoadError[] = [];
  private readonly outcomes = new Map<string, Outcome>();
  private filesRead = 0;

  constructor(
    private readonly readStdin: () => string = () => readText(0),
    private readonly onProgress: (files: number) => void = () => {},
  ) {}

  /**
   * Reads a template. What is wrong is reported once.
   *
   * @param hint a sentence for those who wonder how the file comes into it
   * @returns nothing if it isn't one, or can't be read
   */
  public read(file: string, mention: Mention, hint?: string): ParsedTemplate | undefined {
    const identity = identityOf(file);
    const outcome = this.outcomes.get(identity) ?? this.outcomeOf(file, mention);
    this.outcomes.set(identity, outcome);
    if ((mention !== 'found' || outcome.matters) && !outcome.reported) {
      outcome.reported = true;
      for (const error of outcome.errors) {
        this.errors.push(hint ? { ...error, message: `${error.message} ${hint}` } : error);
      }
    }
    return outcome.parsed;
  }

  /** Whether a file has been read that is a template, or was meant to be one. */
  public matters(file: string): boolean {
    return this.outcomes.get(identityOf(file))?.matters ?? false;
  }

  /** Reads a JSON object that isn't a template. What is wrong is reported. */
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

  public report(error: LoadError): void {
    this.errors.push(error);
  }

  private outcomeOf(file: string, mention: Mention): Outcome {
    const outcome = { ...this.attempt(file, mention), reported: false };
    this.filesRead++;
    this.onProgress(this.filesRead);
    return outcome;
  }

  private attempt(file: string, mention: Mention): Omit<Outcome, 'reported'> {
    let text;
    try {
      text = file === STDIN ? this.readStdin() : readText(file);
    } catch (error) {
      const { message } = asUnreadable(error);
      return { errors: [{ file, message }], matters: !(error instanceof NoTextError) };
    }
    const noTemplate = { file, message: 'This is not a CloudFormation template: it has no Resources.' };
    // Most of what is below a directory is something else, and may be large.
    if (mention === 'found' && !mayBeTemplate(text)) return { errors: [noTemplate], matters: false };
    const parsed = parseTemplate(file, text);
    const errors = parsed.errors.map((error) => ({ file, ...error }));
    if (parsed.template === undefined) return { errors, matters: looksLikeTemplate(text) };
    const isMeant = mention === 'declared' && isObject(parsed.template);
    if (!isMeant && !isTemplate(parsed.template)) return { errors: [...errors, noTemplate], matters: false };
    return { parsed, errors, matters: true };
  }
}

/** The same for all names of a file. */
export function identityOf(path: string): string {
  try {
    return path === STDIN ? STDIN : realpathSync.native(path);
  } catch {
    return path;
  }
}

/** A path as it stands in reports: the same on every system. */
export function displayed(path: string): string {
  return path.split(sep).join('/');
}

/** In bytes. CloudFormation takes a megabyte. */
const MAX_SIZE = 100_000_000;

const TOO_LARGE = `This has more than ${MAX_SIZE / 1e6} MB, up to which files are read: CloudFormation takes 1 MB.`;

/** In bytes, of what has no size: a pipe, a device. */
const CHUNK = 65_536;

/** A file that can't be read, said in one sentence. */
export class UnreadableError extends Error {}

/** A file that no template can be: it is binary, or too large. */
class NoTextError extends UnreadableError {}

/** What to say of the errors of the file system that a user can do something about. */
const MESSAGES: Readonly<Record<string, string>> = {
  ENOENT: 'There is no file or directory of this name.',
  ENOTDIR: 'There is no file or directory of this name.',
  EACCES: "This can't be read: permission is denied.",
  EPERM: "This can't be read: permission is denied.",
  ELOOP: 'This is a symbolic link that leads back to itself.',
  EISDIR: 'This is a directory, and a file is meant.',
  ENAMETOOLONG: 'There is no file or directory of this name, which is too long for one.',
};

/**
 * Reads text, up to a size.
 *
 * @param file a path, or the descriptor of an open file
 * @throws UnreadableError
 */
export function readText(file: string | number): string {
  const bytes = readBytes(file);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    throw new NoTextError('This is text in UTF-16, and templates are in UTF-8: save it as UTF-8.');
  }
  if (bytes.includes(0)) throw new NoTextError('This is not text: it has zero bytes in it.');
  return bytes.toString('utf-8').replace(/^\uFEFF/, '');
}

/** What to say of an error of the file system. */
export function asUnreadable(error: unknown): UnreadableError {
  if (error instanceof UnreadableError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new UnreadableError(MESSAGES[code] ?? `This can't be read: ${message.split('\n')[0]}.`);
}

/** Not by `readFileSync`, which goes on for ever where a file has no end. */
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
