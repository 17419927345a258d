/** The items by their first key, then the next; as they come where all are the same. */
export function sortedBy<T>(items: readonly T[], keysOf: (item: T) => readonly number[]): T[] {
  return items
    .map((item) => ({ item, keys: keysOf(item) }))
    .sort((a, b) => {
      const differing = a.keys.findIndex((key, i) => key !== b.keys[i]);
      return differing === -1 ? 0 : a.keys[differing] - b.keys[differing];
    })
    .map(({ item }) => item);
}

/** How many items there are of each key, the keys that none has among them. */
export function countBy<K extends string, T>(
  keys: readonly K[],
  keyOf: (item: T) => K,
  items: readonly T[],
): Record<K, number> {
  const counts = Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
  for (const item of items) counts[keyOf(item)]++;
  return counts;
}
