import { printable } from '../../../text/printable';
import type { Diagram, DiagramEdge, Frame, MapLayout } from '../layout/diagram';
import type { MapIndex } from '../layout/units';
import { drawCard } from './cards';
import { drawEdge } from './edges';
import { type Attributes, h, type VirtualElement } from './element';
import { fitted } from './text-width';

/** Attributes and details that the page adds to cards and edges. All take the index of a card or edge. */
export interface Additions {
  readonly card?: (index: number) => Attributes;
  /** Returns the name of a card for screen readers. */
  readonly cardName?: (index: number) => string;
  readonly line?: (index: number) => Attributes;
  readonly sign?: (index: number) => Attributes;
  readonly frame?: (index: number) => VirtualElement | undefined;
  /** True to draw both of X-Ray's nodes of a function in full. */
  readonly isFull?: boolean;
}

/**
 * Draws a diagram as the contents of an `svg` element of its size: frames, lines, and above them the cards from top to
 * bottom, each followed by the symbols of its outgoing calls.
 */
export function drawDiagram(
  diagram: Diagram,
  index: MapIndex,
  layout: Pick<MapLayout, 'groups'>,
  { card, cardName, line, sign, frame, isFull = false }: Additions = {},
): VirtualElement[] {
  const edges = diagram.edges.map((edge, i) =>
    drawEdge(edge, index.document, { line: line?.(i), sign: sign?.(i) }),
  );
  const signs: VirtualElement[][] = diagram.cards.map(() => []);
  diagram.edges.forEach(({ from }: DiagramEdge, i) => signs[from].push(edges[i].sign));
  const drawFrame = ({ group, x, y, width, height }: Frame, i: number) => h`
    <g class="frame">
      <rect x=${x} y=${y} width=${width} height=${height} rx="12"/>
      <text x=${x + 14} y=${y + 22}>${fitted(printable(layout.groups[group].name), width - 60, 14)}</text>
      ${frame?.(i)}
    </g>`;
  const drawOne = (i: number): VirtualElement => {
    const { attributes, children, name } = drawCard(diagram.cards[i], index, layout, isFull);
    const { x, y } = diagram.cards[i];
    const own = card?.(i);
    const classes = [attributes.class, own?.class].filter(Boolean).join(' ');
    const title = cardName ? [h`<title>${cardName(i)}</title>`] : [];
    return {
      name,
      attributes: { ...attributes, transform: `translate(${x} ${y})`, ...own, class: classes },
      children: [...title, ...children],
    };
  };
  return [
    h`<g class="frames">${diagram.frames.map(drawFrame)}</g>`,
    h`<g class="edges">${edges.map((edge) => edge.line)}</g>`,
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
