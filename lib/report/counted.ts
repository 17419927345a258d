/** How many items there are of each key, the keys that none has among them. */
export function counted<K extends string, T>(
  keys: readonly K[],
  keyOf: (item: T) => K,
  items: readonly T[],
): Record<K, number> {
  const counts = Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
  for (const item of items) counts[keyOf(item)]++;
  return counts;
}
