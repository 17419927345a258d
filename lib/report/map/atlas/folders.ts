import { summaryOf } from './folder-summary';
import type { Folder, FolderKind } from './folder';
import { partsOf } from './parts';
import type { MapIndex } from './map-index';

/** How many boxes a picture may have, besides those of its neighbours. */
export const MAX_CARDS = 120;

/** Folders by their indices, the whole system first. */
export interface Folders {
  readonly folders: readonly Folder[];
  /** The folder that each unit is directly in. */
  readonly folderOf: readonly number[];
}

/** A folder that is being put together. */
interface Draft {
  readonly kind: FolderKind;
  readonly name: string;
  readonly children: readonly Draft[];
  readonly units: readonly number[];
}

/** Folds a system by its stacks. What is too much for one picture is folded once more. */
export function foldersOf(index: MapIndex): Folders {
  const drafts = draftsOf(index);
  const system: Draft = { kind: 'system', name: 'All stacks', children: nested(drafts, index), units: [] };
  const folders: Folder[] = [];
  const folderOf: number[] = new Array<number>(index.units.length).fill(0);
  const summarize = summaryOf(index);
  add(system, undefined);
  return { folders, folderOf };

  function add(draft: Draft, parent: number | undefined): number {
    const own = folders.length;
    const children: number[] = [];
    for (const unit of draft.units) folderOf[unit] = own;
    folders.push({
      kind: draft.kind,
      name: draft.name,
      ...(parent !== undefined && { parent }),
      folders: children,
      units: draft.units,
      summary: summarize(unitsIn(draft)),
    });
    for (const child of draft.children) children.push(add(child, own));
    return own;
  }
}

function draftsOf({ document: { stacks }, units, edges }: MapIndex): Draft[] {
  const byStack = new Map<string | undefined, number[]>(stacks.map(({ id }) => [id, []]));
  byStack.set(undefined, []);
  units.forEach(({ node }, i) => byStack.get(node.stack)?.push(i));
  const stackOfUnit = units.map(({ node }) => node.stack);
  const within = new Map<string | undefined, [number, number][]>();
  for (const { from, to } of edges) {
    const stack = stackOfUnit[from];
    if (stack !== stackOfUnit[to]) continue;
    const known = within.get(stack);
    if (known) known.push([from, to]);
    else within.set(stack, [[from, to]]);
  }
  const names = new Map(stacks.map(({ id, name }) => [id, name]));
  return [...byStack].flatMap(([stack, members]): Draft[] => {
    if (members.length === 0) return [];
    const kind = stack === undefined ? 'outside' : 'stack';
    const name = stack === undefined ? 'Outside of the templates' : (names.get(stack) ?? stack);
    return [split({ kind, name, children: [], units: members }, within.get(stack) ?? [])];
  });
}

/** A folder whose units are too many for a picture, in parts. */
function split(draft: Draft, links: readonly [number, number][]): Draft {
  if (draft.units.length <= MAX_CARDS) return draft;
  const local = new Map(draft.units.map((unit, i) => [unit, i]));
  const localLinks = links.map(([a, b]) => [local.get(a)!, local.get(b)!] as const);
  const parts = partsOf(draft.units.length, localLinks, MAX_CARDS);
  const children = parts.map((part, i): Draft => ({
    kind: 'part',
    name: `${draft.name} (${i + 1} of ${parts.length})`,
    children: [],
    units: part.map((index) => draft.units[index]),
  }));
  return { ...draft, units: [], children: grouped(children, [], 'part') };
}

/** Folders that are too many for a picture, in folders of their own. */
function nested(drafts: readonly Draft[], { units, edges }: MapIndex): readonly Draft[] {
  const draftOf = new Array<number>(units.length);
  drafts.forEach((draft, i) => unitsIn(draft).forEach((unit) => (draftOf[unit] = i)));
  const links = edges.map(({ from, to }) => [draftOf[from], draftOf[to]] as const);
  return grouped(
    drafts,
    links.filter(([a, b]) => a !== b),
    'stacks',
  );
}

function grouped(
  drafts: readonly Draft[],
  links: readonly (readonly [number, number])[],
  kind: FolderKind,
): readonly Draft[] {
  if (drafts.length <= MAX_CARDS) return drafts;
  const parts = partsOf(drafts.length, links, MAX_CARDS);
  const groups = parts.map((part): Draft => {
    const children = part.map((index) => drafts[index]);
    const names = children.map(({ name }) => name);
    return { kind, name: `${names[0]} … ${names[names.length - 1]}`, children, units: [] };
  });
  return grouped(groups, [], kind);
}

function unitsIn({ units, children }: Draft): number[] {
  return [...units, ...children.flatMap(unitsIn)];
}
