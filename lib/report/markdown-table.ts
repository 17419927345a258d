/** How long a comment is to be at most: GitHub takes up to 65,536 characters. */
export const MAX_COMMENT = 60_000;

/**
 * A table in Markdown, and how many rows more there would be.
 *
 * @param rows what is in the cells, escaped
 * @param maxLength how long the rows may be together
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  maxLength: number,
): string {
  const lines = rows.map(lineOf);
  let length = 0;
  const fitting = lines.findIndex((line) => (length += line.length + 1) > maxLength);
  const shown = fitting === -1 ? lines : lines.slice(0, fitting);
  const more = lines.length - shown.length;
  return [
    lineOf(head),
    lineOf(head.map(() => '---')),
    ...shown,
    ...(more > 0 ? ['', `And ${more} more.`] : []),
  ].join('\n');
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
