import { printable } from '../../text/printable';
import type { MapDocument, MapEdge } from './document';
import { LIGHT } from './draw/style';
import { graphIds, type GraphLanguage, nodeLines } from './graph-lines';
import { MapIndex } from './layout/units';
import { describeCall, describeMap, type State } from './wording';

/** Writes the map in the DOT language of Graphviz, with a cluster for each stack. */
export function dot(document: MapDocument): string {
  const index = new MapIndex(document);
  const ids = graphIds(document);
  const lines = [
    `graph [rankdir=LR, fontname="sans-serif", label=${quoted(describeMap(document))}, labelloc=t]`,
    'node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=11]',
    'edge [fontname="sans-serif", fontsize=9]',
    ...nodeLines(index, ids, DOT),
    ...document.edges.map(
      (edge) => `${ids.get(edge.from)} -> ${ids.get(edge.to)}${attributes(edgeLook(edge))}`,
    ),
  ];
  return ['digraph {', ...lines.map((line) => `  ${line}`), '}'].map((line) => `${line}\n`).join('');
}

type Look = Readonly<Record<string, string | undefined>>;

const DOT: GraphLanguage = {
  node: (id, rows, state) => `${id}${attributes({ label: rows.join('\n'), ...STATES[state] })}`,
  open: ({ name }, i) => [`subgraph cluster_${i} {`, `  label=${quoted(name)}`],
  close: '}',
};

/** Border styles repeat what colors say. */
const STATES: Readonly<Record<State, Look>> = {
  yes: { color: LIGHT.records, fillcolor: LIGHT.recordsTint },
  no: { color: LIGHT.silent, fillcolor: LIGHT.silentTint, style: 'rounded,filled,dashed' },
  gap: { color: LIGHT.broken, fillcolor: LIGHT.brokenTint, style: 'rounded,filled,dashed', penwidth: '3' },
  unknown: { color: LIGHT.unknown, fillcolor: LIGHT.unknownTint, style: 'rounded,filled,dotted' },
  unsupported: {
    color: LIGHT.unsupported,
    fillcolor: LIGHT.unsupportedTint,
    shape: 'octagon',
    style: 'filled',
  },
  never: { color: LIGHT.line, fillcolor: LIGHT.card },
};

function edgeLook(edge: MapEdge): Look {
  if (edge.sources.length === 0) return {};
  const label = `${edge.isBroken ? '✕ ' : ''}${describeCall(edge)}`;
  const broken = edge.isBroken ? { color: LIGHT.broken, fontcolor: LIGHT.broken, penwidth: '2.5' } : {};
  return { label, ...EFFECTS[edge.propagation], ...broken };
}

const EFFECTS: Readonly<Record<MapEdge['propagation'], Look>> = {
  starts: { penwidth: '2.5', dir: 'both', arrowtail: 'dot' },
  propagates: {},
  links: { style: 'dashed' },
  breaks: { style: 'dotted', arrowhead: 'tee' },
};

function attributes(look: Look): string {
  const set = Object.entries(look).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${quoted(value)}`],
  );
  return set.length === 0 ? '' : ` [${set.join(', ')}]`;
}

/**
 * Returns a quoted string with its line breaks. In labels, Graphviz interprets backslashes as escapes and ampersands as
 * HTML entities.
 */
export function quoted(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => printable(line).replaceAll('&', '&amp;').replaceAll('\\', '\\\\').replaceAll('"', '\\"'));
  return `"${lines.join('\\n')}"`;
}
