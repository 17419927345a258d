const MAX_WIDTH = 120;

/** How many characters go on a line of a terminal; nothing where it isn't one. */
export function terminalWidth({ isTTY, columns }: NodeJS.WriteStream): number | undefined {
  return isTTY && columns ? Math.min(columns, MAX_WIDTH) : undefined;
}
