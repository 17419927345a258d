import { isObject, type JsonObject } from '../cloudformation/json';
import {
  type FileText,
  type LoadedTemplate,
  type LoadError,
  type Position,
  TextPositions,
} from './loaded-template';
import { parseJson } from './parse-json';
import {
  hasFormatVersion,
  looksLikeTemplate,
  mayBeTemplate,
  NO_RESOURCES,
  type ParsedTemplate,
  parseTemplate,
  parseText,
  templateFault,
} from './parse-template';
import {
  asUnreadable,
  identityOf,
  isWithin,
  NoTextError,
  QuotedFolders,
  readText,
  STDIN,
  UnreadableError,
} from './text-files';

/**
 * The origin of a file: `named` by the user, `found` below a directory, or `declared` by a cloud assembly as the template
 * of a stack. A declared file is a template even without resources.
 */
export type FileOrigin = 'named' | 'found' | 'declared';

/** A template that was read, with positions if they may be reported. */
export type ReadTemplate = Pick<ParsedTemplate, 'template'> & Pick<LoadedTemplate, 'locate' | 'text'>;

/** The result of reading a file. */
interface FileResult {
  readonly parsed?: ReadTemplate;
  readonly errors: readonly LoadError[];
  readonly warnings?: readonly LoadError[];
  /** True if the file seems to be a template. Its errors are then reported even if the user did not name it. */
  readonly isRelevant: boolean;
  /** True if a macro of the template can insert files. */
  readonly mayInclude?: boolean;
  reported: boolean;
}

/** The error in a file that a report may not quote. */
const OUTSIDE =
  "This file is outside of the working directory, its repository and the given paths, so its errors can't be shown. Pass the path of the file, or of a folder around it.";

type Attempt = Omit<FileResult, 'reported'>;

/** The size of the texts that are kept, in characters. Keeping them takes less time than reading some of them again. */
const KEPT_TEXT = 4_000_000;

/** A file that contains a part of a template, such as an OpenAPI definition. */
export interface FilePart {
  readonly text: string;
  readonly value?: unknown;
}

/** Reads the files of a run, each once, and collects the errors in them. */
export class TemplateFiles {
  public readonly errors: LoadError[] = [];
  public readonly warnings: LoadError[] = [];
  private readonly results = new Map<string, FileResult>();
  private readonly parts = new Map<string, FilePart | undefined>();
  private filesRead = 0;
  private kept = 0;

  constructor(
    private readonly readStdin: () => string = () => readText(0),
    private readonly onProgress: (files: number) => void = () => {},
    private readonly quoted = new QuotedFolders(),
    private readonly root?: string,
    private readonly texts: ReadonlyMap<string, string> = new Map(),
  ) {}

  /**
   * Reads a template. Reports its errors once. Returns undefined if the file is not a template or can't be read.
   *
   * @param hint a sentence that explains why the file is read, for errors
   */
  public read(file: string, origin: FileOrigin, hint?: string): ReadTemplate | undefined {
    const identity = identityOf(file);
    const result = this.results.get(identity) ?? this.readFile(file, origin);
    this.results.set(identity, result);
    if ((origin !== 'found' || result.isRelevant) && !result.reported) {
      result.reported = true;
      this.warnings.push(...(result.warnings ?? []));
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

  /** True if a macro of a template can insert files, so that all of its values have to be searched. */
  public mayInclude(file: string): boolean {
    return this.results.get(identityOf(file))?.mayInclude ?? true;
  }

  /** True if a file may be read: without a root, any. */
  public mayRead(file: string): boolean {
    return this.root === undefined || isWithin(file, this.root);
  }

  /** Reads a JSON object that is not a template. Reports its errors. */
  public readObject(file: string, hint: string): JsonObject | undefined {
    try {
      if (!this.mayRead(file)) throw new UnreadableError(OUTSIDE);
      const text = readText(file);
      const { value, faults } = parseJson(text);
      if (isObject(value)) return value;
      const { offset, message } = faults[0] ?? { offset: 0, message: 'This is not a JSON object.' };
      const fault = this.quoted.include(file)
        ? { ...new TextPositions(text).at(offset), message: `${message} ${hint}` }
        : { message: `${OUTSIDE} ${hint}` };
      this.report({ file, ...fault });
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
    const attempt = this.attempt(file, origin);
    const result = { ...(this.quoted.include(file) ? attempt : unquoted(file, attempt)), reported: false };
    this.filesRead++;
    this.onProgress(this.filesRead);
    return result;
  }

  private attempt(file: string, origin: FileOrigin): Attempt {
    let text;
    try {
      if (!this.mayRead(file)) throw new UnreadableError(OUTSIDE);
      text = this.texts.get(identityOf(file)) ?? (file === STDIN ? this.readStdin() : readText(file));
    } catch (error) {
      const { message } = asUnreadable(error);
      return { errors: [{ file, message }], isRelevant: !(error instanceof NoTextError) };
    }
    // Most files below a directory are not templates, and may be large.
    if (origin === 'found' && !mayBeTemplate(text)) {
      return { errors: [{ file, message: NO_RESOURCES }], isRelevant: false };
    }
    const parsed = parseTemplate(file, text);
    const errors = parsed.errors.map((error) => ({ file, ...error }));
    if (parsed.template === undefined) return { errors, isRelevant: looksLikeTemplate(text) };
    const isDeclared = origin === 'declared' && isObject(parsed.template);
    const fault = isDeclared ? undefined : templateFault(parsed);
    if (fault) {
      return { errors: [...errors, { file, ...fault }], isRelevant: hasFormatVersion(parsed.template) };
    }
    const warnings = parsed.warnings.map((warning) => ({ file, ...warning }));
    const mayInclude = /AWS::Include|\\[ux]/.test(text);
    return { parsed: this.withText(file, text, parsed), errors, warnings, isRelevant: true, mayInclude };
  }

  /** Adds the text of a file, or what reads it again: a report needs the text only for positions and fixes. */
  private withText(file: string, text: string, { template, locate }: ParsedTemplate): ReadTemplate {
    if (file === STDIN) return { template, locate };
    this.kept += text.length;
    if (this.kept <= KEPT_TEXT || this.texts.has(identityOf(file))) {
      return { template, locate, text: { read: () => text } };
    }
    const again = new SecondReading(file);
    return { template, locate: again.locate, text: again };
  }
}

/** The text of a file and the positions in it, read on first use. */
class SecondReading implements FileText {
  private text?: string;
  private positions?: ParsedTemplate['locate'];
  private isDone = false;

  constructor(private readonly file: string) {}

  public readonly read = (): string | undefined => {
    if (!this.isDone) this.text = this.attempt();
    this.isDone = true;
    return this.text;
  };

  public readonly locate = (path: readonly string[]): Position | undefined => {
    const text = this.read();
    if (text === undefined) return undefined;
    this.positions ??= parseTemplate(this.file, text).locate;
    return this.positions(path);
  };

  private attempt(): string | undefined {
    try {
      return readText(this.file);
    } catch {
      return undefined;
    }
  }
}

/** Removes positions and excerpts. */
function unquoted(file: string, { parsed, errors, ...others }: Attempt): Attempt {
  return {
    ...others,
    parsed: parsed && { template: parsed.template },
    errors: errors.length > 0 ? [{ file, message: OUTSIDE }] : [],
  };
}

function partIn(file: string): FilePart | undefined {
  try {
    const text = readText(file);
    const { value, faults } = parseText(file, text);
    return faults.every(({ isWarning }) => isWarning) ? { text, value } : { text };
  } catch {
    return undefined;
  }
}
