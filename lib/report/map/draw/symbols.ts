import type { Severity } from '../../../rules/rule';
import type { State } from '../wording';
import { element, type VirtualElement } from './element';

/** Signs that are drawn instead of written, so that no font has to have them; each is told by its shape alone. */

/** A disc for what records, a ring for what doesn't, a ring with a stroke through it for a gap, a question mark. */
export function stateSymbol(state: State, x: number, y: number): VirtualElement {
  const ring = (more: Readonly<Record<string, string>>) =>
    element('circle', { class: 'symbol', cx: x, cy: y, r: 4.5, fill: 'none', ...more });
  const path = (d: string) => element('path', { class: 'symbol', d, fill: 'none' });
  switch (state) {
    case 'yes':
      return ring({ class: 'symbol full' });
    case 'gap':
    case 'unsupported':
      return element('g', {}, ring({}), path(`M${x - 3} ${y + 3}L${x + 3} ${y - 3}`));
    case 'unknown':
      return path(`M${x - 2.6} ${y - 2.4}a2.7 2.7 0 1 1 4 2.4q-1.4 .8 -1.4 2.2M${x} ${y + 5}v.1`);
    default:
      return ring({});
  }
}

/** The sign of a state, to stand in a text. */
export function stateIcon(state: State): VirtualElement {
  return element(
    'svg',
    { class: 'picture icon', viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    element('g', { class: `card ${state}` }, stateSymbol(state, 8, 8)),
  );
}

/** An octagon, a triangle or a disc, with a mark in it. */
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

/** A cross: a trace ends here. */
export function crossPath(x: number, y: number, reach = 3.4): string {
  return `M${x - reach} ${y - reach}l${2 * reach} ${2 * reach}m0 ${-2 * reach}l${-2 * reach} ${2 * reach}`;
}

/** Two links of a chain: traces are linked, and not one. */
export function chainPath(x: number, y: number): string {
  return `M${x - 1.2} ${y - 2.6}h-2.4a2.6 2.6 0 0 0 0 5.2h2.4M${x + 1.2} ${y - 2.6}h2.4a2.6 2.6 0 0 1 0 5.2h-2.4M${x - 2.2} ${y}h4.4`;
}

/** A sign, and what it means. */
export interface LegendEntry {
  /** In a box of the size. */
  readonly drawing: VirtualElement;
  readonly words: string;
}

export const SAMPLE = { width: 46, height: 24 };

/** What the signs in pictures mean: how nodes are told, and how lines are. */
export function legendEntries(): LegendEntry[] {
  return [
    ...NODES.map(([state, words]) => ({
      words,
      drawing: element(
        'g',
        { class: `card ${state}` },
        stateSymbol(state, SAMPLE.width - 12, SAMPLE.height / 2),
      ),
    })),
    ...WIRES.map(([look, words]) => ({ words, drawing: sampleWire(look) })),
  ];
}

const NODES = [
  ['yes', 'records'],
  ['no', 'records nothing'],
  ['gap', 'a gap: traces come by, and it records nothing'],
  ['unknown', 'only deployment tells'],
  ['unsupported', 'X-Ray can’t trace it'],
] as const;

const WIRES = [
  ['starts', 'starts a trace'],
  ['propagates', 'hands the trace on'],
  ['links', 'links the traces'],
  ['breaks', 'hands no trace on'],
  ['breaks broken', 'a trace ends here'],
  ['propagates possible', 'may be called'],
] as const;

function sampleWire(look: (typeof WIRES)[number][0]): VirtualElement {
  const [end, middle, y] = [SAMPLE.width - 1, SAMPLE.width / 2 - 4, SAMPLE.height / 2];
  const sign = {
    breaks: crossPath(middle, y, 3),
    'breaks broken': crossPath(middle, y, 3),
    links: chainPath(middle, y),
  };
  return element(
    'g',
    { class: `wire ${look}` },
    element('path', { class: 'line', d: `M5 ${y}H${end}` }),
    element('path', { class: 'tip', d: 'M0 0L-9 -4.5V4.5Z', transform: `translate(${end} ${y})` }),
    look === 'starts' ? element('circle', { class: 'root', cx: 5, cy: y, r: 4.2 }) : undefined,
    look in sign
      ? element(
          'g',
          { class: 'sign' },
          element('circle', { class: 'disc', cx: middle, cy: y, r: 8.5 }),
          element('path', { class: 'symbol', d: sign[look as keyof typeof sign] }),
        )
      : undefined,
  );
}
