import type { MapDocument } from '../document';
import { lookOf, type Point, type DiagramEdge, type EdgeLook } from '../layout/diagram';
import { element, type VirtualElement } from './element';
import { chainPath, crossPath } from './symbols';

/** Draws an edge, with a symbol unless it only propagates the trace. */
export function drawEdge(
  { from, to, edges, points, middle }: DiagramEdge,
  document: MapDocument,
): VirtualElement {
  const look = lookOf(edges, document);
  const { propagation, broken, isCertain } = look;
  const [start] = points;
  return element(
    'g',
    {
      class: [
        'edge',
        propagation,
        ...(broken > 0 ? ['broken'] : []),
        ...(isCertain ? [] : ['possible']),
      ].join(' '),
    },
    element('path', { class: 'line', d: from === to ? loop(points) : curve(points) }),
    tipOf(points),
    propagation === 'starts'
      ? element('circle', { class: 'root', cx: start?.x, cy: start?.y, r: 4.2 })
      : undefined,
    drawSign(look, middle),
  );
}

function drawSign({ propagation, calls, broken }: EdgeLook, { x, y }: Point): VirtualElement | undefined {
  const text = edgeText(calls, broken);
  const symbol = {
    breaks: crossPath(x, y, broken > 0 ? 3.6 : 2.8),
    links: chainPath(x, y),
    propagates: '',
    starts: '',
  }[propagation];
  if (symbol === '' && text === '') return undefined;
  return element(
    'g',
    { class: 'sign' },
    ...(symbol === ''
      ? []
      : [
          element('circle', {
            class: 'disc',
            cx: x,
            cy: y,
            r: propagation === 'breaks' && broken === 0 ? 7.5 : 9,
          }),
          element('path', { class: 'symbol', d: symbol }),
        ]),
    text === '' ? undefined : element('text', { x, y: symbol === '' ? y - 5 : y + 21 }, text),
  );
}

function edgeText(calls: number, broken: number): string {
  if (broken > 0) return calls > 1 ? `${broken} of ${calls} break` : 'trace ends';
  return calls > 1 ? `${calls} calls` : '';
}

/** Returns a curve through points that meets the sides of cards at right angles. */
function curve([first, ...rest]: readonly Point[]): string {
  if (first === undefined) return '';
  let from = first;
  const pieces = rest.map((to) => {
    const half = Math.round((from.x + to.x) / 2);
    const piece = from.y === to.y ? `H${to.x}` : `C${half} ${from.y} ${half} ${to.y} ${to.x} ${to.y}`;
    from = to;
    return piece;
  });
  return `M${first.x} ${first.y}${pieces.join('')}`;
}

const CORNER = 8;

/** Returns a path of horizontal and vertical lines through points, with round corners. */
function loop(points: readonly Point[]): string {
  const pieces = points.map((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (!before || !after) return `${before ? 'L' : 'M'}${point.x} ${point.y}`;
    const [start, end] = [towards(point, before), towards(point, after)];
    return `L${start.x} ${start.y}Q${point.x} ${point.y} ${end.x} ${end.y}`;
  });
  return pieces.join('');
}

function towards(from: Point, to: Point): Point {
  return { x: from.x + Math.sign(to.x - from.x) * CORNER, y: from.y + Math.sign(to.y - from.y) * CORNER };
}

function tipOf(points: readonly Point[]): VirtualElement | undefined {
  const [before, end] = points.slice(-2);
  if (end === undefined) return undefined;
  return element('path', {
    class: 'tip',
    d: before.x <= end.x ? 'M0 0L-9 -4.5V4.5Z' : 'M0 0L9 -4.5V4.5Z',
    transform: `translate(${end.x} ${end.y})`,
  });
}
