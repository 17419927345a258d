import { withoutCommand } from '../text/printable';

/** Aligns the cells of rows in columns. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (maxima, row) => row.map((cell, i) => Math.max(maxima[i] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  );
}

/** Breaks a printable text into printable lines, between words. A word that is longer than a line is not broken. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + 1 + word.length <= width) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  // A word in the middle of a text can be a command at the start of a line.
  return lines.map(withoutCommand);
}
