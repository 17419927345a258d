import { SEVERITIES, type Severity } from '../../../rules/rule';
import { printable } from '../../../text/printable';
import { MODES, MODE_WORDS } from '../../function-summary';
import { count } from '../../wording';
import { CARD_SIZES } from '../layout/diagram';
import { type Group, highestSeverity, type MapIndex, openFindings } from '../layout/units';
import { describeState, type Look, lookOfState, serviceOf } from '../wording';
import { h, type VirtualElement } from './element';
import { drawGlyph } from './glyphs';
import { crossPath, findingSymbol, stateSymbol } from './symbols';

const PAD = 9;
/** Start of the name on the card of a unit, beside its glyph. */
const TEXT = 44;
const ROW = 16;
/** Size for measuring small texts, which are 12 pixels and of medium weight. */
const SMALL = 12;
/** Size for measuring small texts of regular weight. */
const REGULAR = 11.3;

/** @param isFull true to draw both of X-Ray's nodes of a function in full */
export function drawUnit(unit: number, index: MapIndex, isFull: boolean): VirtualElement {
  const own = index.units[unit];
  const { node, run } = own;
  const { width, height } = CARD_SIZES.unit;
  const look = lookOfState(node.state);
  const state = printable(describeState(own));
  const room = width - TEXT - PAD;
  const hasNodes = run !== undefined && isFull;
  const isTwoLines = !hasNodes && (run !== undefined || state === '');
  const name = index.labelOf(unit);
  const names = isTwoLines ? nameLines(name, room) : [fitted(name, room, NAME_SIZE)];
  const service = run ? [] : [fitted(serviceOf(own, index.document), room, REGULAR)];
  const middle = hasNodes ? 14 : (height - (state === '' ? 0 : ROW + 3)) / 2;
  const y = (line: number) => Math.round(middle + 12 + ROW * (line - (names.length + service.length) / 2));
  const stateLine = () => [
    run && drawMarks(),
    stateSymbol(look, PAD + 6, height - 12),
    h`<text class="state" x=${PAD + 16} y=${height - 8}>${fitted(state, width - 2 * PAD - 14, SMALL)}</text>`,
  ];
  return h`
    <g class="card ${run ? 'function' : 'service'} ${look}">
      <rect class="body" width=${width} height=${height} rx="9"/>
      ${drawGlyph(node.kind, PAD, hasNodes || state === '' ? (height - 28) / 2 : 7)}
      ${names.map((line, i) => h`<text class="name" x=${TEXT} y=${y(i)}>${line}</text>`)}
      ${service.map((line) => h`<text class="muted" x=${TEXT} y=${y(names.length)}>${line}</text>`)}
      ${drawBadge(unit, index)}
      ${hasNodes ? drawNodes(look) : state !== '' && stateLine()}
    </g>`;
}

const NODES = ['AWS::Lambda', 'AWS::Lambda::Function'];

