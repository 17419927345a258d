import { createHash } from 'node:crypto';
import { plainJson } from '../formats/json';
import { MODES, type ReportedMode } from '../function-summary';
import type { MapDocument, MapError } from './document';
import { drawDiagram } from './draw/diagram';
import { element, markup, type VirtualElement } from './draw/element';
import { legendEntries, SAMPLE } from './draw/symbols';
import type { MapLayout } from './layout/diagram';
import { layOut } from './layout/layout';
import { MapIndex } from './layout/units';
import { pageScript } from './page-script';
import { pageStyle } from './page-style';
import { describeMap, NO_FUNCTIONS } from './wording';

/**
 * Writes a page with all diagrams of the map. It opens from disk, and its policy allows no network. Content from
 * templates is embedded as text and data, never as markup.
 */
export function html(document: MapDocument): string {
  const index = new MapIndex(document);
  const layout = layOut(index);
  const [style, script] = [pageStyle(), pageScript()];
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const head = [
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'generator', content: `${document.tool.name} ${document.tool.version}` }),
    element('title', {}, 'Trace map'),
  ].map(markup);
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head>${head.join('')}<style>${style}</style></head>`,
    `<body>${pageBody(index, layout).map(markup).join('\n')}`,
    `<script type="application/json" id="data">${scriptData({ document, layout })}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>\n',
  ].join('\n');
}

/** Returns the hash that allows an inline script or style in the policy. */
function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Number of read errors that are listed. */
const MAX_ERRORS = 20;

/** Returns the body of the page as it is before its script runs. */
function pageBody(index: MapIndex, layout: MapLayout): VirtualElement[] {
  const { errors, notes } = index.document;
  return [
    element('a', { class: 'skip', href: '#legend' }, 'Skip the diagram'),
    element(
      'header',
      {},
      element(
        'div',
        { class: 'title' },
        element('h1', {}, 'Trace map'),
        element('p', { id: 'summary' }, describeMap(index.document)),
        ...notes.map((note) => element('p', { class: 'note' }, note)),
      ),
      ...(errors.length > 0 ? [unread(errors)] : []),
      element('div', { class: 'bar', role: 'search' }, searchBox(), stackList(layout), filter()),
      element(
        'div',
        { class: 'place' },
        element('nav', { id: 'trail', 'aria-label': 'Stacks' }),
        element(
          'div',
          { class: 'tools' },
          element(
            'div',
            { role: 'group', 'aria-label': 'Zoom' },
            button({ id: 'zoom-out', 'aria-label': 'Zoom out' }, '−'),
            element('span', { id: 'zoom' }, '100 %'),
            button({ id: 'zoom-in', 'aria-label': 'Zoom in' }, '+'),
            button({ id: 'fit' }, 'Fit'),
          ),
          element(
            'div',
            { id: 'views', role: 'group', 'aria-label': 'View' },
            button({ 'data-list': 0, 'aria-pressed': 'true' }, 'Diagram'),
            button({ 'data-list': 1, 'aria-pressed': 'false' }, 'List'),
          ),
        ),
      ),
    ),
    element(
      'main',
      {},
      element(
        'section',
        { id: 'diagram', 'aria-label': 'Diagram' },
        element('div', { id: 'canvas' }, initialDiagram(index, layout)),
        element('p', { id: 'hidden' }, ...(index.units.length === 0 ? [NO_FUNCTIONS] : [])),
        legend(),
      ),
      element('section', { id: 'list', 'aria-label': 'List of nodes and paths', hidden: '' }),
    ),
    element('aside', { id: 'panel', 'aria-labelledby': 'panel-title', hidden: '' }),
    element('p', { id: 'status', class: 'unseen', role: 'status' }),
    element(
      'p',
      { class: 'without-script' },
      'To search, expand stacks and show the details of functions, this page needs JavaScript.',
    ),
  ];
}

function searchBox(): VirtualElement {
  return element(
    'div',
    { class: 'search' },
    element('input', {
      id: 'search',
      type: 'search',
      placeholder: 'Find a function, a queue, a service …',
      'aria-label': 'Find a node',
      role: 'combobox',
      'aria-expanded': 'false',
      'aria-controls': 'found',
      'aria-autocomplete': 'list',
      autocomplete: 'off',
      spellcheck: 'false',
    }),
    element('ul', { id: 'found', role: 'listbox', 'aria-label': 'Search results', hidden: '' }),
  );
}

function stackList({ groups }: MapLayout): VirtualElement {
  const stacks = groups.flatMap(({ kind, name }, i) =>
    kind === 'stack' || kind === 'outside' ? [{ name, i }] : [],
  );
  return element(
    'select',
    { id: 'stacks', 'aria-label': 'Stack' },
    ...(stacks.length === 1 ? [] : [element('option', { value: 0 }, 'All stacks')]),
    ...stacks.map(({ name, i }) => element('option', { value: i }, name)),
  );
}

const MODE_LABELS: Readonly<Record<ReportedMode, string>> = {
  Active: 'Active',
  PassThrough: 'PassThrough',
  Unset: 'no mode set',
  Unknown: 'mode unknown',
};

function filter(): VirtualElement {
  return element(
    'fieldset',
    { id: 'filter' },
    element('legend', { class: 'unseen' }, 'Show only'),
    ...MODES.map((mode) => tick('mode', mode, MODE_LABELS[mode])),
    tick('with', 'breaks', 'with breaks'),
    tick('with', 'findings', 'with findings'),
    element('span', { id: 'matches', class: 'muted', 'aria-hidden': 'true' }),
  );
}

function tick(name: string, value: string, label: string): VirtualElement {
  return element('label', { class: 'tick' }, element('input', { type: 'checkbox', name, value }), label);
}

function button(attributes: Readonly<Record<string, string | number>>, text: string): VirtualElement {
  return element('button', { type: 'button', ...attributes }, text);
}

function unread(errors: readonly MapError[]): VirtualElement {
  const more = errors.length - MAX_ERRORS;
  return element(
    'div',
    { class: 'unread', role: 'note' },
    element('strong', {}, 'The map is incomplete. These files could not be read:'),
    element(
      'ul',
      {},
      ...errors
        .slice(0, MAX_ERRORS)
        .map((error) =>
          element('li', {}, element('code', {}, formatErrorLocation(error)), `: ${error.message}`),
        ),
      ...(more > 0 ? [element('li', {}, `and ${more} more`)] : []),
    ),
  );
}

function initialDiagram(index: MapIndex, layout: MapLayout): VirtualElement {
  const diagram = layout.diagrams[layout.start];
  const { width, height } = diagram;
  return element(
    'svg',
    {
      class: 'diagram',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-labelledby': 'summary',
    },
    ...drawDiagram(diagram, index, layout),
  );
}

function legend(): VirtualElement {
  const { width, height } = SAMPLE;
  const entries = legendEntries().map(({ drawing, text }) =>
    element(
      'li',
      {},
      element('svg', { class: 'diagram', width, height, 'aria-hidden': 'true' }, drawing),
      text,
    ),
  );
  return element(
    'details',
    { id: 'legend', open: '' },
    element('summary', {}, 'Legend'),
    element('ul', {}, ...entries),
  );
}

/** Returns the location of an error, such as `template.yaml:14:5`. */
function formatErrorLocation({ file, line, column }: MapError): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

/** Returns JSON for a script element. It cannot end the element or begin a comment. */
function scriptData(data: unknown): string {
  return plainJson(data).replaceAll('<', '\\u003c');
}
