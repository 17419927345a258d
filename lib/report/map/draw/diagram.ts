import { printable } from '../../../text/printable';
import {
  bend,
  type Diagram,
  type DiagramEdge,
  type EdgeLook,
  type Frame,
  lookOf,
  type MapLayout,
  type RoutedLine,
} from '../layout/diagram';
import type { MapIndex } from '../layout/units';
import { LOOKS } from '../wording';
import { drawGroup, drawUnit, fitted } from './cards';
import { type Attributes, h, type VirtualElement } from './element';
import { chainPath, crossPath, stateSymbol } from './symbols';

/** Attributes and details that the page adds to cards, edges and frames, by their index. */
export interface Additions {
  /** Returns attributes of a card. Its title is its name for screen readers. */
  readonly card: (index: number) => Attributes;
  readonly edge: (index: number) => Readonly<Record<'line' | 'sign', Attributes>>;
  readonly frame: (index: number) => VirtualElement;
  /** True to draw both of X-Ray's nodes of a function in full. */
  readonly isFull: boolean;
}

/**
 * Draws a diagram as the contents of an `svg` element of its size: frames, lines, and above them the cards from top to
 * bottom, each followed by the symbols of its outgoing calls.
 */
export function drawDiagram(
  diagram: Diagram,
  index: MapIndex,
  layout: Pick<MapLayout, 'groups'>,
  additions: Partial<Additions> = {},
): VirtualElement[] {
  const { card, edge, frame, isFull = false } = additions;
  const edges = diagram.edges.map((own, i) => drawEdge(lookOf(own.edges, index.document), own, edge?.(i)));
  const signs: VirtualElement[][] = diagram.cards.map(() => []);
  diagram.edges.forEach(({ from }: DiagramEdge, i) => signs[from].push(edges[i].sign));
  const drawFrame = ({ group, x, y, width, height }: Frame, i: number) => h`
    <g class="frame">
      <rect x=${x} y=${y} width=${width} height=${height} rx="12"/>
      <text x=${x + 14} y=${y + 22}>${fitted(printable(layout.groups[group].name), width - 60, 14)}</text>
      ${frame?.(i)}
    </g>`;
  const drawOne = (i: number) => {
    const { shows, x, y } = diagram.cards[i];
    const { attributes, children } =
      'group' in shows ? drawGroup(layout.groups[shows.group]) : drawUnit(shows.unit, index, isFull);
    const { class: more = '', title, ...own } = card?.(i) ?? {};
    return h`
      <g class="${attributes.class} ${more}" transform="translate(${x} ${y})" ...${own}>
        ${title && h`<title>${title}</title>`}${children}
      </g>`;
  };
  return [
    h`<g class="frames">${diagram.frames.map(drawFrame)}</g>`,
    h`<g class="edges">${edges.map(({ line }) => line)}</g>`,
    h`<g class="cards">${inOrder(diagram).map((i) => [drawOne(i), ...signs[i]])}</g>`,
  ];
}

/** Returns the indices of cards in the order of the paths: from each entry to the leaves. */
function inOrder({ cards, edges }: Diagram): number[] {
  const called: number[][] = cards.map(() => []);
  const entries = new Set(cards.keys());
  for (const { from, to } of edges) {
    called[from].push(to);
    if (from !== to) entries.delete(to);
  }
  const row = (card: number) => Math.round(cards[card].y / 40);
  const inRows = (some: Iterable<number>) =>
    [...some].sort((a, b) => row(b) - row(a) || cards[b].x - cards[a].x);
  // The next card is the last of the list. Cards that only cycles reach come after all others.
  const next = [...inRows(cards.keys()), ...inRows(entries)];
  const order = new Set<number>();
  for (let card = next.pop(); card !== undefined; card = next.pop()) {
    if (order.has(card)) continue;
    order.add(card);
    next.push(...inRows(called[card]));
  }
  return [...order];
}

