import type { Propagation } from '../../../trace-map/trace-map';
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
  /** The card of each unit: its own or that of its group, by index. */
  readonly cardOf: readonly number[];
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
  const links = new Map<string, { from: number; to: number; edges: number[] }>();
  for (const edge of edges) {
    const [from, to] = [cardOf(edge.from), cardOf(edge.to)];
    if (from === undefined || to === undefined) continue;
    const key = `${from} ${to}`;
    const known = links.get(key);
    if (known) known.edges.push(edge.index);
    else links.set(key, { from, to, edges: [edge.index] });
  }
  return [...links.values()];
}

/** Returns the links between some units, as indices into their list. */
export function linksWithin(units: readonly number[], index: MapIndex): Link[] {
  const own = new Map(units.map((unit, i) => [unit, i]));
  return linksOf(
    units.flatMap((unit) => index.outgoing[unit]),
    (unit) => own.get(unit),
  );
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
