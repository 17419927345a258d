import { printable } from '../../text/printable';
import { count } from '../wording';
import type { MapDocument, MapEdge } from './document';
import { graphIds, type GraphLanguage, nodeLines } from './graph-lines';
import { MapIndex } from './layout/units';
import { callInWords } from './wording';

/** What Mermaid draws at the most, unless it is set up otherwise; GitHub leaves it at that. */
const MAX_EDGES = 500;
const MAX_TEXT = 50_000;

/** A flowchart in the language of Mermaid, with a subgraph a stack; of the stacks alone where it would be too large. */
export function mermaid(document: MapDocument): string {
  const index = new MapIndex(document);
  const whole = index.document.edges.length <= MAX_EDGES ? wholeSystem(index) : undefined;
  return whole !== undefined && whole.length <= MAX_TEXT ? whole : stacksOnly(index);
}

function wholeSystem(index: MapIndex): string {
  const { document } = index;
  const ids = graphIds(document);
  const styles: string[] = [];
  const edges = document.edges.map((edge, i) => {
    if (edge.isBroken) styles.push(`linkStyle ${i} ${BROKEN}`);
    return `${ids.get(edge.from)} ${link(edge)} ${ids.get(edge.to)}`;
  });
  return flowchart([...nodeLines(index, ids, MERMAID), ...edges, ...CLASSES, ...styles]);
}

function stacksOnly(index: MapIndex): string {
  const { document } = index;
  const ids = new Map(document.stacks.map(({ id }, i) => [id, `s${i}`]));
  const functions = new Map<string, number>();
  for (const { node, function: fn } of index.units) {
    if (fn && node.stack !== undefined) functions.set(node.stack, (functions.get(node.stack) ?? 0) + 1);
  }
  return flowchart([
    '%% The stacks alone: the whole system is more than Mermaid draws.',
    ...document.stacks.map(
      ({ id, name }) =>
        `${ids.get(id)}["${escapeMermaid(name)}<br/>${count(functions.get(id) ?? 0, 'function')}"]`,
    ),
    ...stackCalls(index).map(({ from, to, calls, broken }) => {
      const label = broken > 0 ? `✕ ${broken} of ${calls} end` : count(calls, 'call');
      return `${ids.get(from)} ${broken > 0 ? '--x' : '-->'}|"${label}"| ${ids.get(to)}`;
    }),
  ]);
}

function flowchart(lines: readonly string[]): string {
  return ['flowchart LR', ...lines.map((line) => `  ${line}`)].map((line) => `${line}\n`).join('');
}

const MERMAID: GraphLanguage = {
  node: (id, rows, state) => `${id}["${rows.map(escapeMermaid).join('<br/>')}"]:::${state}`,
  open: ({ name }, i) => [`subgraph s${i}["${escapeMermaid(name)}"]`],
  close: 'end',
};

/** What is handed on is a line; what starts there a thick one; what is linked a dotted one; what is lost ends in a cross. */
function link(edge: MapEdge): string {
  const { propagation, isBroken, sources } = edge;
  if (sources.length === 0) return '-->';
  const label = `|"${isBroken ? '✕ ' : ''}${escapeMermaid(callInWords(edge))}"|`;
  return `${ARROWS[propagation]}${label}`;
}

const ARROWS: Readonly<Record<MapEdge['propagation'], string>> = {
  starts: '==>',
  propagates: '-->',
  links: '-.->',
  breaks: '--x',
};

const BROKEN = 'stroke:#b3202c,stroke-width:3px,color:#b3202c';

/** Dashes for what records nothing, so that it doesn't take colours to see it. */
const CLASSES = [
  'classDef yes fill:#e0f3ed,stroke:#00705a,color:#17202a',
  'classDef no fill:#eef1f4,stroke:#59636f,color:#17202a,stroke-dasharray:5 4',
  'classDef gap fill:#fdeaea,stroke:#b3202c,color:#17202a,stroke-width:3px,stroke-dasharray:8 5',
  'classDef unknown fill:#fff3d9,stroke:#7d5200,color:#17202a,stroke-dasharray:2 4',
  'classDef unsupported fill:#f1eafb,stroke:#6a3aa8,color:#17202a,stroke-width:3px',
  'classDef never fill:#ffffff,stroke:#66758a,color:#17202a',
];

/**
 * Text that can stand within quotes: whatever means something to Mermaid, to Markdown in it or to HTML is written as a
 * number ("Entity codes to escape characters", Mermaid's page on flowcharts).
 */
export function escapeMermaid(text: string): string {
  return printable(text)
    .replace(/[^\p{L}\p{M}\p{N} ,.:/()_✕-]/gu, (character) => `#${character.codePointAt(0)};`)
    .replace(LIST_ITEM, (_, before: string, mark: string) => `${before}#${mark.codePointAt(0)};`);
}

/** What Markdown takes for the beginning of a list. */
const LIST_ITEM = /^(\s*\d*)([-.)])/;

/** The calls from one stack to another, by their IDs. */
export interface StackCalls {
  readonly from: string;
  readonly to: string;
  readonly calls: number;
  /** How many of them traces end at. */
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
