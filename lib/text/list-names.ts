/** The default maximum number of names in a message. */
const MAX_NAMES = 5;

/** Lists names for a message: `a, b, c`, or the first ones and the number of the others. */
export function listNames(names: readonly string[], max = MAX_NAMES): string {
  const more = names.length - max;
  return [...names.slice(0, max), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
