import type { Severity } from '../../../rules/rule';
import type { Propagation } from '../../../trace-map/trace-map';
import type { ReportedMode } from '../../function-summary';
import type { MapDocument } from '../document';
import type { Unit } from './units';

/** Something of a size. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

/** A box in its place: where its upper left corner is. */
export interface PlacedBox extends Box {
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A group with all that can be seen of it at once, laid out. */
export interface Diagram extends Box {
  /** Its index. */
  readonly group: number;
  /** Whether the stacks in it are unfolded. */
  readonly isUnfolded: boolean;
  /** The stacks that are unfolded in it. */
  readonly frames: readonly Frame[];
  readonly cards: readonly Card[];
  readonly edges: readonly DiagramEdge[];
  /** How many calls are left out, where there are too many to be told apart. */
  readonly hidden: number;
}

/** What a card stands for: a unit or a group, by its index; or so many groups that there is no room for. */
export type Shown = { readonly unit: number } | { readonly group: number } | { readonly more: number };

export interface Card extends PlacedBox {
  readonly shows: Shown;
  /** Whether it is but a neighbour of what the picture is of. */
  readonly isNeighbour: boolean;
}

/** A group's units, with a line around them. */
export interface Frame extends PlacedBox {
  readonly group: number;
}

/** All calls from one card to another, as one line. */
export interface DiagramEdge {
  /** Indices of cards. */
  readonly from: number;
  readonly to: number;
  /** Indices of edges in the document. */
  readonly edges: readonly number[];
  readonly points: readonly Point[];
  /** Where there is room for a sign. */
  readonly middle: Point;
}

/** Every picture of a system. */
export interface MapLayout {
  /** The whole system first. */
  readonly groups: readonly Group[];
  /** The group that each unit is directly in. */
  readonly groupOf: readonly number[];
  /** One for each group, by its index; the last one of all, where there is room for it, has all stacks unfolded. */
  readonly diagrams: readonly Diagram[];
  /** The picture to begin with. */
  readonly start: number;
}

/** What is folded into a box, and has a picture of its own when it is unfolded. */
export interface Group {
  readonly kind: GroupKind;
  readonly name: string;
  /** The group that it is in; nothing for the whole system. */
  readonly parent?: number;
  /** The groups in it, or else the units. */
  readonly groups: readonly number[];
  readonly units: readonly number[];
  readonly summary: GroupSummary;
}

/** The whole system; several stacks, where there are too many for one picture; a stack; a part of one; or all that is outside. */
export type GroupKind = 'system' | 'stacks' | 'stack' | 'part' | 'outside';

/** What is in a group, and below it. */
export interface GroupSummary {
  readonly stacks: number;
  readonly units: number;
  readonly functions: number;
  readonly byMode: Readonly<Record<ReportedMode, number>>;
  readonly gaps: number;
  readonly brokenEdges: number;
  /** Units by their worst finding that isn't acknowledged. */
  readonly findings: Readonly<Record<Severity, number>>;
}

/** How large cards are, by what they show. */
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

/** How a line for calls looks: as the worst of them, so that no break is overlooked. */
export interface EdgeLook {
  readonly propagation: Propagation;
  /** How many calls there are, and at how many of them traces end. */
  readonly calls: number;
  readonly broken: number;
  /** Whether one of them is sure to be made. */
  readonly isCertain: boolean;
}

/** @param indices of edges in the document */
export function lookOf(indices: readonly number[], { edges }: MapDocument): EdgeLook {
  const calls = indices.map((index) => edges[index]);
  return {
    propagation:
      FROM_THE_WORST.find((effect) => calls.some((call) => call.propagation === effect)) ?? 'propagates',
    calls: calls.length,
    broken: calls.filter(({ isBroken }) => isBroken).length,
    isCertain: calls.some(({ isCertain }) => isCertain),
  };
}

const FROM_THE_WORST: readonly Propagation[] = ['breaks', 'links', 'propagates', 'starts'];

/** The room that it takes to tell. */
export function signSize({ propagation, calls, broken }: EdgeLook): Box {
  if (broken > 0) return { width: calls > 1 ? 84 : 62, height: 34 };
  if (calls > 1) return { width: 52, height: 34 };
  return propagation === 'breaks' || propagation === 'links'
    ? { width: 24, height: 20 }
    : { width: 4, height: 4 };
}
