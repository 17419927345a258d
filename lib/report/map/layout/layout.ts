import { Layouts } from './arrange';
import { type Contents, contentsOf } from './contents';
import { type Atlas, type Folder, lookOf, type Picture, signSize, sizeOf } from './diagram';
import { type Folders, foldersOf } from './groups';
import type { MapIndex } from './units';

/** Up to how many units all stacks are unfolded at once. */
const MAX_UNFOLDED = 80;

/** How many lines a picture may have for each of its cards, so that they can be told apart. */
const MAX_WIRES_PER_CARD = 3;

/** Of how many folders on, what share of an overview they have to fill, and how much longer one side may be than the other. */
const MIN_LOOSE = 16;
const LOOSE = 0.2;
const STRIP = 3;

/** Lays out every picture of a system. */
export function atlasOf(index: MapIndex): Atlas {
  const folders = foldersOf(index);
  const layouts = new Layouts();
  const pictures = contentsOf(folders, index).map((contents, folder) =>
    pictureOf({ folder, contents, index, layouts }),
  );
  const stacks = folders.folders.flatMap(({ kind }, i) => (kind === 'stack' ? [i] : []));
  if (stacks.length === 1) return { ...folders, pictures, start: stacks[0] };
  if (index.units.length > MAX_UNFOLDED) return { ...folders, pictures, start: 0 };
  return { ...folders, pictures: [...pictures, unfolded(folders, index, layouts)], start: pictures.length };
}

interface Sketched {
  readonly folder: number;
  readonly contents: Contents;
  /** The folder of each card, where the picture has them unfolded. */
  readonly frames?: readonly (number | undefined)[];
  readonly index: MapIndex;
  readonly layouts: Layouts;
}

/** All units, in frames by their stacks. */
function unfolded(folders: Folders, index: MapIndex, layouts: Layouts): Picture {
  const contents: Contents = {
    cards: index.units.map((_, unit) => ({ shows: { unit }, isNeighbour: false })),
    wires: index.edges.map((edge) => ({ from: edge.from, to: edge.to, edges: [edge.index] })),
  };
  const isFramed = ({ kind }: Folder) => kind !== 'outside';
  const frames = folders.folderOf.map((folder) => (isFramed(folders.folders[folder]) ? folder : undefined));
  return pictureOf({ folder: 0, contents, frames, index, layouts });
}

function pictureOf(sketched: Sketched): Picture {
  const wires = drawn(sketched.contents, sketched.index);
  const picture = pictureWith(wires, sketched);
  return isOverview(sketched) && isLoose(picture) ? pictureWith([], sketched) : picture;
}

/** Whether there is nothing but folders on it. */
function isOverview({ contents }: Sketched): boolean {
  return contents.cards.every(({ shows }) => 'folder' in shows);
}

/** Whether the cards are so far from each other that one sees but few at a time: better are cards without lines. */
function isLoose({ cards, width, height }: Picture): boolean {
  const filled = cards.reduce((sum, card) => sum + card.width * card.height, 0);
  const isStrip = height > STRIP * width || width > STRIP * height;
  return cards.length >= MIN_LOOSE && (isStrip || filled < LOOSE * width * height);
}

function pictureWith(
  wires: Contents['wires'],
  { folder, contents, frames = [], index, layouts }: Sketched,
): Picture {
  const { cards } = contents;
  const { width, height, ...layout } = layouts.of({
    boxes: cards.map(({ shows }, i) => ({
      ...sizeOf(shows, index.units),
      ...(frames[i] !== undefined && { frame: frames[i] }),
    })),
    lines: wires.map(({ from, to, edges }) => ({ from, to, sign: signSize(lookOf(edges, index.document)) })),
  });
  const [all, shown] = [contents.wires, wires].map((list) =>
    list.reduce((sum, { edges }) => sum + edges.length, 0),
  );
  return {
    folder,
    isUnfolded: frames.length > 0,
    width,
    height,
    frames: layout.frames.map(({ frame, ...box }) => ({ ...box, folder: frame })),
    cards: layout.boxes.map((box, i) => ({ ...box, ...cards[i] })),
    wires: layout.lines.map((line, i) => ({ ...line, ...wires[i] })),
    hidden: all - shown,
  };
}

/** The wires that are drawn: all, or those that matter most. */
function drawn({ cards, wires }: Contents, { document: { edges } }: MapIndex): Contents['wires'] {
  const max = MAX_WIRES_PER_CARD * cards.length;
  if (wires.length <= max) return wires;
  const weight = ({ edges: indices }: Contents['wires'][number]) =>
    indices.some((i) => edges[i].isBroken) ? 2 : Number(indices.some((i) => edges[i].isCertain));
  return [...wires].sort((a, b) => weight(b) - weight(a)).slice(0, max);
}
