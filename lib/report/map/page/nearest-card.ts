import type { Card } from '../atlas/picture';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** By direction: along which axis it goes, and which way. */
const AXES: Readonly<Record<Direction, readonly [axis: 'x' | 'y', sign: 1 | -1]>> = {
  left: ['x', -1],
  right: ['x', 1],
  up: ['y', -1],
  down: ['y', 1],
};

/** What lies aside counts so much more than what lies ahead. */
const ASIDE = 2.5;

/** The card that one comes to from another; nothing where there is none in the direction. */
export function nearestCard(cards: readonly Card[], from: number, direction: Direction): number | undefined {
  const [axis, sign] = AXES[direction];
  const [start, ...others] = [cards[from], ...cards].map(({ x, y, width, height }) => ({
    x: x + width / 2,
    y: y + height / 2,
  }));
  const other = axis === 'x' ? 'y' : 'x';
  let nearest: number | undefined;
  let least = Infinity;
  others.forEach((centre, i) => {
    const ahead = (centre[axis] - start[axis]) * sign;
    if (i === from || ahead <= 1 || 'more' in cards[i].shows) return;
    const distance = ahead + ASIDE * Math.abs(centre[other] - start[other]);
    if (distance < least) [nearest, least] = [i, distance];
  });
  return nearest;
}
