import { ALWAYS, type Assumptions, certainly, type Possible } from '../../lib/cloudformation/possible';
import type { Recording, TraceEdge, TraceMap, TraceNode } from '../../lib/trace-map/trace-map';

/** Whether nodes record, by their names. */
export type Recordings = Readonly<Record<string, Recording | readonly Possible<Recording>[]>>;

/**
 * A map of nodes by their recording, and of calls: `A > B` hands the trace on, `A x B` doesn't, `A ? B` may be made;
 * `A > B if Prod` and `A > B if !Prod` are made in a case. Nodes that are called `Topic` are one, others functions.
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
  return { nodes: [...nodes.values()], edges, failureTargets: new Set<TraceNode>() };
}

function caseOf(condition: string): Assumptions {
  return condition.startsWith('!') ? { [condition.slice(1)]: false } : { [condition]: true };
}
