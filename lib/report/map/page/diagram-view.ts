import { count } from '../../wording';
import { drawDiagram } from '../draw/diagram';
import { type Attributes, element } from '../draw/element';
import type { Card, Diagram, Shown } from '../layout/diagram';
import type { MapIndex } from '../layout/units';
import { describeGroup, NO_FUNCTIONS, describeUnit } from '../wording';
import { type Announcer, elementOf, fill, numberAt } from './dom';
import type { PageState, View } from './state';
import { Zoom } from './zoom';

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The diagram. Its cards are buttons: a unit opens its panel, a group opens its diagram. */
export class DiagramView {
  private readonly frame = elementOf('diagram');
  private readonly canvas = elementOf('canvas');
  private readonly zoom = new Zoom(this.canvas);
  private order: readonly number[] = [];

  constructor(
    private readonly pageState: PageState,
    private readonly announcer: Announcer,
  ) {
    this.canvas.addEventListener('click', ({ target }) => this.select(numberAt(target, 'card')));
    this.canvas.addEventListener('keydown', (event) => this.onKey(event));
    pageState.on((view, before) => {
      this.frame.hidden = view.isList;
      if (before?.diagram !== view.diagram) this.draw(before);
      else if (before.isList && !view.isList) this.zoom.fit();
      this.mark(view);
      if (view.unit !== undefined && before?.unit !== view.unit)
        this.reveal(this.cardOf({ unit: view.unit }));
      else if (view.filter !== before?.filter || view.found !== before.found) this.revealMatch();
    });
  }

  private draw(before: View | undefined): void {
    const { pageState } = this;
    const { diagram, index, layout } = pageState;
    const { width, height } = diagram;
    // Tab moves from left to right, and from top to bottom.
    const row = ({ y, height: own }: Card) => Math.round((y + own / 2) / 60);
    this.order = diagram.cards
      .map((_, i) => i)
      .sort(
        (a, b) => row(diagram.cards[a]) - row(diagram.cards[b]) || diagram.cards[a].x - diagram.cards[b].x,
      );
    const rank = new Map(this.order.map((card, i) => [card, i]));
    const drawn = drawDiagram(diagram, index, layout, {
      card: (card, i) => ({ 'data-card': i, 'data-rank': rank.get(i), ...this.ariaAttributes(card.shows) }),
      edge: (i) => ({ 'data-edge': i, 'aria-hidden': 'true' }),
    });
    fill(
      this.canvas,
      element(
        'svg',
        {
          class: 'diagram',
          viewBox: `0 0 ${width} ${height}`,
          role: 'group',
          'aria-label': pageState.group.name,
        },
        ...drawn,
      ),
    );
    this.sortCards();
    this.zoom.show(diagram);
    elementOf('hidden').textContent = describeHiddenCalls(diagram);
    if (before) this.moveFocus(before);
  }

  private sortCards(): void {
    const cards = this.canvas.querySelector('.cards');
    const sorted = Array.from(cards?.children ?? []).sort(
      (a, b) => (numberAt(a, 'rank') ?? 0) - (numberAt(b, 'rank') ?? 0),
    );
    cards?.append(...sorted);
  }

  /** Moves the focus to the previous group if it is on the diagram, or otherwise to the first card. */
  private moveFocus({ diagram }: View): void {
    const { group, isExpanded } = this.pageState.layout.diagrams[diagram];
    const left = isExpanded ? undefined : this.cardOf({ group });
    this.announcer.say(
      `${this.pageState.group.name}: ${this.pageState.diagram.cards.length} nodes and stacks.`,
    );
    if (this.pageState.view.unit !== undefined) return;
    const first = this.canvas.querySelector<SVGElement>('[data-card]');
    if (document.activeElement === document.body) (left ?? first)?.focus();
    left?.scrollIntoView(NEAR);
  }

  private ariaAttributes(shows: Shown): Attributes {
    if ('more' in shows) return {};
    const { index, layout } = this.pageState;
    const label =
      'unit' in shows ? describeUnit(shows.unit, index) : describeGroup(layout.groups[shows.group]);
    return { role: 'button', tabindex: 0, 'aria-label': label };
  }

  private mark({ unit, found }: View): void {
    const { pageState } = this;
    const { diagram, index } = pageState;
    const path = unit === undefined ? undefined : pathThrough(unit, index);
    const svg = this.canvas.querySelector('svg');
    svg?.classList.toggle('filtering', pageState.isFiltering);
    svg?.classList.toggle('following', path !== undefined);
    for (const drawn of Array.from(this.canvas.querySelectorAll('[data-card]'))) {
      const { shows } = diagram.cards[numberAt(drawn, 'card') ?? 0];
      const isMatching = this.isMatching(shows);
      drawn.classList.toggle('dim', !isMatching);
      drawn.classList.toggle('found', found !== undefined && isMatching);
      drawn.classList.toggle('lit', 'unit' in shows && path?.units.has(shows.unit) === true);
      const isSelected = 'unit' in shows && shows.unit === unit;
      drawn.classList.toggle('selected', isSelected);
      if ('unit' in shows) drawn.setAttribute('aria-pressed', String(isSelected));
    }
    for (const drawn of Array.from(this.canvas.querySelectorAll('[data-edge]'))) {
      const { edges } = diagram.edges[numberAt(drawn, 'edge') ?? 0];
      drawn.classList.toggle(
        'lit',
        edges.some((edge) => path?.edges.has(edge)),
      );
    }
  }

