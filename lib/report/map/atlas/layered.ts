import type { Dagre, DagreEdge } from './dagre';
import type { PlacedBox, Point } from './picture';
import { roomForSelfCall, routedToItself } from './self-call';
import type { Layout, PlacedFrame, RoutedLine, Sketch, SketchedLine } from './sketch';

// eslint-disable-next-line @typescript-eslint/no-require-imports
const { Graph, layout } = require('@dagrejs/dagre') as Dagre;

const SPACING = { nodesep: 26, edgesep: 18, ranksep: 46, marginx: 16, marginy: 16 };

/** What a frame adds to what is in it, with its name above. */
export const FRAME = { side: 16, head: 32 };

/** Between boxes of different frames there is half as much more. */
const FRAMED_NODESEP = 50;

/** Lays out what is connected: callers to the left of what they call. */
export function layered({ boxes, lines }: Sketch): Layout {
  const frames = [...new Set(boxes.flatMap(({ frame }) => frame ?? []))];
  const graph = new Graph({ multigraph: true, compound: frames.length > 0 });
  const isFramed = frames.length > 0;
  graph.setGraph({ ...SPACING, ...(isFramed && { nodesep: FRAMED_NODESEP }), rankdir: 'LR' });
  for (const frame of frames) graph.setNode(`frame ${frame}`, {});
  const rooms = boxes.map((_, i) => roomForSelfCall(i, lines));
  boxes.forEach(({ width, height, frame }, i) => {
    graph.setNode(`box ${i}`, { width, height: height + rooms[i] });
    if (frame !== undefined) graph.setParent(`box ${i}`, `frame ${frame}`);
  });
  lines.forEach(({ from, to, sign }, i) => {
    // It lays a line from a box to the same box out as if all went from top to bottom.
    if (from === to) return;
    graph.setEdge(`box ${from}`, `box ${to}`, { ...sign, labelpos: 'c' }, `line ${i}`);
  });
  layout(graph);

  const head = isFramed ? FRAME.head : 0;
  const places = boxes.map((_, i) => placedBox(graph.node(`box ${i}`), head));
  const placed = places.map((place, i) => ({ ...place, height: place.height - rooms[i] }));
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height) + head,
    boxes: placed,
    lines: lines.map((line, i) => {
      const { from, to } = line;
      if (from === to) return routedToItself(placed[from], line);
      const edge = graph.edge({ v: `box ${from}`, w: `box ${to}`, name: `line ${i}` });
      return routed(edge, line, placed, head);
    }),
    frames: frames.map((frame) =>
      around(
        places.filter((_, i) => boxes[i].frame === frame),
        frame,
      ),
    ),
  };
}

function around(boxes: readonly PlacedBox[], frame: number): PlacedFrame {
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return {
    frame,
    x: x - FRAME.side,
    y: y - FRAME.head,
    width: right - x + 2 * FRAME.side,
    height: bottom - y + FRAME.head + FRAME.side,
  };
}

/** By its corner instead of its centre. */
function placedBox({ x, y, width, height }: PlacedBox, head: number): PlacedBox {
  return {
    x: Math.round(x - width / 2),
    y: Math.round(y - height / 2) + head,
    width: Math.round(width),
    height: Math.round(height),
  };
}

/** A line from the middle of one side of a box to that of another, since all go from left to right, or back. */
function routed(
  { x, y, points }: DagreEdge,
  { from, to }: SketchedLine,
  boxes: readonly PlacedBox[],
  head: number,
): RoutedLine {
  const point = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) + head });
  const between = points.slice(1, -1).map(point);
  const isBack = boxes[from].x > boxes[to].x;
  const side = (box: PlacedBox, isLeft: boolean): Point => ({
    x: box.x + (isLeft ? 0 : box.width),
    y: box.y + Math.round(box.height / 2),
  });
  const [start, end] = [side(boxes[from], isBack), side(boxes[to], !isBack)];
  return { points: [start, ...between, end], middle: point({ x, y }) };
}
