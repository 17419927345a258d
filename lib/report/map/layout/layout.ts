import { Layouts, packed } from './arrange';
import { CARD_SIZES, FRAME, linksWithin, lookOf, type MapLayout, signSize } from './diagram';
import { groupsOf } from './groups';
import type { MapIndex } from './units';

/** Maximum number of units for an initial diagram of the whole system. */
const MAX_WHOLE = 120;

const GAP = 24;

/** Lays out the units of each group, and the groups: expanded or, in a large system, collapsed. */
export function layOut(index: MapIndex): MapLayout {
  const { groups, groupOf } = groupsOf(index);
  const layouts = new Layouts();
  const isExpanded = index.units.length <= MAX_WHOLE || groups.length === 1;
  const inner = groups.map(({ units }) =>
    layouts.of({
      count: units.length,
      lines: linksWithin(units, index).map(({ from, to, edges }) => ({
        from,
        to,
        sign: signSize(lookOf(edges, index.document)),
      })),
    }),
  );
  const sizes = inner.map(({ width, height }) =>
    isExpanded ? { width, height: height + FRAME.head } : CARD_SIZES.group,
  );
  const { corners } = packed(
    sizes.map(({ width, height }) => ({ width: width + GAP, height: height + GAP })),
    isExpanded ? 1.5 : 2.4,
  );
  const places = sizes.map((size, i) => ({ ...size, x: corners[i].x + GAP, y: corners[i].y + GAP }));
  return { groups, groupOf, inner, places, isExpanded };
}
