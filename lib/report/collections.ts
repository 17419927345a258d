/** Returns the items sorted by their first key, then by the next ones. Items with equal keys keep their order. */
export function sortedBy<T>(items: readonly T[], keysOf: (item: T) => readonly number[]): T[] {
  return items
    .map((item) => ({ item, keys: keysOf(item) }))
    .sort((a, b) => {
      const differing = a.keys.findIndex((key, i) => key !== b.keys[i]);
      return differing === -1 ? 0 : a.keys[differing] - b.keys[differing];
    })
    .map(({ item }) => item);
}

/** Counts the items per key. A key without items has the count 0. */
export function countBy<K extends string, T>(
  keys: readonly K[],
  keyOf: (item: T) => K,
  items: readonly T[],
): Record<K, number> {
  const counts = Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
  for (const item of items) counts[keyOf(item)]++;
  return counts;
}

/** Returns the items by key, in their order. */
export function groupBy<K, T>(keyOf: (item: T) => K, items: readonly T[]): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
