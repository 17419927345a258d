import type { Box } from '../atlas/picture';
import { type VirtualElement, element } from './element';
import { widthOf } from './fitted';
import { legendEntries, SAMPLE } from './legend';

const LEGEND_PAD = 16;
const ROW = 28;

/** What the signs of a picture mean, in rows below it. */
export function drawnLegend(width: number): Box & { readonly drawing: VirtualElement } {
  let [x, y] = [LEGEND_PAD, 0];
  const entries = legendEntries().map(({ drawing, words }) => {
    const own = SAMPLE.width + 8 + widthOf(words, 11) + 20;
    if (x > LEGEND_PAD && x + own > width) [x, y] = [LEGEND_PAD, y + ROW];
    const placed = element(
      'g',
      { transform: `translate(${Math.round(x)} ${y})` },
      drawing,
      element('text', { x: SAMPLE.width + 8, y: SAMPLE.height / 2 + 4 }, words),
    );
    x += own;
    return placed;
  });
  return { width, height: y + ROW + LEGEND_PAD / 2, drawing: element('g', {}, ...entries) };
}
