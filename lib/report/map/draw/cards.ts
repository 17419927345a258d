import { printable } from '../../../text/printable';
import { type Card, CARD_SIZES, type MapLayout } from '../layout/diagram';
import type { MapIndex, Unit } from '../layout/units';
import { describeState, shortTitle, stateOf } from '../wording';
import { element, type VirtualElement } from './element';
import { drawGroup } from './group-card';
import { drawBadge, stateSymbol } from './symbols';
import { fitted, initialsOf, NAME_SIZE } from './text-width';

/** Draws a card with its upper left corner at the origin. */
export function drawCard(
  { shows, isNeighbor }: Card,
  index: MapIndex,
  { groups }: Pick<MapLayout, 'groups'>,
): VirtualElement {
  if ('group' in shows) return drawGroup(groups[shows.group], isNeighbor);
  if ('more' in shows) return drawMore(shows.more);
  const unit = index.units[shows.unit];
  return unit.run ? drawFunction(unit, index) : drawService(unit, index);
}

function drawMore(more: number): VirtualElement {
  return element(
    'g',
    { class: 'card more' },
    element('rect', { class: 'body', width: 160, height: 44, rx: 8 }),
    element('text', { class: 'muted', x: 80, y: 26, 'text-anchor': 'middle' }, `and ${more} more neighbors`),
  );
}

/** Space between the border of a function's card and its content. */
const FUNCTION_PAD = 12;
/** Boxes of the service node and of the function's own node. */
const SERVICE_BOX = { x: FUNCTION_PAD, y: 33, width: 80, height: 26 };
const RUN_BOX = { x: 114, y: 33, width: CARD_SIZES.function.width - FUNCTION_PAD - 114, height: 26 };

/** Draws a function: its name, its two nodes and its state. */
function drawFunction(unit: Unit, index: MapIndex): VirtualElement {
  const { width, height } = CARD_SIZES.function;
  const state = stateOf(unit, index.document);
  const badge = drawBadge(unit, index.document, width - FUNCTION_PAD, 19);
  const room = width - 2 * FUNCTION_PAD - (badge ? badge.width + 8 : 0);
  return element(
    'g',
    { class: `card function ${state}` },
    element('rect', { class: 'body', width, height, rx: 9 }),
    state === 'gap' ? drawHatch(width, height) : undefined,
    element('text', { class: 'name', x: FUNCTION_PAD, y: 23 }, fitted(index.labelOf(unit), room, NAME_SIZE)),
    badge?.drawing,
    drawPart(SERVICE_BOX, 'AWS::Lambda'),
    element('path', { class: 'thread', d: `M${SERVICE_BOX.x + SERVICE_BOX.width} 46H${RUN_BOX.x - 7}` }),
    element('path', { class: 'thread tip', d: `M${RUN_BOX.x - 1} 46l-7 -3.5v7z` }),
    drawPart(RUN_BOX, 'AWS::Lambda::Function'),
    stateSymbol(state, FUNCTION_PAD + 5, 76),
    element(
      'text',
      { class: 'state', x: FUNCTION_PAD + 16, y: 80 },
      fitted(printable(describeState(unit, index.document)), width - 2 * FUNCTION_PAD - 16, 11),
    ),
  );
}

function drawPart({ x, y, width, height }: typeof SERVICE_BOX, origin: string): VirtualElement {
  return element(
    'g',
    {},
    element('rect', { class: 'part', x, y, width, height, rx: 5 }),
    element('text', { class: 'origin', x: x + width / 2, y: y + 17, 'text-anchor': 'middle' }, origin),
  );
}

/** Space between the border of a service's card and its content, and the start of its text. */
const SERVICE_PAD = 11;
const SERVICE_TEXT = 58;

/** Draws a node other than a function: its name, service and state. */
function drawService(unit: Unit, index: MapIndex): VirtualElement {
  const { width, height } = CARD_SIZES.service;
  const { document } = index;
  const state = stateOf(unit, document);
  const { title } = document.services[unit.node.kind];
  const text = describeState(unit, document);
  const badge = drawBadge(unit, document, width - SERVICE_PAD, 20);
  const room = width - SERVICE_TEXT - SERVICE_PAD;
  const top = text === '' ? 31 : 23;
  return element(
    'g',
    { class: `card service ${state}` },
    element('rect', { class: 'body', width, height, rx: 9 }),
    state === 'unsupported' ? drawHatch(width, height) : undefined,
    element('rect', { class: 'chip', x: SERVICE_PAD, y: 15, width: 37, height: 36, rx: 8 }),
    element('text', { class: 'initials', x: SERVICE_PAD + 18.5, y: 37 }, initialsOf(title)),
    element(
      'text',
      { class: 'name', x: SERVICE_TEXT, y: top },
      fitted(index.labelOf(unit), room - (badge ? badge.width + 6 : 0), NAME_SIZE),
    ),
    badge?.drawing,
    element(
      'text',
      { class: 'muted', x: SERVICE_TEXT, y: top + 16 },
      fitted(`${shortTitle(title)}${unit.node.stack === undefined ? ', outside' : ''}`, room, 11),
    ),
    ...(text === ''
      ? []
      : [
          stateSymbol(state, SERVICE_TEXT + 5, 51),
          element('text', { class: 'state', x: SERVICE_TEXT + 15, y: 55 }, fitted(text, room - 15, 11)),
        ]),
  );
}

/** Draws hatching for a card that is missing in traces. */
function drawHatch(width: number, height: number): VirtualElement {
  const strokes: string[] = [];
  for (let x = 16; x < width + height - 10; x += 18) {
    const [startX, startY] = x < width - 4 ? [x, 3] : [width - 4, x - width + 7];
    const [endX, endY] = x - height + 6 > 3 ? [x - height + 6, height - 3] : [4, x - 1];
    strokes.push(`M${startX} ${startY}L${endX} ${endY}`);
  }
  return element('path', { class: 'hatch', d: strokes.join('') });
}