  private isMatching(shows: Shown): boolean {
    if (!this.pageState.isFiltering || 'more' in shows) return true;
    if ('unit' in shows) return this.pageState.isMatching(shows.unit);
    const { groups } = this.pageState.layout;
    const isIn = (group: number): boolean =>
      groups[group].units.some((unit) => this.pageState.isMatching(unit)) || groups[group].groups.some(isIn);
    return isIn(shows.group);
  }

  /** Scrolls to the first matching card, unless one is visible. */
  private revealMatch(): void {
    if (!this.pageState.isFiltering) return;
    // A collapsed neighbor nearly always has a match.
    const matches = Array.from(
      this.canvas.querySelectorAll<SVGElement>('[data-card]:not(.dim):not(.neighbor)'),
    );
    const shown = this.canvas.getBoundingClientRect();
    if (!matches.some((card) => isWithin(card.getBoundingClientRect(), shown))) this.reveal(matches[0]);
  }

  /** Scrolls a card to the center, unless it is visible. */
  private reveal(card: SVGElement | undefined): void {
    if (card && !isWithin(card.getBoundingClientRect(), this.canvas.getBoundingClientRect())) {
      card.scrollIntoView({ block: 'center', inline: 'center' });
    }
  }

  private cardOf(shown: Shown): SVGElement | undefined {
    const [[kind, number]] = Object.entries(shown);
    const card = this.pageState.diagram.cards.findIndex(
      ({ shows }) => (shows as Readonly<Record<string, number>>)[kind] === number,
    );
    return this.canvas.querySelector<SVGElement>(`[data-card="${card}"]`) ?? undefined;
  }

  private select(card: number | undefined): void {
    if (card === undefined) return;
    const { shows } = this.pageState.diagram.cards[card];
    if ('unit' in shows) this.pageState.show({ unit: shows.unit });
    if ('group' in shows) this.pageState.show({ diagram: shows.group, unit: undefined });
  }

  private onKey(event: KeyboardEvent): void {
    const card = numberAt(event.target, 'card');
    if (card === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    const direction = DIRECTIONS[event.key];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.select(card);
    } else if (direction) {
      event.preventDefault();
      const next = nearestCard(this.pageState.diagram.cards, card, direction);
      const drawn = this.canvas.querySelector<SVGElement>(`[data-card="${next}"]`);
      drawn?.focus({ preventScroll: true });
      drawn?.scrollIntoView(NEAR);
    }
  }
}

function describeHiddenCalls({ cards, hidden, edges }: Diagram): string {
  if (cards.length === 0) return NO_FUNCTIONS;
  if (hidden === 0) return '';
  const hiddenCalls = `${count(hidden, edges.length > 0 ? 'more call' : 'call')} ${hidden === 1 ? 'is' : 'are'} not drawn`;
  return `${hiddenCalls}, because there are too many. To see them, expand a stack or open the panel of a node.`;
}

function isWithin(inner: DOMRect, outer: DOMRect): boolean {
  const isBeside = inner.left < outer.left || inner.right > outer.right;
  return !isBeside && inner.top >= outer.top && inner.bottom <= outer.bottom;
}

const NEAR: ScrollIntoViewOptions = { block: 'nearest', inline: 'nearest' };

type Direction = 'left' | 'right' | 'up' | 'down';

/** Axis and sign of each direction. */
const AXES: Readonly<Record<Direction, readonly [axis: 'x' | 'y', sign: 1 | -1]>> = {
  left: ['x', -1],
  right: ['x', 1],
  up: ['y', -1],
  down: ['y', 1],
};

/** Weight of the distance across the direction, relative to the distance along it. */
const ACROSS_WEIGHT = 2.5;

/** Returns the nearest card in a direction. Undefined if there is none. */
function nearestCard(cards: readonly Card[], from: number, direction: Direction): number | undefined {
  const [axis, sign] = AXES[direction];
  const [start, ...others] = [cards[from], ...cards].map(({ x, y, width, height }) => ({
    x: x + width / 2,
    y: y + height / 2,
  }));
  const other = axis === 'x' ? 'y' : 'x';
  let nearest: number | undefined;
  let least = Infinity;
  others.forEach((center, i) => {
    const ahead = (center[axis] - start[axis]) * sign;
    if (i === from || ahead <= 1 || 'more' in cards[i].shows) return;
    const distance = ahead + ACROSS_WEIGHT * Math.abs(center[other] - start[other]);
    if (distance < least) [nearest, least] = [i, distance];
  });
  return nearest;
}

/** Units and edges on all paths through a unit. */
export interface PathThrough {
  readonly units: ReadonlySet<number>;
  /** Indices of edges in the document. */
  readonly edges: ReadonlySet<number>;
}

/** Returns all paths to and from a unit. */
function pathThrough(unit: number, index: MapIndex): PathThrough {
  const edges = new Set<number>();
  const follow = (direction: 'incoming' | 'outgoing'): Set<number> => {
    const units = new Set([unit]);
    // The loop appends to the set while it iterates over it.
    for (const reached of units) {
      for (const edge of index[direction](reached)) {
        edges.add(edge.index);
        units.add(direction === 'incoming' ? edge.from : edge.to);
      }
    }
    return units;
  };
  return { units: new Set([...follow('incoming'), ...follow('outgoing')]), edges };
}
