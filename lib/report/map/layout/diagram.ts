import type { Propagation } from '../../../trace-map/trace-map';
import { groupBy } from '../../collections';
import type { MapDocument } from '../document';
import type { Group, MapIndex, UnitEdge } from './units';

/** A rectangle without a position. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A box with the position of its upper left corner. */
export type PlacedBox = Box & Point;

/** The positions of units and of the lines between them, in a size. */
export interface Arrangement extends Box {
  readonly boxes: readonly Point[];
  readonly lines: readonly RoutedLine[];
}

/** The arrangement of connected units, at a position in their group. */
export interface Part extends Arrangement, Point {
  readonly units: readonly number[];
}

export interface RoutedLine {
  readonly points: readonly Point[];
  /** Center of the label. */
  readonly middle: Point;
  /**
   * Set if it ends at the side of a box, or starts and ends there, or goes around a box. Otherwise, it is at the top or
   * bottom.
   */
  readonly sides?: 'end' | 'both' | 'around';
}

/** A frame around the units of a group. */
export type Frame = PlacedBox & { readonly group: number };

/** The layout of a system. Units and groups are given by index. */
export interface MapLayout {
  readonly groups: readonly Group[];
  /** Group of each unit. */
  readonly groupOf: readonly number[];
  /** The units of each group. */
  readonly inner: readonly (Box & { readonly parts: readonly Part[] })[];
  /** Initial places of the groups, with a margin. */
  readonly places: readonly PlacedBox[];
  /** True if all groups are expanded initially. Otherwise, all are collapsed. */
  readonly isExpanded: boolean;
}

/** A diagram of units and collapsed groups. */
export interface Diagram extends Box {
  readonly frames: readonly Frame[];
  readonly cards: readonly Card[];
  readonly edges: readonly DiagramEdge[];
  /** Number of calls that are not drawn because there are too many. */
  readonly hidden: number;
}

/** Content of a card: a unit or a collapsed group, by index. */
export type Shown = { readonly unit: number } | { readonly group: number };

export type Card = PlacedBox & { readonly shows: Shown };

/** All calls from one card to another, drawn as one edge. */
export interface Link {
  /** Indices of cards. */
  readonly from: number;
  readonly to: number;
  /** Indices of edges in the document. */
  readonly edges: readonly number[];
}

export type DiagramEdge = Link & RoutedLine;

/** Combines the calls from one card to another. Calls to or from a unit without a card are left out. */
export function linksOf(edges: readonly UnitEdge[], cardOf: (unit: number) => number | undefined): Link[] {
  const links = edges.flatMap(({ from: caller, to: called, index }) => {
    const [from, to] = [cardOf(caller), cardOf(called)];
    return from === undefined || to === undefined ? [] : [{ from, to, index }];
  });
  return [...groupBy(({ from, to }) => `${from} ${to}`, links).values()].map((calls) => ({
    from: calls[0].from,
    to: calls[0].to,
    edges: calls.map(({ index }) => index),
  }));
}

/** Returns the links between some units, as indices into their list. */
export function linksWithin(units: readonly number[], index: MapIndex): Link[] {
  const own = new Map(units.map((unit, i) => [unit, i]));
  return linksOf(
    units.flatMap((unit) => index.outgoing[unit]),
    (unit) => own.get(unit),
  );
}

/** Returns an item and all that it leads to, in breadth-first order. */
export function reachedFrom(start: number, next: (item: number) => Iterable<number>): Set<number> {
  const reached = new Set([start]);
  // The loop appends to the set while it iterates over it.
  for (const item of reached) for (const other of next(item)) reached.add(other);
  return reached;
}

/** Sizes of cards by content. */
export const CARD_SIZES = {
  unit: { width: 200, height: 64 },
  group: { width: 270, height: 160 },
} as const satisfies Record<string, Box>;

/** Space that a frame adds at its sides, and at its top for its name, in pixels. */
export const FRAME = { side: 14, head: 34 };

/** Appearance of an edge for several calls: that of the most severe effect, to show every break. */
export interface EdgeLook {
  readonly propagation: Propagation;
  readonly calls: number;
  /** Number of calls that break a trace. */
  readonly broken: number;
  /** True if one of the calls is certain. */
  readonly isCertain: boolean;
}

/** @param indices the indices of edges in the document */
export function lookOf(indices: readonly number[], { edges }: MapDocument): EdgeLook {
  const calls = indices.map((index) => edges[index]);
  return {
    propagation:
      MOST_SEVERE_FIRST.find((effect) => calls.some((call) => call.propagation === effect)) ?? 'propagates',
    calls: calls.length,
    broken: calls.filter(({ isBroken }) => isBroken).length,
    isCertain: calls.some(({ isCertain }) => isCertain),
  };
}

const MOST_SEVERE_FIRST: readonly Propagation[] = ['breaks', 'links', 'propagates', 'starts'];

/** Returns the size of an edge's label: a symbol, with text on its right side that needs as much room on the left. */
export function signSize({ propagation, calls, broken }: EdgeLook): Box {
  if (broken > 0) return { width: calls > 1 ? 190 : 168, height: 24 };
  if (calls > 1) return { width: 130, height: 24 };
  return propagation === 'breaks' || propagation === 'links'
    ? { width: 24, height: 20 }
    : { width: 10, height: 10 };
}

/** Returns the groups that are expanded initially. */
export function initiallyExpanded({ groups, isExpanded }: MapLayout): ReadonlySet<number> {
  return new Set(isExpanded ? groups.keys() : []);
}

