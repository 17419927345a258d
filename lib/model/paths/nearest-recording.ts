import type { TraceEdge, TraceMap, TraceNode } from './trace-map';

/**
 * By node that does not surely record, the call by which the nearest node that does is reached, against (`incoming`) or
 * along (`outgoing`) the direction of calls. One search from all nodes that record at once, over the calls that are surely
 * made and that hand the trace on.
 */
export function nearestRecording(
  { nodes }: TraceMap,
  direction: 'incoming' | 'outgoing',
): ReadonlyMap<TraceNode, TraceEdge> {
  const steps = new Map<TraceNode, TraceEdge>();
  const reached = nodes.filter(({ recording }) => recording === 'yes');
  // What is reached is appended while it is gone through.
  for (const node of reached) {
    for (const edge of direction === 'incoming' ? node.outgoing : node.incoming) {
      const next = direction === 'incoming' ? edge.to : edge.from;
      if (edge.effect === 'drops' || !edge.isCertain || next.recording === 'yes' || steps.has(next)) continue;
      steps.set(next, edge);
      reached.push(next);
    }
  }
  return steps;
}
