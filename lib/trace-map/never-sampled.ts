import type { ServiceFacts } from './service-facts';
import { SERVICES } from './services';
import type { TraceEdge, TraceMap, TraceNode } from './trace-map';

/**
 * Returns the Active functions that may record nothing: every caller is known and forwards a decision not to sample. A
 * function that is not Active makes this decision for requests without a tracing header, and SDKs forward it ("Default
 * tracing behavior in Lambda", AWS Lambda Developer Guide). Each function is returned with the functions that decide.
 */
export function neverSampled({
  nodes,
  failureTargets,
  openTargets,
}: TraceMap): ReadonlyMap<TraceNode, readonly TraceNode[]> {
  const sampled = mayBeSampled(nodes, [...failureTargets, ...openTargets]);
  const functions = nodes.filter(
    ({ function: fn, recording }) => fn && recording === 'yes' && !fn.isEdgeFunction,
  );
  const unsampled = functions.filter((node) => !sampled.has(node));
  // Callers in a circle are called from outside of the templates too.
  return new Map(
    unsampled
      .map((node) => [node, decidingFunctions(node)] as const)
      .filter(([, deciding]) => deciding.length > 0),
  );
}

/** Returns the nodes that a sampled request can reach: it starts there, comes from an unknown caller, or is passed on. */
function mayBeSampled(nodes: readonly TraceNode[], alsoCalled: readonly TraceNode[]): ReadonlySet<TraceNode> {
  const reached = new Set([
    ...nodes.filter((node) => startsSampling(node) || hasUnknownCallers(node)),
    ...alsoCalled,
  ]);
  // The loop adds the nodes that it reaches.
  for (const node of reached) {
    for (const { to, propagation } of node.outgoing) if (propagation !== 'breaks') reached.add(to);
  }
  return reached;
}

/** True if a node can decide to sample a request: one without an earlier decision. */
function startsSampling(node: TraceNode): boolean {
  const { kind, recording, function: fn } = node;
  if (kind !== 'function') {
    const { recordsSampledOnly }: ServiceFacts = SERVICES[kind];
    return (recording === 'yes' || recording === 'unknown') && !recordsSampledOnly;
  }
  return recording !== 'no' && fn?.isEdgeFunction !== true && node.incoming.some((call) => !isDecided(call));
}

function hasUnknownCallers(node: TraceNode): boolean {
  const { isCalledByClients }: ServiceFacts = SERVICES[node.kind];
  const calls = callsTo(node);
  const isPermittedOnly =
    node.function?.hasOtherCallers === true && calls.every(({ from }) => from.kind === 'function');
  return isCalledByClients === true || !calls.some(({ isCertain }) => isCertain) || isPermittedOnly;
}

/** True if all requests of a call carry a sampling decision. */
function isDecided({ from, propagation }: TraceEdge, visited = new Set<TraceNode>()): boolean {
  if (propagation === 'breaks') return false;
  if (from.kind === 'function' || propagation === 'starts') return true;
  if (visited.has(from)) return true;
  visited.add(from);
  return from.incoming.length > 0 && from.incoming.every((call) => isDecided(call, visited));
}

/** Returns the functions before a function that decide not to sample: they are not Active and receive no decision. */
function decidingFunctions(last: TraceNode): TraceNode[] {
  const before = new Set([last]);
  const deciding = new Set<TraceNode>();
  for (const node of before) {
    for (const call of callsTo(node)) {
      if (call.propagation !== 'breaks') before.add(call.from);
      if (!isDecided(call) && node.kind === 'function' && node !== last) deciding.add(node);
    }
  }
  return [...deciding];
}

/** Returns the calls to a node by others. */
function callsTo(node: TraceNode): TraceEdge[] {
  return node.incoming.filter(({ from }) => from !== node);
}
