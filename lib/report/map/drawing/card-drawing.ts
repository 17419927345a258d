import type { Atlas, Card } from '../atlas/diagram';
import type { MapIndex } from '../atlas/units';
import { element, type VirtualElement } from './element';
import { drawnFolder } from './folder-drawing';
import { drawnFunction } from './function-drawing';
import { drawnService } from './service-drawing';

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
