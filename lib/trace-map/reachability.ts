import type { Assumptions } from '../cloudformation/possible';
import { andCases, includes } from './cases';
import type { Service } from './service';
import { SERVICES } from './services';
import type { Recording, TraceEdge, TraceMap, TraceNode } from './trace-map';

/** A way from a node that records to one that doesn't, by the last of its calls. */
export interface Reach {
  readonly edge: TraceEdge;
  /** The way to the other end of that call; nothing where that end is what records. */
  readonly before?: Reach;
  /** The case in which all of it is there. */
  readonly when: Assumptions;
  /** What the node that is reached does in that case. */
  readonly recording: Recording;
}

/** More ways to one node, each for a case of its own, aren't told apart. */
const MAX_WAYS = 8;

/**
 * By node that does not surely record, how the nearest node that does is reached, against (`incoming`) or along
 * (`outgoing`) the direction of calls. One search from all nodes that record at once, over the calls that are surely
 * made and that hand the trace on. What conditions have never deployed together isn't on one way.
 */
export function nearestRecording(
  { nodes }: TraceMap,
  direction: 'incoming' | 'outgoing',
): ReadonlyMap<TraceNode, readonly Reach[]> {
  const ways = new Map<TraceNode, Reach[]>();
  const reached = nodes.flatMap((node) =>
    node.recordings
      .filter(({ value }) => value === 'yes' && !isWithoutTraces(node))
      .map(({ when }): { node: TraceNode; when: Assumptions; way?: Reach } => ({ node, when })),
  );
  // What is reached is appended while it is gone through.
  for (const { node, when, way } of reached) {
    for (const edge of direction === 'incoming' ? node.outgoing : node.incoming) {
      if (edge.propagation === 'breaks' || !edge.isCertain) continue;
      const next = direction === 'incoming' ? edge.to : edge.from;
      const known = ways.get(next) ?? [];
      for (const found of waysOn(edge, next, when)) {
        const isKnown = known.some((other) => includes(other.when, found.when));
        if (isKnown || known.length >= MAX_WAYS) continue;
        const longer = { ...found, ...(way && { before: way }) };
        ways.set(next, known);
        known.push(longer);
        reached.push({ node: next, when: found.when, way: longer });
      }
    }
  }
  return ways;
}

/** Whether something records what has been sampled before it alone, and gets nothing of that. */
function isWithoutTraces({ kind, incoming }: TraceNode): boolean {
  const { recordsSampledOnly }: Service = SERVICES[kind];
  return (
    recordsSampledOnly === true &&
    incoming.length > 0 &&
    incoming.every(({ propagation }) => propagation === 'breaks')
  );
}

/** In which cases a call gets to a node, which doesn't record then. */
function waysOn(edge: TraceEdge, next: TraceNode, assumed: Assumptions): Reach[] {
  return edge.when.flatMap((made) => {
    const when = andCases(assumed, made);
    if (!when) return [];
    return next.recordings.flatMap(({ value: recording, when: there }): Reach[] => {
      const all = recording === 'yes' ? undefined : andCases(when, there);
      return all ? [{ edge, when: all, recording }] : [];
    });
  });
}
