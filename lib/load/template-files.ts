import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { isObject, type JsonObject } from '../model/json';
import { asUnreadable, NoTextError, readText } from './file-text';
import { parseJson } from './json-text';
import type { LoadError } from './loaded';
import {
  isTemplate,
  looksLikeTemplate,
  mayBeTemplate,
  type ParsedTemplate,
  parseTemplate,
} from './template-text';
import { TextPositions } from './text-position';

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
