import { Layouts } from './arrange';
import {
  type Arrangement,
  CARD_SIZES,
  type Link,
  linksBetween,
  linksWithin,
  lookOf,
  type MapLayout,
  signSize,
} from './diagram';
import { type Groups, groupsOf } from './groups';
import type { MapIndex } from './units';

/** Maximum number of units for a diagram of the whole system. In a larger system, stacks can be collapsed. */
const MAX_WHOLE = 120;

const GAP = 28;
const COLUMNS = 3;

/** Lays out a system: as a whole, or its groups and the units of each. */
export function layOut(index: MapIndex): MapLayout {
  const { groups, groupOf } = groupsOf(index);
  const layouts = new Layouts();
  if (index.units.length <= MAX_WHOLE || groups.length === 1) {
    const frames = groupOf.map((group) =>
      groups[group].isOutside || groups.length === 1 ? undefined : group,
    );
    const all = index.units.map((_, unit) => unit);
    return { groups, groupOf, inner: [], whole: arranged(all, index, layouts, frames) };
  }
  return {
    groups,
    groupOf,
    inner: groups.map(({ units }) => arranged(units, index, layouts)),
    overview: overviewOf({ groups, groupOf }, index, layouts),
  };
}

function arranged(
  units: readonly number[],
  index: MapIndex,
  layouts: Layouts,
  frames: readonly (number | undefined)[] = [],
): Arrangement {
  return layouts.of({
    boxes: units.map((_, i) => ({
      ...CARD_SIZES.unit,
      ...(frames[i] !== undefined && { frame: frames[i] }),
    })),
    lines: linesOf(linksWithin(units, index), index),
  });
}

function linesOf(links: readonly Link[], { document }: MapIndex) {
  return links.map(({ from, to, edges }) => ({ from, to, sign: signSize(lookOf(edges, document)) }));
}

/** Limits for an overview in layers, with the calls between stacks: the number of groups, and a size that most windows have. */
const MAX_LINKED = { count: 24, width: 1080, height: 800 };

/** Arranges groups in layers or, if that takes too much room, in rows without the calls between them. */
function overviewOf({ groups, groupOf }: Groups, index: MapIndex, layouts: Layouts): Arrangement {
  const boxes = groups.map(() => CARD_SIZES.group);
  if (groups.length <= MAX_LINKED.count) {
    const links = linksBetween(groups, groupOf, index);
    const layered = layouts.of({ boxes, lines: linesOf(links, index) });
    if (layered.width <= MAX_LINKED.width && layered.height <= MAX_LINKED.height) return layered;
  }
  const { width, height } = CARD_SIZES.group;
  const at = (i: number) => ({
    x: GAP + (i % COLUMNS) * (width + GAP),
    y: GAP + Math.floor(i / COLUMNS) * (height + GAP),
  });
  return {
    width: Math.min(COLUMNS, groups.length) * (width + GAP) + GAP,
    height: Math.ceil(groups.length / COLUMNS) * (height + GAP) + GAP,
    boxes: boxes.map((box, i) => ({ ...box, ...at(i) })),
    lines: [],
    frames: [],
  };
}