/** Draws X-Ray's two nodes of a function as two squares. */
function drawMarks(): VirtualElement {
  return h`
    <g class="marks">
      <title>${`X-Ray's map has two nodes for the function: ${NODES.join(' and ')}`}</title>
      <path d="M20 40h6"/>
      ${[11, 27].map((x) => h`<rect class="part" x=${x} y="37" width="8" height="6" rx="1.5"/>`)}
    </g>`;
}

/** Draws X-Ray's two nodes of a function with their names. */
function drawNodes(look: Look): VirtualElement {
  return h`
    <g class="marks">
      ${NODES.map((origin, i) => [
        h`<rect class="part" x="40" y=${24 + 19 * i} width="153" height="17" rx="4"/>`,
        h`<text x="45" y=${37 + 19 * i}>${origin}</text>`,
      ])}
      ${stateSymbol(look, PAD + 6, 55)}
    </g>`;
}

/** Draws the number of findings on a unit, with the symbol of the highest severity, on the upper border of the card. */
function drawBadge(unit: number, { units, document }: MapIndex): VirtualElement | undefined {
  const severity = highestSeverity(units[unit], document);
  if (severity === undefined) return undefined;
  const number = openFindings(units[unit], document).length;
  const width = 28 + widthOf(String(number), SMALL);
  const x = CARD_SIZES.unit.width - width - 8;
  return h`
    <g>
      <rect class="pill" x=${x} y="-10" width=${width} height="20" rx="10"/>
      ${drawCount(severity, number, x + 12, 0)}
    </g>`;
}

/** Draws a number of findings after the symbol of their severity. */
function drawCount(severity: Severity, number: number, x: number, y: number): VirtualElement {
  return h`
    <g class="finding ${severity}">
      ${findingSymbol(severity, x, y)}
      <text class="count" x=${x + 11} y=${y + 4}>${number}</text>
    </g>`;
}

/** Offset of each sheet below the first, in pixels. */
const SHEET = 5;
const [W, H] = [CARD_SIZES.group.width - 2 * SHEET, CARD_SIZES.group.height - 2 * SHEET];

/** Draws a collapsed group as a pile of sheets with its summary on the first. */
export function drawGroup(group: Group): VirtualElement {
  const { functions } = group.summary;
  const others = group.units.length - functions;
  const contents = [
    ...(functions > 0 ? [count(functions, 'function')] : []),
    ...(others > 0 ? [count(others, functions > 0 ? 'other node' : 'node')] : []),
  ];
  return h`
    <g class="card group">
      ${[2, 1].map((i) => h`<rect class="sheet" x=${i * SHEET} y=${i * SHEET} width=${W} height=${H} rx="9"/>`)}
      <rect class="body" width=${W} height=${H} rx="9"/>
      <text class="name" x="13" y="25">${fitted(printable(group.name), W - 50, NAME_SIZE)}</text>
      <path class="symbol expand" d="M${W - 23} 20h10m-5 -5v10"/>
      <text class="muted" x="13" y="44">${contents.join(', ')}</text>
      ${functions > 0 && drawModes(group)}
      ${drawProblems(group)}
    </g>`;
}

/** Draws a bar divided by tracing mode, with the number of functions in each mode below. */
function drawModes({ summary: { functions, byMode } }: Group): VirtualElement[] {
  let [start, x, y] = [13, 13, 76];
  return MODES.filter((mode) => byMode[mode] > 0).map((mode) => {
    const length = ((W - 26) * byMode[mode]) / functions;
    const text = `${byMode[mode]} ${MODE_WORDS[mode]}`;
    const needed = widthOf(text, SMALL) + 28;
    if (x > 13 && x + needed > W) [x, y] = [13, y + 17];
    const drawn = h`
      <g>
        <rect class="bar-${mode}" x=${start} y="53" width=${Math.max(length - 1, 1)} height="6" rx="2"/>
        <rect class="bar-${mode}" x=${x} y=${y - 8} width="8" height="8" rx="2"/>
        <text class="muted" x=${x + 13} y=${y}>${text}</text>
      </g>`;
    [start, x] = [start + length, x + needed];
    return drawn;
  });
}

/** Draws the numbers of findings and breaks. */
function drawProblems({ summary: { gaps, brokenEdges, findings } }: Group): VirtualElement {
  const y = H - 16;
  let x = 13;
  const drawings = SEVERITIES.filter((severity) => findings[severity] > 0).map((severity) => {
    const at = x;
    x += widthOf(String(findings[severity]), SMALL) + 30;
    return drawCount(severity, findings[severity], at + 7, y);
  });
  const breaks = gaps + brokenEdges;
  const lost = () => h`
    <g class="lost">
      <path class="symbol" d=${crossPath(x + 5, y, 3.8)}/>
      <text class="lost" x=${x + 15} y=${y + 4}>${count(breaks, 'break')}</text>
    </g>`;
  return h`<g>${drawings}${breaks > 0 && lost()}</g>`;
}

/** Widths of characters in the widest font of the list, in percent of the font size. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[il.,:;|!'`j]/, 32],
  [/[ frtI()[\]{}/\\-]/, 39],
  [/[mwMW@%]/, 95],
  [/[A-Z_&#+=<>~?]/, 70],
  [/\p{Mark}/u, 0],
  [/[ -\u024f]/, 62],
  [/[\u0370-\u08ff]/, 70],
];
const WIDE = 105;

/** Number of characters that are measured at each end of a longer text. */
const MAX_LENGTH = 200;

/** Returns the approximate width of a text, in pixels. */
export function widthOf(text: string, size: number): number {
  let width = 0;
  for (const character of text)
    width += WIDTHS.find(([characters]) => characters.test(character))?.[1] ?? WIDE;
  return (width * size) / 100;
}

/** Shortens a text to a width by omitting its middle: names differ at the end and are recognized by the beginning. */
export function fitted(text: string, width: number, size: number): string {
  if (text.length <= MAX_LENGTH && widthOf(text, size) <= width) return text;
  const characters = [
    ...text.slice(0, MAX_LENGTH),
    ...text.slice(Math.max(MAX_LENGTH, text.length - MAX_LENGTH)),
  ];
  const room = width - widthOf('…', size);
  let [start, end, used] = [0, characters.length, 0];
  // Keep two characters of the end for each one of the beginning.
  for (let turn = 0; start < end; turn++) {
    const takesStart = turn % 3 === 0;
    used += widthOf(characters[takesStart ? start : end - 1], size);
    if (used > room) break;
    if (takesStart) start++;
    else end--;
  }
  return `${characters.slice(0, start).join('')}…${characters.slice(end).join('')}`;
}

/** Font size for measuring names, which are 13 pixels and bold. */
export const NAME_SIZE = 14.2;

/** Breaks a name into at most two lines, at the end of a word. A part that does not fit is shortened. */
export function nameLines(name: string, width: number, size = NAME_SIZE): string[] {
  if (name.length <= MAX_LENGTH && widthOf(name, size) <= width) return [name];
  const ends = [...name.slice(0, MAX_LENGTH).matchAll(/[/ _.:-]|[a-z0-9](?=[A-Z])/g)].map(
    ({ index }) => index + 1,
  );
  const end = ends.reverse().find((at) => widthOf(name.slice(0, at), size) <= width);
  if (end === undefined) return [fitted(name, width, size)];
  return [name.slice(0, end).trim(), fitted(name.slice(end), width, size)];
}
