import { SEVERITIES } from '../../rules/rule';
import { countBy } from '../collections';
import { modeCounts } from '../function-summary';
import { count, severityCounts } from '../wording';
import type { MapEdge } from './document';
import { linksOf } from './layout/diagram';
import { groupsOf, type MapIndex, openFindings } from './layout/units';
import { describeState, type Look, lookOfState, serviceOf } from './wording';

/** A graph for languages such as Mermaid: nodes, in groups for the stacks, and edges between them. */
export interface Graph {
  readonly groups: readonly { readonly name?: string; readonly nodes: readonly GraphNode[] }[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  readonly id: string;
  /** The lines of its label. */
  readonly rows: readonly string[];
  readonly look: Look;
}

export interface GraphEdge extends Pick<MapEdge, 'propagation' | 'isBroken'> {
  readonly from: string;
  readonly to: string;
  /** Empty for an edge without a label. */
  readonly label: string;
}

/** Returns the graph with a node for each unit. Only an edge that ends a trace has a label: labels make a graph wide. */
export function graphOfUnits(index: MapIndex): Graph {
  return {
    groups: groupsOf(index).groups.map(({ name, isOutside, units }) => ({
      name: isOutside ? undefined : name,
      nodes: units.map((unit) => nodeOf(unit, index)),
    })),
    edges: index.edges.map(({ from, to, edge: { propagation, isBroken } }) => ({
      ...{ from: `n${from}`, to: `n${to}`, propagation, isBroken },
      label: isBroken ? '✕ trace ends' : '',
    })),
  };
}

function nodeOf(unit: number, index: MapIndex): GraphNode {
  const own = index.units[unit];
  const state = describeState(own);
  const title = serviceOf(own, index.document);
  const findings = countBy(SEVERITIES, ({ severity }) => severity, openFindings(own, index.document));
  const rows = [own.run ? '' : title, state, severityCounts(findings).join(', ')].filter(Boolean);
  return { id: `n${unit}`, rows: [index.labelOf(unit), ...rows], look: lookOfState(own.node.state) };
}

/** Returns the graph with a node for each stack, with counts of modes, findings and breaks. */
export function graphOfStacks(index: MapIndex): Graph {
  const { groups, groupOf } = groupsOf(index);
  const nodes = groups.map(({ name, summary }, i): GraphNode => {
    const { functions, byMode, gaps, brokenEdges, findings } = summary;
    const breaks = gaps + brokenEdges;
    const rows = [
      functions > 0 ? `${count(functions, 'function')}: ${modeCounts(byMode).join(', ')}` : '',
      severityCounts(findings).join(', '),
      breaks > 0 ? `✕ ${count(breaks, 'break')}` : '',
    ];
    return { id: `s${i}`, rows: [name, ...rows.filter(Boolean)], look: breaks > 0 ? 'gap' : 'plain' };
  });
  const links = linksOf(index.edges, (unit) => groupOf[unit]).filter(({ from, to }) => from !== to);
  const edges = links.map(({ from, to, edges: calls }): GraphEdge => {
    const broken = calls.filter((call) => index.document.edges[call].isBroken).length;
    const label = broken > 0 ? `✕ ${broken} of ${calls.length} end` : count(calls.length, 'call');
    const propagation = broken > 0 ? 'breaks' : 'propagates';
    return { from: `s${from}`, to: `s${to}`, propagation, isBroken: broken > 0, label };
  });
  return { groups: [{ nodes }], edges };
}
