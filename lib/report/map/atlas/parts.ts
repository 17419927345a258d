/**
 * Splits what is connected into parts of a bounded size, in time linear in both. What hangs together stays together
 * where it fits; what doesn't is cut along the way from its start, so that most of a path is in one part.
 *
 * @param count how many items there are; they go by their indices
 * @param links which are connected
 * @param max how many a part may have
 * @returns the parts, in the order of their first items
 */
export function partsOf(
  count: number,
  links: readonly (readonly [number, number])[],
  max: number,
): number[][] {
  const parts: number[][] = [];
  let open: number[] = [];
  for (const component of componentsOf(count, links)) {
    if (open.length + component.length > max && open.length > 0) {
      parts.push(open);
      open = [];
    }
    for (let start = 0; start < component.length; start += max) {
      const piece = component.slice(start, start + max);
      if (open.length + piece.length > max) {
        parts.push(open);
        open = [];
      }
      open.push(...piece);
    }
  }
  return open.length > 0 ? [...parts, open] : parts;
}

/** The items that are connected, directly or by way of others; within a component, neighbours are close to each other. */
export function componentsOf(count: number, links: readonly (readonly [number, number])[]): number[][] {
  const neighbours: number[][] = Array.from({ length: count }, () => []);
  for (const [a, b] of links) {
    neighbours[a].push(b);
    neighbours[b].push(a);
  }
  const seen = new Uint8Array(count);
  const components: number[][] = [];
  for (let start = 0; start < count; start++) {
    if (seen[start]) continue;
    seen[start] = 1;
    const component = [start];
    // What is reached is appended while it is gone through.
    for (const item of component) {
      for (const next of neighbours[item]) {
        if (seen[next]) continue;
        seen[next] = 1;
        component.push(next);
      }
    }
    components.push(component);
  }
  return components;
}
