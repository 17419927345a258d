import type { Shown } from './diagram';
import type { Groups } from './groups';
import type { UnitEdge, Units } from './units';

/** Cards and edges of a diagram before layout. */
export interface Contents {
  readonly cards: readonly { readonly shows: Shown; readonly isNeighbor: boolean }[];
  readonly edges: readonly ContentEdge[];
}

export interface ContentEdge {
  /** Indices of cards. */
  readonly from: number;
  readonly to: number;
  /** Indices of edges in the document. */
  readonly edges: readonly number[];
}

/** Number of neighbors that have their own cards. */
const MAX_NEIGHBORS = 40;

/**
 * Returns the contents of the diagrams of all groups: the members of the group and its neighbors, which are collapsed up
 * to the closest common ancestor. Time is linear in units and edges.
 */
export function contentsOf(groups: Groups, units: Units): Contents[] {
  const drafts = groups.groups.map((group) => {
    const draft = new Draft();
    for (const unit of group.units) draft.card(`unit ${unit}`, { unit }, false);
    for (const child of group.groups) draft.card(`group ${child}`, { group: child }, false);
    return draft;
  });
  const ancestors = groups.groups.map((_, i) => ancestorsOf(i, groups));
  for (const edge of units.edges) {
    const [from, to] = [ancestors[groups.groupOf[edge.from]], ancestors[groups.groupOf[edge.to]]];
    const common = from.find((group) => to.includes(group))!;
    const isFromOrToOutside = isOutside(edge.from) !== isOutside(edge.to);
    for (const group of from) {
      // Edges from outside to every stack would say nothing.
      if (isFromOrToOutside && group === common) break;
      drafts[group].connect(within(edge.from, group, from), beside(edge.to, group, to), edge);
      if (group === common) break;
    }
    for (const group of to) {
      if (group === common) break;
      drafts[group].connect(beside(edge.from, group, from), within(edge.to, group, to), edge);
    }
  }
  return drafts.map((draft) => draft.contents());

  function isOutside(unit: number): boolean {
    return units.units[unit].node.stack === undefined;
  }

  /** Returns the card of a unit within a group. */
  function within(unit: number, group: number, chain: readonly number[]): Shown {
    const i = chain.indexOf(group);
    return i === 0 ? { unit } : { group: chain[i - 1] };
  }

  /** Returns the card of a unit beside a group or in it. Units outside of the templates are never collapsed here. */
  function beside(unit: number, group: number, chain: readonly number[]): Shown {
    if (chain.includes(group)) return within(unit, group, chain);
    if (isOutside(unit)) return { unit };
    const common = ancestors[group].find((ancestor) => chain.includes(ancestor))!;
    return within(unit, common, chain);
  }
}

/** Returns a group and its ancestors, closest first. */
function ancestorsOf(group: number, { groups }: Groups): number[] {
  const { parent } = groups[group];
  return parent === undefined ? [group] : [group, ...ancestorsOf(parent, { groups, groupOf: [] })];
}

/** Builds the contents of a diagram. */
class Draft {
  private readonly cards: { shows: Shown; isNeighbor: boolean }[] = [];
  private readonly cardOf = new Map<string, number>();
  private readonly edges = new Map<string, { from: number; to: number; edges: number[] }>();

  public card(key: string, shows: Shown, isNeighbor: boolean): number {
    const known = this.cardOf.get(key);
    if (known !== undefined) return known;
    this.cardOf.set(key, this.cards.length);
    return this.cards.push({ shows, isNeighbor }) - 1;
  }

  public connect(from: Shown, to: Shown, { index }: UnitEdge): void {
    this.join(this.card(keyOf(from), from, true), this.card(keyOf(to), to, true), [index]);
  }

  public contents(): Contents {
    const neighbors = this.cards.flatMap(({ isNeighbor }, i) => (isNeighbor ? [i] : []));
    if (neighbors.length <= MAX_NEIGHBORS) return { cards: this.cards, edges: [...this.edges.values()] };
    return this.withFewer(neighbors);
  }

  private join(from: number, to: number, edges: readonly number[]): void {
    const key = `${from} ${to}`;
    const known = this.edges.get(key);
    if (known) for (const edge of edges) known.edges.push(edge);
    else this.edges.set(key, { from, to, edges: [...edges] });
  }

  /** Returns the contents with the most connected neighbors, and one card for all others. */
  private withFewer(neighbors: readonly number[]): Contents {
    const calls = new Map(neighbors.map((card) => [card, 0]));
    for (const { from, to, edges } of this.edges.values()) {
      for (const card of [from, to]) calls.set(card, (calls.get(card) ?? 0) + edges.length);
    }
    const ranked = [...neighbors].sort((a, b) => calls.get(b)! - calls.get(a)!);
    const left = new Set(ranked.slice(MAX_NEIGHBORS));
    const fewer = new Draft();
    const cardOf = this.cards.map(({ shows, isNeighbor }, i) =>
      left.has(i)
        ? fewer.card('more', { more: left.size }, true)
        : fewer.card(keyOf(shows), shows, isNeighbor),
    );
    for (const { from, to, edges } of this.edges.values()) fewer.join(cardOf[from], cardOf[to], edges);
    return { cards: fewer.cards, edges: [...fewer.edges.values()] };
  }
}

function keyOf(shows: Shown): string {
  return Object.entries(shows).flat().join(' ');
}
