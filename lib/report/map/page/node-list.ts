import { element, type VirtualElement } from '../draw/element';
import type { MapIndex, UnitEdge } from '../layout/units';
import { describeCall, describeState } from '../wording';

/** Lists units with their states and calls. */
export function nodeList(units: readonly number[], index: MapIndex): VirtualElement {
  return element('ul', { class: 'nodes' }, ...units.map((unit) => node(unit, index)));
}

function node(unit: number, index: MapIndex): VirtualElement {
  const own = index.units[unit];
  const state = describeState(own, index.document);
  const { title } = index.document.services[own.node.kind];
  return element(
    'li',
    {},
    element('button', { type: 'button', 'data-unit': unit }, index.labelOf(own)),
    element('span', { class: 'muted' }, ` ${title}${state === '' ? '' : `: ${state}`}`),
    ...callList('calls', index.outgoing(unit), ({ to }) => to, index),
  );
}

/** Lists calls with their effect on the trace. Empty if there are none. */
export function callList(
  verb: string,
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
      `${verb} `,
      element('button', { type: 'button', 'data-unit': otherOf(call) }, index.labelOf(other)),
      element('span', { class: 'muted' }, `: ${edge.isBroken ? '✕ ' : ''}${describeCall(edge)}`),
    );
  });
  return [element('ul', { class: 'calls' }, ...items)];
}
