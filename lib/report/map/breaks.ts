import { nearestRecording } from '../../model/paths/nearest-recording';
import type { TraceEdge, TraceMap, TraceNode } from '../../model/paths/trace-map';

/** Where traces come by and are lost. */
export interface Breaks {
  /** Functions that record nothing of them. */
  readonly holes: ReadonlySet<TraceNode>;
  /** Calls that don't hand them on. */
  readonly edges: ReadonlySet<TraceEdge>;
}

/** Follows traces from whatever records, over the calls that are surely made. */
export function breaksOf(map: TraceMap): Breaks {
  const reached = nearestRecording(map, 'incoming');
  return {
    holes: new Set(
      map.nodes.filter((node) => node.kind === 'function' && node.recording === 'no' && reached.has(node)),
    ),
    edges: new Set(
      map.edges.filter(
        ({ effect, from }) => effect === 'drops' && (from.recording === 'yes' || reached.has(from)),
      ),
    ),
  };
}