/** Returns the diagram of a system with some groups expanded. */
export function diagramOf(layout: MapLayout, index: MapIndex, expanded: ReadonlySet<number>): Diagram {
  const places = placesOf(layout, expanded);
  const cards: Card[] = [];
  const frames: Frame[] = [];
  const routed = new Map<string, RoutedLine>();
  const cardOf: number[] = [];
  layout.groups.forEach(({ units }, group) => {
    const place = places[group];
    if (!expanded.has(group)) {
      for (const unit of units) cardOf[unit] = cards.length;
      cards.push({ ...place, shows: { group } });
      return;
    }
    frames.push({ ...place, group });
    for (const part of layout.inner[group].parts) {
      const corner = moved(part, { x: place.x, y: place.y + FRAME.head });
      const first = cards.length;
      part.units.forEach((unit, i) => {
        cardOf[unit] = first + i;
        cards.push({ ...CARD_SIZES.unit, ...moved(part.boxes[i], corner), shows: { unit } });
      });
      linksWithin(part.units, index).forEach(({ from, to }, i) =>
        routed.set(`${first + from} ${first + to}`, movedLine(part.lines[i], corner)),
      );
    }
  });
  const isUnit = (card: number) => 'unit' in cards[card].shows;
  const all = linksOf(index.edges, (unit) => cardOf[unit]).filter(
    ({ from, to }) => from !== to || isUnit(from),
  );
  // Lines between collapsed groups cross the others and say little.
  const edges = all.filter(
    ({ from, to, edges: calls }) =>
      isUnit(from) || isUnit(to) || calls.some((call) => index.document.edges[call].isBroken),
  );
  return {
    width: Math.max(0, ...places.map(({ x, width }) => x + width)) + MARGIN,
    height: Math.max(0, ...places.map(({ y, height }) => y + height)) + MARGIN,
    cards,
    frames,
    edges: edges.map((link) => ({
      ...link,
      ...(routed.get(`${link.from} ${link.to}`) ?? direct(cards[link.from], cards[link.to], true)),
    })),
    hidden: all.length - edges.length,
  };
}

const MARGIN = 16;

/**
 * Returns the places of groups. A group that grows moves those on its right side to the right, and those below it down, by
 * what it grows. So boxes that do not overlap initially never do, and all others keep their places and order.
 */
function placesOf({ places, inner }: MapLayout, expanded: ReadonlySet<number>): PlacedBox[] {
  const sizes = inner.map(({ width, height }, group) =>
    expanded.has(group) ? { width, height: height + FRAME.head } : CARD_SIZES.group,
  );
  const grown = places.map((place, i) => ({
    right: place.x + place.width,
    bottom: place.y + place.height,
    width: Math.max(0, sizes[i].width - place.width),
    height: Math.max(0, sizes[i].height - place.height),
  }));
  return places.map((place, i) => {
    let { x, y } = place;
    for (const { right, bottom, width, height } of grown) {
      if (place.x >= right) x += width;
      if (place.y >= bottom) y += height;
    }
    return { ...sizes[i], x, y };
  });
}

/**
 * Returns a line between two boxes: from the bottom to the top, or back, if one is below the other. Otherwise, it ends at
 * a side. A line between stacks goes from side to side if there is room between the boxes, to pass fewer cards.
 */
export function direct(a: PlacedBox, b: PlacedBox, isBetweenStacks = false): RoutedLine {
  const at = ({ x, y, width, height }: PlacedBox, across: number, down: number): Point => ({
    x: Math.round(x + across * width),
    y: Math.round(y + down * height),
  });
  const isUp = b.y + b.height <= a.y;
  const isLevel = !isUp && b.y < a.y + a.height;
  const isApart = b.x > a.x + a.width || b.x + b.width < a.x;
  const sides = isLevel ? 'end' : isBetweenStacks && isApart ? 'both' : undefined;
  const isLeft = Number(b.x < a.x);
  const start = sides === 'both' ? at(a, 1 - isLeft, 0.5) : at(a, 0.5, isUp ? 0 : 1);
  const end = sides ? at(b, isLeft, 0.5) : at(b, 0.5, isUp ? 1 : 0);
  const [first, second] = bend(start, end, sides);
  // The point at 0.3 of the curve.
  const on = (axis: 'x' | 'y') =>
    Math.round(0.343 * start[axis] + 0.441 * first[axis] + 0.189 * second[axis] + 0.027 * end[axis]);
  return { points: [start, end], middle: { x: on('x'), y: on('y') }, ...(sides && { sides }) };
}

/** Returns the control points of a curve that meets the sides of boxes at right angles, or goes around a box. */
export function bend(start: Point, end: Point, sides?: RoutedLine['sides']): readonly [Point, Point] {
  if (sides === 'around') return [moved(start, { x: 56, y: 40 }), moved(end, { x: 56, y: -40 })];
  const half = Math.round((start.y + end.y) / 2);
  if (!sides)
    return [
      { x: start.x, y: half },
      { x: end.x, y: half },
    ];
  const reach = Math.max(40, Math.round(Math.abs(end.x - start.x) / 3));
  const ahead = end.x < start.x ? -reach : reach;
  const first = sides === 'both' ? { x: start.x + ahead, y: start.y } : { x: start.x, y: start.y + reach };
  return [first, { x: end.x - ahead, y: end.y }];
}

export function moved(point: Point, by: Point): Point {
  return { x: point.x + by.x, y: point.y + by.y };
}

function movedLine(line: RoutedLine, by: Point): RoutedLine {
  return { ...line, points: line.points.map((point) => moved(point, by)), middle: moved(line.middle, by) };
}
