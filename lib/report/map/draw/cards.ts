import type { Atlas, Card } from '../layout/diagram';
import type { MapIndex } from '../layout/units';
import { element, type VirtualElement } from './element';
import { drawnFunction } from './function-card';
import { drawnFolder } from './group-card';
import { drawnService } from './service-card';

/** A card, drawn as if its corner were at the origin. */
export function drawnCard(
  { shows, isNeighbour }: Card,
  index: MapIndex,
  { folders }: Pick<Atlas, 'folders'>,
): VirtualElement {
  if ('folder' in shows) return drawnFolder(folders[shows.folder], isNeighbour);
  if ('more' in shows) return drawnMore(shows.more);
  const unit = index.units[shows.unit];
  return unit.run ? drawnFunction(unit, index) : drawnService(unit, index);
}

function drawnMore(more: number): VirtualElement {
  return element(
    'g',
    { class: 'card more' },
    element('rect', { class: 'body', width: 160, height: 44, rx: 8 }),
    element('text', { class: 'muted', x: 80, y: 26, 'text-anchor': 'middle' }, `and ${more} more neighbours`),
  );
}
