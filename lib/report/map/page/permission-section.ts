import { element, type VirtualElement } from '../drawing/element';
import type { MapFunction } from '../map-function';
import { section } from './section';

const STATES: Readonly<Record<MapFunction['permissions']['state'], string>> = {
  granted: 'Its role may write to X-Ray.',
  missing: 'Its role may not write to X-Ray, so that no traces come, and nobody is told.',
  unknown: 'Templates don’t tell whether its role may write to X-Ray.',
};

/** Whether a function's role may write traces, and by which policies. */
export function permissionSection({ permissions }: MapFunction): VirtualElement {
  const { state, missing, policies = [] } = permissions;
  return section(
    'Permission to write traces',
    element('p', { class: `permission ${state}` }, STATES[state]),
    ...codes('It lacks ', missing),
    ...codes('By ', policies),
  );
}

function codes(words: string, names: readonly string[]): VirtualElement[] {
  if (names.length === 0) return [];
  const listed = names.flatMap((name, i) => [i === 0 ? '' : ', ', element('code', {}, name)]);
  return [element('p', {}, words, ...listed, '.')];
}
