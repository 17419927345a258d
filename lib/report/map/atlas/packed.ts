import type { Box, Point } from './picture';

/** How much wider than high a picture is to be, as screens are. */
const PROPORTION = 1.7;

/** A stretch of the outline of what has been put down, seen from below: nothing is there from `y` on. */
interface Step {
  readonly x: number;
  readonly width: number;
  readonly y: number;
}

/** Puts boxes side by side and below each other, the high ones first, each as high up as there is room for it. */
export function packed(boxes: readonly Box[]): Box & { readonly corners: readonly Point[] } {
  const area = boxes.reduce((sum, { width, height }) => sum + width * height, 0);
  const widest = boxes.reduce((max, { width }) => Math.max(max, width), 0);
  const limit = Math.ceil(Math.max(widest, Math.sqrt(area * PROPORTION)));
  const order = boxes.map((_, i) => i).sort((a, b) => boxes[b].height - boxes[a].height || a - b);
  const corners = new Array<Point>(boxes.length);
  let outline: readonly Step[] = [{ x: 0, width: limit, y: 0 }];
  for (const index of order) {
    const corner = highest(outline, boxes[index], limit);
    corners[index] = corner;
    outline = below(outline, { ...boxes[index], ...corner });
  }
  const far = (side: 'x' | 'y', extent: 'width' | 'height') =>
    corners.reduce((max, corner, i) => Math.max(max, corner[side] + boxes[i][extent]), 0);
  return { width: far('x', 'width'), height: far('y', 'height'), corners };
}

function highest(outline: readonly Step[], { width }: Box, limit: number): Point {
  let best: Point | undefined;
  for (const { x } of outline) {
    if (x + width > limit) break;
    const y = outline.reduce(
      (max, step) => (step.x < x + width && step.x + step.width > x ? Math.max(max, step.y) : max),
      0,
    );
    if (!best || y < best.y) best = { x, y };
  }
  return best ?? { x: 0, y: Math.max(...outline.map(({ y }) => y)) };
}

function below(outline: readonly Step[], { x, y, width, height }: Box & Point): readonly Step[] {
  const end = x + width;
  const before = outline.flatMap((step) =>
    step.x < x ? [{ ...step, width: Math.min(step.width, x - step.x) }] : [],
  );
  const after = outline.flatMap((step) => {
    const start = Math.max(step.x, end);
    return step.x + step.width > end ? [{ x: start, width: step.x + step.width - start, y: step.y }] : [];
  });
  return [...before, { x, width, y: y + height }, ...after];
}
