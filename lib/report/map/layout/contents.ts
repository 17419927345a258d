import type { Shown } from './diagram';
import type { Groups } from './groups';
import type { UnitEdge, Units } from './units';

/** What is in a picture, before it is laid out. */
export interface Contents {
  readonly cards: readonly { readonly shows: Shown; readonly isNeighbour: boolean }[];
  readonly edges: readonly ContentEdge[];
}

export interface ContentEdge {
  /** Indices of cards. */
  readonly from: number;
  readonly to: number;
  /** Indices of edges in the document. */
  readonly edges: readonly number[];
}

/** How many neighbours are shown one by one. */
const MAX_NEIGHBOURS = 40;

/**
 * What is in the pictures of all groups: what is in the group, and its neighbours, folded as far as they have nothing
 * else in common with it. Time is linear in units and edges.
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
      // Lines from all that is outside to every stack would tell nothing.
      if (isFromOrToOutside && group === common) break;
      drafts[group].wire(within(edge.from, group, from), besides(edge.to, group, to), edge);
      if (group === common) break;
    }
    for (const group of to) {
      if (group === common) break;
      drafts[group].wire(besides(edge.from, group, from), within(edge.to, group, to), edge);
    }
  }
  return drafts.map((draft) => draft.contents());

  function isOutside(unit: number): boolean {
    return units.units[unit].node.stack === undefined;
  }

  /** What of a group a unit in it is seen as. */
  function within(unit: number, group: number, chain: readonly number[]): Shown {
    const i = chain.indexOf(group);
    return i === 0 ? { unit } : { group: chain[i - 1] };
  }

  /** What any unit is seen as beside a group, or in it. What is outside of the templates belongs nowhere else. */
  function besides(unit: number, group: number, chain: readonly number[]): Shown {
    if (chain.includes(group)) return within(unit, group, chain);
    if (isOutside(unit)) return { unit };
    const common = ancestors[group].find((ancestor) => chain.includes(ancestor))!;
    return within(unit, common, chain);
  }
}

/** A group, and those that it is in. */
function ancestorsOf(group: number, { groups }: Groups): number[] {
  const { parent } = groups[group];
  return parent === undefined ? [group] : [group, ...ancestorsOf(parent, { groups, groupOf: [] })];
}

/** A picture's contents as they come together. */
class Draft {
  private readonly cards: { shows: Shown; isNeighbour: boolean }[] = [];
  private readonly cardOf = new Map<string, number>();
  private readonly wires = new Map<string, { from: number; to: number; edges: number[] }>();

  public card(key: string, shows: Shown, isNeighbour: boolean): number {
    const known = this.cardOf.get(key);
    if (known !== undefined) return known;
    this.cardOf.set(key, this.cards.length);
    return this.cards.push({ shows, isNeighbour }) - 1;
  }

  public wire(from: Shown, to: Shown, { index }: UnitEdge): void {
    this.join(this.card(keyOf(from), from, true), this.card(keyOf(to), to, true), [index]);
  }

  public contents(): Contents {
    const neighbours = this.cards.flatMap(({ isNeighbour }, i) => (isNeighbour ? [i] : []));
    if (neighbours.length <= MAX_NEIGHBOURS) return { cards: this.cards, edges: [...this.wires.values()] };
    return this.withFewer(neighbours);
  }

  private join(from: number, to: number, edges: readonly number[]): void {
    const key = `${from} ${to}`;
    const known = this.wires.get(key);
    if (known) for (const edge of edges) known.edges.push(edge);
    else this.wires.set(key, { from, to, edges: [...edges] });
  }

  /** With the neighbours that have the most to do with it, and one card for all the others. */
  private withFewer(neighbours: readonly number[]): Contents {
    const calls = new Map(neighbours.map((card) => [card, 0]));
    for (const { from, to, edges } of this.wires.values()) {
      for (const card of [from, to]) calls.set(card, (calls.get(card) ?? 0) + edges.length);
    }
    const ranked = [...neighbours].sort((a, b) => calls.get(b)! - calls.get(a)!);
    const left = new Set(ranked.slice(MAX_NEIGHBOURS));
    const fewer = new Draft();
    const cardOf = this.cards.map(({ shows, isNeighbour }, i) =>
      left.has(i)
        ? fewer.card('more', { more: left.size }, true)
        : fewer.card(keyOf(shows), shows, isNeighbour),
    );
    for (const { from, to, edges } of this.wires.values()) fewer.join(cardOf[from], cardOf[to], edges);
    return { cards: fewer.cards, edges: [...fewer.wires.values()] };
  }
}

function keyOf(shows: Shown): string {
  return Object.entries(shows).flat().join(' ');
}
