import { sortedBy } from '../../collections';
import {
  type Arrangement,
  type Box,
  CARD_SIZES,
  direct,
  FRAME,
  linksWithin,
  lookOf,
  type MapLayout,
  moved,
  type Point,
  reachedFrom,
  type RoutedLine,
  signSize,
} from './diagram';
import { groupsOf, type MapIndex } from './units';

/** Maximum number of units for an initial diagram of the whole system. */
const MAX_WHOLE = 120;

/** Maximum number of connected units for a layout in layers, which takes more than linear time. */
const MAX_LAYERED = 200;

const UNIT = CARD_SIZES.unit;
const GAP = 24;
const SPACING = { nodesep: GAP, edgesep: 16, ranksep: 34, marginx: 14, marginy: 14 };

/** Lays out the units of each group, and the groups: expanded or, in a large system, collapsed. */
export function layOut(index: MapIndex): MapLayout {
  const { groups, groupOf } = groupsOf(index);
  const isExpanded = index.units.length <= MAX_WHOLE || groups.length === 1;
  const known = new Map<string, Arrangement>();
  const inner = groups.map(({ units }) => {
    const parts = connected(units, index).map((own) => ({ units: own, ...arrangementOf(own, index, known) }));
    const { corners, ...size } = packed(parts);
    return { ...size, parts: parts.map((part, i) => ({ ...part, ...corners[i] })) };
  });
  const sizes = inner.map(({ width, height }) =>
    isExpanded ? { width, height: height + FRAME.head } : CARD_SIZES.group,
  );
  const boxes = sizes.map(({ width, height }) => ({ width: width + GAP, height: height + GAP }));
  const { corners } = packed(boxes, isExpanded ? 1.5 : 2.4);
  const places = sizes.map((size, i) => ({ ...size, ...moved(corners[i], { x: GAP, y: GAP }) }));
  return { groups, groupOf, inner, places, isExpanded };
}

/** Returns the units that are connected with each other, in the order of the units. */
function connected(units: readonly number[], index: MapIndex): number[][] {
  const links = linksWithin(units, index).map(({ from, to }) => [from, to] as const);
  const components = componentsOf(units.length, links);
  return components.map((own) => own.sort((a, b) => a - b).map((i) => units[i]));
}

/** Returns the connected components of a graph, each in breadth-first order. */
export function componentsOf(count: number, links: readonly (readonly [number, number])[]): number[][] {
  const neighbors: number[][] = Array.from({ length: count }, () => []);
  for (const [a, b] of links) {
    neighbors[a].push(b);
    neighbors[b].push(a);
  }
  const seen = new Set<number>();
  return neighbors.flatMap((_, start) => {
    if (seen.has(start)) return [];
    const component = reachedFrom(start, (item) => neighbors[item]);
    for (const item of component) seen.add(item);
    return [[...component]];
  });
}

/** A line between units, which are given by their position, before layout. */
interface SketchedLine {
  readonly from: number;
  readonly to: number;
  /** Size of the label. */
  readonly sign: Box;
}

/** Arranges connected units. Systems contain many equal parts, which are arranged once. */
function arrangementOf(
  units: readonly number[],
  index: MapIndex,
  known: Map<string, Arrangement>,
): Arrangement {
  const lines = linksWithin(units, index).map(({ from, to, edges }) => ({
    from,
    to,
    sign: signSize(lookOf(edges, index.document)),
  }));
  const key = JSON.stringify([units.length, lines]);
  const arrange = units.length > MAX_LAYERED ? inRows : layered;
  const arrangement = known.get(key) ?? arrange(units.length, lines);
  known.set(key, arrangement);
  return arrangement;
}

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
const { Graph, layout } = require('@dagrejs/dagre') as {
  readonly Graph: new (options: { multigraph: boolean }) => DagreGraph;
  readonly layout: (graph: DagreGraph) => void;
};

/** Lays out connected units in layers, with callers above the functions and services that they call. */
function layered(count: number, lines: readonly SketchedLine[]): Arrangement {
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
    return rounded({ x: x - (UNIT.width + room) / 2, y: y - UNIT.height / 2 });
  });
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    boxes,
    lines: lines.map(({ from, to }, i) => {
      const line = routed(boxes[from], boxes[to]);
      if (from === to) return line;
      const { points, ...middle } = graph.edge({ v: `${from}`, w: `${to}`, name: `${i}` });
      const [start, end] = line.points;
      return { ...line, points: [start, ...points.slice(1, -1).map(rounded), end], middle: rounded(middle) };
    }),
  };
}

/** Lays out very many connected units in rows. */
function inRows(count: number, lines: readonly SketchedLine[]): Arrangement {
  const cell = { width: UNIT.width + GAP, height: UNIT.height + SPACING.ranksep };
  const { corners, width, height } = packed(new Array<Box>(count).fill(cell), 1);
  const boxes = corners.map((corner) => moved(corner, { x: GAP / 2, y: GAP / 2 }));
  return { width, height, boxes, lines: lines.map(({ from, to }) => routed(boxes[from], boxes[to])) };
}

/** Routes a line between units, or from the bottom of a unit around its right side to its top. */
function routed(from: Point, to: Point): RoutedLine {
  if (from !== to) return direct({ ...UNIT, ...from }, { ...UNIT, ...to });
  const { x, y } = from;
  const start = { x: x + UNIT.width - 30, y: y + UNIT.height };
  const middle = { x: x + UNIT.width + SELF_CALL_DISTANCE, y: y + UNIT.height / 2 };
  return { points: [start, { x: start.x, y }], middle, sides: 'around' };
}

/** Distance between a box and the line of its self-call, in pixels. */
const SELF_CALL_DISTANCE = 12;

/** Returns the width beside a box for its self-call and its label. */
function roomForSelfCall(box: number, lines: readonly SketchedLine[]): number {
  const own = lines.find(({ from, to }) => from === box && to === box);
  return own ? 2 * SELF_CALL_DISTANCE + own.sign.width / 2 : 0;
}

/** The used part of dagre. Its own types exist only for ES modules, and TypeScript does not find them. */
interface DagreGraph {
  setGraph(label: object): void;
  setNode(id: string, label: object): void;
  setEdge(from: string, to: string, label: object, name: string): void;
  /** Returns the size of the graph. */
  graph(): Partial<Box>;
  /** Returns a node with the coordinates of its center. */
  node(id: string): Point;
  /** Returns the points of an edge, and the center of its label. */
  edge(edge: Readonly<Record<'v' | 'w' | 'name', string>>): Point & { readonly points: readonly Point[] };
}
