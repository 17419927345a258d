import {
  type Arrangement,
  type Box,
  FRAME,
  type Frame,
  type PlacedBox,
  type Point,
  type RoutedLine,
} from './diagram';
import { componentsOf } from './groups';
import { direct, moved, movedLine } from './scene';

/** A laid-out part of a sketch, with the indices of its boxes and lines in the sketch. */
interface Piece {
  readonly boxes: readonly number[];
  readonly lines: readonly number[];
  readonly layout: Arrangement;
}

const MARGIN = 14;

/**
 * Lays out connected boxes together, and unconnected parts side by side. Layouts are cached, because systems contain
 * many equal parts.
 */
export class Layouts {
  private readonly known = new Map<string, Arrangement>();

  public of(sketch: Sketch): Arrangement {
    const loose: Piece[] = [];
    const ofFrame = new Map<number, Piece[]>();
    for (const piece of this.connected(sketch)) {
      const frames = new Set(piece.boxes.map((box) => sketch.boxes[box].frame));
      const [frame] = frames;
      if (frames.size > 1 || frame === undefined) loose.push(piece);
      else ofFrame.set(frame, [...(ofFrame.get(frame) ?? []), piece]);
    }
    const framed = [...ofFrame].map(([frame, pieces]) => inFrame(frame, sideBySide(pieces)));
    return inOrder(sideBySide([...loose, ...framed]));
  }

  private connected({ boxes, lines }: Sketch): Piece[] {
    const links = lines.map(({ from, to }) => [from, to] as const);
    const components = componentsOf(boxes.length, links).map((items) => items.sort((a, b) => a - b));
    const component = new Array<number>(boxes.length);
    const position = new Array<number>(boxes.length);
    components.forEach((items, i) =>
      items.forEach((box, j) => {
        component[box] = i;
        position[box] = j;
      }),
    );
    const own: number[][] = components.map(() => []);
    lines.forEach(({ from }, i) => own[component[from]].push(i));
    return components.map((items, i) => {
      const isFramed = new Set(items.map((box) => boxes[box].frame)).size > 1;
      return {
        boxes: items,
        lines: own[i],
        layout: this.cached({
          boxes: items.map((box) => {
            const { width, height, frame } = boxes[box];
            return { width, height, ...(isFramed && frame !== undefined && { frame }) };
          }),
          lines: own[i].map((line) => {
            const { from, to, sign } = lines[line];
            return { from: position[from], to: position[to], sign };
          }),
        }),
      };
    });
  }

  private cached(sketch: Sketch): Arrangement {
    const key = JSON.stringify(sketch);
    const layout = this.known.get(key) ?? layoutOf(sketch);
    this.known.set(key, layout);
    return layout;
  }
}

/** Maximum number of connected boxes for a layout in layers, which takes more than linear time. */
const MAX_LAYERED = 200;

function layoutOf(sketch: Sketch): Arrangement {
  if (sketch.boxes.length > MAX_LAYERED) return inRows(sketch);
  const [only, another] = sketch.boxes;
  if (another !== undefined || sketch.lines.length > 0) return layered(sketch);
  const { width, height } = only;
  return {
    width: width + 2 * MARGIN,
    height: height + 2 * MARGIN,
    boxes: [{ x: MARGIN, y: MARGIN, width, height }],
    lines: [],
    frames: [],
  };
}

function sideBySide(pieces: readonly Piece[]): Piece {
  const { width, height, corners } = packed(pieces.map(({ layout }) => layout));
  const each = <T>(items: (layout: Arrangement) => readonly T[], move: (item: T, by: Point) => T): T[] =>
    pieces.flatMap(({ layout }, i) => items(layout).map((item) => move(item, corners[i])));
  return {
    boxes: pieces.flatMap(({ boxes }) => boxes),
    lines: pieces.flatMap(({ lines }) => lines),
    layout: {
      width,
      height,
      boxes: each(({ boxes }) => boxes, moved),
      lines: each<RoutedLine>(({ lines }) => lines, movedLine),
      frames: each<Frame>(({ frames }) => frames, moved),
    },
  };
}

