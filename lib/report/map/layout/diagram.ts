import type { Severity } from '../../../rules/rule';
import type { Propagation } from '../../../trace-map/trace-map';
import type { ReportedMode } from '../../function-summary';
import type { MapDocument } from '../document';
import type { Unit } from './units';

/** A rectangle without a position. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

/** A box with the position of its upper left corner. */
export interface PlacedBox extends Box {
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The laid-out diagram of a group. */
export interface Diagram extends Box {
  /** Index of the group. */
  readonly group: number;
  /** True if its stacks are expanded. */
  readonly isExpanded: boolean;
  /** Frames of the expanded stacks. */
  readonly frames: readonly Frame[];
  readonly cards: readonly Card[];
  readonly edges: readonly DiagramEdge[];
  /** Number of calls that are not drawn because there are too many. */
  readonly hidden: number;
}

/** Content of a card: a unit or a group, by its index, or the number of groups that are not drawn. */
export type Shown = { readonly unit: number } | { readonly group: number } | { readonly more: number };

export interface Card extends PlacedBox {
  readonly shows: Shown;
  /** True if the card is not a member of the diagram's group, but its neighbor. */
  readonly isNeighbor: boolean;
}

/** A frame around the units of a group. */
export interface Frame extends PlacedBox {
  readonly group: number;
}

/** All calls from one card to another, drawn as one edge. */
export interface DiagramEdge {
  /** Indices of cards. */
  readonly from: number;
  readonly to: number;
  /** Indices of edges in the document. */
  readonly edges: readonly number[];
  readonly points: readonly Point[];
  /** Center of the label. */
  readonly middle: Point;
}

/** All diagrams of a system. */
export interface MapLayout {
  /** All groups. The first is the whole system. */
  readonly groups: readonly Group[];
  /** Index of the group of each unit. */
  readonly groupOf: readonly number[];
  /** One diagram for each group, by its index. If there is room, an additional last diagram has all stacks expanded. */
  readonly diagrams: readonly Diagram[];
  /** Index of the initial diagram. */
  readonly start: number;
}

/** A group of units: one card when collapsed, its own diagram when expanded. */
export interface Group {
  readonly kind: GroupKind;
  readonly name: string;
  /** Index of the parent. Undefined for the whole system. */
  readonly parent?: number;
  /** Child groups. A group has child groups or units. */
  readonly groups: readonly number[];
  readonly units: readonly number[];
  readonly summary: GroupSummary;
}

/** Kinds of groups: the whole system, several of many stacks, a stack, a part of a large stack, or all external nodes. */
export type GroupKind = 'system' | 'stacks' | 'stack' | 'part' | 'outside';

/** Numbers of a group and its descendants. */
export interface GroupSummary {
  readonly stacks: number;
  readonly units: number;
  readonly functions: number;
  readonly byMode: Readonly<Record<ReportedMode, number>>;
  readonly gaps: number;
  readonly brokenEdges: number;
  /** Number of units by their highest severity of open findings. */
  readonly findings: Readonly<Record<Severity, number>>;
}

/** Sizes of cards by content. */
export const CARD_SIZES = {
  function: { width: 266, height: 92 },
  service: { width: 246, height: 66 },
  group: { width: 262, height: 138 },
  more: { width: 160, height: 44 },
} as const satisfies Record<string, Box>;

export function sizeOf(shows: Shown, units: readonly Unit[]): Box {
  if ('group' in shows) return CARD_SIZES.group;
  if ('more' in shows) return CARD_SIZES.more;
  return units[shows.unit].run ? CARD_SIZES.function : CARD_SIZES.service;
}

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

/** Returns the size of an edge's label. */
export function signSize({ propagation, calls, broken }: EdgeLook): Box {
  if (broken > 0) return { width: calls > 1 ? 84 : 62, height: 34 };
  if (calls > 1) return { width: 52, height: 34 };
  return propagation === 'breaks' || propagation === 'links'
    ? { width: 24, height: 20 }
    : { width: 4, height: 4 };
}
