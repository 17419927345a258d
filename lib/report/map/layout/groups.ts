import { countBy } from '../../collections';
import { MODES } from '../../function-summary';
import { SEVERITIES } from '../../severity';
import type { Group, GroupKind, GroupSummary } from './diagram';
import { worstFinding, type MapIndex } from './units';

/** How many boxes a diagram may have, besides those of its neighbours. */
export const MAX_CARDS = 120;

/** Groups by their indices, the whole system first. */
export interface Groups {
  readonly groups: readonly Group[];
  /** The group that each unit is directly in. */
  readonly groupOf: readonly number[];
}

/** A group that is being put together. */
interface Draft {
  readonly kind: GroupKind;
  readonly name: string;
  readonly children: readonly Draft[];
  readonly units: readonly number[];
}

/** Groups a system by its stacks. What is too much for one diagram is folded once more. */
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

/** A group whose units are too many for a diagram, in parts. */
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

/** Groups that are too many for a diagram, in groups of their own. */
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

/** Sums up what is in a group, by its units. */
function summaryOf({ document, units, edges }: MapIndex): (members: readonly number[]) => GroupSummary {
  const broken = new Uint32Array(units.length);
  for (const { from, edge } of edges) if (edge.isBroken) broken[from]++;
  return (members) => {
    const own = members.map((index) => units[index]);
    const functions = own.flatMap((unit) => unit.function ?? []);
    const worst = own.flatMap((unit) => worstFinding(unit, document) ?? []);
    return {
      stacks: new Set(own.flatMap(({ node }) => node.stack ?? [])).size,
      units: own.length,
      functions: functions.length,
      byMode: countBy(MODES, ({ mode }) => mode, functions),
      gaps: own.filter(({ node }) => node.isGap).length,
      brokenEdges: members.reduce((sum, index) => sum + broken[index], 0),
      findings: countBy(SEVERITIES, (severity) => severity, worst),
    };
  };
}

/**
 * Splits what is connected into parts of a bounded size, in time linear in both. What hangs together stays together
 * where it fits; what doesn't is cut along the way from its start, so that most of a path is in one part.
 *
 * @param count how many items there are; they go by their indices
 * @param links which are connected
 * @param max how many a part may have
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

/** The items that are connected, directly or by way of others; within a component, neighbours are close to each other. */
export function componentsOf(count: number, links: readonly (readonly [number, number])[]): number[][] {
  const neighbours: number[][] = Array.from({ length: count }, () => []);
  for (const [a, b] of links) {
    neighbours[a].push(b);
    neighbours[b].push(a);
  }
  const seen = new Uint8Array(count);
  const components: number[][] = [];
  for (let start = 0; start < count; start++) {
    if (seen[start]) continue;
    seen[start] = 1;
    const component = [start];
    // What is reached is appended while it is gone through.
    for (const item of component) {
      for (const next of neighbours[item]) {
        if (seen[next]) continue;
        seen[next] = 1;
        component.push(next);
      }
    }
    components.push(component);
  }
  return components;
}
