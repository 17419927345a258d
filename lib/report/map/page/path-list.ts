import type { MapIndex } from '../atlas/map-index';
import type { UnitEdge } from '../atlas/units';
import { element, type VirtualElement } from '../drawing/element';
import { callInWords, stateInWords } from '../in-words';

/** Paths that are longer than this are gone on with by their last node's own. */
const MAX_DEPTH = 12;

/**
 * The paths that traces take through units, as lists within lists, from whatever nothing else of them calls. What is
 * reached in several ways is gone on with where it is met first.
 */
export function pathList(units: readonly number[], index: MapIndex): VirtualElement {
  const own = new Set(units);
  const followed = new Set<number>();
  const isEntry = (unit: number) => index.incoming(unit).every(({ from }) => !own.has(from) || from === unit);
  const calls = (unit: number) => index.outgoing(unit).length > 0;
  const from = (starts: readonly number[]) =>
    starts.flatMap((unit) => (followed.has(unit) ? [] : [step(unit, undefined, 0)]));
  const items = [...from(units.filter((unit) => isEntry(unit) && calls(unit))), ...from(units.filter(calls))];
  return items.length === 0
    ? element('p', {}, 'Nothing here calls anything, as far as templates tell.')
    : element('ul', { class: 'paths' }, ...items);

  function step(unit: number, by: UnitEdge | undefined, depth: number): VirtualElement {
    const node = index.units[unit];
    const state = stateInWords(node, index.document);
    const isNew = !followed.has(unit) && own.has(unit) && depth < MAX_DEPTH;
    if (isNew) followed.add(unit);
    const next = isNew ? index.outgoing(unit) : [];
    const isCut = !isNew && index.outgoing(unit).length > 0;
    return element(
      'li',
      { class: by?.edge.isBroken ? 'broken' : undefined },
      by && element('span', { class: 'muted' }, `${by.edge.isBroken ? '✕ ' : ''}${callInWords(by.edge)}: `),
      element('button', { type: 'button', 'data-unit': unit }, index.labelOf(node)),
      state === '' ? undefined : element('span', { class: 'muted' }, ` ${state}`),
      isCut ? element('span', { class: 'muted' }, ', and on') : undefined,
      next.length > 0 ? element('ul', {}, ...next.map((edge) => step(edge.to, edge, depth + 1))) : undefined,
    );
  }
}
