import type { TemplateSource } from '../cloudformation/template';

/** A position in a file. Lines and columns start at 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A file and, if it is known, the position in it. */
export interface SourcePosition {
  readonly file: string;
  readonly position?: Position;
}

/** The position in the code of the user that creates a construct. */
export interface CodePosition extends SourcePosition {
  /** The position that calls the code, if that creates several constructs of the stack, as a shared function does. */
  readonly calledFrom?: SourcePosition;
}

/** The text of a file. */
export interface FileText {
  /** Returns the text. It is read again if it is not kept. Undefined if the file has been removed since. */
  readonly read: () => string | undefined;
}

/** A template that was read, with its file. */
export interface LoadedTemplate extends TemplateSource {
  /** The path of the file, relative if the user passed a relative path; `-` for standard input. */
  readonly file: string;
  /**
   * Returns the position of the value at a path, such as `['Resources', 'Fn', 'Properties', 'Role']`, or of the longest
   * part of the path that exists. Copies that `Fn::ForEach` makes have the position of their fragment.
   *
   * @default - positions are unknown
   */
  readonly locate?: (path: readonly string[]) => Position | undefined;
  /**
   * Returns the position in the code of the user that creates a construct or, if it is unknown, its closest parent with
   * a position. The file is relative to the working directory if it is there.
   *
   * @default - the template is not part of a cloud assembly
   */
  readonly sourceOf?: (constructPath: string) => CodePosition | undefined;
  /**
   * The text of the file.
   *
   * @default - the file must not be edited, because a tool generates it, or it is outside of the folders that the user names
   */
  readonly text?: FileText;
  /** The paths of the local files that it refers to, whose content the template contains if they could be read. */
  readonly localFiles?: readonly string[];
}

/** An error in an input file. Other parts of the file may still be read. */
export interface LoadError extends Partial<Position> {
  readonly file: string;
  readonly message: string;
}

/** The templates that were read, and the errors in them and in others. */
export interface Loaded {
  readonly templates: readonly LoadedTemplate[];
  readonly errors: readonly LoadError[];
  /** Mistakes in the templates that CloudFormation accepts. */
  readonly warnings?: readonly LoadError[];
  /** Notes for the reader, one or more sentences each. */
  readonly notes?: readonly string[];
}

/** An error in a text. */
export interface Fault {
  readonly offset: number;
  readonly message: string;
  /** True if the text is read as CloudFormation reads it in spite of the fault. */
  readonly isWarning?: boolean;
}

/** Returns the fault of a duplicate key. CloudFormation uses the last one, so it is only a warning. */
export function repetition(offset: number, key: string): Fault {
  return { offset, message: `Duplicate key '${key}'. Remove one of the two.`, isWarning: true };
}

/** Returns the fault of a tag that is no short form of a function. */
export function unknownFunction(offset: number, tag: string): Fault {
  return { offset, message: `CloudFormation has no function ${tag}. Its value is treated as unknown.` };
}

/** The result of parsing a JSON or YAML text. */
export interface ParsedText {
  /** Plain JSON. Undefined if the text can't be parsed at all. */
  readonly value?: unknown;
  readonly faults: readonly Fault[];
  /** Returns the offset of the key at a path, or of the longest part of the path that exists. */
  readonly offsetOf: (path: readonly string[]) => number;
}

/** The offset of a value, and its members. A number stands for a value without members. */
export interface NodeOffsets {
  readonly offset: number;
  /** The long form of its tag, which paths contain as a step and the text does not. */
  readonly longForm?: string;
  readonly members: ReadonlyMap<string, NodeOffsets | number>;
}

/** Returns the offset of the value at a path, or of the longest part of the path that exists. */
export function offsetAt(root: NodeOffsets | number, path: readonly string[]): number {
  let current = root;
  for (const step of path) {
    if (typeof current === 'number') break;
    if (step === current.longForm) continue;
    const member = current.members.get(step);
    if (member === undefined) break;
    current = member;
  }
  return typeof current === 'number' ? current : current.offset;
}

/** Deeper than any template; the code that reads templates is recursive. */
export const MAX_DEPTH = 500;

export const TOO_DEEP = `The file is nested more than ${MAX_DEPTH} levels deep. Check the tool that generates it.`;

/** CloudFormation reads YAML 1.1, which has more names for booleans than YAML 1.2. */
export const BOOLEANS: ReadonlyMap<string, boolean> = new Map(
  [true, false].flatMap((value) =>
    (value ? ['true', 'yes', 'on'] : ['false', 'no', 'off'])
      .flatMap((word) => [word, word[0].toUpperCase() + word.slice(1), word.toUpperCase()])
      .map((word): [string, boolean] => [word, value]),
  ),
);

/** Converts offsets in a text to lines and columns. */
export class TextPositions {
  private starts?: readonly number[];

  constructor(private readonly text: string) {}

  public at(offset: number): Position {
    this.starts ??= lineStarts(this.text);
    let [line, after] = [0, this.starts.length];
    while (after - line > 1) {
      const middle = (line + after) >> 1;
      if (this.starts[middle] <= offset) line = middle;
      else after = middle;
    }
    return { line: line + 1, column: offset - this.starts[line] + 1 };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}
