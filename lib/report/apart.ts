/** Blocks of lines one below the other, with an empty line between two. */
export function apart(blocks: readonly (readonly string[])[]): string[] {
  return blocks.flatMap((lines, i) => (i > 0 ? ['', ...lines] : lines));
}
