import { printable } from '../../../text/printable';
import type { Atlas, Card, Frame, Picture } from '../layout/diagram';
import type { MapIndex } from '../layout/units';
import { drawnCard } from './cards';
import { drawnWire } from './edges';
import { type Attributes, element, type VirtualElement } from './element';
import { fitted } from './text-width';

/** What a page adds to the parts of a picture. */
export interface Additions {
  /** Attributes of a card, by its index. */
  readonly card?: (card: Card, index: number) => Attributes;
  /** What is read out for a wire, by its index. */
  readonly wire?: (index: number) => Attributes;
}

/** A picture, as the contents of an `svg` element of its size: frames, lines, and cards above them. */
export function drawnPicture(
  picture: Picture,
  index: MapIndex,
  atlas: Pick<Atlas, 'folders'>,
  { card: cardAdditions, wire: wireAdditions }: Additions = {},
): VirtualElement[] {
  return [
    element('g', { class: 'frames' }, ...picture.frames.map((frame) => drawnFrame(frame, atlas))),
    element(
      'g',
      { class: 'wires' },
      ...picture.wires.map((wire, i) => {
        const drawn = drawnWire(wire, index.document);
        return { ...drawn, attributes: { ...drawn.attributes, ...wireAdditions?.(i) } };
      }),
    ),
    element(
      'g',
      { class: 'cards' },
      ...picture.cards.map((card, i) => {
        const drawn = drawnCard(card, index, atlas);
        const transform = `translate(${card.x} ${card.y})`;
        return { ...drawn, attributes: { ...drawn.attributes, transform, ...cardAdditions?.(card, i) } };
      }),
    ),
  ];
}

function drawnFrame(
  { folder, x, y, width, height }: Frame,
  { folders }: Pick<Atlas, 'folders'>,
): VirtualElement {
  return element(
    'g',
    { class: 'frame' },
    element('rect', { x, y, width, height, rx: 12 }),
    element('text', { x: x + 12, y: y + 19 }, fitted(printable(folders[folder].name), width - 24, 12.5)),
  );
}
