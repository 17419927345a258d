import { count } from '../../wording';
import { element, type VirtualElement } from '../draw/element';
import type { Folder } from '../layout/diagram';
import type { MapIndex, UnitEdge } from '../layout/units';
import { callInWords, NOTHING, stateInWords } from '../wording';
import { elementOf, fill, numberAt, rendered } from './dom';
import { nodeList } from './node-list';
import type { Reading } from './state';

/** How many breaks are listed one by one. */
const MAX_BREAKS = 200;

/** The picture in words: where traces break, all nodes with their calls, and the paths that traces take. */
export class ListView {
  private readonly section = elementOf('list');

  constructor(private readonly reading: Reading) {
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
        before.picture === view.picture &&
        before.filter === view.filter &&
        before.found === view.found;
      if (view.isList && !isSame) this.draw();
    });
  }

  private draw(): void {
    const { folder } = this.reading.picture;
    const leaves = this.leavesOf(folder).filter((leaf) => this.wantedIn(leaf).length > 0);
    fill(
      this.section,
      ...this.breaks(folder),
      element('h2', {}, 'Nodes and paths'),
      leaves.length === 0 ? element('p', {}, this.without()) : undefined,
      ...leaves.map((leaf) => this.details(leaf)),
    );
    if (leaves.length === 1) this.section.querySelector('details')?.setAttribute('open', '');
  }

  private without(): string {
    return this.reading.index.units.length === 0 ? NOTHING : 'There is no node like that here.';
  }

  private breaks(folder: number): VirtualElement[] {
    const { index } = this.reading;
    const units = new Set(this.leavesOf(folder).flatMap((leaf) => this.wantedIn(leaf)));
    const holes = [...units].filter((unit) => index.units[unit].node.isHole);
    const ends = index.edges.filter(
      ({ from, to, edge }) => edge.isBroken && (units.has(from) || units.has(to)),
    );
    const total = holes.length + ends.length;
    const heading = element('h2', {}, 'Where traces break');
    if (total === 0) return [heading, element('p', {}, 'Nowhere, as far as templates tell.')];
    const items = [
      ...holes.map((unit) =>
        element('li', {}, this.button(unit), ' records nothing of the traces that come by: a hole.'),
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

  private details(folder: number): VirtualElement {
    const { name } = this.reading.atlas.folders[folder];
    return element(
      'details',
      { 'data-folder': folder },
      element('summary', {}, element('h3', {}, name), ` ${count(this.wantedIn(folder).length, 'node')}`),
    );
  }

  private write(details: HTMLDetailsElement): void {
    const folder = numberAt(details, 'folder');
    if (folder === undefined || !details.open || details.childElementCount > 1) return;
    const units = this.wantedIn(folder);
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

  private wantedIn(folder: number): number[] {
    return this.reading.atlas.folders[folder].units.filter((unit) => this.reading.isWanted(unit));
  }

  /** The folders that units are directly in. */
  private leavesOf(folder: number): number[] {
    const { folders }: Folder = this.reading.atlas.folders[folder];
    return folders.length === 0 ? [folder] : folders.flatMap((child) => this.leavesOf(child));
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
