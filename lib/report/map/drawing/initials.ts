/** A few letters for a service, by what AWS calls it: `SQS` for Amazon SQS, `EB` for Amazon EventBridge. */
export function initialsOf(title: string): string {
  const words = title.replace(/\(.*?\)/g, ' ').match(/[A-Za-z0-9]+/g) ?? [];
  const named = words.filter((word) => !MAKERS.has(word));
  const short = named.find((word) => /^[A-Z][A-Z0-9]{1,3}$/.test(word));
  if (short !== undefined) return short;
  const capitals = named.join(' ').replace(/[^A-Z]/g, '');
  return capitals.slice(0, 3) || (named[0] ?? title).slice(0, 2).toUpperCase();
}

const MAKERS = new Set(['AWS', 'Amazon', 'Apache']);
