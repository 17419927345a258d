import type { MapLayout, Card } from '../layout/diagram';
import type { MapIndex } from '../layout/units';
import { element, type VirtualElement } from './element';
import { drawFunction } from './function-card';
import { drawGroup } from './group-card';
import { drawService } from './service-card';

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
