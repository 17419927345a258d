import { CARD_SIZES } from '../layout/diagram';
import type { MapIndex, Unit } from '../layout/units';
import { describeState, shortTitle, stateOf } from '../wording';
import { element, type VirtualElement } from './element';
import { drawHatch } from './function-card';
import { drawBadge, stateSymbol } from './symbols';
import { fitted, initialsOf, NAME_SIZE } from './text-width';

const { width, height } = CARD_SIZES.service;
const PAD = 11;
const TEXT = 58;

/** Draws a node other than a function: its name, service and state. */
export function drawService(unit: Unit, index: MapIndex): VirtualElement {
  const { document } = index;
  const state = stateOf(unit, document);
  const { title } = document.services[unit.node.kind];
  const text = describeState(unit, document);
  const badge = drawBadge(unit, document, width - PAD, 20);
  const room = width - TEXT - PAD;
  const top = text === '' ? 31 : 23;
  return element(
    'g',
    { class: `card service ${state}` },
    element('rect', { class: 'body', width, height, rx: 9 }),
    state === 'unsupported' ? drawHatch(width, height) : undefined,
    element('rect', { class: 'chip', x: PAD, y: 15, width: 37, height: 36, rx: 8 }),
    element('text', { class: 'initials', x: PAD + 18.5, y: 37 }, initialsOf(title)),
    element(
      'text',
      { class: 'name', x: TEXT, y: top },
      fitted(index.labelOf(unit), room - (badge ? badge.width + 6 : 0), NAME_SIZE),
    ),
    badge?.drawing,
    element(
      'text',
      { class: 'muted', x: TEXT, y: top + 16 },
      fitted(`${shortTitle(title)}${unit.node.stack === undefined ? ', outside' : ''}`, room, 11),
    ),
    ...(text === ''
      ? []
      : [
          stateSymbol(state, TEXT + 5, 51),
          element('text', { class: 'state', x: TEXT + 15, y: 55 }, fitted(text, room - 15, 11)),
        ]),
  );
}
