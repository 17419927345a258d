/** Blocks of lines one below the other, with an empty line between two. */
export function columnsApart(blocks: readonly (readonly string[])[]): string[] {
  return blocks.flatMap((lines, i) => (i > 0 ? ['', ...lines] : lines));
}

/** Rows of text in columns as wide as what is in them. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (soFar, row) => row.map((cell, i) => Math.max(soFar[i] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  );
}

/** Breaks a text into lines between words; a word that is longer than a line stays whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + 1 + word.length <= width) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}
