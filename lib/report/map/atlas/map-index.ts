import { printable } from '../../../printable';
import type { MapDocument, MapStack } from '../map-document';
import type { MapPlace } from '../map-place';
import { type Unit, type UnitEdge, type Units, unitsOf } from './units';

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
  public placeInWords({ stack, line }: MapPlace): string {
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
