import type { Box, PlacedBox, Point } from './picture';

/** What is to be laid out: boxes, which may be in frames, and lines between them; all go by their indices. */
export interface Sketch {
  readonly boxes: readonly SketchedBox[];
  readonly lines: readonly SketchedLine[];
}

export interface SketchedBox extends Box {
  /** The number of its frame. */
  readonly frame?: number;
}

export interface SketchedLine {
  readonly from: number;
  readonly to: number;
  /** The room for what is on it. */
  readonly sign: Box;
}

export interface Layout extends Box {
  readonly boxes: readonly PlacedBox[];
  readonly lines: readonly RoutedLine[];
  /** Around what is connected and in one frame; a frame can be in several pieces. */
  readonly frames: readonly PlacedFrame[];
}

export interface PlacedFrame extends PlacedBox {
  readonly frame: number;
}

export interface RoutedLine {
  readonly points: readonly Point[];
  /** Where there is room for a sign. */
  readonly middle: Point;
}
