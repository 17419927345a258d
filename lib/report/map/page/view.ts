import { MODES, MODE_WORDS } from '../../function-summary';
import { count } from '../../wording';
import type { MapError } from '../document';
import { drawDiagram } from '../draw/diagram';
import { type Attributes, element, type VirtualElement } from '../draw/element';
import { legendEntries, SAMPLE, stateIcon } from '../draw/symbols';
import type { Shown } from '../layout/diagram';
import {
  describeCall,
  describeGroup,
  describeMap,
  describeUnit,
  lookOfState,
  NO_FUNCTIONS,
  shortTitle,
} from '../wording';
import { callDetails, unitDetails } from './details';
import { listView } from './list';
import { button } from './parts';
import { problemsPanel } from './problems';
import type { PageData, PageState } from './state';

/** Returns the body of the page. The page is written with it, and its script changes it with the view. */
export function pageView(state: PageState): VirtualElement[] {
  const { view } = state;
  return [
    element('a', { class: 'skip', href: '#panel' }, 'Skip to the problems'),
    header(state),
    element(
      'main',
      {},
      element(
        'section',
        { id: 'diagram', 'aria-label': 'Diagram', ...hiddenIf(view.isList) },
        ...diagram(state),
      ),
      element(
        'section',
        { id: 'list', 'aria-label': 'List of nodes', ...hiddenIf(!view.isList) },
        ...(view.isList ? listView(state) : []),
      ),
    ),
    element(
      'aside',
      { id: 'panel', tabindex: -1, 'aria-label': 'Problems and details', ...hiddenIf(!view.isPanelOpen) },
      ...panel(state),
    ),
    element('div', { id: 'tip', role: 'presentation' }),
    element('p', { id: 'status', class: 'unseen', role: 'status' }),
    element(
      'p.without-script',
      {},
      'To search, expand stacks and show the details of functions, this page needs JavaScript.',
    ),
  ];
}

function hiddenIf(isHidden: boolean): Attributes {
  return { hidden: isHidden ? '' : undefined };
}

function panel(state: PageState): VirtualElement[] {
  const { selected } = state.view;
  if (selected && 'unit' in selected) return unitDetails(selected.unit, state);
  return selected && 'calls' in selected ? callDetails(selected.calls, state) : problemsPanel(state);
}

/** Returns the title of the page: `Trace map of orders`. */
export function titleOf({ app }: Pick<PageData, 'app'>): string {
  return app ? `Trace map of ${app.name}` : 'Trace map';
}

function header(state: PageState): VirtualElement {
  const { app } = state;
  const { errors } = state.document;
  const version = [app?.revision, app?.date].filter((part) => part !== undefined).join(' · ');
  return element(
    'header',
    {},
    element(
      'div.title',
      {},
      element('h1', {}, titleOf(state)),
      version === '' ? undefined : element('p.muted', {}, version),
      element('p', { id: 'summary' }, describeMap(state.document)),
    ),
    errors.length > 0 ? unread(errors) : undefined,
    toolbar(state),
  );
}

/** Number of read errors that are listed. */
const MAX_ERRORS = 20;

function unread(errors: readonly MapError[]): VirtualElement {
  const listed = errors.slice(0, MAX_ERRORS).map(({ file, line, column, message }) => {
    const location = [file, line, column].filter((part) => part !== undefined).join(':');
    return element('li', {}, element('code', {}, location), `: ${message}`);
  });
  const more = errors.length - listed.length;
  return element(
    'div.unread',
    { role: 'note' },
    element(
      'details',
      {},
      element('summary', {}, `The map is incomplete: ${count(errors.length, 'file')} could not be read.`),
      element('ul', {}, ...listed, more > 0 ? element('li', {}, `and ${more} more`) : undefined),
    ),
  );
}

function toolbar(state: PageState): VirtualElement {
  const { view, document, layout } = state;
  const { gaps, brokenEdges, findings } = document.summary;
  const toFix = findings.error + findings.warning + findings.info;
  return element(
    'div.bar',
    { role: 'search' },
    searchBox(state),
    layout.groups.length > 1
      ? select('stacks', 'Stack', view.group, [
          ['', 'All stacks'],
          ...layout.groups.map(({ name }, group): [number, string] => [group, name]),
        ])
      : undefined,
    select('modes', 'Mode', view.mode, [
      ['', 'All modes'],
      ...MODES.map((mode): [string, string] => [mode, MODE_WORDS[mode]]),
    ]),
    toggle('breaks', `Breaks ${gaps + brokenEdges}`, view.only === 'breaks'),
    toggle('findings', `Findings ${toFix}`, view.only === 'findings'),
    toggle('full', 'X-Ray nodes', view.isFull),
    toggle('list', 'List', view.isList),
    toggle('panel', 'Problems', view.isPanelOpen),
  );
}

