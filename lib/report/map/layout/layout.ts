import { Layouts } from './arrange';
import { type Contents, contentsOf } from './contents';
import { type MapLayout, type Group, lookOf, type Diagram, signSize, sizeOf } from './diagram';
import { type Groups, groupsOf } from './groups';
import type { MapIndex } from './units';

/** Up to how many units all stacks are unfolded at once. */
const MAX_UNFOLDED = 80;

/** How many lines a diagram may have for each of its cards, so that they can be told apart. */
const MAX_WIRES_PER_CARD = 3;

/** Of how many groups on, what share of an overview they have to fill, and how much longer one side may be than the other. */
const MIN_LOOSE = 16;
const LOOSE = 0.2;
const STRIP = 3;

/** Lays out every diagram of a system. */
export function layOut(index: MapIndex): MapLayout {
  const groups = groupsOf(index);
  const layouts = new Layouts();
  const diagrams = contentsOf(groups, index).map((contents, group) =>
    diagramOf({ group, contents, index, layouts }),
  );
  const stacks = groups.groups.flatMap(({ kind }, i) => (kind === 'stack' ? [i] : []));
  if (stacks.length === 1) return { ...groups, diagrams: diagrams, start: stacks[0] };
  if (index.units.length > MAX_UNFOLDED) return { ...groups, diagrams: diagrams, start: 0 };
  return { ...groups, diagrams: [...diagrams, unfolded(groups, index, layouts)], start: diagrams.length };
}

interface Sketched {
  readonly group: number;
  readonly contents: Contents;
  /** The group of each card, where the diagram has them unfolded. */
  readonly frames?: readonly (number | undefined)[];
  readonly index: MapIndex;
  readonly layouts: Layouts;
}

/** All units, in frames by their stacks. */
function unfolded(groups: Groups, index: MapIndex, layouts: Layouts): Diagram {
  const contents: Contents = {
    cards: index.units.map((_, unit) => ({ shows: { unit }, isNeighbour: false })),
    edges: index.edges.map((edge) => ({ from: edge.from, to: edge.to, edges: [edge.index] })),
  };
  const isFramed = ({ kind }: Group) => kind !== 'outside';
  const frames = groups.groupOf.map((group) => (isFramed(groups.groups[group]) ? group : undefined));
  return diagramOf({ group: 0, contents, frames, index, layouts });
}

function diagramOf(sketched: Sketched): Diagram {
  const wires = drawn(sketched.contents, sketched.index);
  const diagram = diagramWith(wires, sketched);
  return isOverview(sketched) && isLoose(diagram) ? diagramWith([], sketched) : diagram;
}

/** Whether there is nothing but groups on it. */
function isOverview({ contents }: Sketched): boolean {
  return contents.cards.every(({ shows }) => 'group' in shows);
}

/** Whether the cards are so far from each other that one sees but few at a time: better are cards without lines. */
function isLoose({ cards, width, height }: Diagram): boolean {
  const filled = cards.reduce((sum, card) => sum + card.width * card.height, 0);
  const isStrip = height > STRIP * width || width > STRIP * height;
  return cards.length >= MIN_LOOSE && (isStrip || filled < LOOSE * width * height);
}

function diagramWith(
  wires: Contents['edges'],
  { group, contents, frames = [], index, layouts }: Sketched,
): Diagram {
  const { cards } = contents;
  const { width, height, ...layout } = layouts.of({
    boxes: cards.map(({ shows }, i) => ({
      ...sizeOf(shows, index.units),
      ...(frames[i] !== undefined && { frame: frames[i] }),
    })),
    lines: wires.map(({ from, to, edges }) => ({ from, to, sign: signSize(lookOf(edges, index.document)) })),
  });
  const [all, shown] = [contents.edges, wires].map((list) =>
    list.reduce((sum, { edges }) => sum + edges.length, 0),
  );
  return {
    group,
    isUnfolded: frames.length > 0,
    width,
    height,
    frames: layout.frames.map(({ frame, ...box }) => ({ ...box, group: frame })),
    cards: layout.boxes.map((box, i) => ({ ...box, ...cards[i] })),
    edges: layout.lines.map((line, i) => ({ ...line, ...wires[i] })),
    hidden: all - shown,
  };
}

/** The wires that are drawn: all, or those that matter most. */
function drawn({ cards, edges: wires }: Contents, { document: { edges } }: MapIndex): Contents['edges'] {
  const max = MAX_WIRES_PER_CARD * cards.length;
  if (wires.length <= max) return wires;
  const weight = ({ edges: indices }: Contents['edges'][number]) =>
    indices.some((i) => edges[i].isBroken) ? 2 : Number(indices.some((i) => edges[i].isCertain));
  return [...wires].sort((a, b) => weight(b) - weight(a)).slice(0, max);
}
