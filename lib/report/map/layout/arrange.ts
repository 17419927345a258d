import { sortedBy } from '../../collections';
import {
  type Arrangement,
  type Box,
  CARD_SIZES,
  type PlacedBox,
  type Point,
  type RoutedLine,
} from './diagram';
import { componentsOf } from './groups';
import { direct, moved, movedLine } from './scene';

/** Units, all of the same size, and lines between them, before layout. Units are given by index. */
interface Sketch {
  readonly count: number;
  readonly lines: readonly SketchedLine[];
}

interface SketchedLine {
  readonly from: number;
  readonly to: number;
  /** Size of the label. */
  readonly sign: Box;
}

const UNIT = CARD_SIZES.unit;
const MARGIN = 14;

/**
 * Lays out connected units together, and unconnected parts side by side. Layouts are cached, because systems contain
 * many equal parts.
 */
export class Layouts {
  private readonly known = new Map<string, Arrangement>();

  public of({ count, lines }: Sketch): Arrangement {
    const components = componentsOf(
      count,
      lines.map(({ from, to }) => [from, to]),
    ).map((units) => units.sort((a, b) => a - b));
    const placeOf = new Array<readonly [component: number, position: number]>(count);
    components.forEach((units, i) => units.forEach((unit, j) => (placeOf[unit] = [i, j])));
    const own: number[][] = components.map(() => []);
    lines.forEach(({ from }, i) => own[placeOf[from][0]].push(i));
    const parts = components.map((units, i) => {
      const ownLines = own[i].map((line) => lines[line]);
      const local = ownLines.map(({ from, to, sign }) => ({
        from: placeOf[from][1],
        to: placeOf[to][1],
        sign,
      }));
      return this.cached({ count: units.length, lines: local });
    });
    const { width, height, corners } = packed(parts);
    const [boxes, routed] = [new Array<Point>(count), new Array<RoutedLine>(lines.length)];
    parts.forEach((part, i) => {
      part.boxes.forEach((box, j) => (boxes[components[i][j]] = moved(box, corners[i])));
      part.lines.forEach((line, j) => (routed[own[i][j]] = movedLine(line, corners[i])));
    });
    return { width, height, boxes, lines: routed };
  }

  private cached(sketch: Sketch): Arrangement {
    const key = JSON.stringify(sketch);
    const layout = this.known.get(key) ?? (sketch.count > MAX_LAYERED ? inRows(sketch) : layered(sketch));
    this.known.set(key, layout);
    return layout;
  }
}

/** Maximum number of connected units for a layout in layers, which takes more than linear time. */
const MAX_LAYERED = 200;

/** A step of the lower outline of placed boxes: from `y` down, it is free. */
interface Step {
  readonly x: number;
  readonly width: number;
  readonly y: number;
}

/**
 * Packs boxes, the tallest first, each as far up as there is room.
 *
 * @param proportion the target ratio of width to height
 */
export function packed(
  boxes: readonly Box[],
  proportion = 1.7,
): Box & { readonly corners: readonly Point[] } {
  const area = boxes.reduce((sum, { width, height }) => sum + width * height, 0);
  const widest = boxes.reduce((max, { width }) => Math.max(max, width), 0);
  const limit = Math.ceil(Math.max(widest, Math.sqrt(area * proportion)));
  const order = sortedBy([...boxes.keys()], (i) => [-boxes[i].height]);
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

const SPACING = { nodesep: 24, edgesep: 16, ranksep: 34, marginx: MARGIN, marginy: MARGIN };

/** Lays out connected units in layers, with callers above the functions and services that they call. */
function layered({ count, lines }: Sketch): Arrangement {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ ...SPACING, rankdir: 'TB' });
  const rooms = Array.from({ length: count }, (_, i) => roomForSelfCall(i, lines));
  rooms.forEach((room, i) => graph.setNode(`${i}`, { width: UNIT.width + room, height: UNIT.height }));
  lines.forEach(({ from, to, sign }, i) => {
    if (from !== to) graph.setEdge(`${from}`, `${to}`, { ...sign, labelpos: 'c' }, `${i}`);
  });
  layout(graph);

  const rounded = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) });
  const boxes = rooms.map((room, i) => {
    const { x, y } = graph.node(`${i}`);
    return { ...UNIT, ...rounded({ x: x - (UNIT.width + room) / 2, y: y - UNIT.height / 2 }) };
  });
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    boxes: boxes.map(rounded),
    lines: lines.map(({ from, to }, i) => {
      if (from === to) return routedToItself(boxes[from]);
      const { points, ...middle } = graph.edge({ v: `${from}`, w: `${to}`, name: `${i}` });
      const line = direct(boxes[from], boxes[to]);
      const [start, end] = line.points;
      const between = points.slice(1, -1).map(rounded);
      return { ...line, points: [start, ...between, end], middle: rounded(middle) };
    }),
  };
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

/** Lays out very many connected units in rows. Takes linear time. */
function inRows({ count, lines }: Sketch): Arrangement {
  const cell = { width: UNIT.width + SPACING.nodesep, height: UNIT.height + SPACING.ranksep };
  const row = Math.ceil(Math.sqrt(count));
  const boxes = Array.from({ length: count }, (_, i) => ({
    ...UNIT,
    x: MARGIN + (i % row) * cell.width,
    y: MARGIN + Math.floor(i / row) * cell.height,
  }));
  return {
    width: row * cell.width + 2 * MARGIN,
    height: Math.ceil(count / row) * cell.height + 2 * MARGIN,
    boxes: boxes.map(({ x, y }) => ({ x, y })),
    lines: lines.map(({ from, to }) =>
      from === to ? routedToItself(boxes[from]) : direct(boxes[from], boxes[to]),
    ),
  };
}

/** The used part of dagre. Its own types exist only for ES modules, and TypeScript does not find them. */
interface Dagre {
  readonly Graph: new (options: { multigraph: boolean }) => DagreGraph;
  readonly layout: (graph: DagreGraph) => void;
}

interface DagreGraph {
  setGraph(label: object): void;
  setNode(id: string, label: object): void;
  setEdge(from: string, to: string, label: object, name: string): void;
  /** Returns the size of the graph. */
  graph(): Partial<Box>;
  /** Returns a node with the coordinates of its center. */
  node(id: string): Point;
  edge(edge: { readonly v: string; readonly w: string; readonly name: string }): DagreEdge;
}

/** The points of an edge, and the center of its label. */
interface DagreEdge extends Point {
  readonly points: readonly Point[];
}