function toggle(act: string, text: string, isPressed: boolean): VirtualElement {
  return button({ class: 'toggle', 'data-act': act, 'aria-pressed': String(isPressed) }, text);
}

function select(
  id: string,
  label: string,
  value: string | number | undefined,
  options: readonly (readonly [string | number, string])[],
): VirtualElement {
  return element(
    'select',
    { id, 'aria-label': label, 'data-value': value },
    ...options.map(([own, text]) => element('option', { value: own }, text)),
  );
}

/** Number of search results that are listed. */
const MAX_RESULTS = 40;

/** Returns the search field and its results ("Combobox Pattern", ARIA Authoring Practices Guide). */
function searchBox(state: PageState): VirtualElement {
  const { query, option = -1 } = state.view;
  const isOpen = query.trim() !== '' && state.view.option !== undefined;
  const found = isOpen ? state.find(query) : [];
  const more = found.length - MAX_RESULTS;
  const none = (text: string) => element('li.none', { role: 'presentation' }, text);
  return element(
    'div.search',
    {},
    element('input', {
      id: 'search',
      type: 'search',
      placeholder: 'Find a function, a queue, a service …',
      'aria-label': 'Find a node',
      role: 'combobox',
      'aria-expanded': String(isOpen),
      'aria-controls': 'found',
      'aria-autocomplete': 'list',
      'aria-activedescendant': option === -1 ? undefined : `option-${option}`,
      autocomplete: 'off',
      spellcheck: 'false',
    }),
    element(
      'ul',
      { id: 'found', role: 'listbox', 'aria-label': 'Search results', ...hiddenIf(!isOpen) },
      ...found.slice(0, MAX_RESULTS).map((unit, i) => result(unit, i, i === option, state)),
      isOpen && found.length === 0 ? none('No nodes found.') : undefined,
      more > 0 ? none(`And ${more} more.`) : undefined,
    ),
  );
}

function result(
  unit: number,
  i: number,
  isSelected: boolean,
  { index, document }: PageState,
): VirtualElement {
  const own = index.units[unit];
  const stack = index.stackOf(own)?.name ?? 'outside of the templates';
  return element(
    'li',
    { role: 'option', id: `option-${i}`, 'data-option': unit, 'aria-selected': String(isSelected) },
    stateIcon(lookOfState(own.node.state)),
    element('span.name', {}, index.labelOf(unit)),
    element('span.muted', {}, `${shortTitle(document.services[own.node.kind].title)}, ${stack}`),
  );
}

function diagram(state: PageState): VirtualElement[] {
  const { width, height, hidden, cards } = state.diagram;
  const note =
    cards.length === 0
      ? NO_FUNCTIONS
      : `${count(hidden, 'call')} between stacks ${hidden === 1 ? 'is' : 'are'} not drawn. Expand a stack to see its calls.`;
  return [
    element('p', { id: 'hidden', ...hiddenIf(cards.length > 0 && hidden === 0) }, note),
    element(
      'div',
      { id: 'canvas' },
      element(
        'svg',
        {
          class: ['diagram', ...(state.view.selected ? ['following'] : [])].join(' '),
          width,
          height,
          viewBox: `0 0 ${width} ${height}`,
          role: 'group',
          'aria-label': 'Nodes and calls',
        },
        ...drawing(state),
      ),
    ),
    element(
      'div',
      { class: 'zoom', role: 'group', 'aria-label': 'Zoom' },
      button({ 'data-act': 'zoom-out', 'aria-label': 'Zoom out' }, '−'),
      button({ 'data-act': 'zoom-in', 'aria-label': 'Zoom in' }, '+'),
      button({ 'data-act': 'fit' }, 'Fit'),
    ),
    legend(),
  ];
}

