import { MODES, MODE_WORDS } from '../../function-summary';
import { count, positionInWords } from '../../wording';
import type { LoadError } from '../../../input/loaded-template';
import { drawDiagram, legendEntries, SAMPLE } from '../draw/diagram';
import { type Attributes, h, type Value, type VirtualElement } from '../draw/element';
import { stateIcon } from '../draw/symbols';
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
import { callDetails, listView, unitDetails } from './details';
import { button, problemsPanel } from './problems';
import { MAX_RESULTS, type PageData, type PageState } from './state';

/** Returns the page. The file is written with it, and its script changes the page with the view. */
export function pageView(state: PageState): VirtualElement {
  const { isList, isPanelOpen } = state.view;
  const details = detailsOf(state);
  return h`
    <div id="page">
      <a class="skip" href="#panel">Skip to the problems</a>
      ${header(state)}
      <main>
        <section id="diagram" aria-label="Diagram" ...${hiddenIf(isList)}>${diagram(state)}</section>
        <section id="list" aria-label="List of nodes" ...${hiddenIf(!isList)}>${isList && listView(state)}</section>
      </main>
      <aside id="panel" tabindex="-1" aria-label="Problems and details" ...${hiddenIf(!isPanelOpen)}>
        <div id="problems" ...${hiddenIf(details !== undefined)}>${problemsPanel(state)}</div>
        <div id="details">${details}</div>
      </aside>
      <div id="tip" role="presentation"></div>
      <p id="status" class="unseen" role="status"></p>
      <p class="without-script">
        To search, expand stacks and show the details of functions, this page needs JavaScript.
      </p>
    </div>`;
}

function hiddenIf(isHidden: boolean): Attributes {
  return { hidden: isHidden ? '' : undefined };
}

/** Returns the details of the selection. A problem has its details in the list of problems. */
function detailsOf(state: PageState): Value {
  const { selected } = state.view;
  if (!selected || 'problem' in selected) return undefined;
  return 'unit' in selected ? unitDetails(selected.unit, state) : callDetails(selected.calls, state);
}

/** Returns the title of the page: `Trace map of orders`. */
export function titleOf({ app }: Pick<PageData, 'app'>): string {
  return app ? `Trace map of ${app.name}` : 'Trace map';
}

function header(state: PageState): VirtualElement {
  const { app, document } = state;
  const version = [app?.revision, app?.date].filter((part) => part !== undefined).join(' · ');
  return h`
    <header>
      <div class="title">
        <h1>${titleOf(state)}</h1>
        ${version !== '' && h`<p class="muted">${version}</p>`}
        <p id="summary">${describeMap(document)}</p>
      </div>
      ${document.errors.length > 0 && unread(document.errors)}
      ${toolbar(state)}
    </header>`;
}

/** Number of read errors that are listed. */
const MAX_ERRORS = 20;

function unread(errors: readonly LoadError[]): VirtualElement {
  const listed = errors
    .slice(0, MAX_ERRORS)
    .map((error) => h`<li><code>${positionInWords(error)}</code>: ${error.message}</li>`);
  const more = errors.length - listed.length;
  return h`
    <div class="unread" role="note">
      <details>
        <summary>The map is incomplete: ${count(errors.length, 'file')} could not be read.</summary>
        <ul>${listed}${more > 0 && h`<li>and ${more} more</li>`}</ul>
      </details>
    </div>`;
}

function toolbar(state: PageState): VirtualElement {
  const { view, document, layout } = state;
  const { gaps, brokenEdges, findings } = document.summary;
  const toFix = findings.error + findings.warning + findings.info;
  const stacks = layout.groups.map(({ name }, group): Option => [group, name]);
  const modes = MODES.map((mode): Option => [mode, MODE_WORDS[mode]]);
  return h`
    <div class="bar" role="search">
      ${searchBox(state)}
      ${stacks.length > 1 && select('stacks', 'Stack', view.group, [['', 'All stacks'], ...stacks])}
      ${select('modes', 'Mode', view.mode, [['', 'All modes'], ...modes])}
      ${toggle('breaks', `Breaks ${gaps + brokenEdges}`, view.only === 'breaks')}
      ${toggle('findings', `Findings ${toFix}`, view.only === 'findings')}
      ${toggle('full', 'X-Ray nodes', view.isFull)}
      ${toggle('list', 'List', view.isList)}
      ${toggle('panel', 'Problems', view.isPanelOpen)}
    </div>`;
}

function toggle(act: string, text: string, isPressed: boolean): VirtualElement {
  return button({ class: 'toggle', 'data-act': act, 'aria-pressed': String(isPressed) }, text);
}

type Option = readonly [value: string | number, text: string];

function select(
  id: string,
  label: string,
  value: Option[0] | undefined,
  options: readonly Option[],
): VirtualElement {
  return h`
    <select id=${id} aria-label=${label} data-value=${value}>
      ${options.map(([own, text]) => h`<option value=${own}>${text}</option>`)}
    </select>`;
}

/** Returns the search field and its results ("Combobox Pattern", ARIA Authoring Practices Guide). */
function searchBox(state: PageState): VirtualElement {
  const { query, option } = state.view;
  const isOpen = query.trim() !== '' && option !== undefined;
  const found = isOpen ? state.find(query) : [];
  const more = found.length - MAX_RESULTS;
  const active = option === undefined || option === -1 ? undefined : `option-${option}`;
  return h`
    <div class="search">
      <input id="search" type="search" placeholder="Find a function, a queue, a service …" aria-label="Find a node"
        role="combobox" aria-expanded=${String(isOpen)} aria-controls="found" aria-autocomplete="list"
        aria-activedescendant=${active} autocomplete="off" spellcheck="false"/>
      <ul id="found" role="listbox" aria-label="Search results" ...${hiddenIf(!isOpen)}>
        ${found.slice(0, MAX_RESULTS).map((unit, i) => result(unit, i, i === option, state))}
        ${isOpen && found.length === 0 && h`<li class="none" role="presentation">No nodes found.</li>`}
        ${more > 0 && h`<li class="none" role="presentation">And ${more} more.</li>`}
      </ul>
    </div>`;
}

