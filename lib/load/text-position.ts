import type { Position } from './loaded';

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
