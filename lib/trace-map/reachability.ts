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
