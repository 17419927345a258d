/** How many names go into a message. */
const MAX_NAMES = 5;

/** Names in a message: `a, b, c`, and of very many the first ones, and how many more there are. */
export function listed(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return [...names.slice(0, MAX_NAMES), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
