import type { PlacedBox, Point } from './picture';
import type { RoutedLine, SketchedLine } from './sketch';

/** How far the line of a call to oneself keeps off the box. */
const GAP = 12;

/** The room below a box for the line of its call to itself, with the sign on it. */
export function roomForSelfCall(box: number, lines: readonly SketchedLine[]): number {
  return Math.max(
    0,
    ...lines.flatMap(({ from, to, sign }) => (from === box && to === box ? [GAP + sign.height] : [])),
  );
}

/** From the middle of the right side round below the box to that of the left side, as all lines go from left to right. */
export function routedToItself({ x, y, width, height }: PlacedBox, { sign }: SketchedLine): RoutedLine {
  const half = y + Math.round(height / 2);
  const below = y + height + GAP + Math.round(sign.height / 2);
  const [left, right] = [x - GAP, x + width + GAP];
  const points: Point[] = [
    { x: x + width, y: half },
    { x: right, y: half },
    { x: right, y: below },
    { x: left, y: below },
    { x: left, y: half },
    { x, y: half },
  ];
  return { points, middle: { x: x + Math.round(width / 2), y: below } };
}
