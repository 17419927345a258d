import type { TraceEdge, TraceMap, TraceNode } from '../trace-map/trace-map';

/** A call, as the map has it; of several between the same two one that isn't an authorization, if there is. */
export type Call = Pick<TraceEdge, 'from' | 'to' | 'propagation' | 'isAuthorization'>;

/** The calls of a map that are surely made, without those by which a circle closes. */
export class CallGraph {
  /** Callers come before what they call. */
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

  public callsTo(node: TraceNode): readonly Call[] {
    return this.incoming.get(node) ?? [];
  }

  public callsFrom(node: TraceNode): readonly Call[] {
    return this.outgoing.get(node) ?? [];
  }

  /**
   * Whether nothing surely calls a node that requests from outside may come to by themselves: a schedule is not among
   * them, nor is what gets that which has failed, nor what CloudFormation calls in deployments.
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
    const isOther = calls.get(edge.to)?.isAuthorization ?? true;
    if (edge.isCertain && isOther) calls.set(edge.to, edge);
  }
  return [...calls.values()];
}

/** The nodes in an order in which only calls that close a circle lead back. */
function callersFirst(nodes: readonly TraceNode[]): TraceNode[] {
  const isEntry = ({ incoming }: TraceNode) => !incoming.some(({ isCertain }) => isCertain);
  const starts = [...nodes.filter(isEntry), ...nodes.filter((node) => !isEntry(node))];
  const seen = new Set<TraceNode>();
  const done: TraceNode[] = [];
  for (const start of starts) {
    if (seen.has(start)) continue;
    seen.add(start);
    // Not by recursion: a chain of calls may be longer than the stack is deep.
    const path = [{ node: start, calls: callsOf(start).values() }];
    for (let last = path.at(-1); last; last = path.at(-1)) {
      const next = last.calls.next();
      if (next.done) {
        done.push(last.node);
        path.pop();
      } else if (!seen.has(next.value.to)) {
        seen.add(next.value.to);
        path.push({ node: next.value.to, calls: callsOf(next.value.to).values() });
      }
    }
  }
  return done.reverse();
}
