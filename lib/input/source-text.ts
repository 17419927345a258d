import type { Position } from './loaded-template';

/** Something wrong in a text, where it stands in it. */
export interface Fault {
  readonly offset: number;
  /** One sentence. */
  readonly message: string;
}

/** A JSON or YAML text, read. */
export interface ParsedText {
  /** Plain JSON. Nothing where the text can't be read at all. */
  readonly value?: unknown;
  readonly faults: readonly Fault[];
  /** The offset of the value at a path, by its key, or of the longest part of the path that is there. */
  readonly offsetOf: (path: readonly string[]) => number;
}

/** No template is nested as deep as this, and what reads it later calls itself once a level. */
export const MAX_DEPTH = 500;

export const TOO_DEEP = `This is nested more than ${MAX_DEPTH} levels deep, which no template is: take out what is generated wrongly.`;

/** Turns offsets into a text into lines and columns. */
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
