import { printable } from '../../text/printable';
import { configurationText } from '../configuration';
import type { MapDocument, MapEdge } from './document';
import { LIGHT } from './draw/style';
import { type GraphLanguage, stackLines, unitLines } from './graph-lines';
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
  const all = index.edges.length <= MAX_EDGES ? flowchart(unitLines(index, MERMAID), document) : undefined;
  return all !== undefined && all.length <= MAX_TEXT
    ? all
    : flowchart(
        ['%% Stacks only: the full map exceeds the limits of Mermaid.', ...stackLines(index, MERMAID)],
        document,
      );
}

function flowchart(lines: readonly string[], document: MapDocument): string {
  const edges = lines.filter((line) => EDGE.test(line));
  const styles = edges.flatMap((line, i) => (line.includes(' --x|"✕') ? [`linkStyle ${i} ${BROKEN}`] : []));
  const all = [
    NARROW,
    comment(describeSummary(document)),
    ...settingsOf(document),
    ...lines,
    ...CLASSES,
    ...styles,
  ];
  return ['flowchart LR', ...all.map((line) => `  ${line}`)].map((line) => `${line}\n`).join('');
}

/** Spacing in pixels, for charts that are narrow enough for the column of a pull request. */
const NARROW =
  '%%{init: {"flowchart": {"nodeSpacing": 20, "rankSpacing": 20, "padding": 6, "subGraphTitleMargin": {"bottom": 6}}}}%%';

/** An edge, by its names. Labels of nodes and groups do not look like one, because they are in quotes. */
const EDGE = /^[ns]\d+ \S/;

/** Returns a comment with the configuration, if it differs from the defaults. */
function settingsOf({ configuration, summary }: MapDocument): string[] {
  const text = configurationText(configuration, summary.acknowledged);
  return text === '' ? [] : [comment(text)];
}

/** Mermaid reads braces in a comment as a directive. */
function comment(text: string): string {
  return `%% ${printable(text).replace(/[{}]/g, '')}`;
}

const MERMAID: GraphLanguage = {
  node: (id, rows, look) => `${id}["${rows.map(escapeMermaid).join('<br/>')}"]:::${look}`,
  // Without a fill of its own, the colors of edges are on that of the page.
  open: (name, i) => [
    `subgraph g${i}["${escapeMermaid(name)}"]`,
    '  direction LR',
    `  style g${i} fill:none,stroke:${LIGHT.line}`,
  ],
  close: 'end',
  edge: (from, to, { propagation, label }) => {
    const text = label === '' ? '' : `|"${escapeMermaid(label)}"|`;
    return `${from} ${ARROWS[propagation]}${text} ${to}`;
  },
};

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
