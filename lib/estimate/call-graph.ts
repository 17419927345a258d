import type { TraceEdge, TraceMap, TraceNode } from '../trace-map/trace-map';

/** A call between two nodes. Of several calls between the same nodes, one that is not an authorization is preferred. */
export type Call = Pick<TraceEdge, 'from' | 'to' | 'propagation' | 'isAuthorization'>;

/** The certain calls of a trace map, without the calls that close a cycle. */
export class CallGraph {
  /** The nodes in topological order: callers come before their targets. */
  public readonly nodes: readonly TraceNode[];
  private readonly failureTargets: TraceMap['failureTargets'];
  private readonly incoming = new Map<TraceNode, Call[]>();
  private readonly outgoing = new Map<TraceNode, Call[]>();

  constructor({ nodes, failureTargets }: TraceMap) {
    this.nodes = callersFirst(nodes);
    this.failureTargets = failureTargets;
    const position = new Map(this.nodes.map((node, i) => [node, i]));
    for (const from of this.nodes) {
      for (const call of callsOf(from)) {
        if (position.get(call.to)! > position.get(from)!) this.add(call);
      }
    }
  }

  /** Returns the calls that a node receives. */
  public callsTo(node: TraceNode): readonly Call[] {
    return this.incoming.get(node) ?? [];
  }

  /** Returns the calls that a node makes. */
  public callsFrom(node: TraceNode): readonly Call[] {
    return this.outgoing.get(node) ?? [];
  }

  /**
   * True if a node without certain callers receives no requests from outside: schedules, targets of failed requests, and
   * functions that CloudFormation calls during deployments.
   */
  public isIdleEntry(node: TraceNode): boolean {
    return this.callsTo(node).length === 0 && (node.kind === 'schedule' || this.failureTargets.has(node));
  }

  private add(call: Call): void {
    for (const [calls, node] of [
      [this.incoming, call.to],
      [this.outgoing, call.from],
    ] as const) {
      const known = calls.get(node);
      if (known) known.push(call);
      else calls.set(node, [call]);
    }
  }
}

function callsOf({ outgoing }: TraceNode): Call[] {
  const calls = new Map<TraceNode, Call>();
  for (const edge of outgoing) {
    const isPreferred = calls.get(edge.to)?.isAuthorization ?? true;
    if (edge.isCertain && isPreferred) calls.set(edge.to, edge);
  }
  return [...calls.values()];
}

/** Returns the nodes in depth-first topological order. Only calls that close a cycle point backwards. */
function callersFirst(nodes: readonly TraceNode[]): TraceNode[] {
  const isEntry = ({ incoming }: TraceNode) => !incoming.some(({ isCertain }) => isCertain);
  const starts = [...nodes.filter(isEntry), ...nodes.filter((node) => !isEntry(node))];
  const seen = new Set<TraceNode>();
  const finished: TraceNode[] = [];
  for (const start of starts) {
    if (seen.has(start)) continue;
    seen.add(start);
    // Iterative, because a long chain of calls would overflow the stack.
    const path = [{ node: start, calls: callsOf(start).values() }];
    for (let last = path.at(-1); last; last = path.at(-1)) {
      const next = last.calls.next();
      if (next.done) {
        finished.push(last.node);
        path.pop();
      } else if (!seen.has(next.value.to)) {
        seen.add(next.value.to);
        path.push({ node: next.value.to, calls: callsOf(next.value.to).values() });
      }
    }
  }
  return finished.reverse();
}