/** Puts a frame around a piece. */
function inFrame(frame: number, piece: Piece): Piece {
  const by = { x: MARGIN, y: MARGIN + FRAME.head };
  const { width, height, boxes, lines } = piece.layout;
  const placed = { x: MARGIN, y: MARGIN, width, height: height + FRAME.head };
  return {
    ...piece,
    layout: {
      width: width + 2 * MARGIN,
      height: height + FRAME.head + 2 * MARGIN,
      boxes: boxes.map((box) => moved(box, by)),
      lines: lines.map((line) => movedLine(line, by)),
      frames: [{ ...placed, group: frame }],
    },
  };
}

/** Returns the layout with boxes and lines in the order of the sketch. */
function inOrder({ boxes, lines, layout }: Piece): Arrangement {
  const [ordered, routed] = [[...layout.boxes], [...layout.lines]];
  boxes.forEach((box, i) => (ordered[box] = layout.boxes[i]));
  lines.forEach((line, i) => (routed[line] = layout.lines[i]));
  return { ...layout, boxes: ordered, lines: routed };
}

/** Target ratio of width to height, like that of screens. */
const PROPORTION = 1.7;

/** A step of the lower outline of placed boxes: from `y` down, it is free. */
interface Step {
  readonly x: number;
  readonly width: number;
  readonly y: number;
}

/** Packs boxes, the tallest first, each as far up as there is room. */
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

// oxlint-disable-next-line typescript/no-require-imports
const { Graph, layout } = require('@dagrejs/dagre') as Dagre;

const SPACING = { nodesep: 24, edgesep: 16, ranksep: 38, marginx: 8, marginy: 14 };

/** Space between boxes and between layers if there are frames, which need room for their names. */
const FRAMED = { nodesep: 18, ranksep: 26 };

/** Lays out connected boxes in layers, with callers above the functions and services that they call. */
function layered({ boxes, lines }: Sketch): Arrangement {
  const frames = [...new Set(boxes.flatMap(({ frame }) => frame ?? []))];
  const graph = new Graph({ multigraph: true, compound: frames.length > 0 });
  const isFramed = frames.length > 0;
  graph.setGraph({ ...SPACING, ...(isFramed && FRAMED), rankdir: 'TB' });
  for (const frame of frames) graph.setNode(`frame ${frame}`, {});
  const rooms = boxes.map((_, i) => roomForSelfCall(i, lines));
  boxes.forEach(({ width, height, frame }, i) => {
    graph.setNode(`box ${i}`, { width: width + rooms[i], height });
    if (frame !== undefined) graph.setParent(`box ${i}`, `frame ${frame}`);
  });
  lines.forEach(({ from, to, sign }, i) => {
    if (from === to) return;
    graph.setEdge(`box ${from}`, `box ${to}`, { ...sign, labelpos: 'c' }, `line ${i}`);
  });
  layout(graph);

  const head = isFramed ? FRAME.head : 0;
  const places = boxes.map((_, i) => placedBox(graph.node(`box ${i}`), head));
  const placed = places.map((place, i) => ({ ...place, width: place.width - rooms[i] }));
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height) + head,
    boxes: placed,
    lines: lines.map((line, i) => {
      const { from, to } = line;
      if (from === to) return routedToItself(placed[from]);
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

function around(boxes: readonly PlacedBox[], group: number): Frame {
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return {
    group,
    x: x - FRAME.side,
    y: y - FRAME.head,
    width: right - x + 2 * FRAME.side,
    height: bottom - y + FRAME.head + FRAME.side,
  };
}

/** Converts a box from its center to its upper left corner. */
function placedBox({ x, y, width, height }: PlacedBox, head: number): PlacedBox {
  return {
    x: Math.round(x - width / 2),
    y: Math.round(y - height / 2) + head,
    width: Math.round(width),
    height: Math.round(height),
  };
}

/** Routes a line from the bottom of a box to the top of the other, or back. */
function routed(
  { x, y, points }: DagreEdge,
  { from, to }: SketchedLine,
  boxes: readonly PlacedBox[],
  head: number,
): RoutedLine {
  const point = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) + head });
  const { points: ends, ...line } = direct(boxes[from], boxes[to]);
  return { ...line, points: [ends[0], ...points.slice(1, -1).map(point), ends[1]], middle: point({ x, y }) };
}

