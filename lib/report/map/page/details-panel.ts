import { element, type VirtualElement } from '../draw/element';
import { stateIcon } from '../draw/symbols';
import type { MapIndex } from '../layout/units';
import { stateInWords, stateOf } from '../wording';
import {
  expectedTraceSection,
  costSection,
  findingSection,
  memorySection,
  modeSection,
  permissionSection,
  section,
  versionSection,
} from './details-sections';
import { type Announcer, elementOf, fill, numberAt } from './dom';
import { callList } from './node-list';
import type { PageState, View } from './state';

/** All that there is to tell of one node, beside the picture. */
export class Panel {
  private readonly panel = elementOf('panel');
  /** Where the focus was before. */
  private opener: Element | null = null;

  constructor(
    private readonly reading: PageState,
    private readonly announcer: Announcer,
  ) {
    this.panel.addEventListener('click', ({ target }) => {
      const unit = numberAt(target, 'unit');
      if (unit !== undefined) reading.open(unit);
      if (target instanceof Element && target.closest('.close')) this.close();
    });
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && reading.view.unit !== undefined) this.close();
    });
    reading.on((view, before) => this.follow(view, before));
  }

  private follow({ unit }: View, before: View | undefined): void {
    if (unit === before?.unit) return;
    if (before?.unit === undefined) this.opener = document.activeElement;
    this.panel.hidden = unit === undefined;
    document.documentElement.classList.toggle('with-panel', unit !== undefined);
    if (unit === undefined) return;
    const { index } = this.reading;
    fill(this.panel, ...panelContents(unit, index));
    this.panel.scrollTo(0, 0);
    this.panel.querySelector('h2')?.focus();
  }

  private close(): void {
    const { unit } = this.reading.view;
    this.reading.show({ unit: undefined });
    const card = this.reading.picture.cards.findIndex(({ shows }) => 'unit' in shows && shows.unit === unit);
    const drawn = document.querySelector<SVGElement>(`#canvas [data-card="${card}"]`);
    const back = [drawn, this.opener].find((element) => element?.checkVisibility());
    (back as HTMLElement | undefined)?.focus();
    this.announcer.say('The panel is closed.');
  }
}

/** All that there is to tell of a unit: a heading, and a section for each question that one may have. */
function panelContents(unit: number, index: MapIndex): VirtualElement[] {
  const { document } = index;
  const own = index.units[unit];
  const { node, function: fn } = own;
  const state = stateOf(own, document);
  const words = stateInWords(own, document);
  const stack = index.stackOf(own);
  const place = stack && index.locationInWords({ stack: stack.id, line: node.line });
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
    ...(node.isGap
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
    ...(fn ? [expectedTraceSection(fn, index)] : []),
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
  const { tracingProperty: turnsOn, recording } = node;
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
      ` (${index.locationInWords(turnsOn)}).`,
    ),
  ];
}

function orElse(contents: readonly VirtualElement[], words: string): readonly VirtualElement[] {
  return contents.length > 0 ? contents : [element('p', { class: 'muted' }, words)];
}
