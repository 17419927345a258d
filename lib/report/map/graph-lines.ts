import { SEVERITIES } from '../../rules/rule';
import { countBy } from '../collections';
import { modeCounts } from '../function-summary';
import { count, severityCounts } from '../wording';
import type { MapEdge } from './document';
import { linksOf } from './layout/diagram';
import { groupsOf } from './layout/units';
import { type MapIndex, openFindings, type UnitEdge } from './layout/units';
import { describeState, type Look, lookOfState, serviceOf } from './wording';

/** Syntax of a graph language for nodes, groups of nodes and edges. */
export interface GraphLanguage {
  /** Returns the line of a node. `rows` are the lines of its label. */
  node(id: string, rows: readonly string[], look: Look): string;
  /** Returns the lines before the nodes of a stack. */
  open(name: string, i: number): readonly string[];
  /** The line after the nodes of a stack. */
  readonly close: string;
  /** Returns the line of an edge. `label` is empty for an edge without one. */
  edge(from: string, to: string, look: GraphEdge): string;
}

export interface GraphEdge {
  readonly propagation: MapEdge['propagation'];
  readonly isBroken: boolean;
  readonly label: string;
}

/** Returns the lines of a graph with a node for each unit, in groups for the stacks. */
export function unitLines(index: MapIndex, language: GraphLanguage): string[] {
  const { groups } = groupsOf(index);
  return [
    ...groups.flatMap(({ name, isOutside, units: own }, i) => {
      const lines = own.map((unit) => unitLine(unit, index, language));
      return isOutside
        ? lines
        : [...language.open(name, i), ...lines.map((line) => `  ${line}`), language.close];
    }),
    ...index.edges.map((call) => language.edge(`n${call.from}`, `n${call.to}`, lookOfCall(call))),
  ];
}

function unitLine(unit: number, index: MapIndex, language: GraphLanguage): string {
  const own = index.units[unit];
  const state = describeState(own);
  const title = serviceOf(own, index.document);
  const findings = countBy(SEVERITIES, ({ severity }) => severity, openFindings(own, index.document));
  const rows = [own.run ? '' : title, state, severityCounts(findings).join(', ')].filter(Boolean);
  return language.node(`n${unit}`, [index.labelOf(unit), ...rows], lookOfState(own.node.state));
}

/** Only an edge that ends a trace has a label, because labels make a graph wide. */
function lookOfCall({ edge: { propagation, isBroken } }: UnitEdge): GraphEdge {
  return { propagation, isBroken, label: isBroken ? '✕ trace ends' : '' };
}

/** Returns the lines of a graph with a node for each stack, with counts of modes, findings and breaks. */
export function stackLines(index: MapIndex, language: GraphLanguage): string[] {
  const { groups, groupOf } = groupsOf(index);
  const { edges } = index.document;
  return [
    ...groups.map(({ name, summary }, i) => {
      const { functions, byMode, gaps, brokenEdges, findings } = summary;
      const breaks = gaps + brokenEdges;
      const rows = [
        functions > 0 ? `${count(functions, 'function')}: ${modeCounts(byMode).join(', ')}` : '',
        severityCounts(findings).join(', '),
        breaks > 0 ? `✕ ${count(breaks, 'break')}` : '',
      ];
      return language.node(`s${i}`, [name, ...rows.filter(Boolean)], breaks > 0 ? 'gap' : 'plain');
    }),
    ...linksOf(index.edges, (unit) => groupOf[unit])
      .filter(({ from, to }) => from !== to)
      .map(({ from, to, edges: calls }) => {
        const broken = calls.filter((call) => edges[call].isBroken).length;
        const label = broken > 0 ? `✕ ${broken} of ${calls.length} end` : count(calls.length, 'call');
        const propagation = broken > 0 ? 'breaks' : 'propagates';
        return language.edge(`s${from}`, `s${to}`, { propagation, isBroken: broken > 0, label });
      }),
  ];
}
