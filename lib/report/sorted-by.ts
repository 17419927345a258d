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
