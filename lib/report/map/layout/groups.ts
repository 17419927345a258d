import { SEVERITIES } from '../../../rules/rule';
import { countBy } from '../../collections';
import { MODES } from '../../function-summary';
import type { Group, GroupKind, GroupSummary } from './diagram';
import { highestSeverity, type MapIndex } from './units';

/** Maximum number of cards of a diagram, without neighbors. */
export const MAX_CARDS = 120;

/** All groups. The first is the whole system. */
export interface Groups {
  readonly groups: readonly Group[];
  /** Index of the group of each unit. */
  readonly groupOf: readonly number[];
}

/** A group before it has an index. */
interface Draft {
  readonly kind: GroupKind;
  readonly name: string;
  readonly children: readonly Draft[];
  readonly units: readonly number[];
}

/** Groups a system by stacks. Groups that are too large for one diagram are split. */
export function groupsOf(index: MapIndex): Groups {
  const drafts = draftsOf(index);
  const system: Draft = { kind: 'system', name: 'All stacks', children: nested(drafts, index), units: [] };
  const groups: Group[] = [];
  const groupOf: number[] = new Array<number>(index.units.length).fill(0);
  const summarize = summaryOf(index);
  add(system, undefined);
  return { groups, groupOf };

  function add(draft: Draft, parent: number | undefined): number {
    const own = groups.length;
    const children: number[] = [];
    for (const unit of draft.units) groupOf[unit] = own;
    groups.push({
      kind: draft.kind,
      name: draft.name,
      ...(parent !== undefined && { parent }),
      groups: children,
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

/** Splits a group with too many units into parts. */
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

/** Puts too many groups into groups of their own. */
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
  kind: GroupKind,
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

/** Returns a function that summarizes units. */
function summaryOf({ document, units, edges }: MapIndex): (members: readonly number[]) => GroupSummary {
  const broken = new Uint32Array(units.length);
  for (const { from, edge } of edges) if (edge.isBroken) broken[from]++;
  return (members) => {
    const own = members.map((index) => units[index]);
    const functions = own.flatMap((unit) => unit.function ?? []);
    const severities = own.flatMap((unit) => highestSeverity(unit, document) ?? []);
    return {
      stacks: new Set(own.flatMap(({ node }) => node.stack ?? [])).size,
      units: own.length,
      functions: functions.length,
      byMode: countBy(MODES, ({ mode }) => mode, functions),
      gaps: own.filter(({ node }) => node.isGap).length,
      brokenEdges: members.reduce((sum, index) => sum + broken[index], 0),
      findings: countBy(SEVERITIES, (severity) => severity, severities),
    };
  };
}

/**
 * Splits a graph into parts of limited size, in time linear in items and links. Connected items stay together if they
 * fit into a part. Larger components are cut in breadth-first order, which keeps most of a path in one part.
 *
 * @param count the number of items, which are referred to by index
 * @param links the pairs of connected items
 * @param max the maximum number of items of a part
 * @returns the parts, in the order of their first items
 */
export function partsOf(
  count: number,
  links: readonly (readonly [number, number])[],
  max: number,
): number[][] {
  const parts: number[][] = [];
  let open: number[] = [];
  for (const component of componentsOf(count, links)) {
    if (open.length + component.length > max && open.length > 0) {
      parts.push(open);
      open = [];
    }
    for (let start = 0; start < component.length; start += max) {
      const piece = component.slice(start, start + max);
      if (open.length + piece.length > max) {
        parts.push(open);
        open = [];
      }
      open.push(...piece);
    }
  }
  return open.length > 0 ? [...parts, open] : parts;
}

/** Returns the connected components of a graph, each in breadth-first order. */
export function componentsOf(count: number, links: readonly (readonly [number, number])[]): number[][] {
  const neighbors: number[][] = Array.from({ length: count }, () => []);
  for (const [a, b] of links) {
    neighbors[a].push(b);
    neighbors[b].push(a);
  }
  const seen = new Uint8Array(count);
  const components: number[][] = [];
  for (let start = 0; start < count; start++) {
    if (seen[start]) continue;
    seen[start] = 1;
    const component = [start];
    // The loop appends to the component while it iterates over it.
    for (const item of component) {
      for (const next of neighbors[item]) {
        if (seen[next]) continue;
        seen[next] = 1;
        component.push(next);
      }
    }
    components.push(component);
  }
  return components;
}
