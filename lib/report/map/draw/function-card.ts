import { printable } from '../../../text/printable';
import { CARD_SIZES } from '../layout/diagram';
import type { MapIndex, Unit } from '../layout/units';
import { describeState, stateOf } from '../wording';
import { element, type VirtualElement } from './element';
import { drawBadge, stateSymbol } from './symbols';
import { fitted, NAME_SIZE } from './text-width';

const { width, height } = CARD_SIZES.function;
const PAD = 12;
/** Boxes of the service node and of the function's own node. */
const SERVICE = { x: PAD, y: 33, width: 80, height: 26 };
const RUN = { x: 114, y: 33, width: width - PAD - 114, height: 26 };

/** Draws a function: its name, its two nodes and its state. */
export function drawFunction(unit: Unit, index: MapIndex): VirtualElement {
  const state = stateOf(unit, index.document);
  const badge = drawBadge(unit, index.document, width - PAD, 19);
  const room = width - 2 * PAD - (badge ? badge.width + 8 : 0);
  return element(
    'g',
    { class: `card function ${state}` },
    element('rect', { class: 'body', width, height, rx: 9 }),
    state === 'gap' ? drawHatch(width, height) : undefined,
    element('text', { class: 'name', x: PAD, y: 23 }, fitted(index.labelOf(unit), room, NAME_SIZE)),
    badge?.drawing,
    drawPart(SERVICE, 'AWS::Lambda'),
    element('path', { class: 'thread', d: `M${SERVICE.x + SERVICE.width} 46H${RUN.x - 7}` }),
    element('path', { class: 'thread tip', d: `M${RUN.x - 1} 46l-7 -3.5v7z` }),
    drawPart(RUN, 'AWS::Lambda::Function'),
    stateSymbol(state, PAD + 5, 76),
    element(
      'text',
      { class: 'state', x: PAD + 16, y: 80 },
      fitted(printable(describeState(unit, index.document)), width - 2 * PAD - 16, 11),
    ),
  );
}

function drawPart({ x, y, width, height }: typeof SERVICE, origin: string): VirtualElement {
  return element(
    'g',
    {},
    element('rect', { class: 'part', x, y, width, height, rx: 5 }),
    element('text', { class: 'origin', x: x + width / 2, y: y + 17, 'text-anchor': 'middle' }, origin),
  );
}

/** Draws hatching for a card that is missing in traces. */
export function drawHatch(width: number, height: number): VirtualElement {
  const strokes: string[] = [];
  for (let x = 16; x < width + height - 10; x += 18) {
    const [startX, startY] = x < width - 4 ? [x, 3] : [width - 4, x - width + 7];
    const [endX, endY] = x - height + 6 > 3 ? [x - height + 6, height - 3] : [4, x - 1];
    strokes.push(`M${startX} ${startY}L${endX} ${endY}`);
  }
  return element('path', { class: 'hatch', d: strokes.join('') });
}
