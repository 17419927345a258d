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

/** A folder with all that can be seen of it at once, laid out. */
export interface Picture extends Box {
  /** Its index. */
  readonly folder: number;
  /** Whether the stacks in it are unfolded. */
  readonly isUnfolded: boolean;
  /** The stacks that are unfolded in it. */
  readonly frames: readonly Frame[];
  readonly cards: readonly Card[];
  readonly wires: readonly Wire[];
  /** How many calls are left out, where there are too many to be told apart. */
  readonly hidden: number;
}

/** What a card stands for: a unit or a folder, by its index; or so many folders that there is no room for. */
export type Shown = { readonly unit: number } | { readonly folder: number } | { readonly more: number };

export interface Card extends PlacedBox {
  readonly shows: Shown;
  /** Whether it is but a neighbour of what the picture is of. */
  readonly isNeighbour: boolean;
}

/** A folder's units, with a line around them. */
export interface Frame extends PlacedBox {
  readonly folder: number;
}

/** All calls from one card to another, as one line. */
export interface Wire {
  /** Indices of cards. */
  readonly from: number;
  readonly to: number;
  /** Indices of edges in the document. */
  readonly edges: readonly number[];
  readonly points: readonly Point[];
  /** Where there is room for a sign. */
  readonly middle: Point;
}
