import type { MapIndex } from '../atlas/map-index';

/** What traces go through that go through a unit. */
export interface PathThrough {
  readonly units: ReadonlySet<number>;
  /** Indices of edges in the document. */
  readonly edges: ReadonlySet<number>;
}

/** All from which a unit is reached, and all that is reached from it. */
export function pathThrough(unit: number, index: MapIndex): PathThrough {
  const edges = new Set<number>();
  const follow = (direction: 'incoming' | 'outgoing'): Set<number> => {
    const units = new Set([unit]);
    // What is reached is appended while it is gone through.
    for (const reached of units) {
      for (const edge of index[direction](reached)) {
        edges.add(edge.index);
        units.add(direction === 'incoming' ? edge.from : edge.to);
      }
    }
    return units;
  };
  return { units: new Set([...follow('incoming'), ...follow('outgoing')]), edges };
}
