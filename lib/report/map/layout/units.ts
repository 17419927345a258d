import type { Severity } from '../../../rules/rule';
import { printable } from '../../../text/printable';
import { SEVERITIES } from '../../severity';
import type { MapDocument, MapEdge, MapFinding, MapFunction, MapNode, MapPlace, MapStack } from '../document';

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
function unitsOf({ nodes, edges, functions }: MapDocument): Units {
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
      const isWithin = edge.sources.length === 0 && from === to;
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
    edges.flatMap(({ from, to, sources }) => {
      const run = sources.length === 0 ? own.get(to) : undefined;
      return run ? [[from, run]] : [];
    }),
  );
}

/** A document with all that is looked up in it at hand. */
export class MapIndex implements Units {
  public readonly units: readonly Unit[];
  public readonly edges: readonly UnitEdge[];
  private readonly unitById: ReadonlyMap<string, number>;
  private readonly stacks: ReadonlyMap<string, MapStack>;
  private readonly calls: readonly { readonly incoming: UnitEdge[]; readonly outgoing: UnitEdge[] }[];

  constructor(public readonly document: MapDocument) {
    const { units, edges } = unitsOf(document);
    this.units = units;
    this.edges = edges;
    this.unitById = new Map(
      units.flatMap(({ node, run }, i) => [[node.id, i] as const, ...(run ? [[run.id, i] as const] : [])]),
    );
    this.stacks = new Map(document.stacks.map((stack) => [stack.id, stack]));
    this.calls = units.map(() => ({ incoming: [], outgoing: [] }));
    for (const edge of edges) {
      this.calls[edge.from].outgoing.push(edge);
      this.calls[edge.to].incoming.push(edge);
    }
  }

  /** The unit that a node is, or is a part of, by the node's ID. */
  public unitOf(id: string): number | undefined {
    return this.unitById.get(id);
  }

  /** The calls that a unit gets. */
  public incoming(unit: number): readonly UnitEdge[] {
    return this.calls[unit].incoming;
  }

  /** The calls that a unit makes. */
  public outgoing(unit: number): readonly UnitEdge[] {
    return this.calls[unit].outgoing;
  }

  public stackOf({ node }: Unit): MapStack | undefined {
    return node.stack === undefined ? undefined : this.stacks.get(node.stack);
  }

  /** `template.yaml:14` */
  public locationInWords({ stack, line }: MapPlace): string {
    const file = this.stacks.get(stack)?.file ?? stack;
    return line === undefined ? file : `${file}:${line}`;
  }

  /** What a unit is called within its stack. */
  public labelOf(unit: Unit): string {
    const stack = this.stackOf(unit)?.name;
    const { name } = unit.node;
    return printable(
      stack !== undefined && name.startsWith(`${stack}/`) ? name.slice(stack.length + 1) : name,
    );
  }
}

/** The severity of the worst finding on a unit; nothing where it has none, or where all are acknowledged. */
export function worstFinding(unit: Unit, document: MapDocument): Severity | undefined {
  const found = new Set(openFindings(unit, document).map(({ severity }) => severity));
  return SEVERITIES.find((severity) => found.has(severity));
}

/** The findings on a unit that nobody has acknowledged. */
export function openFindings({ node }: Unit, { findings }: MapDocument): MapFinding[] {
  return node.findings
    .map((index) => findings[index])
    .filter(({ acknowledged }) => acknowledged === undefined);
}
