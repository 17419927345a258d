import type { ReportedMode } from '../../function-summary';
import { count } from '../../wording';
import { tipText } from './details';
import { announce, elementOf, patch, valueAt } from './dom';
import { MAX_RESULTS, type PageData, PageState, type Selected, type View } from './state';
import { pageView } from './view';
import { Zoom } from './zoom';

const state = new PageState(JSON.parse(elementOf('data').textContent) as PageData);
const zoom = new Zoom(elementOf('canvas'));
/** The script and its data follow the view in the body. */
const view = elementOf('page');

/** Changes the view. */
function show(change: Partial<View>): void {
  const before = state.address;
  const { diagram } = state;
  state.view = { ...state.view, ...change };
  patch(view, pageView(state).children);
  if (state.diagram !== diagram) zoom.resize(state.diagram);
  if (state.address !== before) remember(state.address);
}

/** Adds an address to the browser's history. Some browsers refuse this for files. */
function remember(address: string): void {
  try {
    history.pushState(null, '', address === '' ? location.pathname : `#${address}`);
  } catch {
    // The page works without a history.
  }
}

/** Selects a unit, calls or a problem. Expands the stack that shows it: of a call, that of the called node. */
function select(selected: Selected): void {
  const { expanded } = state.view;
  const { units } = state.partsOf(selected);
  const group = state.layout.groupOf[units[units.length - 1]];
  const isShown = group === undefined || expanded.has(group);
  show({
    selected,
    isPanelOpen: true,
    option: undefined,
    expanded: isShown ? expanded : new Set([...expanded, group]),
  });
  reveal(units);
  if (!('problem' in selected)) {
    elementOf('panel').scrollTo(0, 0);
    elementOf('details').querySelector('h2')?.focus();
  }
}

/** Scrolls the diagram to both ends of a path or, if they do not fit, to the last unit. */
function reveal(units: readonly number[]): void {
  if (state.view.isList) return;
  zoom.read();
  for (const unit of new Set([...units.slice(0, 1), ...units.slice(-1)]))
    cardOf(unit)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** Returns the drawn card of a unit or, if its group is collapsed, of the group. */
function cardOf(unit: number): SVGElement | null {
  const shown = state.view.expanded.has(state.layout.groupOf[unit]);
  const value = shown ? `[data-unit="${unit}"]` : `[data-group="${state.layout.groupOf[unit]}"]`;
  return elementOf('canvas').querySelector<SVGElement>(`.cards > ${value}`);
}

function toggleGroup(group: number): void {
  const expanded = new Set(state.view.expanded);
  const isExpanded = !expanded.delete(group);
  if (isExpanded) expanded.add(group);
  show({ expanded });
  const { name, units } = state.layout.groups[group];
  announce(`${name} ${isExpanded ? `expanded: ${count(units.length, 'node')}` : 'collapsed'}.`);
  if (state.view.isList) return;
  cardOf(units[0])?.focus({ preventScroll: true });
  reveal(units.slice(0, 1));
}

const ACTIONS: Readonly<Record<string, () => void>> = {
  breaks: () => toggleOnly('breaks'),
  findings: () => toggleOnly('findings'),
  full: () => show({ isFull: !state.view.isFull }),
  list: () => show({ isList: !state.view.isList }),
  panel: () => show({ isPanelOpen: !state.view.isPanelOpen }),
  problems: () => closeDetails(),
  'zoom-in': () => zoom.act('in'),
  'zoom-out': () => zoom.act('out'),
  fit: () => zoom.act('fit'),
};

function toggleOnly(only: View['only']): void {
  filter({ only: state.view.only === only ? undefined : only });
}

function closeDetails(): void {
  const { selected } = state.view;
  show({ selected: undefined });
  // The attribute of the card or sign that was selected. A problem is not drawn.
  const [[name, value]] = Object.entries(selected ?? { problem: '' });
  const drawn = document.querySelector<SVGElement>(`#canvas .cards [data-${name}="${String(value)}"]`);
  if (drawn?.checkVisibility()) drawn.focus({ preventScroll: true });
  else elementOf('problems').querySelector('h2')?.focus();
  announce('Problems.');
}

/** Changes the filters. */
function filter(change: Partial<View>): void {
  const { group } = change;
  show({ ...change, ...(group !== undefined && { expanded: new Set([...state.view.expanded, group]) }) });
  const matches = [...state.index.units.keys()].filter((unit) => state.isMatching(unit));
  // A node in a collapsed stack is not drawn.
  const drawn = matches.find((unit) => state.view.expanded.has(state.layout.groupOf[unit])) ?? matches[0];
  if (state.isFiltering && drawn !== undefined) reveal([drawn]);
  announce(
    state.isFiltering
      ? `${count(matches.length, 'node')} ${matches.length === 1 ? 'matches' : 'match'}.`
      : 'All nodes are shown.',
  );
}

view.addEventListener('click', ({ target }) => activate(target));

/** Handlers of data attributes. The first that an element or its ancestors have counts. */
const HANDLERS: Readonly<Record<string, (value: string) => void>> = {
  copy: (text) => void copy(text),
  act: (action) => ACTIONS[action](),
  problem: (problem) => select({ problem: Number(problem) }),
  calls: (calls) => select({ calls: calls.split(',').map(Number) }),
  unit: (unit) => select({ unit: Number(unit) }),
  option: (unit) => select({ unit: Number(unit) }),
  group: (group) => toggleGroup(Number(group)),
};

function activate(target: EventTarget | null): void {
  for (const [name, handle] of Object.entries(HANDLERS)) {
    const value = valueAt(target, name);
    if (value !== undefined) return handle(value);
  }
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    announce(`Copied ${text}.`);
  } catch {
    announce('The browser does not allow copying.');
  }
}

