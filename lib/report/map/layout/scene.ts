import {
  type Arrangement,
  type Card,
  CARD_SIZES,
  type Diagram,
  type DiagramEdge,
  FRAME,
  type Frame,
  type Link,
  linksBetween,
  linksOf,
  linksWithin,
  type MapLayout,
  type PlacedBox,
  type Point,
  type RoutedLine,
} from './diagram';
import type { MapIndex } from './units';

/**
 * Returns the diagram of a system with some groups expanded. Other groups make room for an expanded one, and keep their
 * order.
 */
export function diagramOf(layout: MapLayout, index: MapIndex, expanded: ReadonlySet<number>): Diagram {
  const { whole } = layout;
  if (!whole) return withExpanded(layout, index, expanded);
  const cards = whole.boxes.map((box, unit) => ({ ...box, shows: { unit } }));
  const links = linksWithin(
    cards.map((_, unit) => unit),
    index,
  );
  return { ...whole, cards, edges: links.map((link, i) => ({ ...link, ...whole.lines[i] })), hidden: 0 };
}

function withExpanded(
  { groups, groupOf, inner, overview }: MapLayout,
  index: MapIndex,
  expanded: ReadonlySet<number>,
): Diagram {
  const places = placesOf(overview!, inner, expanded);
  const cards: Card[] = [];
  const frames: Frame[] = [];
  const routed = new Map<string, RoutedLine>();
  const cardOf = new Array<number>(index.units.length);
  groups.forEach(({ units }, group) => {
    const place = places[group];
    const first = cards.length;
    units.forEach((unit, i) => (cardOf[unit] = expanded.has(group) ? first + i : first));
    if (!expanded.has(group)) {
      cards.push({ ...place, shows: { group } });
      return;
    }
    frames.push({ ...place, group });
    const corner = { x: place.x, y: place.y + FRAME.head };
    const { boxes, lines } = inner[group];
    units.forEach((unit, i) => cards.push({ ...moved(boxes[i], corner), shows: { unit } }));
    linksWithin(units, index).forEach(({ from, to }, i) =>
      routed.set(`${first + from} ${first + to}`, movedLine(lines[i], corner)),
    );
  });
  const isLinked = overview!.lines.length > 0;
  if (expanded.size === 0 && isLinked) {
    linksBetween(groups, groupOf, index).forEach(({ from, to }, i) =>
      routed.set(`${from} ${to}`, overview!.lines[i]),
    );
  }
  const all = linksOf(index.edges, (unit) => cardOf[unit]).filter(
    ({ from, to }) => from !== to || 'unit' in cards[from].shows,
  );
  const shows = (card: number) => cards[card].shows;
  const isOutside = (card: number) => {
    const shown = shows(card);
    return 'group' in shown && groups[shown.group].isOutside;
  };
  const isDrawn = ({ from, to, edges }: Link) =>
    (isLinked && !isOutside(from) && !isOutside(to)) ||
    'unit' in shows(from) ||
    'unit' in shows(to) ||
    edges.some((edge) => index.document.edges[edge].isBroken);
  const edges = all.filter(isDrawn).map((link): DiagramEdge => ({
    ...link,
    ...(routed.get(`${link.from} ${link.to}`) ?? direct(cards[link.from], cards[link.to])),
  }));
  const far = (end: (box: PlacedBox) => number) => Math.max(0, ...places.map(end));
  return {
    width: far(({ x, width }) => x + width) + FRAME.side,
    height: far(({ y, height }) => y + height) + FRAME.side,
    cards,
    frames,
    edges,
    hidden: all.length - edges.length,
  };
}

/**
 * Returns the places of groups. An expanded group moves those on its right side to the right, and those below it down, by
 * what it grows. So boxes that do not overlap when collapsed never do.
 */
function placesOf(
  { boxes }: Arrangement,
  inner: readonly Arrangement[],
  expanded: ReadonlySet<number>,
): PlacedBox[] {
  const { width, height } = CARD_SIZES.group;
  const grown = [...expanded].map((group) => {
    const own = inner[group];
    const size = { width: Math.max(width, own.width), height: own.height + FRAME.head };
    return { group, size, right: boxes[group].x + width, bottom: boxes[group].y + height };
  });
  return boxes.map((box, i) => {
    let { x, y } = box;
    for (const { size, right, bottom } of grown) {
      if (box.x >= right) x += Math.max(0, size.width - width);
      if (box.y >= bottom) y += Math.max(0, size.height - height);
    }
    return { ...(grown.find(({ group }) => group === i)?.size ?? { width, height }), x, y };
  });
}

/** Returns a line between two boxes: from bottom to top or back, or from side to side. */
export function direct(a: PlacedBox, b: PlacedBox): RoutedLine {
  const at = ({ x, y, width, height }: PlacedBox, across: number, down: number): Point => ({
    x: Math.round(x + across * width),
    y: Math.round(y + down * height),
  });
  const [isDown, isUp] = [b.y >= a.y + a.height, b.y + b.height <= a.y];
  const isAcross = !isDown && !isUp;
  const isRight = Number(b.x > a.x);
  const [start, end] = isAcross
    ? [at(a, isRight, 0.5), at(b, 1 - isRight, 0.5)]
    : [at(a, 0.5, Number(isDown)), at(b, 0.5, Number(isUp))];
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
  return { points: [start, end], middle, ...(isAcross && { isAcross }) };
}

export function moved<T extends Point>(point: T, by: Point): T {
  return { ...point, x: point.x + by.x, y: point.y + by.y };
}

export function movedLine(line: RoutedLine, by: Point): RoutedLine {
  return { ...line, points: line.points.map((point) => moved(point, by)), middle: moved(line.middle, by) };
}
