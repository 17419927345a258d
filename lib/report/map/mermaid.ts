import { printable } from '../../text/printable';
import { configurationText } from '../configuration';
import { count } from '../wording';
import type { MapDocument, MapEdge } from './document';
import { graphIds, type GraphLanguage, nodeLines } from './graph-lines';
import { MapIndex } from './layout/units';
import { describeCall } from './wording';

/** Mermaid's default limits, which GitHub uses. */
const MAX_EDGES = 500;
const MAX_TEXT = 50_000;

/** Writes the map as a Mermaid flowchart with a subgraph for each stack, or only the stacks if it exceeds the limits. */
export function mermaid(document: MapDocument): string {
  const index = new MapIndex(document);
  const all = index.document.edges.length <= MAX_EDGES ? allNodes(index) : undefined;
  return all !== undefined && all.length <= MAX_TEXT ? all : stacksOnly(index);
}

function allNodes(index: MapIndex): string {
  const { document } = index;
  const ids = graphIds(document);
  const styles: string[] = [];
  const edges = document.edges.map((edge, i) => {
    if (edge.isBroken) styles.push(`linkStyle ${i} ${BROKEN}`);
    return `${ids.get(edge.from)} ${link(edge)} ${ids.get(edge.to)}`;
  });
  return flowchart([
    ...settingsOf(document),
    ...nodeLines(index, ids, MERMAID),
    ...edges,
    ...CLASSES,
    ...styles,
  ]);
}

function stacksOnly(index: MapIndex): string {
  const { document } = index;
  const ids = new Map(document.stacks.map(({ id }, i) => [id, `s${i}`]));
  const functions = new Map<string, number>();
  for (const { node, function: fn } of index.units) {
    if (fn && node.stack !== undefined) functions.set(node.stack, (functions.get(node.stack) ?? 0) + 1);
  }
  return flowchart([
    ...settingsOf(document),
    '%% Stacks only: the full map exceeds the limits of Mermaid.',
    ...document.stacks.map(
      ({ id, name }) =>
        `${ids.get(id)}["${escapeMermaid(name)}<br/>${count(functions.get(id) ?? 0, 'function')}"]`,
    ),
    ...stackCalls(index).map(({ from, to, calls, broken }) => {
      const label = broken > 0 ? `✕ ${broken} of ${calls} break` : count(calls, 'call');
      return `${ids.get(from)} ${broken > 0 ? '--x' : '-->'}|"${label}"| ${ids.get(to)}`;
    }),
  ]);
}

/** Returns a comment with the configuration, if it differs from the defaults. */
function settingsOf({ configuration, summary }: MapDocument): string[] {
  const text = configurationText(configuration, summary.acknowledged);
  // Mermaid reads braces in a comment as a directive.
  return text === '' ? [] : [`%% ${printable(text).replace(/[{}]/g, '')}`];
}

function flowchart(lines: readonly string[]): string {
  return ['flowchart LR', ...lines.map((line) => `  ${line}`)].map((line) => `${line}\n`).join('');
}

const MERMAID: GraphLanguage = {
  node: (id, rows, state) => `${id}["${rows.map(escapeMermaid).join('<br/>')}"]:::${state}`,
  open: ({ name }, i) => [`subgraph s${i}["${escapeMermaid(name)}"]`],
  close: 'end',
};

function link(edge: MapEdge): string {
  const { propagation, isBroken, sources } = edge;
  if (sources.length === 0) return '-->';
  const label = `|"${isBroken ? '✕ ' : ''}${escapeMermaid(describeCall(edge))}"|`;
  return `${ARROWS[propagation]}${label}`;
}

/** A plain arrow propagates the trace, a thick arrow starts it, a dotted arrow links it and a cross breaks it. */
const ARROWS: Readonly<Record<MapEdge['propagation'], string>> = {
  starts: '==>',
  propagates: '-->',
  links: '-.->',
  breaks: '--x',
};

const BROKEN = 'stroke:#b3202c,stroke-width:3px,color:#b3202c';

/** Dashes repeat what colors say. */
const CLASSES = [
  'classDef yes fill:#e0f3ed,stroke:#00705a,color:#17202a',
  'classDef no fill:#eef1f4,stroke:#59636f,color:#17202a,stroke-dasharray:5 4',
  'classDef gap fill:#fdeaea,stroke:#b3202c,color:#17202a,stroke-width:3px,stroke-dasharray:8 5',
  'classDef unknown fill:#fff3d9,stroke:#7d5200,color:#17202a,stroke-dasharray:2 4',
  'classDef unsupported fill:#f1eafb,stroke:#6a3aa8,color:#17202a,stroke-width:3px',
  'classDef never fill:#ffffff,stroke:#66758a,color:#17202a',
];

/**
 * Returns text for quotes. Characters with a meaning in Mermaid, Markdown or HTML become numeric entities ("Entity
 * codes to escape characters", Mermaid's page on flowcharts).
 */
export function escapeMermaid(text: string): string {
  return printable(text)
    .replace(/[^\p{L}\p{M}\p{N} ,.:/()_✕-]/gu, (character) => `#${character.codePointAt(0)};`)
    .replace(LIST_ITEM, (_, before: string, mark: string) => `${before}#${mark.codePointAt(0)};`);
}

/** The beginning of a list item in Markdown. */
const LIST_ITEM = /^(\s*\d*)([-.)])/;

/** Number of calls from one stack to another. Stacks are given by ID. */
export interface StackCalls {
  readonly from: string;
  readonly to: string;
  readonly calls: number;
  /** Number of calls that break a trace. */
  readonly broken: number;
}

function stackCalls({ units, edges }: MapIndex): StackCalls[] {
  const known = new Map<string, { from: string; to: string; calls: number; broken: number }>();
  for (const { from, to, edge } of edges) {
    const [caller, called] = [units[from].node.stack, units[to].node.stack];
    if (caller === undefined || called === undefined || caller === called) continue;
    const key = JSON.stringify([caller, called]);
    const sum = known.get(key) ?? { from: caller, to: called, calls: 0, broken: 0 };
    known.set(key, sum);
    sum.calls++;
    if (edge.isBroken) sum.broken++;
  }
  return [...known.values()];
}
