import { highestSeverity as highestOf, SEVERITIES, type Severity } from '../../../rules/rule';
import { printable } from '../../../text/printable';
import { countBy } from '../../collections';
import { MODES } from '../../function-summary';
import { positionInWords } from '../../wording';
import type {
  MapDocument,
  MapEdge,
  MapFinding,
  MapFunction,
  MapLocation,
  MapNode,
  MapSource,
  MapStack,
  MapSummary,
} from '../document';

/** A node as diagrams show it: a function with its two nodes, or any other node. */
export interface Unit {
  /** The node; of a function, its service node. */
  readonly node: MapNode;
  /** The function's own node. */
  readonly run?: MapNode;
  /** Details of the function. Undefined for other nodes, and for a function outside of the templates. */
  readonly function?: MapFunction;
}

/** A call from one unit to another. Units are given by index. */
export interface UnitEdge {
  readonly from: number;
  readonly to: number;
  /** Index of the edge in the document. */
  readonly index: number;
  readonly edge: MapEdge;
}

/** An index of a document: its nodes, with the two nodes of each function combined, and their calls. */
export class MapIndex {
  public readonly units: readonly Unit[];
  public readonly edges: readonly UnitEdge[];
  private readonly labels: string[] = [];
  private readonly unitById = new Map<string, number>();
  /** The calls to each unit, and those by it. */
  public readonly incoming: readonly UnitEdge[][];
  public readonly outgoing: readonly UnitEdge[][];
  private readonly stacks: ReadonlyMap<string, MapStack>;
  private readonly calls = new Map<number, UnitEdge>();

  constructor(public readonly document: MapDocument) {
    const { nodes, edges, functions, stacks } = document;
    const details = new Map(functions.map((fn) => [fn.service, fn]));
    const byId = new Map(nodes.map((node) => [node.id, node]));
    // An edge without sources connects the two nodes of a function.
    const within = edges.filter(({ sources }) => sources.length === 0);
    const runs = new Map(within.map(({ from, to }) => [from, byId.get(to)!]));
    const own = new Set(runs.values());
    this.units = nodes
      .filter((node) => !own.has(node))
      .map((node) => ({ node, run: runs.get(node.id), function: details.get(node.id) }));
    this.units.forEach(({ node, run }, i) => {
      for (const { id } of run ? [node, run] : [node]) this.unitById.set(id, i);
    });
    this.edges = edges.flatMap((edge, index) => {
      const [from, to] = [this.unitOf(edge.from), this.unitOf(edge.to)];
      return from === undefined || to === undefined || edge.sources.length === 0
        ? []
        : [{ from, to, index, edge }];
    });
    this.stacks = new Map(stacks.map((stack) => [stack.id, stack]));
    this.incoming = this.units.map(() => []);
    this.outgoing = this.units.map(() => []);
    for (const call of this.edges) {
      this.calls.set(call.index, call);
      this.outgoing[call.from].push(call);
      this.incoming[call.to].push(call);
    }
  }

  /** Returns the unit of a node, given the node's ID. */
  public unitOf(id: string): number | undefined {
    return this.unitById.get(id);
  }

  /** Returns the units of nodes, given the nodes' IDs. */
  public unitsOf(ids: readonly string[]): number[] {
    return ids.flatMap((id) => this.unitOf(id) ?? []);
  }

  /** Returns a call by the index of its edge in the document. */
  public callOf(edge: number): UnitEdge {
    return this.calls.get(edge)!;
  }

  public stackOf({ stack }: Pick<MapNode, 'stack'>): MapStack | undefined {
    return stack === undefined ? undefined : this.stacks.get(stack);
  }

  /** Returns a position in the code of a CDK app or, if that is unknown, in the template. */
  public positionOf({ stack, line, source }: MapLocation): MapSource {
    if (source) return source;
    return { file: this.stacks.get(stack)?.file ?? stack, line };
  }

  /** Returns a position as text, such as `template.yaml:14`. */
  public formatLocation(location: MapLocation): string {
    return positionInWords(this.positionOf(location));
  }

  /** Returns the name of a unit within its stack. */
  public labelOf(unit: number): string {
    const { node } = this.units[unit];
    const stack = this.stackOf(node)?.name;
    const isInStack = stack !== undefined && node.name.startsWith(`${stack}/`);
    return (this.labels[unit] ??= printable(isInStack ? node.name.slice(stack.length + 1) : node.name));
  }
}

/** Returns the highest severity of the open findings on a unit. Undefined if there are none. */
export function highestSeverity(unit: Unit, document: MapDocument): Severity | undefined {
  return highestOf(openFindings(unit, document));
}

/** Returns the findings on a unit that are not acknowledged. */
export function openFindings({ node }: Unit, { findings }: MapDocument): MapFinding[] {
  return node.findings
    .map((index) => findings[index])
    .filter(({ acknowledged }) => acknowledged === undefined);
}

/** A stack with the nodes outside of the templates that only it is connected with, or all other nodes outside. */
export interface Group {
  readonly name: string;
  readonly units: readonly number[];
  readonly isOutside: boolean;
  readonly summary: GroupSummary;
}

/** Counts of a group. Its findings are the number of units by their highest severity of open findings. */
export type GroupSummary = Pick<MapSummary, 'functions' | 'byMode' | 'gaps' | 'brokenEdges' | 'findings'>;

/**
 * Groups a system by stacks. A node outside of the templates that is connected with one stack only belongs to its group.
 * All other nodes outside are the last group.
 */
export function groupsOf(index: MapIndex): { groups: Group[]; groupOf: number[] } {
  const { stacks } = index.document;
  const byStack = new Map<string | undefined, number[]>(stacks.map(({ id }) => [id, []]));
  byStack.set(undefined, []);
  index.units.forEach(({ node }, i) => byStack.get(node.stack ?? onlyStackOf(i, index))?.push(i));
  const groupOf = new Array<number>(index.units.length).fill(0);
  const groups = [...byStack]
    .filter(([, units]) => units.length > 0)
    .map(([stack, units], group): Group => {
      for (const unit of units) groupOf[unit] = group;
      const name =
        stack === undefined ? 'Outside of the templates' : (index.stackOf({ stack })?.name ?? stack);
      return { name, isOutside: stack === undefined, units, summary: summaryOf(units, index) };
    });
  return { groups, groupOf };
}

/** Returns the stack of all callers and called nodes of a unit. Undefined if there are several, or none. */
function onlyStackOf(unit: number, index: MapIndex): string | undefined {
  const others = [...index.incoming[unit], ...index.outgoing[unit]].flatMap(({ from, to }) => [from, to]);
  const [only, ...more] = new Set(
    others.filter((other) => other !== unit).map((other) => index.units[other].node.stack),
  );
  return more.length === 0 ? only : undefined;
}

function summaryOf(units: readonly number[], index: MapIndex): GroupSummary {
  const own = units.map((unit) => index.units[unit]);
  const functions = own.flatMap((unit) => unit.function ?? []);
  const severities = own.flatMap((unit) => highestSeverity(unit, index.document) ?? []);
  return {
    functions: functions.length,
    byMode: countBy(MODES, ({ mode }) => mode, functions),
    gaps: own.filter(({ node }) => node.isGap).length,
    brokenEdges: units.flatMap((unit) => index.outgoing[unit]).filter(({ edge }) => edge.isBroken).length,
    findings: countBy(SEVERITIES, (severity) => severity, severities),
  };
}
