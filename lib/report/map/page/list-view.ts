import { count } from '../../wording';
import { element, type VirtualElement } from '../draw/element';
import type { Group } from '../layout/diagram';
import type { MapIndex, UnitEdge } from '../layout/units';
import { callInWords, NOTHING, stateInWords } from '../wording';
import { elementOf, fill, numberAt, rendered } from './dom';
import { nodeList } from './node-list';
import type { PageState } from './state';

/** How many breaks are listed one by one. */
const MAX_BREAKS = 200;

/** The picture in words: where traces break, all nodes with their calls, and the paths that traces take. */
export class ListView {
  private readonly section = elementOf('list');

  constructor(private readonly reading: PageState) {
    this.section.addEventListener('click', ({ target }) => {
      const unit = numberAt(target, 'unit');
      if (unit !== undefined) reading.open(unit);
    });
    // What is in a stack is written when it is opened: there may be thousands.
    this.section.addEventListener('toggle', ({ target }) => this.write(target as HTMLDetailsElement), true);
    reading.on((view, before) => {
      this.section.hidden = !view.isList;
      const isSame =
        before?.isList &&
        before.diagram === view.diagram &&
        before.filter === view.filter &&
        before.found === view.found;
      if (view.isList && !isSame) this.draw();
    });
  }

  private draw(): void {
    const { group } = this.reading.picture;
    const leaves = this.leavesOf(group).filter((leaf) => this.wantedIn(leaf).length > 0);
    fill(
      this.section,
      ...this.breaks(group),
      element('h2', {}, 'Nodes and paths'),
      leaves.length === 0 ? element('p', {}, this.without()) : undefined,
      ...leaves.map((leaf) => this.details(leaf)),
    );
    if (leaves.length === 1) this.section.querySelector('details')?.setAttribute('open', '');
  }

  private without(): string {
    return this.reading.index.units.length === 0 ? NOTHING : 'There is no node like that here.';
  }

  private breaks(group: number): VirtualElement[] {
    const { index } = this.reading;
    const units = new Set(this.leavesOf(group).flatMap((leaf) => this.wantedIn(leaf)));
    const gaps = [...units].filter((unit) => index.units[unit].node.isGap);
    const ends = index.edges.filter(
      ({ from, to, edge }) => edge.isBroken && (units.has(from) || units.has(to)),
    );
    const total = gaps.length + ends.length;
    const heading = element('h2', {}, 'Where traces break');
    if (total === 0) return [heading, element('p', {}, 'Nowhere, as far as templates tell.')];
    const items = [
      ...gaps.map((unit) =>
        element('li', {}, this.button(unit), ' records nothing of the traces that come by: a gap.'),
      ),
      ...ends.map(({ from, to }) =>
        element(
          'li',
          {},
          this.button(from),
          ' → ',
          this.button(to),
          ': a trace ends here, since it isn’t handed on.',
        ),
      ),
    ];
    const more = total - MAX_BREAKS;
    return [
      heading,
      element('ul', { class: 'breaks' }, ...items.slice(0, MAX_BREAKS)),
      ...(more > 0 ? [element('p', {}, `And ${more} more: choose a stack.`)] : []),
    ];
  }

  private details(group: number): VirtualElement {
    const { name } = this.reading.atlas.groups[group];
    return element(
      'details',
      { 'data-group': group },
      element('summary', {}, element('h3', {}, name), ` ${count(this.wantedIn(group).length, 'node')}`),
    );
  }

  private write(details: HTMLDetailsElement): void {
    const group = numberAt(details, 'group');
    if (group === undefined || !details.open || details.childElementCount > 1) return;
    const units = this.wantedIn(group);
    details.append(
      rendered(nodeList(units, this.reading.index)),
      rendered(element('h4', {}, 'Paths')),
      rendered(pathList(units, this.reading.index)),
    );
  }

  private button(unit: number): VirtualElement {
    const { index } = this.reading;
    return element('button', { type: 'button', 'data-unit': unit }, index.labelOf(index.units[unit]));
  }

  private wantedIn(group: number): number[] {
    return this.reading.atlas.groups[group].units.filter((unit) => this.reading.isWanted(unit));
  }

  /** The groups that units are directly in. */
  private leavesOf(group: number): number[] {
    const { groups }: Group = this.reading.atlas.groups[group];
    return groups.length === 0 ? [group] : groups.flatMap((child) => this.leavesOf(child));
  }
}

/** Paths that are longer than this are gone on with by their last node's own. */
const MAX_DEPTH = 12;

/**
 * The paths that traces take through units, as lists within lists, from whatever nothing else of them calls. What is
 * reached in several ways is gone on with where it is met first.
 */
function pathList(units: readonly number[], index: MapIndex): VirtualElement {
  const own = new Set(units);
  const followed = new Set<number>();
  const isEntry = (unit: number) => index.incoming(unit).every(({ from }) => !own.has(from) || from === unit);
  const calls = (unit: number) => index.outgoing(unit).length > 0;
  const from = (starts: readonly number[]) =>
    starts.flatMap((unit) => (followed.has(unit) ? [] : [step(unit, undefined, 0)]));
  const items = [...from(units.filter((unit) => isEntry(unit) && calls(unit))), ...from(units.filter(calls))];
  return items.length === 0
    ? element('p', {}, 'Nothing here calls anything, as far as templates tell.')
    : element('ul', { class: 'paths' }, ...items);

  function step(unit: number, by: UnitEdge | undefined, depth: number): VirtualElement {
    const node = index.units[unit];
    const state = stateInWords(node, index.document);
    const isNew = !followed.has(unit) && own.has(unit) && depth < MAX_DEPTH;
    if (isNew) followed.add(unit);
    const next = isNew ? index.outgoing(unit) : [];
    const isCut = !isNew && index.outgoing(unit).length > 0;
    return element(
      'li',
      { class: by?.edge.isBroken ? 'broken' : undefined },
      by && element('span', { class: 'muted' }, `${by.edge.isBroken ? '✕ ' : ''}${callInWords(by.edge)}: `),
      element('button', { type: 'button', 'data-unit': unit }, index.labelOf(node)),
      state === '' ? undefined : element('span', { class: 'muted' }, ` ${state}`),
      isCut ? element('span', { class: 'muted' }, ', and on') : undefined,
      next.length > 0 ? element('ul', {}, ...next.map((edge) => step(edge.to, edge, depth + 1))) : undefined,
    );
  }
}
