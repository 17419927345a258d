import { printable } from '../../text/printable';
import { configurationText } from '../configuration';
import type { MapDocument, MapEdge } from './document';
import { LIGHT } from './draw/style';
import { type Graph, type GraphEdge, type GraphNode, graphOfStacks, graphOfUnits } from './graph';
import { MapIndex } from './layout/units';
import { describeSummary } from './wording';

/** Mermaid's default limits, which GitHub uses. */
const MAX_EDGES = 500;
const MAX_TEXT = 50_000;

/**
 * Writes the map as a Mermaid flowchart that fits into a pull request, with a subgraph for each stack, or only the
 * stacks if it exceeds the limits.
 */
export function mermaid(document: MapDocument): string {
  const index = new MapIndex(document);
  const all = index.edges.length <= MAX_EDGES ? flowchart(graphOfUnits(index), document) : undefined;
  if (all !== undefined && all.length <= MAX_TEXT) return all;
  const limits = '%% Stacks only: the full map exceeds the limits of Mermaid.';
  return flowchart(graphOfStacks(index), document, [limits]);
}

function flowchart({ groups, edges }: Graph, document: MapDocument, notes: readonly string[] = []): string {
  const nodes = groups.flatMap(({ name, nodes: own }, i) => {
    const lines = own.map(nodeLine);
    return name === undefined ? lines : [...opening(name, i), ...lines.map((line) => `  ${line}`), 'end'];
  });
  const broken = edges.flatMap(({ isBroken }, i) => (isBroken ? [`linkStyle ${i} ${BROKEN}`] : []));
  const settings = configurationText(document.configuration, document.summary.acknowledged);
  const about = [describeSummary(document), settings].filter((text) => text !== '').map(comment);
  const lines = [NARROW, ...about, ...notes, ...nodes, ...edges.map(edgeLine), ...CLASSES, ...broken];
  return ['flowchart LR', ...lines.map((line) => `  ${line}`)].map((line) => `${line}\n`).join('');
}

/** Spacing in pixels, for charts that are narrow enough for the column of a pull request. */
const NARROW =
  '%%{init: {"flowchart": {"nodeSpacing": 20, "rankSpacing": 20, "padding": 6, "subGraphTitleMargin": {"bottom": 6}}}}%%';

/** Mermaid reads braces in a comment as a directive. */
function comment(text: string): string {
  return `%% ${printable(text).replace(/[{}]/g, '')}`;
}

/** Returns the lines before the nodes of a stack. Without a fill, edges are drawn on the color of the page. */
function opening(name: string, i: number): string[] {
  const style = `style g${i} fill:none,stroke:${LIGHT.line}`;
  return [`subgraph g${i}["${escapeMermaid(name)}"]`, '  direction LR', `  ${style}`];
}

function nodeLine({ id, rows, look }: GraphNode): string {
  return `${id}["${rows.map(escapeMermaid).join('<br/>')}"]:::${look}`;
}

function edgeLine({ from, to, propagation, label }: GraphEdge): string {
  return `${from} ${ARROWS[propagation]}${label === '' ? '' : `|"${escapeMermaid(label)}"|`} ${to}`;
}

/** A plain arrow propagates the trace, a thick arrow starts it, a dotted arrow links it and a cross breaks it. */
const ARROWS: Readonly<Record<MapEdge['propagation'], string>> = {
  starts: '==>',
  propagates: '-->',
  links: '-.->',
  breaks: '--x',
};

/** This red has enough contrast on light and dark pages. The label has the text color of the page's theme. */
const BROKEN = 'stroke:#d9434e,stroke-width:3px';

/** The nodes have their own text color, for light and dark pages. Dashes repeat what colors say. */
const CLASSES = [
  `classDef recorded fill:${LIGHT.recordsTint},stroke:${LIGHT.records},color:${LIGHT.ink}`,
  `classDef silent fill:${LIGHT.silentTint},stroke:${LIGHT.silent},color:${LIGHT.ink},stroke-dasharray:5 4`,
  `classDef gap fill:${LIGHT.brokenTint},stroke:${LIGHT.broken},color:${LIGHT.ink},stroke-width:3px,stroke-dasharray:8 5`,
  `classDef unknown fill:${LIGHT.unknownTint},stroke:${LIGHT.unknown},color:${LIGHT.ink},stroke-dasharray:2 4`,
  `classDef untraceable fill:${LIGHT.unsupportedTint},stroke:${LIGHT.unsupported},color:${LIGHT.ink},stroke-width:3px`,
  `classDef plain fill:${LIGHT.card},stroke:${LIGHT.line},color:${LIGHT.ink}`,
];

/**
 * Returns text for quotes. Characters with a meaning in Mermaid, Markdown or HTML become numeric entities ("Entity
 * codes to escape characters", Mermaid's page on flowcharts).
 */
function escapeMermaid(text: string): string {
  return printable(text)
    .replace(/[^\p{L}\p{M}\p{N} ,.:/()_✕-]/gu, (character) => `#${character.codePointAt(0)};`)
    .replace(LIST_ITEM, (_, before: string, mark: string) => `${before}#${mark.codePointAt(0)};`);
}

/** The beginning of a list item in Markdown. */
const LIST_ITEM = /^(\s*\d*)([-.)])/;