function drawing(state: PageState): VirtualElement[] {
  const { diagram: drawn, view, index, layout, lit } = state;
  const { selected } = view;
  const found = view.option === undefined ? undefined : new Set(state.find(view.query));
  const isShown = (shows: Shown) =>
    'unit' in shows
      ? state.isMatching(shows.unit)
      : layout.groups[shows.group].units.some((unit) => state.isMatching(unit));
  const isLit = (shows: Shown) =>
    'unit' in shows
      ? lit?.units.has(shows.unit)
      : layout.groups[shows.group].units.some((unit) => lit?.units.has(unit));
  const classes = (names: Readonly<Record<string, boolean | undefined>>) =>
    Object.keys(names)
      .filter((name) => names[name])
      .join(' ');
  const edge = (i: number) => {
    const { edges } = drawn.edges[i];
    return {
      'data-calls': edges.join(),
      lit: classes({
        lit: edges.some((call) => lit?.calls.has(call)),
        off: state.isFiltering && !state.isMatchingEdge(edges),
      }),
    };
  };
  const [lines, signs] = [new Map<number, ReturnType<typeof edge>>(), drawn.edges];
  const edgeAt = (i: number) => lines.get(i) ?? lines.set(i, edge(i)).get(i)!;
  return drawDiagram(drawn, index, layout, {
    isFull: view.isFull,
    card: (i) => {
      const { shows } = drawn.cards[i];
      const isSelected =
        selected !== undefined && 'unit' in selected && 'unit' in shows && selected.unit === shows.unit;
      return {
        role: 'button',
        tabindex: 0,
        class: classes({
          off: state.isFiltering && !isShown(shows),
          dim: found && !('unit' in shows && found.has(shows.unit)),
          found: found && 'unit' in shows && found.has(shows.unit),
          lit: isLit(shows),
          selected: isSelected,
        }),
        ...('unit' in shows
          ? {
              'data-unit': shows.unit,
              'aria-pressed': String(isSelected),
            }
          : {
              'data-group': shows.group,
              'aria-expanded': 'false',
            }),
      };
    },
    cardName: (i) => {
      const { shows } = drawn.cards[i];
      return 'unit' in shows ? describeUnit(shows.unit, index) : describeGroup(layout.groups[shows.group]);
    },
    line: (i) => ({
      'data-calls': edgeAt(i)['data-calls'],
      'data-state': edgeAt(i).lit,
      'aria-hidden': 'true',
    }),
    sign: (i) => ({
      role: 'button',
      tabindex: 0,
      'data-calls': edgeAt(i)['data-calls'],
      'data-state': edgeAt(i).lit,
      'aria-label': edgeLabel(signs[i].edges, state),
    }),
    frame: (i) => (layout.whole ? undefined : collapseButton(drawn.frames[i].group, i, state)),
  });
}

/** Describes the calls of an edge for screen readers: `Table to Changes: breaks the trace, from a stream`. */
function edgeLabel(calls: readonly number[], { document, index }: PageState): string {
  const [first] = calls.map((call) => document.edges[call]);
  const [from, to] = [first.from, first.to].map((id) => index.labelOf(index.unitOf(id)!));
  const more = calls.length > 1 ? `, and ${count(calls.length - 1, 'more call')}` : '';
  return `${from} to ${to}: ${describeCall(first)}${more}`;
}

function collapseButton(group: number, i: number, { layout, diagram: drawn }: PageState): VirtualElement {
  const { x, y, width } = drawn.frames[i];
  return element(
    'g.collapse',
    {
      role: 'button',
      tabindex: 0,
      'data-group': group,
      'aria-expanded': 'true',
      'aria-label': `Collapse ${layout.groups[group].name}`,
    },
    element('rect.body', { x: x + width - 36, y: y + 6, width: 28, height: 24, rx: 6, 'fill-opacity': 0 }),
    element('path.symbol', { d: `M${x + width - 28} ${y + 18}h12` }),
  );
}

function legend(): VirtualElement {
  const { width, height } = SAMPLE;
  const entries = legendEntries().map(({ drawing: sample, text }) =>
    element('li', {}, element('svg.diagram', { width, height, 'aria-hidden': 'true' }, sample), text),
  );
  return element(
    'details',
    { id: 'legend' },
    element('summary', {}, 'Legend'),
    element('ul', {}, ...entries),
  );
}
