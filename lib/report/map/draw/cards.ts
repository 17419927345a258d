import { SEVERITIES } from '../../../rules/rule';
import { printable } from '../../../text/printable';
import { MODES, MODE_WORDS } from '../../function-summary';
import { count } from '../../wording';
import { type Card, CARD_SIZES, type Group, type MapLayout } from '../layout/diagram';
import { highestSeverity, type MapIndex, openFindings } from '../layout/units';
import { describeState, type Look, lookOfState, shortTitle } from '../wording';
import { element, type VirtualElement } from './element';
import { drawGlyph } from './glyphs';
import { crossPath, findingSymbol, stateSymbol } from './symbols';
import { fitted, nameLines, NAME_SIZE, widthOf } from './text-width';

/** @param isFull true to draw both of X-Ray's nodes of a function in full */
export function drawCard(
  { shows }: Card,
  index: MapIndex,
  { groups }: Pick<MapLayout, 'groups'>,
  isFull: boolean,
): VirtualElement {
  return 'group' in shows ? drawGroup(groups[shows.group]) : drawUnit(shows.unit, index, isFull);
}

const PAD = 9;
/** Start of the name on the card of a unit, beside its glyph. */
const TEXT = 44;
const ROW = 16;
/** Size for measuring small texts, which are 12 pixels and of medium weight. */
const SMALL = 12;
/** Size for measuring small texts of regular weight. */
const REGULAR = 11.3;

function drawUnit(unit: number, index: MapIndex, isFull: boolean): VirtualElement {
  const own = index.units[unit];
  const { node, run } = own;
  const { width, height } = CARD_SIZES.unit;
  const look = lookOfState(node.state);
  const state = printable(describeState(own));
  const room = width - TEXT - PAD;
  const title = `${shortTitle(index.document.services[node.kind].title)}${node.stack === undefined ? ', outside' : ''}`;
  const hasNodes = run !== undefined && isFull;
  const isTwoLines = !hasNodes && (run !== undefined || state === '');
  const name = index.labelOf(unit);
  const names = isTwoLines ? nameLines(name, room) : [fitted(name, room, NAME_SIZE)];
  const service = run ? [] : [fitted(title, room, REGULAR)];
  const middle = hasNodes ? 14 : (height - (state === '' ? 0 : ROW + 3)) / 2;
  const y = (line: number) => Math.round(middle + 12 + ROW * (line - (names.length + service.length) / 2));
  return element(
    'g',
    { class: `card ${run ? 'function' : 'service'} ${look}` },
    element('rect.body', { width, height, rx: 9 }),
    drawGlyph(node.kind, PAD, hasNodes || state === '' ? (height - 28) / 2 : 7),
    ...names.map((line, i) => element('text.name', { x: TEXT, y: y(i) }, line)),
    ...service.map((line) => element('text.muted', { x: TEXT, y: y(names.length) }, line)),
    drawBadge(unit, index),
    ...(hasNodes
      ? [drawNodes(look)]
      : state === ''
        ? []
        : [
            ...(run ? [drawMarks()] : []),
            stateSymbol(look, PAD + 6, height - 12),
            element('text.state', { x: PAD + 16, y: height - 8 }, fitted(state, width - 2 * PAD - 14, SMALL)),
          ]),
  );
}

const NODES = ['AWS::Lambda', 'AWS::Lambda::Function'];

/** Draws X-Ray's two nodes of a function as two squares. */
function drawMarks(): VirtualElement {
  return element(
    'g.marks',
    {},
    element('title', {}, `X-Ray's map has two nodes for the function: ${NODES.join(' and ')}`),
    element('path', { d: 'M20 40h6' }),
    ...[11, 27].map((x) => element('rect.part', { x, y: 37, width: 8, height: 6, rx: 1.5 })),
  );
}

/** Draws X-Ray's two nodes of a function with their names. */
function drawNodes(look: Look): VirtualElement {
  return element(
    'g.marks',
    {},
    ...NODES.flatMap((origin, i) => [
      element('rect.part', { x: TEXT, y: 24 + 19 * i, width: 147, height: 17, rx: 4 }),
      element('text', { x: TEXT + 6, y: 37 + 19 * i }, origin),
    ]),
    stateSymbol(look, PAD + 6, 55),
  );
}

