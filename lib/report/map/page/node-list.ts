import { element, type VirtualElement } from '../draw/element';
import type { MapIndex, UnitEdge } from '../layout/units';
import { callInWords, stateInWords } from '../wording';

/** Units with what becomes of traces there, and with their calls. */
export function nodeList(units: readonly number[], index: MapIndex): VirtualElement {
  return element('ul', { class: 'nodes' }, ...units.map((unit) => node(unit, index)));
}

function node(unit: number, index: MapIndex): VirtualElement {
  const own = index.units[unit];
  const state = stateInWords(own, index.document);
  const { title } = index.document.services[own.node.kind];
  return element(
    'li',
    {},
    element('button', { type: 'button', 'data-unit': unit }, index.labelOf(own)),
    element('span', { class: 'muted' }, ` ${title}${state === '' ? '' : `: ${state}`}`),
    ...callList('calls', index.outgoing(unit), ({ to }) => to, index),
  );
}

/** Calls to or from others, each with what it does to the trace; nothing where there are none. */
export function callList(
  words: string,
  calls: readonly UnitEdge[],
  otherOf: (call: UnitEdge) => number,
  index: MapIndex,
): VirtualElement[] {
  if (calls.length === 0) return [];
  const items = calls.map((call) => {
    const other = index.units[otherOf(call)];
    const { edge } = call;
    return element(
      'li',
      { class: edge.isBroken ? 'broken' : undefined },
      `${words} `,
      element('button', { type: 'button', 'data-unit': otherOf(call) }, index.labelOf(other)),
      element('span', { class: 'muted' }, `: ${edge.isBroken ? '✕ ' : ''}${callInWords(edge)}`),
    );
  });
  return [element('ul', { class: 'calls' }, ...items)];
}
