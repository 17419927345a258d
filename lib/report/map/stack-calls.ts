import type { MapIndex } from './atlas/map-index';

/** The calls from one stack to another, by their IDs. */
export interface StackCalls {
  readonly from: string;
  readonly to: string;
  readonly calls: number;
  /** How many of them traces end at. */
  readonly broken: number;
}

export function stackCalls({ units, edges }: MapIndex): StackCalls[] {
  const known = new Map<string, { from: string; to: string; calls: number; broken: number }>();
  for (const { from, to, edge } of edges) {
    const [caller, called] = [units[from].node.stack, units[to].node.stack];
    if (caller === undefined || called === undefined || caller === called) continue;
    const key = JSON.stringify([caller, called]);
    const sum = known.get(key) ?? { from: caller, to: called, calls: 0, broken: 0 };
    known.set(key, sum);
    sum.calls++;
    if (edge.isBroken) sum.broken++;
  }
  return [...known.values()];
}
