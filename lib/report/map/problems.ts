import { SEVERITIES } from '../../rules/rule';
import { sortedBy } from '../collections';
import type { MapDocument, MapFinding, MapLocation, MapProblem } from './document';
import { MapIndex, type UnitEdge } from './layout/units';
import { BREAK, describeBreak, explainCall } from './wording';

/**
 * Returns the findings and breaks of a document: what to fix by severity, then what needs no change.
 *
 * @param calls the index of the edge that each finding is about, if it is about one
 */
export function problemsOf(document: MapDocument, calls: readonly (number | undefined)[]): MapProblem[] {
  const index = new MapIndex(document);
  const nodes: string[][] = document.findings.map(() => []);
  for (const { id, findings } of document.nodes) for (const finding of findings) nodes[finding].push(id);
  const found = document.findings.map((finding, i) => findingProblem(finding, i, nodes[i], calls[i], index));
  const reported = new Set(document.findings.flatMap(({ ruleId }, i) => (ruleId === BREAK ? nodes[i] : [])));
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

function findingProblem(
  finding: MapFinding,
  i: number,
  nodes: readonly string[],
  edge: number | undefined,
  index: MapIndex,
): MapProblem {
  const { ruleId, severity, message, fix, acknowledged, related, logicalId, stack } = finding;
  const call = edge === undefined ? undefined : index.callOf(edge);
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
    edge,
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