/** Distance between a box and the line of its self-call, in pixels. */
const SELF_CALL_DISTANCE = 12;

/** Returns the width beside a box for its self-call and its label. */
function roomForSelfCall(box: number, lines: readonly SketchedLine[]): number {
  return Math.max(
    0,
    ...lines.flatMap(({ from, to, sign }) =>
      from === box && to === box ? [2 * SELF_CALL_DISTANCE + sign.width / 2] : [],
    ),
  );
}

/** Routes a self-call from the bottom of a box around its right side to the top, as all lines go from top to bottom. */
function routedToItself({ x, y, width, height }: PlacedBox): RoutedLine {
  const half = x + Math.round(width / 2);
  const [above, below] = [y - SELF_CALL_DISTANCE, y + height + SELF_CALL_DISTANCE];
  const beside = x + width + SELF_CALL_DISTANCE;
  const points: Point[] = [
    { x: half, y: y + height },
    { x: half, y: below },
    { x: beside, y: below },
    { x: beside, y: above },
    { x: half, y: above },
    { x: half, y },
  ];
  return { points, middle: { x: beside, y: y + Math.round(height / 2) } };
}

/** Boxes in a row of a large layout. */
const ROW = 10;

/** Lays out very many connected boxes in rows, in breadth-first order. Takes linear time. */
function inRows({ boxes, lines }: Sketch): Arrangement {
  const links = lines.map(({ from, to }) => [from, to] as const);
  const order = componentsOf(boxes.length, links).flat();
  const cell = (side: 'width' | 'height', gap: number) => Math.max(...boxes.map((box) => box[side])) + gap;
  const [width, height] = [cell('width', SPACING.nodesep), cell('height', SPACING.ranksep)];
  const placed = new Array<PlacedBox>(boxes.length);
  order.forEach((box, i) => {
    const at = { x: MARGIN + (i % ROW) * width, y: MARGIN + Math.floor(i / ROW) * height };
    placed[box] = { ...boxes[box], ...at };
  });
  return {
    width: ROW * width + 2 * MARGIN,
    height: Math.ceil(boxes.length / ROW) * height + 2 * MARGIN,
    boxes: placed.map(({ x, y, width: w, height: h }) => ({ x, y, width: w, height: h })),
    lines: lines.map(({ from, to }) =>
      from === to ? routedToItself(placed[from]) : direct(placed[from], placed[to]),
    ),
    frames: [],
  };
}

/** Boxes, which may be in frames, and lines between them, before layout. All are referred to by index. */
export interface Sketch {
  readonly boxes: readonly SketchedBox[];
  readonly lines: readonly SketchedLine[];
}

export interface SketchedBox extends Box {
  /** Index of its frame. */
  readonly frame?: number;
}

interface SketchedLine {
  readonly from: number;
  readonly to: number;
  /** Size of the label. */
  readonly sign: Box;
}

/** The used part of dagre. Its own types exist only for ES modules, and TypeScript does not find them. */
interface Dagre {
  readonly Graph: new (options: { multigraph: boolean; compound: boolean }) => DagreGraph;
  readonly layout: (graph: DagreGraph) => void;
}

export interface DagreGraph {
  setGraph(label: object): void;
  setNode(id: string, label: object): void;
  setParent(id: string, parent: string): void;
  setEdge(from: string, to: string, label: object, name: string): void;
  /** Returns the size of the graph. */
  graph(): Partial<Box>;
  /** Returns a node with the coordinates of its center. */
  node(id: string): PlacedBox;
  edge(edge: { readonly v: string; readonly w: string; readonly name: string }): DagreEdge;
}

/** The points of an edge, and the center of its label. */
interface DagreEdge extends Point {
  readonly points: readonly Point[];
}
