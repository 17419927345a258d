import type { Point, Wire } from '../atlas/picture';
import { lookOf, type WireLook } from '../atlas/wire-look';
import type { MapDocument } from '../map-document';
import { type VirtualElement, element } from './element';
import { chainPath, crossPath } from './symbols';

/** A line for calls, with a sign on it where the trace isn't simply handed on. */
export function drawnWire({ edges, points, middle }: Wire, document: MapDocument): VirtualElement {
  const look = lookOf(edges, document);
  const { effect, broken, isCertain } = look;
  const [start] = points;
  return element(
    'g',
    {
      class: ['wire', effect, ...(broken > 0 ? ['broken'] : []), ...(isCertain ? [] : ['possible'])].join(
        ' ',
      ),
    },
    element('path', { class: 'line', d: curve(points) }),
    tipOf(points),
    effect === 'starts'
      ? element('circle', { class: 'root', cx: start?.x, cy: start?.y, r: 4.2 })
      : undefined,
    drawnSign(look, middle),
  );
}

function drawnSign({ effect, calls, broken }: WireLook, { x, y }: Point): VirtualElement | undefined {
  const words = wordsOn(calls, broken);
  const symbol = {
    drops: crossPath(x, y, broken > 0 ? 3.6 : 2.8),
    links: chainPath(x, y),
    carries: '',
    starts: '',
  }[effect];
  if (symbol === '' && words === '') return undefined;
  return element(
    'g',
    { class: 'sign' },
    ...(symbol === ''
      ? []
      : [
          element('circle', { class: 'disc', cx: x, cy: y, r: effect === 'drops' && broken === 0 ? 7.5 : 9 }),
          element('path', { class: 'symbol', d: symbol }),
        ]),
    words === '' ? undefined : element('text', { x, y: symbol === '' ? y - 5 : y + 21 }, words),
  );
}

function wordsOn(calls: number, broken: number): string {
  if (broken > 0) return calls > 1 ? `${broken} of ${calls} end` : 'trace ends';
  return calls > 1 ? `${calls} calls` : '';
}

/** A line through points that leaves and arrives at right angles to the sides of cards. */
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

function tipOf(points: readonly Point[]): VirtualElement | undefined {
  const [before, end] = points.slice(-2);
  if (end === undefined) return undefined;
  return element('path', {
    class: 'tip',
    d: before.x <= end.x ? 'M0 0L-9 -4.5V4.5Z' : 'M0 0L9 -4.5V4.5Z',
    transform: `translate(${end.x} ${end.y})`,
  });
}
