/** Whether standard output gets colors: as asked for, and see https://no-color.org and https://force-color.org. */
export function usesColor({ color }: { readonly color: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (!color || NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  // Undefined where it is no terminal, and undefined is what picocolors takes for 'as you see fit'.
  return Boolean(process.stdout.isTTY) && TERM !== 'dumb';
}
