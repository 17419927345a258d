import type { MapDocument, MapEdge, MapNode } from '../map-document';
import type { MapFunction } from '../map-function';

/** What pictures show as one: a function with both of its nodes, or any other node. */
export interface Unit {
  /** Of a function, Lambda's. */
  readonly node: MapNode;
  /** The function's own. */
  readonly run?: MapNode;
  /** Nothing for a function that is outside of the templates. */
  readonly function?: MapFunction;
}

/** A call from one unit to another, by their indices. */
export interface UnitEdge {
  readonly from: number;
  readonly to: number;
  /** Its index in the document. */
  readonly index: number;
  readonly edge: MapEdge;
}

export interface Units {
  readonly units: readonly Unit[];
  readonly edges: readonly UnitEdge[];
}

/** A document's nodes, with the two of each function put together. */
export function unitsOf({ nodes, edges, functions }: MapDocument): Units {
  const details = new Map(functions.map((fn) => [fn.service, fn]));
  const runs = runsByService(nodes, edges);
  const units: Unit[] = [];
  const unitOf = new Map<string, number>();
  for (const node of nodes) {
    if (node.origin === RUN) continue;
    const run = node.origin === SERVICE ? runs.get(node.id) : undefined;
    unitOf.set(node.id, units.length);
    if (run) unitOf.set(run.id, units.length);
    units.push({ node, ...(run && { run }), function: details.get(node.id) });
  }
  return {
    units,
    edges: edges.flatMap((edge, index) => {
      const [from, to] = [unitOf.get(edge.from), unitOf.get(edge.to)];
      const isWithin = edge.by.length === 0 && from === to;
      return from === undefined || to === undefined || isWithin ? [] : [{ from, to, index, edge }];
    }),
  };
}

const SERVICE = 'AWS::Lambda';
const RUN = 'AWS::Lambda::Function';

/** The functions' own nodes, by the IDs of Lambda's: the two have one edge between them. */
function runsByService(nodes: readonly MapNode[], edges: readonly MapEdge[]): Map<string, MapNode> {
  const own = new Map(nodes.flatMap((node) => (node.origin === RUN ? [[node.id, node]] : [])));
  return new Map(
    edges.flatMap(({ from, to, by }) => {
      const run = by.length === 0 ? own.get(to) : undefined;
      return run ? [[from, run]] : [];
    }),
  );
}
