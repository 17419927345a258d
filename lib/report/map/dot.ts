import { printable } from '../../text/printable';
import type { MapDocument, MapEdge } from './document';
import { LIGHT } from './draw/style';
import { type GraphEdge, type GraphNode, graphOfStacks, graphOfUnits } from './graph';
import { MapIndex } from './layout/units';
import { describeMap, type Look } from './wording';

/** Maximum number of units for a graph that can be read. A larger system has a node for each stack. */
const MAX_UNITS = 300;

/** Writes the map in the DOT language of Graphviz, with a cluster for each stack, or only the stacks of a large system. */
export function dot(document: MapDocument): string {
  const index = new MapIndex(document);
  const { groups, edges } = index.units.length > MAX_UNITS ? graphOfStacks(index) : graphOfUnits(index);
  const lines = [
    `graph [rankdir=LR, bgcolor="#ffffff", fontname="sans-serif", label=${quoted(describeMap(document))}, labelloc=t]`,
    'node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=11]',
    'edge [fontname="sans-serif", fontsize=9]',
    ...groups.flatMap(({ name, nodes }, i) => {
      const own = nodes.map(nodeLine);
      return name === undefined
        ? own
        : [`subgraph cluster_${i} {`, ...[`label=${quoted(name)}`, ...own].map((line) => `  ${line}`), '}'];
    }),
    ...edges.map(edgeLine),
  ];
  return ['digraph {', ...lines.map((line) => `  ${line}`), '}'].map((line) => `${line}\n`).join('');
}

type Attributes = Readonly<Record<string, string | undefined>>;

function nodeLine({ id, rows, look }: GraphNode): string {
  return `${id}${attributes({ label: rows.join('\n'), ...NODES[look] })}`;
}

function edgeLine({ from, to, propagation, isBroken, label }: GraphEdge): string {
  const broken = isBroken ? { color: LIGHT.broken, fontcolor: LIGHT.broken, penwidth: '2.5' } : {};
  return `${from} -> ${to}${attributes({ label: label || undefined, ...EDGES[propagation], ...broken })}`;
}

/** Border styles repeat what colors say. */
const NODES: Readonly<Record<Look, Attributes>> = {
  recorded: { color: LIGHT.records, fillcolor: LIGHT.recordsTint },
  silent: { color: LIGHT.silent, fillcolor: LIGHT.silentTint, style: 'rounded,filled,dashed' },
  gap: { color: LIGHT.broken, fillcolor: LIGHT.brokenTint, style: 'rounded,filled,dashed', penwidth: '3' },
  unknown: { color: LIGHT.unknown, fillcolor: LIGHT.unknownTint, style: 'rounded,filled,dotted' },
  untraceable: {
    color: LIGHT.unsupported,
    fillcolor: LIGHT.unsupportedTint,
    shape: 'octagon',
    style: 'filled',
  },
  plain: { color: LIGHT.line, fillcolor: LIGHT.card },
};

const EDGES: Readonly<Record<MapEdge['propagation'], Attributes>> = {
  starts: { penwidth: '2.5', dir: 'both', arrowtail: 'dot' },
  propagates: {},
  links: { style: 'dashed' },
  breaks: { style: 'dotted', arrowhead: 'tee' },
};

function attributes(look: Attributes): string {
  const set = Object.entries(look).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${quoted(value)}`],
  );
  return set.length === 0 ? '' : ` [${set.join(', ')}]`;
}

/**
 * Returns a quoted string with its line breaks. In labels, Graphviz interprets backslashes as escapes and ampersands as
 * HTML entities.
 */
function quoted(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => printable(line).replaceAll('&', '&amp;').replaceAll('\\', '\\\\').replaceAll('"', '\\"'));
  return `"${lines.join('\\n')}"`;
}