view.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLSelectElement)) return;
  const value = target.value === '' ? undefined : target.value;
  if (target.id === 'modes') filter({ mode: value as ReportedMode | undefined });
  else filter({ group: value === undefined ? undefined : Number(value) });
});

view.addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return;
  const isTyped = target.value.trim() !== '';
  show({ query: target.value, option: isTyped ? -1 : undefined });
  announce(isTyped ? `${count(state.find(target.value).length, 'node')} found.` : '');
});

view.addEventListener('focusin', ({ target }) => {
  const isSearch = target instanceof HTMLInputElement;
  if (isSearch && state.view.query.trim() !== '' && state.view.option === undefined) show({ option: -1 });
  if (!isSearch && state.view.option !== undefined) show({ option: undefined });
});
// A mouse press would move the focus, which closes the list before the click.
view.addEventListener('mousedown', (event) => {
  if (valueAt(event.target, 'option') !== undefined) event.preventDefault();
});

document.addEventListener('keydown', (event) => {
  const { key, target } = event;
  if (target instanceof HTMLInputElement) return onSearchKey(event, target);
  if (key === 'Escape' && state.view.selected) return closeDetails();
  if (!(target instanceof SVGElement) || event.ctrlKey || event.altKey || event.metaKey) return;
  if (key !== 'Enter' && key !== ' ') return;
  event.preventDefault();
  activate(target);
});

function onSearchKey(event: KeyboardEvent, input: HTMLInputElement): void {
  const { option, query } = state.view;
  const found = state.find(query).slice(0, MAX_RESULTS);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === 'Escape' && query !== '') {
    input.value = '';
    show({ query: '', option: undefined });
  } else if (step !== undefined && found.length > 0) {
    event.preventDefault();
    show({ option: ((option ?? -1) + step + found.length) % found.length });
    document.getElementById(`option-${state.view.option}`)?.scrollIntoView({ block: 'nearest' });
  } else if (event.key === 'Enter' && found.length > 0) {
    event.preventDefault();
    select({ unit: found[Math.max(0, option ?? 0)] });
  }
}

/** Shows what happens at an edge while the pointer or the focus is on it. */
function showTip({ target }: Event): void {
  const tip = elementOf('tip');
  const calls = target instanceof SVGElement ? valueAt(target, 'calls') : undefined;
  patch(tip, calls === undefined ? [] : tipText(calls.split(',').map(Number), state));
  if (calls === undefined) return;
  const { left, top, width } = (target as SVGElement).getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(left + width / 2 + 16, innerWidth - tip.offsetWidth - 8))}px`;
  tip.style.top = `${Math.max(8, Math.min(top + 24, innerHeight - tip.offsetHeight - 8))}px`;
}
for (const event of ['pointerover', 'focusin']) view.addEventListener(event, showTip);

/** Follows the address: a link into the map, or the Back button. */
function follow(): void {
  const address = location.hash.slice(1);
  const selected = state.addressed(address);
  if (selected) select(selected);
  else if (address === '' && state.view.selected) show({ selected: undefined });
}
addEventListener('popstate', follow);
// Paper has all problems.
addEventListener('beforeprint', () => {
  for (const closed of elementOf('problems').querySelectorAll('details')) closed.open = true;
});

patch(view, pageView(state).children);
zoom.resize(state.diagram);
const [worst] = state.document.problems;
if (!zoom.start() && worst) reveal(state.partsOf({ problem: 0 }).units);
follow();
document.documentElement.dataset.ready = 'true';
