import type { Position } from './loaded-template';

/** An error in a text. */
export interface Fault {
  readonly offset: number;
  readonly message: string;
}

/** The result of parsing a JSON or YAML text. */
export interface ParsedText {
  /** Plain JSON. Undefined if the text can't be parsed at all. */
  readonly value?: unknown;
  readonly faults: readonly Fault[];
  /** Returns the offset of the key at a path, or of the longest part of the path that exists. */
  readonly offsetOf: (path: readonly string[]) => number;
}

/** Deeper than any template; the code that reads templates is recursive. */
export const MAX_DEPTH = 500;

export const TOO_DEEP = `The file is nested more than ${MAX_DEPTH} levels deep. Check the tool that generates it.`;

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
