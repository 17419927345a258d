import { element, type VirtualElement } from '../draw/element';
import { stateIcon } from '../draw/symbols';
import type { MapIndex } from '../layout/units';
import { describeState, stateOf } from '../wording';
import {
  costSection,
  expectedTraceSection,
  findingSection,
  memorySection,
  modeSection,
  permissionSection,
  section,
  versionSection,
} from './details-sections';
import { type Announcer, elementOf, fill, numberAt } from './dom';
import { callList } from './list-view';
import type { PageState, View } from './state';

/** The panel beside the diagram with the details of a node. */
export class Panel {
  private readonly panel = elementOf('panel');
  /** The element that had the focus before the panel opened. */
  private opener: Element | null = null;

  constructor(
    private readonly pageState: PageState,
    private readonly announcer: Announcer,
  ) {
    this.panel.addEventListener('click', ({ target }) => {
      const unit = numberAt(target, 'unit');
      if (unit !== undefined) pageState.open(unit);
      if (target instanceof Element && target.closest('.close')) this.close();
    });
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && pageState.view.unit !== undefined) this.close();
    });
    pageState.on((view, before) => this.follow(view, before));
  }

  private follow({ unit }: View, before: View | undefined): void {
    if (unit === before?.unit) return;
    if (before?.unit === undefined) this.opener = document.activeElement;
    this.panel.hidden = unit === undefined;
    document.documentElement.classList.toggle('with-panel', unit !== undefined);
    if (unit === undefined) return;
    const { index } = this.pageState;
    fill(this.panel, ...panelContents(unit, index));
    this.panel.scrollTo(0, 0);
    this.panel.querySelector('h2')?.focus();
  }

  private close(): void {
    const { unit } = this.pageState.view;
    this.pageState.show({ unit: undefined });
    const card = this.pageState.diagram.cards.findIndex(
      ({ shows }) => 'unit' in shows && shows.unit === unit,
    );
    const drawn = document.querySelector<SVGElement>(`#canvas [data-card="${card}"]`);
    const back = [drawn, this.opener].find((element) => element?.checkVisibility());
    (back as HTMLElement | undefined)?.focus();
    this.announcer.say('Panel closed.');
  }
}

/** Returns the details of a unit: a heading and a section for each topic. */
function panelContents(unit: number, index: MapIndex): VirtualElement[] {
  const { document } = index;
  const own = index.units[unit];
  const { node, function: fn } = own;
  const state = stateOf(own, document);
  const stateText = describeState(own, document);
  const stack = index.stackOf(own);
  const location = stack && index.formatLocation({ stack: stack.id, line: node.line, source: node.source });
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
    location === undefined
      ? undefined
      : element(
          'p',
          { class: 'muted' },
          element('code', {}, node.logicalId ?? ''),
          ', ',
          element('code', {}, location),
        ),
    stateText === ''
      ? undefined
      : element('p', { class: `state-box ${state}` }, stateIcon(state), element('strong', {}, stateText)),
    ...(node.isGap
      ? [
          element(
            'p',
            {},
            'The function is on a traced path but not traced. Its two nodes are missing in traces, and what it calls is disconnected from the trace.',
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
        'No callers in the templates.',
      ),
    ),
    section(
      'Calls',
      ...orElse(
        callList('', index.outgoing(unit), ({ to }) => to, index),
        'No calls in the templates.',
      ),
    ),
    ...(fn ? [expectedTraceSection(fn, index)] : []),
    section(
      'AWS documentation',
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

/** Returns the setting that turns tracing on, unless it is on or X-Ray does not support it. */
function hint(unit: number, index: MapIndex): VirtualElement[] {
  const { node } = index.units[unit];
  const { tracingProperty, recording } = node;
  if (!tracingProperty || recording === 'yes' || stateOf(index.units[unit], index.document) === 'unsupported')
    return [];
  const { property, value, logicalId } = tracingProperty;
  return [
    element(
      'p',
      { class: 'hint' },
      'To turn tracing on, set ',
      element('code', {}, `${property}: ${value}`),
      ' on ',
      element('code', {}, logicalId),
      ` (${index.formatLocation(tracingProperty)}).`,
    ),
  ];
}

function orElse(contents: readonly VirtualElement[], placeholder: string): readonly VirtualElement[] {
  return contents.length > 0 ? contents : [element('p', { class: 'muted' }, placeholder)];
}
