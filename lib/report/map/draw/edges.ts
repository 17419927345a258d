import type { MapDocument } from '../document';
import { type DiagramEdge, type EdgeLook, lookOf, type Point, type RoutedLine } from '../layout/diagram';
import { bend } from '../layout/scene';
import { type Attributes, h, type VirtualElement } from './element';
import { chainPath, crossPath } from './symbols';

/** The line of an edge, which is below all cards, and its symbol, which is above them. */
export interface DrawnEdge {
  readonly line: VirtualElement;
  readonly sign: VirtualElement;
}

export function drawEdge(
  edge: DiagramEdge,
  document: MapDocument,
  attributes: { readonly line?: Attributes; readonly sign?: Attributes } = {},
): DrawnEdge {
  const { edges, points, middle } = edge;
  const look = lookOf(edges, document);
  const { propagation, broken, isCertain } = look;
  const kind = `edge ${propagation}${broken > 0 ? ' broken' : ''}${isCertain ? '' : ' possible'}`;
  const text = edgeText(look);
  const d = curve(edge);
  const [start] = points;
  return {
    line: h`
      <g class=${kind} ...${attributes.line}>
        <path class="hit" d=${d}/>
        <path class="line" d=${d}/>
        ${tipOf(edge)}
        ${propagation === 'starts' && h`<circle class="root" cx=${start?.x} cy=${start?.y} r="4.2"/>`}
        ${text !== '' && h`<text x=${middle.x + 14} y=${middle.y + 4}>${text}</text>`}
      </g>`,
    sign: drawSign(look, middle, { class: `sign ${kind}`, ...attributes.sign }),
  };
}

function drawSign(
  { propagation, broken }: EdgeLook,
  { x, y }: Point,
  attributes: Attributes,
): VirtualElement {
  const symbols: Readonly<Partial<Record<typeof propagation, string>>> = {
    breaks: crossPath(x, y, broken > 0 ? 3.6 : 2.8),
    links: chainPath(x, y),
  };
  const symbol = symbols[propagation];
  const radius = symbol === undefined ? 4 : propagation === 'breaks' && broken === 0 ? 7.5 : 9.5;
  return h`
    <g ...${attributes}>
      <circle class="disc" cx=${x} cy=${y} r=${radius}/>
      ${symbol !== undefined && h`<path class="symbol" d=${symbol}/>`}
    </g>`;
}

function edgeText({ calls, broken }: EdgeLook): string {
  if (broken > 0) return calls > 1 ? `${broken} of ${calls} end` : 'trace ends';
  return calls > 1 ? `${calls} calls` : '';
}

/** Returns a curve through points that meets the sides of cards at right angles. */
function curve({ points: [first, ...rest], sides }: RoutedLine): string {
  if (first === undefined) return '';
  let from = first;
  const pieces = rest.map((to) => {
    const points = [...bend(from, to, sides), to].map(({ x, y }) => `${x} ${y}`);
    from = to;
    return `C${points.join(' ')}`;
  });
  return `M${first.x} ${first.y}${pieces.join('')}`;
}

function tipOf({ points, sides }: RoutedLine): VirtualElement | undefined {
  const [before, end] = points.slice(-2);
  if (end === undefined) return undefined;
  const isDown = sides === 'around' || before.y <= end.y;
  const turn = sides === 'end' || sides === 'both' ? (before.x <= end.x ? -90 : 90) : isDown ? 0 : 180;
  return h`<path class="tip" d="M0 0L-4.5 -9H4.5Z" transform="translate(${end.x} ${end.y}) rotate(${turn})"/>`;
}
