/** How many names go into a message, where nothing else is said. */
const MAX_NAMES = 5;

/** Names in a message: `a, b, c`, and of very many the first ones, and how many more there are. */
export function listNames(names: readonly string[], max = MAX_NAMES): string {
  const more = names.length - max;
  return [...names.slice(0, max), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
