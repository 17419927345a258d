import { count } from '../../wording';
import { drawDiagram } from '../draw/diagram';
import { type Attributes, element } from '../draw/element';
import type { Card, Diagram, Shown } from '../layout/diagram';
import type { MapIndex } from '../layout/units';
import { groupInWords, NOTHING, unitInWords } from '../wording';
import { type Announcer, elementOf, fill, numberAt } from './dom';
import type { PageState, View } from './state';
import { Zoom } from './zoom';

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The picture, in which cards are buttons: those of units open their panels, those of groups their pictures. */
export class DiagramView {
  private readonly frame = elementOf('picture');
  private readonly canvas = elementOf('canvas');
  private readonly zoom = new Zoom(this.canvas);
  private order: readonly number[] = [];

  constructor(
    private readonly reading: PageState,
    private readonly announcer: Announcer,
  ) {
    this.canvas.addEventListener('click', ({ target }) => this.choose(numberAt(target, 'card')));
    this.canvas.addEventListener('keydown', (event) => this.onKey(event));
    reading.on((view, before) => {
      this.frame.hidden = view.isList;
      if (before?.diagram !== view.diagram) this.draw(before);
      else if (before.isList && !view.isList) this.zoom.fit();
      this.mark(view);
      if (view.unit !== undefined && before?.unit !== view.unit)
        this.reveal(this.cardOf({ unit: view.unit }));
      else if (view.filter !== before?.filter || view.found !== before.found) this.revealWanted();
    });
  }

  private draw(before: View | undefined): void {
    const { reading } = this;
    const { picture, index, atlas } = reading;
    const { width, height } = picture;
    // Those who go from card to card by Tab go from left to right, and from above to below.
    const row = ({ y, height: own }: Card) => Math.round((y + own / 2) / 60);
    this.order = picture.cards
      .map((_, i) => i)
      .sort(
        (a, b) => row(picture.cards[a]) - row(picture.cards[b]) || picture.cards[a].x - picture.cards[b].x,
      );
    const rank = new Map(this.order.map((card, i) => [card, i]));
    const drawn = drawDiagram(picture, index, atlas, {
      card: (card, i) => ({ 'data-card': i, 'data-rank': rank.get(i), ...this.spoken(card.shows) }),
      edge: (i) => ({ 'data-wire': i, 'aria-hidden': 'true' }),
    });
    fill(
      this.canvas,
      element(
        'svg',
        {
          class: 'picture',
          viewBox: `0 0 ${width} ${height}`,
          role: 'group',
          'aria-label': reading.group.name,
        },
        ...drawn,
      ),
    );
    this.sortCards();
    this.zoom.show(picture);
    elementOf('hidden').textContent = hiddenInWords(picture);
    if (before) this.comeFrom(before);
  }

  private sortCards(): void {
    const cards = this.canvas.querySelector('.cards');
    const sorted = Array.from(cards?.children ?? []).sort(
      (a, b) => (numberAt(a, 'rank') ?? 0) - (numberAt(b, 'rank') ?? 0),
    );
    cards?.append(...sorted);
  }

  /** Puts the focus where the reader comes from: on the group that was folded, or else on the first card. */
  private comeFrom({ diagram }: View): void {
    const { group, isUnfolded } = this.reading.atlas.diagrams[diagram];
    const left = isUnfolded ? undefined : this.cardOf({ group });
    this.announcer.say(`${this.reading.group.name}: ${this.reading.picture.cards.length} nodes and stacks.`);
    if (this.reading.view.unit !== undefined) return;
    const first = this.canvas.querySelector<SVGElement>('[data-card]');
    if (document.activeElement === document.body) (left ?? first)?.focus();
    left?.scrollIntoView(NEAR);
  }

  private spoken(shows: Shown): Attributes {
    if ('more' in shows) return {};
    const { index, atlas } = this.reading;
    const label = 'unit' in shows ? unitInWords(shows.unit, index) : groupInWords(atlas.groups[shows.group]);
    return { role: 'button', tabindex: 0, 'aria-label': label };
  }

  private mark({ unit, found }: View): void {
    const { reading } = this;
    const { picture, index } = reading;
    const path = unit === undefined ? undefined : pathThrough(unit, index);
    const svg = this.canvas.querySelector('svg');
    svg?.classList.toggle('choosy', reading.isChoosy);
    svg?.classList.toggle('following', path !== undefined);
    for (const drawn of Array.from(this.canvas.querySelectorAll('[data-card]'))) {
      const { shows } = picture.cards[numberAt(drawn, 'card') ?? 0];
      const isWanted = this.isWanted(shows);
      drawn.classList.toggle('dim', !isWanted);
      drawn.classList.toggle('found', found !== undefined && isWanted);
      drawn.classList.toggle('lit', 'unit' in shows && path?.units.has(shows.unit) === true);
      const isSelected = 'unit' in shows && shows.unit === unit;
      drawn.classList.toggle('selected', isSelected);
      if ('unit' in shows) drawn.setAttribute('aria-pressed', String(isSelected));
    }
    for (const drawn of Array.from(this.canvas.querySelectorAll('[data-wire]'))) {
      const { edges } = picture.edges[numberAt(drawn, 'wire') ?? 0];
      drawn.classList.toggle(
        'lit',
        edges.some((edge) => path?.edges.has(edge)),
      );
    }
  }

