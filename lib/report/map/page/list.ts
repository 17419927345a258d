import { count } from '../../wording';
import { element, type VirtualElement } from '../draw/element';
import { describeState, NO_FUNCTIONS } from '../wording';
import { callList } from './details';
import { button, unitButton } from './parts';
import type { PageState } from './state';

/** Returns the map as lists: the nodes of each stack with their states and calls. */
export function listView(state: PageState): VirtualElement[] {
  const { layout, view, index } = state;
  if (index.units.length === 0) return [element('p', {}, NO_FUNCTIONS)];
  const matches = layout.groups.map(({ units }) => units.filter((unit) => state.isMatching(unit)));
  if (matches.every(({ length }) => length === 0)) return [element('p', {}, 'No matching nodes.')];
  return layout.groups.flatMap(({ name }, group) => {
    const units = matches[group];
    if (units.length === 0) return [];
    const isOpen = layout.whole !== undefined || view.expanded.has(group);
    const title = `${name} (${count(units.length, 'node')})`;
    return [
      element(
        'h2',
        {},
        layout.whole ? title : button({ 'data-group': group, 'aria-expanded': String(isOpen) }, title),
      ),
      ...(isOpen ? [element('ul.nodes', {}, ...units.map((unit) => node(unit, state)))] : []),
    ];
  });
}

function node(unit: number, state: PageState): VirtualElement {
  const own = state.index.units[unit];
  const text = describeState(own);
  const { title } = state.document.services[own.node.kind];
  return element(
    'li',
    {},
    unitButton(unit, state),
    element('span.muted', {}, ` ${title}${text === '' ? '' : `: ${text}`}`),
    ...callList(state.index.outgoing(unit), 'to', state),
  );
}
