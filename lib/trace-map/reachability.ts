import { and, type Assumptions, includes } from '../cloudformation/possible';
import type { ServiceFacts } from './service-facts';
import { SERVICES } from './services';
import type { Recording, TraceEdge, TraceMap, TraceNode } from './trace-map';

/** A path from a node that records to one that does not, by its last call. */
export interface Reach {
  readonly edge: TraceEdge;
  /** The path to the other end of that call; `undefined` if that end is the node that records. */
  readonly before?: Reach;
  /** The conditions under which the whole path exists. */
  readonly when: Assumptions;
  /** The recording of the reached node under these conditions. */
  readonly recording: Recording;
}

/** Maximum number of paths to one node that differ in their conditions. */
const MAX_PATHS = 8;

/**
 * Returns the paths from the nearest recording node to each node that may not record. Paths follow calls that are
 * certain and that do not break the trace. Resources that conditions never deploy together are not on one path.
 *
 * @param direction `incoming` for a recording node upstream, `outgoing` for one downstream
 */
export function nearestRecording(
  { nodes, isPossible }: TraceMap,
  direction: 'incoming' | 'outgoing',
): ReadonlyMap<TraceNode, readonly Reach[]> {
  const paths = new Map<TraceNode, Reach[]>();
  const reached = nodes.flatMap((node) =>
    node.recordings
      .filter(({ value }) => value === 'yes' && !receivesNoTrace(node))
      .map(({ when }): { node: TraceNode; when: Assumptions; path?: Reach } => ({ node, when })),
  );
  // A breadth-first search: the loop appends the nodes that it reaches.
  for (const { node, when, path } of reached) {
    for (const edge of direction === 'incoming' ? node.outgoing : node.incoming) {
      if (edge.propagation === 'breaks' || !edge.isCertain) continue;
      const next = direction === 'incoming' ? edge.to : edge.from;
      const known = paths.get(next) ?? [];
      for (const found of pathsOver(edge, next, when).filter((path) => isPossible(path.when))) {
        const isKnown = known.some((other) => includes(other.when, found.when));
        if (isKnown || known.length >= MAX_PATHS) continue;
        const longer = { ...found, ...(path && { before: path }) };
        paths.set(next, known);
        known.push(longer);
        reached.push({ node: next, when: found.when, path: longer });
      }
    }
  }
  return paths;
}

/** Returns true for a node that records only sampled requests and never receives one. */
function receivesNoTrace({ kind, incoming }: TraceNode): boolean {
  const { recordsSampledOnly }: ServiceFacts = SERVICES[kind];
  return (
    recordsSampledOnly === true &&
    incoming.length > 0 &&
    incoming.every(({ propagation }) => propagation === 'breaks')
  );
}

/** Returns the conditions under which a call reaches a node that does not record. */
function pathsOver(edge: TraceEdge, next: TraceNode, assumed: Assumptions): Reach[] {
  return edge.when.flatMap((made) => {
    const when = andCases(assumed, made);
    if (!when) return [];
    return next.recordings.flatMap(({ value: recording, when: created }): Reach[] => {
      const all = recording === 'yes' ? undefined : andCases(when, created);
      return all ? [{ edge, when: all, recording }] : [];
    });
  });
}

/**
 * Returns the assumptions that hold in two cases, `undefined` if they exclude each other or are of different templates:
 * nothing shows whether `Env` can be `prod` in one template while it is `dev` in another.
 */
export function andCases(a: Assumptions, b: Assumptions): Assumptions | undefined {
  const both = and(a, b);
  return both && templatesIn(both).size <= 1 ? both : undefined;
}

/** Returns the IDs of the templates whose parameters and conditions a case assumes. */
function templatesIn(when: Assumptions): Set<string> {
  return new Set(
    Object.keys(when).flatMap((key) => {
      const ofCondition = /^([^?$]*)\?/.exec(key)?.[1];
      return ofCondition ?? unknownsIn(key);
    }),
  );
}

/** Returns the IDs of the templates in a key such as `${template#Name}`. */
function unknownsIn(key: string): string[] {
  const [, ...unknowns] = key.split('${');
  return unknowns.flatMap((unknown) => /^([^#}]*)#/.exec(unknown)?.[1] ?? []);
}

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
