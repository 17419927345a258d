import { printable } from '../../../text/printable';
import type { MapLayout, Card, Frame, Diagram } from '../layout/diagram';
import type { MapIndex } from '../layout/units';
import { drawCard } from './cards';
import { drawEdge } from './edges';
import { type Attributes, element, type VirtualElement } from './element';
import { fitted } from './text-width';

/** Attributes that the page adds to cards and edges. */
export interface Additions {
  /** Returns the attributes of a card, given its index. */
  readonly card?: (card: Card, index: number) => Attributes;
  /** Returns the attributes of an edge, given its index. */
  readonly edge?: (index: number) => Attributes;
}

/** Draws a diagram as the contents of an `svg` element of its size: frames, edges, and cards above them. */
export function drawDiagram(
  diagram: Diagram,
  index: MapIndex,
  layout: Pick<MapLayout, 'groups'>,
  { card: cardAdditions, edge: edgeAdditions }: Additions = {},
): VirtualElement[] {
  return [
    element('g', { class: 'frames' }, ...diagram.frames.map((frame) => drawFrame(frame, layout))),
    element(
      'g',
      { class: 'edges' },
      ...diagram.edges.map((edge, i) => {
        const drawn = drawEdge(edge, index.document);
        return { ...drawn, attributes: { ...drawn.attributes, ...edgeAdditions?.(i) } };
      }),
    ),
    element(
      'g',
      { class: 'cards' },
      ...diagram.cards.map((card, i) => {
        const drawn = drawCard(card, index, layout);
        const transform = `translate(${card.x} ${card.y})`;
        return { ...drawn, attributes: { ...drawn.attributes, transform, ...cardAdditions?.(card, i) } };
      }),
    ),
  ];
}

function drawFrame(
  { group, x, y, width, height }: Frame,
  { groups }: Pick<MapLayout, 'groups'>,
): VirtualElement {
  return element(
    'g',
    { class: 'frame' },
    element('rect', { x, y, width, height, rx: 12 }),
    element('text', { x: x + 12, y: y + 19 }, fitted(printable(groups[group].name), width - 24, 12.5)),
  );
}
