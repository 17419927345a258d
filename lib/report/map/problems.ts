import { SEVERITIES } from '../../rules/rule';
import { sortedBy } from '../collections';
import type { MapDocument, MapFinding, MapLocation, MapProblem } from './document';
import { MapIndex, type UnitEdge } from './layout/units';
import { BREAK, describeBreak, explainCall } from './wording';

/** Returns the findings and breaks of a document: what to fix by severity, then what needs no change. */
export function problemsOf(document: MapDocument): MapProblem[] {
  const index = new MapIndex(document);
  const locate = new Locations(index);
  const found = document.findings.map((finding, i) => findingProblem(finding, i, locate, index));
  const reported = new Set(
    document.findings.flatMap(({ ruleId }, i) => (ruleId === BREAK ? locate.nodesOf(i) : [])),
  );
  const gaps = index.units.flatMap((unit, i) =>
    unit.node.isGap && !reported.has(unit.node.id) ? [gapProblem(i, index)] : [],
  );
  const breaks = index.edges.flatMap((call) => (call.edge.isBroken ? [breakProblem(call, index)] : []));
  return sortedBy([...found, ...gaps, ...breaks], ranksOf);
}

const STATUSES: readonly MapProblem['status'][] = ['to fix', 'by design', 'accepted'];

/** Breaks come first among the problems of a severity. */
function ranksOf({ status, severity, edge }: MapProblem): number[] {
  const severityRank = severity === undefined ? SEVERITIES.length : SEVERITIES.indexOf(severity);
  return [STATUSES.indexOf(status), severityRank, edge === undefined ? 1 : 0];
}

function findingProblem(finding: MapFinding, i: number, locate: Locations, index: MapIndex): MapProblem {
  const { ruleId, severity, message, fix, acknowledged, related, logicalId, stack } = finding;
  const nodes = locate.nodesOf(i);
  const call = locate.callOf(finding, nodes);
  const names = index.unitsOf(nodes).map((unit) => index.labelOf(unit));
  return {
    status: acknowledged ? 'accepted' : 'to fix',
    severity,
    path: call ? pathOf(call, index) : names.join(', ') || logicalId || stack,
    problem: index.document.rules[ruleId].problem,
    message,
    fix,
    reason: acknowledged?.reason,
    ...locationOf(finding),
    finding: i,
    edge: call?.index,
    nodes: call ? [call.edge.from, call.edge.to] : [...new Set([...nodes, ...related])],
  };
}

/** Returns the problem of a gap that no finding is about, because its rule is off or leaves the function out. */
function gapProblem(unit: number, index: MapIndex): MapProblem {
  const { node } = index.units[unit];
  return {
    status: 'accepted',
    path: index.labelOf(unit),
    problem: 'Gap in the trace',
    message: `${index.labelOf(unit)} is on a traced path and not recorded.`,
    reason: `${BREAK} is turned off or does not apply to this function.`,
    ...locationOf(node),
    nodes: [node.id],
  };
}

function breakProblem(call: UnitEdge, index: MapIndex): MapProblem {
  return {
    status: 'by design',
    path: pathOf(call, index),
    problem: describeBreak(call, index),
    message: explainCall(call, index),
    ...locationOf(call.edge.sources[0]),
    edge: call.index,
    nodes: [call.edge.from, call.edge.to],
  };
}

function locationOf({ stack, line, source }: Partial<MapLocation>): Partial<MapLocation> {
  return { stack, line, source };
}

function pathOf({ from, to }: UnitEdge, index: MapIndex): string {
  return `${index.labelOf(from)} → ${index.labelOf(to)}`;
}

/** Finds the nodes and the calls that findings are about. */
class Locations {
  private readonly nodes: readonly string[][];
  private readonly callBySource = new Map<string, UnitEdge>();

  constructor(private readonly index: MapIndex) {
    this.nodes = index.document.findings.map(() => []);
    for (const { id, findings } of index.document.nodes) {
      for (const finding of findings) this.nodes[finding].push(id);
    }
    for (const call of index.edges) {
      for (const { stack, logicalId } of call.edge.sources) {
        this.callBySource.set(JSON.stringify([stack, logicalId]), call);
      }
    }
  }

  public nodesOf(finding: number): readonly string[] {
    return this.nodes[finding];
  }

  /** Returns the call that a finding is about: the one that its resource makes, or the traced call to a gap. */
  public callOf(finding: MapFinding, nodes: readonly string[]): UnitEdge | undefined {
    const { ruleId, stack, logicalId, related } = finding;
    const [unit] = this.index.unitsOf(nodes);
    if (unit === undefined) return undefined;
    const own = this.callBySource.get(JSON.stringify([stack, logicalId]));
    if (own?.to === unit) return own;
    if (ruleId !== BREAK) return undefined;
    const before = new Set(this.index.unitsOf(related));
    return this.index.incoming(unit).find(({ from }) => before.has(from));
  }
}
