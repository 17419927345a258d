import { count } from '../../wording';
import { h, type Value, type VirtualElement } from '../draw/element';
import { describeState, NO_FUNCTIONS } from '../wording';
import { callList } from './details';
import { button, unitButton } from './parts';
import type { PageState } from './state';

/** Returns the map as lists: the nodes of each stack with their states and calls. */
export function listView(state: PageState): Value {
  const { layout, view, index } = state;
  if (index.units.length === 0) return h`<p>${NO_FUNCTIONS}</p>`;
  const matches = layout.groups.map(({ units }) => units.filter((unit) => state.isMatching(unit)));
  if (matches.every(({ length }) => length === 0)) return h`<p>No matching nodes.</p>`;
  return layout.groups.map(({ name }, group) => {
    const units = matches[group];
    const isOpen = view.expanded.has(group);
    const title = `${name} (${count(units.length, 'node')})`;
    const toggle = { 'data-group': group, 'aria-expanded': String(isOpen) };
    return (
      units.length > 0 && [
        h`<h2>${button(toggle, title)}</h2>`,
        isOpen && h`<ul class="nodes">${units.map((unit) => node(unit, state))}</ul>`,
      ]
    );
  });
}

function node(unit: number, state: PageState): VirtualElement {
  const own = state.index.units[unit];
  const text = describeState(own);
  const { title } = state.document.services[own.node.kind];
  return h`
    <li>
      ${unitButton(unit, state)}<span class="muted"> ${title}${text === '' ? '' : `: ${text}`}</span>
      ${callList(state.index.outgoing(unit), 'to', state)}
    </li>`;
}