/** Draws the line of an edge, which is below all cards, and its symbol, which is above them. */
function drawEdge(
  look: EdgeLook,
  route: RoutedLine,
  attributes?: ReturnType<Additions['edge']>,
): Record<'line' | 'sign', VirtualElement> {
  const { points, middle } = route;
  const { propagation, broken, isCertain } = look;
  const kind = `edge ${propagation}${broken > 0 ? ' broken' : ''}${isCertain ? '' : ' possible'}`;
  const text = edgeText(look);
  const d = curve(route);
  const [start] = points;
  const { x, y } = middle;
  const cross = crossPath(x, y, broken > 0 ? 3.6 : 2.8);
  const symbol = propagation === 'breaks' ? cross : propagation === 'links' ? chainPath(x, y) : '';
  const radius = symbol === '' ? 4 : propagation === 'breaks' && broken === 0 ? 7.5 : 9.5;
  return {
    line: h`
      <g class=${kind} ...${attributes?.line}>
        <path class="hit" d=${d}/>
        <path class="line" d=${d}/>
        ${tipOf(route)}
        ${propagation === 'starts' && h`<circle class="root" cx=${start.x} cy=${start.y} r="4.2"/>`}
        ${text !== '' && h`<text x=${x + 14} y=${y + 4}>${text}</text>`}
      </g>`,
    sign: h`
      <g class="sign ${kind}" ...${attributes?.sign}>
        <circle class="disc" cx=${x} cy=${y} r=${radius}/>
        ${symbol !== '' && h`<path class="symbol" d=${symbol}/>`}
      </g>`,
  };
}

/** Returns the text beside the symbol of an edge. Empty for a sample, which has no calls. */
function edgeText({ calls, broken }: EdgeLook): string {
  if (broken > 0 && calls > 0) return calls > 1 ? `${broken} of ${calls} end` : 'trace ends';
  return calls > 1 ? `${calls} calls` : '';
}

/** Returns a curve through points that meets the sides of cards at right angles. */
function curve({ points: [first, ...rest], sides }: RoutedLine): string {
  let from = first;
  const pieces = rest.map((to) => {
    const points = [...bend(from, to, sides), to].map(({ x, y }) => `${x} ${y}`);
    from = to;
    return `C${points.join(' ')}`;
  });
  return `M${first.x} ${first.y}${pieces.join('')}`;
}

function tipOf({ points, sides }: RoutedLine): VirtualElement {
  const [before, end] = points.slice(-2);
  const isDown = sides === 'around' || before.y <= end.y;
  const turn = sides === 'end' || sides === 'both' ? (before.x <= end.x ? -90 : 90) : isDown ? 0 : 180;
  return h`<path class="tip" d="M0 0L-4.5 -9H4.5Z" transform="translate(${end.x} ${end.y}) rotate(${turn})"/>`;
}

export const SAMPLE = { width: 46, height: 24 };

/** Returns the legend of nodes and edges: symbols, drawn in the size `SAMPLE`, with their meanings. */
export function legendEntries(): { readonly drawing: VirtualElement; readonly text: string }[] {
  const [x, y] = [SAMPLE.width - 1, SAMPLE.height / 2];
  const route: RoutedLine = {
    points: [
      { x: 5, y },
      { x, y },
    ],
    middle: { x: x / 2 - 4, y },
    sides: 'both',
  };
  return [
    ...Object.entries(LOOKS).map(([text, look]) => ({
      text: text === 'gap' ? 'gap: on a traced path, not recorded' : text,
      drawing: h`<g class="card ${look}">${stateSymbol(look, SAMPLE.width - 12, y)}</g>`,
    })),
    ...SAMPLES.map(([text, look]) => {
      const { line, sign } = drawEdge({ calls: 0, broken: 0, isCertain: true, ...look }, route);
      return { text, drawing: h`<g>${line}${sign}</g>` };
    }),
  ];
}

const SAMPLES: readonly (readonly [string, Pick<EdgeLook, 'propagation'> & Partial<EdgeLook>])[] = [
  ['starts a trace', { propagation: 'starts' }],
  ['propagates the trace', { propagation: 'propagates' }],
  ['links the traces', { propagation: 'links' }],
  ['does not propagate the trace', { propagation: 'breaks' }],
  ['ends the trace', { propagation: 'breaks', broken: 1 }],
  ['possible call', { propagation: 'propagates', isCertain: false }],
];
