import { type VirtualElement, element } from './element';
import { chainPath, crossPath, stateSymbol } from './symbols';

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
  ['hole', 'a hole: traces come by, and it records nothing'],
  ['unknown', 'only deployment tells'],
  ['unsupported', 'X-Ray can’t trace it'],
] as const;

const WIRES = [
  ['starts', 'starts a trace'],
  ['carries', 'hands the trace on'],
  ['links', 'links the traces'],
  ['drops', 'hands no trace on'],
  ['drops broken', 'a trace ends here'],
  ['carries possible', 'may be called'],
] as const;

function sampleWire(look: (typeof WIRES)[number][0]): VirtualElement {
  const [end, middle, y] = [SAMPLE.width - 1, SAMPLE.width / 2 - 4, SAMPLE.height / 2];
  const sign = {
    drops: crossPath(middle, y, 3),
    'drops broken': crossPath(middle, y, 3),
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
