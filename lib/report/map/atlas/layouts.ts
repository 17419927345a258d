import { FRAME, layered } from './layered';
import { packed } from './packed';
import { componentsOf } from './parts';
import type { Point } from './picture';
import type { Layout, PlacedFrame, RoutedLine, Sketch } from './sketch';

/** A part of a sketch that has been laid out, with what its boxes and lines are in the whole. */
interface Piece {
  readonly boxes: readonly number[];
  readonly lines: readonly number[];
  readonly layout: Layout;
}

const MARGIN = 16;

/**
 * Lays out what is connected together, and puts what isn't side by side. Systems repeat themselves: what has been laid
 * out once is remembered.
 */
export class Layouts {
  private readonly known = new Map<string, Layout>();

  public of(sketch: Sketch): Layout {
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
        layout: this.remembered({
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

  private remembered(sketch: Sketch): Layout {
    const key = JSON.stringify(sketch);
    const layout = this.known.get(key) ?? layoutOf(sketch);
    this.known.set(key, layout);
    return layout;
  }
}

function layoutOf(sketch: Sketch): Layout {
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
  const each = <T>(items: (layout: Layout) => readonly T[], move: (item: T, by: Point) => T): T[] =>
    pieces.flatMap(({ layout }, i) => items(layout).map((item) => move(item, corners[i])));
  return {
    boxes: pieces.flatMap(({ boxes }) => boxes),
    lines: pieces.flatMap(({ lines }) => lines),
    layout: {
      width,
      height,
      boxes: each(({ boxes }) => boxes, moved),
      lines: each<RoutedLine>(({ lines }) => lines, movedLine),
      frames: each<PlacedFrame>(({ frames }) => frames, moved),
    },
  };
}

/** With a frame around it all. */
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
      frames: [{ ...placed, frame }],
    },
  };
}

/** With boxes and lines as they are in the sketch. */
function inOrder({ boxes, lines, layout }: Piece): Layout {
  const [ordered, routed] = [[...layout.boxes], [...layout.lines]];
  boxes.forEach((box, i) => (ordered[box] = layout.boxes[i]));
  lines.forEach((line, i) => (routed[line] = layout.lines[i]));
  return { ...layout, boxes: ordered, lines: routed };
}

function moved<T extends Point>(point: T, by: Point): T {
  return { ...point, x: point.x + by.x, y: point.y + by.y };
}

function movedLine({ points, middle }: RoutedLine, by: Point): RoutedLine {
  return { points: points.map((point) => moved(point, by)), middle: moved(middle, by) };
}