/**
 * Draws the number of findings on a unit, with the symbol of the highest severity, on the upper border of the card.
 * Undefined without open findings.
 */
function drawBadge(unit: number, { units, document }: MapIndex): VirtualElement | undefined {
  const severity = highestSeverity(units[unit], document);
  if (severity === undefined) return undefined;
  const text = String(openFindings(units[unit], document).length);
  const width = 28 + widthOf(text, SMALL);
  const x = CARD_SIZES.unit.width - width - 8;
  return element(
    `g.finding.${severity}`,
    {},
    element('rect.pill', { x, y: -10, width, height: 20, rx: 10 }),
    findingSymbol(severity, x + 12, 0),
    element('text.count', { x: x + 22, y: 4 }, text),
  );
}

/** Offset of each sheet below the first, in pixels. */
const SHEET = 5;
const [W, H] = [CARD_SIZES.group.width - 2 * SHEET, CARD_SIZES.group.height - 2 * SHEET];

/** Draws a collapsed group as a pile of sheets with its summary on the first. */
function drawGroup(group: Group): VirtualElement {
  const { name, summary } = group;
  const { functions, units } = summary;
  const contents = [
    ...(functions > 0 ? [count(functions, 'function')] : []),
    ...(units > functions ? [count(units - functions, functions > 0 ? 'other node' : 'node')] : []),
  ];
  return element(
    'g.card.group',
    {},
    element('rect.sheet', { x: 2 * SHEET, y: 2 * SHEET, width: W, height: H, rx: 9 }),
    element('rect.sheet', { x: SHEET, y: SHEET, width: W, height: H, rx: 9 }),
    element('rect.body', { width: W, height: H, rx: 9 }),
    element('text.name', { x: 13, y: 25 }, fitted(printable(name), W - 50, NAME_SIZE)),
    element('path.symbol.expand', { d: `M${W - 23} 20h10m-5 -5v10` }),
    element('text.muted', { x: 13, y: 44 }, contents.join(', ')),
    ...(functions > 0 ? drawModes(group) : []),
    drawProblems(group),
  );
}

/** Draws a bar divided by tracing mode, with the number of functions in each mode below. */
function drawModes({ summary }: Group): VirtualElement[] {
  const { functions, byMode } = summary;
  const length = W - 26;
  let [x, textX, y] = [13, 13, 76];
  return MODES.filter((mode) => byMode[mode] > 0).flatMap((mode) => {
    const own = (length * byMode[mode]) / functions;
    const bar = { x: Math.round(x), y: 53, width: Math.max(Math.round(own) - 1, 1), height: 6, rx: 2 };
    const text = `${byMode[mode]} ${MODE_WORDS[mode]}`;
    const needed = widthOf(text, SMALL) + 28;
    if (textX > 13 && textX + needed > W) [textX, y] = [13, y + 17];
    const at = { x: textX, y: y - 8, width: 8, height: 8, rx: 2 };
    x += own;
    textX += needed;
    return [
      element(`rect.bar.bar-${mode}`, bar),
      element(`rect.bar.bar-${mode}`, at),
      element('text.muted', { x: at.x + 13, y }, text),
    ];
  });
}

/** Draws the numbers of findings and breaks. */
function drawProblems({ summary }: Group): VirtualElement {
  const { gaps, brokenEdges, findings } = summary;
  const y = H - 16;
  let x = 13;
  const drawings = SEVERITIES.filter((severity) => findings[severity] > 0).map((severity) => {
    const text = String(findings[severity]);
    const at = x;
    x += widthOf(text, SMALL) + 30;
    return element(
      `g.finding.${severity}`,
      {},
      findingSymbol(severity, at + 7, y),
      element('text.count', { x: at + 18, y: y + 4 }, text),
    );
  });
  const breaks = gaps + brokenEdges;
  return element(
    'g',
    {},
    ...drawings,
    breaks > 0
      ? element(
          'g.lost',
          {},
          element('path.symbol', { d: crossPath(x + 5, y, 3.8) }),
          element('text.lost', { x: x + 15, y: y + 4 }, count(breaks, 'break')),
        )
      : undefined,
  );
}
