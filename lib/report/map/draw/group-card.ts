import { SEVERITIES } from '../../../rules/rule';
import { printable } from '../../../text/printable';
import { MODES } from '../../function-summary';
import { count } from '../../wording';
import { CARD_SIZES, type Group } from '../layout/diagram';
import { element, type VirtualElement } from './element';
import { crossPath, findingSymbol } from './symbols';
import { fitted, NAME_SIZE, widthOf } from './text-width';

const { width, height } = CARD_SIZES.group;
const PAD = 13;
/** Offset of each sheet below the first, in pixels. */
const SHEET = 5;
const [W, H] = [width - 2 * SHEET, height - 2 * SHEET];

/** Draws a collapsed group as a pile of sheets with its summary on the first. */
export function drawGroup(group: Group, isNeighbor: boolean): VirtualElement {
  const { name, summary } = group;
  const { functions, units } = summary;
  return element(
    'g',
    { class: `card group${isNeighbor ? ' neighbor' : ''}` },
    element('rect', { class: 'sheet', x: 2 * SHEET, y: 2 * SHEET, width: W, height: H, rx: 9 }),
    element('rect', { class: 'sheet', x: SHEET, y: SHEET, width: W, height: H, rx: 9 }),
    element('rect', { class: 'body', width: W, height: H, rx: 9 }),
    element('text', { class: 'name', x: PAD, y: 25 }, fitted(printable(name), W - 2 * PAD - 22, NAME_SIZE)),
    element('path', { class: 'symbol expand', d: `M${W - PAD - 10} 20h10m-5 -5v10` }),
    element('text', { class: 'muted', x: PAD, y: 43 }, describeContents(group)),
    ...(functions > 0 ? drawModes(group) : []),
    ...drawProblems(group),
    functions === 0 && units === 0 ? element('text', { class: 'muted', x: PAD, y: 60 }, 'empty') : undefined,
  );
}

/** Describes the contents of a group: `3 stacks, 24 functions`. */
function describeContents({ kind, summary }: Group): string {
  const { stacks, functions, units } = summary;
  return [
    ...(kind === 'stacks' || kind === 'system' ? [count(stacks, 'stack')] : []),
    ...(functions > 0 ? [count(functions, 'function')] : []),
    ...(units > functions ? [count(units - functions, functions > 0 ? 'other node' : 'node')] : []),
  ].join(', ');
}

/** Draws a bar divided by tracing mode, with the number of functions in each mode below. */
function drawModes({ summary }: Group): VirtualElement[] {
  const { functions, byMode } = summary;
  const length = W - 2 * PAD;
  let x = PAD;
  return MODES.filter((mode) => byMode[mode] > 0).flatMap((mode, i) => {
    const own = (length * byMode[mode]) / functions;
    const at = { x: Math.round(x), y: 54, width: Math.max(Math.round(own) - 1, 1), height: 6 };
    const textAt = { x: PAD + (i % 2) * (length / 2), y: 77 + Math.floor(i / 2) * 16 };
    x += own;
    return [
      element('rect', { class: `bar bar-${mode}`, ...at, rx: 2 }),
      element('rect', { class: `bar bar-${mode}`, x: textAt.x, y: textAt.y - 8, width: 8, height: 8, rx: 2 }),
      element('text', { class: 'muted', x: textAt.x + 13, y: textAt.y }, `${byMode[mode]} ${mode}`),
    ];
  });
}

/** Draws the numbers of breaks and findings. */
function drawProblems({ summary }: Group): VirtualElement[] {
  const { gaps, brokenEdges, findings } = summary;
  const breaks = gaps + brokenEdges;
  let x = PAD;
  const drawings: VirtualElement[] = [];
  if (breaks > 0) {
    const text = count(breaks, 'break');
    drawings.push(
      element(
        'g',
        { class: 'lost' },
        element('path', { class: 'symbol', d: crossPath(x + 5, 112, 3.8) }),
        element('text', { class: 'lost', x: x + 14, y: 116 }, text),
      ),
    );
    x += widthOf(text, 11) + 28;
  }
  for (const severity of SEVERITIES) {
    if (findings[severity] === 0) continue;
    const text = String(findings[severity]);
    drawings.push(
      element(
        'g',
        { class: `finding ${severity}` },
        findingSymbol(severity, x + 7, 112),
        element('text', { class: 'count', x: x + 18, y: 116 }, text),
      ),
    );
    x += widthOf(text, 11) + 30;
  }
  return drawings;
}
