import type { Severity } from '../../../rules/rule';
import { type Look, LOOKS } from '../wording';
import { element, type VirtualElement } from './element';

// Symbols are drawn, not written, because fonts may lack them. Each has a distinct shape.

/** Draws a state: a disc if recorded, a ring if not, a crossed ring for a gap, a question mark if unknown. */
export function stateSymbol(look: Look, x: number, y: number): VirtualElement {
  const ring = element('circle.symbol', { cx: x, cy: y, r: 4.5, fill: 'none' });
  const path = (d: string) => element('path.symbol', { d, fill: 'none' });
  switch (look) {
    case 'recorded':
      return element('circle.symbol.full', { cx: x, cy: y, r: 4.5 });
    case 'gap':
    case 'untraceable':
      return element('g', {}, ring, path(`M${x - 3} ${y + 3}L${x + 3} ${y - 3}`));
    case 'unknown':
      return path(`M${x - 2.6} ${y - 2.4}a2.7 2.7 0 1 1 4 2.4q-1.4 .8 -1.4 2.2M${x} ${y + 5}v.1`);
    default:
      return ring;
  }
}

/** Draws the symbol of a state for use in text. */
export function stateIcon(look: Look): VirtualElement {
  return icon(element(`g.card.${look}`, {}, stateSymbol(look, 8, 8)));
}

/** Draws the symbol of a severity for use in text. */
export function severityIcon(severity: Severity): VirtualElement {
  return icon(findingSymbol(severity, 8, 8));
}

/** Draws the symbol of an edge that breaks the trace for use in text. */
export function breakIcon(): VirtualElement {
  return icon(element('g.lost', {}, element('path.symbol', { d: crossPath(8, 8, 4) })));
}

function icon(drawing: VirtualElement): VirtualElement {
  return element('svg.diagram.icon', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, drawing);
}

/** Draws a severity: an octagon, a triangle or a disc, with a mark in it. */
export function findingSymbol(severity: Severity, x: number, y: number): VirtualElement {
  const mark =
    severity === 'info' ? `M${x} ${y - 0.5}v4M${x} ${y - 3.6}v.1` : `M${x} ${y - 3.5}v4M${x} ${y + 3.6}v.1`;
  return element(
    'g',
    { class: `finding ${severity}` },
    element('path', { class: 'shape', d: SHAPES[severity](x, y) }),
    element('path', { class: 'mark', d: mark }),
  );
}

const SHAPES: Readonly<Record<Severity, (x: number, y: number) => string>> = {
  error: (x, y) => `M${x - 3} ${y - 7.2}h6l4.2 4.2v6l-4.2 4.2h-6l-4.2 -4.2v-6z`,
  warning: (x, y) =>
    `M${x} ${y - 7.6}q.8 0 1.2 .7l6.6 11.6q.6 1.6 -1 1.9h-13.6q-1.6 -.3 -1 -1.9l6.6 -11.6q.4 -.7 1.2 -.7z`,
  info: (x, y) => `M${x - 7} ${y}a7 7 0 1 1 14 0a7 7 0 1 1 -14 0z`,
};

/** Returns the path of a cross, for an edge that breaks the trace. */
export function crossPath(x: number, y: number, reach = 3.4): string {
  return `M${x - reach} ${y - reach}l${2 * reach} ${2 * reach}m0 ${-2 * reach}l${-2 * reach} ${2 * reach}`;
}

/** Returns the path of two chain links, for an edge that links traces. */
export function chainPath(x: number, y: number): string {
  return `M${x - 1.2} ${y - 2.6}h-2.4a2.6 2.6 0 0 0 0 5.2h2.4M${x + 1.2} ${y - 2.6}h2.4a2.6 2.6 0 0 1 0 5.2h-2.4M${x - 2.2} ${y}h4.4`;
}

/** A symbol and its meaning. */
export interface LegendEntry {
  /** A drawing of the size `SAMPLE`. */
  readonly drawing: VirtualElement;
  readonly text: string;
}

export const SAMPLE = { width: 46, height: 24 };

/** Returns the legend of nodes and edges. */
export function legendEntries(): LegendEntry[] {
  return [
    ...Object.entries(LOOKS).map(([text, look]) => ({
      text: text === 'gap' ? 'gap: on a traced path, not recorded' : text,
      drawing: element(`g.card.${look}`, {}, stateSymbol(look, SAMPLE.width - 12, SAMPLE.height / 2)),
    })),
    ...EDGES.map(([look, text]) => ({ text, drawing: sampleEdge(look) })),
  ];
}

const EDGES = [
  ['starts', 'starts a trace'],
  ['propagates', 'propagates the trace'],
  ['links', 'links the traces'],
  ['breaks', 'does not propagate the trace'],
  ['breaks.broken', 'ends the trace'],
  ['propagates.possible', 'possible call'],
] as const;

function sampleEdge(look: (typeof EDGES)[number][0]): VirtualElement {
  const [end, middle, y] = [SAMPLE.width - 1, SAMPLE.width / 2 - 4, SAMPLE.height / 2];
  const [effect] = look.split('.');
  const symbol = { breaks: crossPath(middle, y, 3), links: chainPath(middle, y) }[effect];
  return element(
    `g.edge.${look}`,
    {},
    element('path.line', { d: `M5 ${y}H${end}` }),
    element('path.tip', { d: 'M0 0L-9 -4.5V4.5Z', transform: `translate(${end} ${y})` }),
    effect === 'starts' ? element('circle.root', { cx: 5, cy: y, r: 4.2 }) : undefined,
    symbol === undefined
      ? undefined
      : element(
          `g.sign.edge.${look}`,
          {},
          element('circle.disc', { cx: middle, cy: y, r: 8.5 }),
          element('path.symbol', { d: symbol }),
        ),
  );
}
