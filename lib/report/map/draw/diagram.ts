import { printable } from '../../../text/printable';
import type { MapLayout, Card, Frame, Diagram } from '../layout/diagram';
import type { MapIndex } from '../layout/units';
import { drawCard } from './cards';
import { drawEdge } from './edges';
import { type Attributes, element, type VirtualElement } from './element';
import { fitted } from './text-width';

/** What a page adds to the parts of a picture. */
export interface Additions {
  /** Attributes of a card, by its index. */
  readonly card?: (card: Card, index: number) => Attributes;
  /** What is read out for a wire, by its index. */
  readonly edge?: (index: number) => Attributes;
}

/** A picture, as the contents of an `svg` element of its size: frames, lines, and cards above them. */
export function drawDiagram(
  picture: Diagram,
  index: MapIndex,
  atlas: Pick<MapLayout, 'groups'>,
  { card: cardAdditions, edge: wireAdditions }: Additions = {},
): VirtualElement[] {
  return [
    element('g', { class: 'frames' }, ...picture.frames.map((frame) => drawFrame(frame, atlas))),
    element(
      'g',
      { class: 'wires' },
      ...picture.edges.map((wire, i) => {
        const drawn = drawEdge(wire, index.document);
        return { ...drawn, attributes: { ...drawn.attributes, ...wireAdditions?.(i) } };
      }),
    ),
    element(
      'g',
      { class: 'cards' },
      ...picture.cards.map((card, i) => {
        const drawn = drawCard(card, index, atlas);
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