function result(
  unit: number,
  i: number,
  isSelected: boolean,
  { index, document }: PageState,
): VirtualElement {
  const own = index.units[unit];
  const stack = index.stackOf(own.node)?.name ?? 'outside of the templates';
  return h`
    <li role="option" id="option-${i}" data-option=${unit} aria-selected=${String(isSelected)}>
      ${stateIcon(lookOfState(own.node.state))}
      <span class="name">${index.labelOf(unit)}</span>
      <span class="muted">${shortTitle(document.services[own.node.kind].title)}, ${stack}</span>
    </li>`;
}

function diagram(state: PageState): Value {
  const { width, height, hidden, cards } = state.diagram;
  const calls = `${count(hidden, 'call')} between stacks ${hidden === 1 ? 'is' : 'are'} not drawn.`;
  const note = cards.length === 0 ? NO_FUNCTIONS : `${calls} Expand a stack to see its calls.`;
  return [
    h`<p id="hidden" ...${hiddenIf(cards.length > 0 && hidden === 0)}>${note}</p>`,
    h`
    <div id="canvas">
      <svg class="diagram ${state.view.selected ? 'following' : ''}" width=${width} height=${height}
        viewBox="0 0 ${width} ${height}" role="group" aria-label="Nodes and calls">
        ${drawing(state)}
      </svg>
    </div>`,
    h`
    <div class="zoom" role="group" aria-label="Zoom">
      ${button({ 'data-act': 'zoom-out', 'aria-label': 'Zoom out' }, '−')}
      ${button({ 'data-act': 'zoom-in', 'aria-label': 'Zoom in' }, '+')}
      ${button({ 'data-act': 'fit' }, 'Fit')}
    </div>`,
    legend(),
  ];
}

function drawing(state: PageState): VirtualElement[] {
  const { diagram: drawn, view, index, layout, lit, found } = state;
  const { selected } = view;
  const has = (shows: Shown, matches: (unit: number) => boolean | undefined) =>
    'unit' in shows ? matches(shows.unit) : layout.groups[shows.group].units.some(matches);
  return drawDiagram(drawn, index, layout, {
    isFull: view.isFull,
    card: (i) => {
      const { shows } = drawn.cards[i];
      const unit = 'unit' in shows ? shows.unit : undefined;
      const isFound = found !== undefined && unit !== undefined && found.has(unit);
      const isSelected = selected !== undefined && 'unit' in selected && selected.unit === unit;
      return {
        role: 'button',
        tabindex: 0,
        title: 'unit' in shows ? describeUnit(shows.unit, index) : describeGroup(layout.groups[shows.group]),
        class: classes({
          off: state.isFiltering && !has(shows, (own) => state.isMatching(own)),
          dim: found && !isFound,
          found: isFound,
          lit: has(shows, (own) => lit?.units.has(own)),
          selected: isSelected,
        }),
        ...('unit' in shows
          ? { 'data-unit': shows.unit, 'aria-pressed': String(isSelected) }
          : { 'data-group': shows.group, 'aria-expanded': 'false' }),
      };
    },
    edge: (i) => {
      const { edges } = drawn.edges[i];
      const isLit = edges.some((call) => lit?.calls.has(call));
      const isOff = state.isFiltering && !state.isMatchingEdge(edges);
      const own = { 'data-calls': edges.join(), 'data-state': classes({ lit: isLit, off: isOff }) };
      return {
        line: { ...own, 'aria-hidden': 'true' },
        sign: { role: 'button', tabindex: 0, 'aria-label': edgeLabel(edges, state), ...own },
      };
    },
    frame: (i) => collapseButton(i, state),
  });
}

function classes(names: Readonly<Record<string, boolean | undefined>>): string {
  return Object.keys(names)
    .filter((name) => names[name])
    .join(' ');
}

/** Describes the calls of an edge for screen readers: `Table to Changes: breaks the trace, from a stream`. */
function edgeLabel(calls: readonly number[], { index }: PageState): string {
  const { from, to, edge } = index.callOf(calls[0]);
  const more = calls.length > 1 ? `, and ${count(calls.length - 1, 'more call')}` : '';
  return `${index.labelOf(from)} to ${index.labelOf(to)}: ${describeCall(edge)}${more}`;
}

function collapseButton(i: number, { layout, diagram: drawn }: PageState): VirtualElement {
  const { x, y, width, group } = drawn.frames[i];
  const label = `Collapse ${layout.groups[group].name}`;
  return h`
    <g class="collapse" role="button" tabindex="0" data-group=${group} aria-expanded="true" aria-label=${label}>
      <rect class="body" x=${x + width - 36} y=${y + 6} width="28" height="24" rx="6" fill-opacity="0"/>
      <path class="symbol" d="M${x + width - 28} ${y + 18}h12"/>
    </g>`;
}

function legend(): VirtualElement {
  const { width, height } = SAMPLE;
  const entries = legendEntries().map(
    ({ drawing: sample, text }) => h`
    <li><svg class="diagram" width=${width} height=${height} aria-hidden="true">${sample}</svg>${text}</li>`,
  );
  return h`<details id="legend"><summary>Legend</summary><ul>${entries}</ul></details>`;
}
