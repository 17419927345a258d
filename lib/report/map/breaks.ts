import type { TraceEdge, TraceMap, TraceNode } from '../../model/paths/trace-map';

/** Where traces come by and are lost. */
export interface Breaks {
  /** Functions that record nothing of them. */
  readonly holes: ReadonlySet<TraceNode>;
  /** Calls that don't hand them on. */
  readonly edges: ReadonlySet<TraceEdge>;
}

/** Follows traces from whatever records, over the calls that are surely made. */
export function breaksOf({ nodes, edges }: TraceMap): Breaks {
  const traced = new Set(nodes.filter(({ recording }) => recording === 'yes'));
  // What is reached is appended while it is gone through.
  for (const node of traced) {
    for (const { effect, isCertain, to } of node.outgoing) {
      if (effect !== 'drops' && isCertain) traced.add(to);
    }
  }
  return {
    holes: new Set([...traced].filter(({ kind, recording }) => kind === 'function' && recording === 'no')),
    edges: new Set(edges.filter(({ effect, from }) => effect === 'drops' && traced.has(from))),
  };
}
