/** Axis and sign of the direction of each arrow key. */
const AXES: Readonly<Record<string, readonly [axis: 'x' | 'y', sign: 1 | -1]>> = {
  ArrowLeft: ['x', -1],
  ArrowRight: ['x', 1],
  ArrowUp: ['y', -1],
  ArrowDown: ['y', 1],
};

/** Weight of the distance across the direction, relative to the distance along it. */
const ACROSS_WEIGHT = 2.5;

/** Returns the index of the nearest box in the direction of an arrow key. Undefined for other keys, or if there is none. */
export function nearestCard(boxes: readonly DOMRect[], from: DOMRect, key: string): number | undefined {
  if (!(key in AXES)) return undefined;
  const [axis, sign] = AXES[key];
  const other = axis === 'x' ? 'y' : 'x';
  const center = ({ x, y, width, height }: DOMRect) => ({ x: x + width / 2, y: y + height / 2 });
  const start = center(from);
  let [nearest, least] = [-1, Infinity];
  boxes.forEach((box, i) => {
    const end = center(box);
    const ahead = (end[axis] - start[axis]) * sign;
    const distance = ahead + ACROSS_WEIGHT * Math.abs(end[other] - start[other]);
    if (box.width > 0 && ahead > 1 && distance < least) [nearest, least] = [i, distance];
  });
  return nearest === -1 ? undefined : nearest;
}
