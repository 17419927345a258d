import { neverSampled } from './never-sampled';
import { nearestRecording } from './reachability';
import type { TraceEdge, TraceMap, TraceNode } from './trace-map';

/** Gaps and broken edges on traced paths. */
export interface Breaks {
  /** Functions on a traced path that record nothing. */
  readonly gaps: ReadonlySet<TraceNode>;
  /** Calls on a traced path that break the trace. */
  readonly edges: ReadonlySet<TraceEdge>;
  /** Active functions that may record nothing, each with the functions that decide not to sample. */
  readonly neverSampled: ReadonlyMap<TraceNode, readonly TraceNode[]>;
}

/** Finds breaks by following traces from recording nodes over certain calls. */
export function breaksOf(map: TraceMap): Breaks {
  const reached = nearestRecording(map, 'incoming');
  return {
    neverSampled: neverSampled(map),
    gaps: new Set(
      map.nodes.filter((node) => node.kind === 'function' && node.recording === 'no' && reached.has(node)),
    ),
    edges: new Set(
      map.edges.filter(
        ({ propagation, from }) =>
          propagation === 'breaks' && (from.recording === 'yes' || reached.has(from)),
      ),
    ),
  };
}
