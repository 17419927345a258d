import { Layouts } from './arrange';
import { type Contents, contentsOf } from './contents';
import { type MapLayout, type Group, lookOf, type Diagram, signSize, sizeOf } from './diagram';
import { type Groups, groupsOf } from './groups';
import type { MapIndex } from './units';

/** Maximum number of units for a diagram with all stacks expanded. */
const MAX_EXPANDED = 80;

/** Maximum number of edges for each card, for a readable diagram. */
const MAX_EDGES_PER_CARD = 3;

/** Limits for overviews with edges: the number of cards, their share of the area, and the ratio of the sides. */
const MIN_SPARSE_CARDS = 16;
const MIN_FILLED_SHARE = 0.2;
const MAX_SIDE_RATIO = 3;

/** Lays out every diagram of a system. */
export function layOut(index: MapIndex): MapLayout {
  const groups = groupsOf(index);
  const layouts = new Layouts();
  const diagrams = contentsOf(groups, index).map((contents, group) =>
    diagramOf({ group, contents, index, layouts }),
  );
  const stacks = groups.groups.flatMap(({ kind }, i) => (kind === 'stack' ? [i] : []));
  if (stacks.length === 1) return { ...groups, diagrams, start: stacks[0] };
  if (index.units.length > MAX_EXPANDED) return { ...groups, diagrams, start: 0 };
  return { ...groups, diagrams: [...diagrams, expanded(groups, index, layouts)], start: diagrams.length };
}

interface Sketched {
  readonly group: number;
  readonly contents: Contents;
  /** Group of each card, if the diagram has expanded stacks. */
  readonly frames?: readonly (number | undefined)[];
  readonly index: MapIndex;
  readonly layouts: Layouts;
}

/** Returns the diagram of all units, with a frame for each stack. */
function expanded(groups: Groups, index: MapIndex, layouts: Layouts): Diagram {
  const contents: Contents = {
    cards: index.units.map((_, unit) => ({ shows: { unit }, isNeighbor: false })),
    edges: index.edges.map((edge) => ({ from: edge.from, to: edge.to, edges: [edge.index] })),
  };
  const isFramed = ({ kind }: Group) => kind !== 'outside';
  const frames = groups.groupOf.map((group) => (isFramed(groups.groups[group]) ? group : undefined));
  return diagramOf({ group: 0, contents, frames, index, layouts });
}

function diagramOf(sketched: Sketched): Diagram {
  const drawn = drawnEdges(sketched.contents, sketched.index);
  const diagram = diagramWith(drawn, sketched);
  return isOverview(sketched) && isSparse(diagram) ? diagramWith([], sketched) : diagram;
}

/** True if all cards are groups. */
function isOverview({ contents }: Sketched): boolean {
  return contents.cards.every(({ shows }) => 'group' in shows);
}

/** True if the cards are so far apart that cards without edges are easier to read. */
function isSparse({ cards, width, height }: Diagram): boolean {
  const filled = cards.reduce((sum, card) => sum + card.width * card.height, 0);
  const isStrip = height > MAX_SIDE_RATIO * width || width > MAX_SIDE_RATIO * height;
  return cards.length >= MIN_SPARSE_CARDS && (isStrip || filled < MIN_FILLED_SHARE * width * height);
}

function diagramWith(
  drawn: Contents['edges'],
  { group, contents, frames = [], index, layouts }: Sketched,
): Diagram {
  const { cards } = contents;
  const { width, height, ...layout } = layouts.of({
    boxes: cards.map(({ shows }, i) => ({
      ...sizeOf(shows, index.units),
      ...(frames[i] !== undefined && { frame: frames[i] }),
    })),
    lines: drawn.map(({ from, to, edges }) => ({ from, to, sign: signSize(lookOf(edges, index.document)) })),
  });
  const [all, shown] = [contents.edges, drawn].map((list) =>
    list.reduce((sum, { edges }) => sum + edges.length, 0),
  );
  return {
    group,
    isExpanded: frames.length > 0,
    width,
    height,
    frames: layout.frames.map(({ frame, ...box }) => ({ ...box, group: frame })),
    cards: layout.boxes.map((box, i) => ({ ...box, ...cards[i] })),
    edges: layout.lines.map((line, i) => ({ ...line, ...drawn[i] })),
    hidden: all - shown,
  };
}

/** Returns the edges to draw: all, or the most important ones if there are too many. */
function drawnEdges({ cards, edges: all }: Contents, { document: { edges } }: MapIndex): Contents['edges'] {
  const max = MAX_EDGES_PER_CARD * cards.length;
  if (all.length <= max) return all;
  const weight = ({ edges: indices }: Contents['edges'][number]) =>
    indices.some((i) => edges[i].isBroken) ? 2 : Number(indices.some((i) => edges[i].isCertain));
  return [...all].sort((a, b) => weight(b) - weight(a)).slice(0, max);
}
