import type { MapIndex } from '../atlas/map-index';
import { element, type VirtualElement } from '../drawing/element';
import { stateIcon } from '../drawing/symbols';
import { stateInWords, stateOf } from '../in-words';
import { anatomySection } from './anatomy-section';
import { costSection } from './cost-section';
import { findingSection } from './finding-section';
import { memorySection } from './memory-section';
import { modeSection } from './mode-section';
import { callList } from './node-list';
import { permissionSection } from './permission-section';
import { section } from './section';
import { versionSection } from './version-section';

/** All that there is to tell of a unit: a heading, and a section for each question that one may have. */
export function panelContents(unit: number, index: MapIndex): VirtualElement[] {
  const { document } = index;
  const own = index.units[unit];
  const { node, function: fn } = own;
  const state = stateOf(own, document);
  const words = stateInWords(own, document);
  const stack = index.stackOf(own);
  const place = stack && index.placeInWords({ stack: stack.id, line: node.line });
  return [
    element('button', { type: 'button', class: 'close', 'aria-label': 'Close (Escape)' }, '✕'),
    element('h2', { tabindex: -1, id: 'panel-title' }, index.labelOf(own)),
    element(
      'p',
      { class: 'muted' },
      [document.services[node.kind].title, stack ? `in ${stack.name}` : 'outside of the templates'].join(
        ', ',
      ),
    ),
    place === undefined
      ? undefined
      : element(
          'p',
          { class: 'muted' },
          element('code', {}, node.logicalId ?? ''),
          ', ',
          element('code', {}, place),
        ),
    words === ''
      ? undefined
      : element('p', { class: `verdict ${state}` }, stateIcon(state), element('strong', {}, words)),
    ...(node.isHole
      ? [
          element(
            'p',
            {},
            'Traces come by, and it records nothing of them: its two nodes are missing, and what it calls hangs in the air.',
          ),
        ]
      : []),
    ...hint(unit, index),
    findingSection(unit, index),
    ...(fn
      ? [
          modeSection(fn, index),
          permissionSection(fn),
          versionSection(fn, index),
          memorySection(fn),
          ...costSection(fn),
        ]
      : []),
    section(
      'Called by',
      ...orElse(
        callList('', index.incoming(unit), ({ from }) => from, index),
        'Nothing, as far as templates tell.',
      ),
    ),
    section(
      'Calls',
      ...orElse(
        callList('', index.outgoing(unit), ({ to }) => to, index),
        'Nothing, as far as templates tell.',
      ),
    ),
    ...(fn ? [anatomySection(fn, index)] : []),
    section(
      'What AWS says',
      element(
        'p',
        {},
        element(
          'a',
          { href: document.services[node.kind].source.url, rel: 'noreferrer', target: '_blank' },
          document.services[node.kind].source.title,
        ),
      ),
    ),
  ].filter((content) => content !== undefined);
}

/** What turns its recording on. */
function hint(unit: number, index: MapIndex): VirtualElement[] {
  const { node } = index.units[unit];
  const { switch: turnsOn, recording } = node;
  if (!turnsOn || recording === 'yes' || stateOf(index.units[unit], index.document) === 'unsupported')
    return [];
  const { property, value, logicalId } = turnsOn;
  return [
    element(
      'p',
      { class: 'hint' },
      'It records with ',
      element('code', {}, `${property}: ${value}`),
      ' on ',
      element('code', {}, logicalId),
      ` (${index.placeInWords(turnsOn)}).`,
    ),
  ];
}

function orElse(contents: readonly VirtualElement[], words: string): readonly VirtualElement[] {
  return contents.length > 0 ? contents : [element('p', { class: 'muted' }, words)];
}