  private isWanted(shows: Shown): boolean {
    if (!this.reading.isChoosy || 'more' in shows) return true;
    if ('unit' in shows) return this.reading.isWanted(shows.unit);
    const { groups } = this.reading.atlas;
    const isIn = (group: number): boolean =>
      groups[group].units.some((unit) => this.reading.isWanted(unit)) || groups[group].groups.some(isIn);
    return isIn(shows.group);
  }

  /** Scrolls to the first of the cards that are wanted, unless one is to be seen. */
  private revealWanted(): void {
    if (!this.reading.isChoosy) return;
    // Of a neighbour that is folded, something is nearly always wanted.
    const wanted = Array.from(
      this.canvas.querySelectorAll<SVGElement>('[data-card]:not(.dim):not(.neighbour)'),
    );
    const shown = this.canvas.getBoundingClientRect();
    if (!wanted.some((card) => isWithin(card.getBoundingClientRect(), shown))) this.reveal(wanted[0]);
  }

  /** Brings a card into the middle, unless it is to be seen as it is. */
  private reveal(card: SVGElement | undefined): void {
    if (card && !isWithin(card.getBoundingClientRect(), this.canvas.getBoundingClientRect())) {
      card.scrollIntoView({ block: 'center', inline: 'center' });
    }
  }

  private cardOf(shown: Shown): SVGElement | undefined {
    const [[kind, number]] = Object.entries(shown);
    const card = this.reading.picture.cards.findIndex(
      ({ shows }) => (shows as Readonly<Record<string, number>>)[kind] === number,
    );
    return this.canvas.querySelector<SVGElement>(`[data-card="${card}"]`) ?? undefined;
  }

  private choose(card: number | undefined): void {
    if (card === undefined) return;
    const { shows } = this.reading.picture.cards[card];
    if ('unit' in shows) this.reading.show({ unit: shows.unit });
    if ('group' in shows) this.reading.show({ diagram: shows.group, unit: undefined });
  }

  private onKey(event: KeyboardEvent): void {
    const card = numberAt(event.target, 'card');
    if (card === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    const direction = DIRECTIONS[event.key];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.choose(card);
    } else if (direction) {
      event.preventDefault();
      const next = nearestCard(this.reading.picture.cards, card, direction);
      const drawn = this.canvas.querySelector<SVGElement>(`[data-card="${next}"]`);
      drawn?.focus({ preventScroll: true });
      drawn?.scrollIntoView(NEAR);
    }
  }
}

function hiddenInWords({ cards, hidden, edges }: Diagram): string {
  if (cards.length === 0) return NOTHING;
  if (hidden === 0) return '';
  const which = `${count(hidden, edges.length > 0 ? 'more call' : 'call')} ${hidden === 1 ? 'is' : 'are'} not drawn`;
  return `${which}: so many lines can’t be told apart. A stack that is unfolded shows its own, and so does the panel of a node.`;
}

function isWithin(inner: DOMRect, outer: DOMRect): boolean {
  const isBeside = inner.left < outer.left || inner.right > outer.right;
  return !isBeside && inner.top >= outer.top && inner.bottom <= outer.bottom;
}

const NEAR: ScrollIntoViewOptions = { block: 'nearest', inline: 'nearest' };

type Direction = 'left' | 'right' | 'up' | 'down';

/** By direction: along which axis it goes, and which way. */
const AXES: Readonly<Record<Direction, readonly [axis: 'x' | 'y', sign: 1 | -1]>> = {
  left: ['x', -1],
  right: ['x', 1],
  up: ['y', -1],
  down: ['y', 1],
};

/** What lies aside counts so much more than what lies ahead. */
const ASIDE = 2.5;

/** The card that one comes to from another; nothing where there is none in the direction. */
function nearestCard(cards: readonly Card[], from: number, direction: Direction): number | undefined {
  const [axis, sign] = AXES[direction];
  const [start, ...others] = [cards[from], ...cards].map(({ x, y, width, height }) => ({
    x: x + width / 2,
    y: y + height / 2,
  }));
  const other = axis === 'x' ? 'y' : 'x';
  let nearest: number | undefined;
  let least = Infinity;
  others.forEach((centre, i) => {
    const ahead = (centre[axis] - start[axis]) * sign;
    if (i === from || ahead <= 1 || 'more' in cards[i].shows) return;
    const distance = ahead + ASIDE * Math.abs(centre[other] - start[other]);
    if (distance < least) [nearest, least] = [i, distance];
  });
  return nearest;
}

/** What traces go through that go through a unit. */
export interface PathThrough {
  readonly units: ReadonlySet<number>;
  /** Indices of edges in the document. */
  readonly edges: ReadonlySet<number>;
}

/** All from which a unit is reached, and all that is reached from it. */
function pathThrough(unit: number, index: MapIndex): PathThrough {
  const edges = new Set<number>();
  const follow = (direction: 'incoming' | 'outgoing'): Set<number> => {
    const units = new Set([unit]);
    // What is reached is appended while it is gone through.
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
