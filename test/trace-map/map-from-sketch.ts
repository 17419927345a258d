import { ALWAYS, type Assumptions, certainly, type Possible } from '../../lib/cloudformation/possible';
import type { Recording, TraceEdge, TraceMap, TraceNode } from '../../lib/trace-map/trace-map';

/** The recordings of nodes, by name. */
export type Recordings = Readonly<Record<string, Recording | readonly Possible<Recording>[]>>;

/**
 * Returns a map of nodes and calls. `A > B` propagates the trace, `A x B` breaks it, and `A ? B` is a possible call.
 * `A > B if Prod` and `A > B if !Prod` are made under a condition. A node with the name `Topic` is a topic, others are
 * functions.
 */
export function mapFromSketch(recordings: Recordings, calls: readonly string[]): TraceMap {
  const nodes = new Map(
    Object.entries(recordings).map(([name, recording]) => [
      name,
      {
        id: name,
        name,
        kind: name === 'Topic' ? 'topic' : 'function',
        recording: typeof recording === 'string' ? recording : 'unknown',
        recordings: typeof recording === 'string' ? certainly(recording) : recording,
        incoming: [] as TraceEdge[],
        outgoing: [] as TraceEdge[],
      } as const,
    ]),
  );
  const edges = calls.map((call): TraceEdge => {
    const [from, sign, to, , condition] = call.split(' ');
    const edge: TraceEdge = {
      from: nodes.get(from)!,
      to: nodes.get(to)!,
      propagation: sign === 'x' ? 'breaks' : 'propagates',
      sources: [],
      through: [],
      isCertain: sign !== '?',
      when: [condition ? caseOf(condition) : ALWAYS],
      isAuthorization: false,
    };
    nodes.get(from)!.outgoing.push(edge);
    nodes.get(to)!.incoming.push(edge);
    return edge;
  });
  const none = new Set<TraceNode>();
  return {
    nodes: [...nodes.values()],
    edges,
    failureTargets: none,
    openTargets: none,
    isPossible: () => true,
  };
}

function caseOf(condition: string): Assumptions {
  return condition.startsWith('!') ? { [condition.slice(1)]: false } : { [condition]: true };
}
