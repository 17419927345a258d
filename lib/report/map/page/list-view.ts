import { count } from '../../wording';
import { element, type VirtualElement } from '../draw/element';
import type { Group } from '../layout/diagram';
import type { MapIndex, UnitEdge } from '../layout/units';
import { describeCall, describeState, NO_FUNCTIONS } from '../wording';
import { elementOf, fill, numberAt, rendered } from './dom';
import type { PageState } from './state';

/** Number of breaks that are listed. */
const MAX_BREAKS = 200;

/** The map as lists: breaks, nodes with their calls, and paths. */
export class ListView {
  private readonly section = elementOf('list');

  constructor(private readonly pageState: PageState) {
    this.section.addEventListener('click', ({ target }) => {
      const unit = numberAt(target, 'unit');
      if (unit !== undefined) pageState.open(unit);
    });
    // A stack is rendered when it is opened, because it can have thousands of nodes.
    this.section.addEventListener('toggle', ({ target }) => this.write(target as HTMLDetailsElement), true);
    pageState.on((view, before) => {
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
    const { group } = this.pageState.diagram;
    const leaves = this.leavesOf(group).filter((leaf) => this.matchesIn(leaf).length > 0);
    fill(
      this.section,
      ...this.breaks(group),
      element('h2', {}, 'Nodes and paths'),
      leaves.length === 0 ? element('p', {}, this.emptyText()) : undefined,
      ...leaves.map((leaf) => this.details(leaf)),
    );
    if (leaves.length === 1) this.section.querySelector('details')?.setAttribute('open', '');
  }

  private emptyText(): string {
    return this.pageState.index.units.length === 0 ? NO_FUNCTIONS : 'No matching nodes here.';
  }

  private breaks(group: number): VirtualElement[] {
    const { index } = this.pageState;
    const units = new Set(this.leavesOf(group).flatMap((leaf) => this.matchesIn(leaf)));
    const gaps = [...units].filter((unit) => index.units[unit].node.isGap);
    const ends = index.edges.filter(
      ({ from, to, edge }) => edge.isBroken && (units.has(from) || units.has(to)),
    );
    const total = gaps.length + ends.length;
    const heading = element('h2', {}, 'Where traces break');
    if (total === 0) return [heading, element('p', {}, 'The templates show no broken traces.')];
    const items = [
      ...gaps.map((unit) => element('li', {}, this.button(unit), ': gap, on a traced path but not traced')),
      ...ends.map(({ from, to }) =>
        element('li', {}, this.button(from), ' → ', this.button(to), ': breaks the trace'),
      ),
    ];
    const more = total - MAX_BREAKS;
    return [
      heading,
      element('ul', { class: 'breaks' }, ...items.slice(0, MAX_BREAKS)),
      ...(more > 0 ? [element('p', {}, `And ${more} more. Select a stack to see them.`)] : []),
    ];
  }

  private details(group: number): VirtualElement {
    const { name } = this.pageState.layout.groups[group];
    return element(
      'details',
      { 'data-group': group },
      element('summary', {}, element('h3', {}, name), ` ${count(this.matchesIn(group).length, 'node')}`),
    );
  }

  private write(details: HTMLDetailsElement): void {
    const group = numberAt(details, 'group');
    if (group === undefined || !details.open || details.childElementCount > 1) return;
    const units = this.matchesIn(group);
    details.append(
      rendered(nodeList(units, this.pageState.index)),
      rendered(element('h4', {}, 'Paths')),
      rendered(pathList(units, this.pageState.index)),
    );
  }

  private button(unit: number): VirtualElement {
    const { index } = this.pageState;
    return element('button', { type: 'button', 'data-unit': unit }, index.labelOf(index.units[unit]));
  }

  private matchesIn(group: number): number[] {
    return this.pageState.layout.groups[group].units.filter((unit) => this.pageState.isMatching(unit));
  }

  /** Returns the descendants of a group that have units. */
  private leavesOf(group: number): number[] {
    const { groups }: Group = this.pageState.layout.groups[group];
    return groups.length === 0 ? [group] : groups.flatMap((child) => this.leavesOf(child));
  }
}

/** Maximum length of a path. A longer path continues at its last node. */
const MAX_DEPTH = 12;

/**
 * Returns the paths through units as nested lists, starting at units without callers among them. A unit on several paths
 * is continued only at its first occurrence.
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
    ? element('p', {}, 'No calls in the templates.')
    : element('ul', { class: 'paths' }, ...items);

  function step(unit: number, call: UnitEdge | undefined, depth: number): VirtualElement {
    const node = index.units[unit];
    const state = describeState(node, index.document);
    const isNew = !followed.has(unit) && own.has(unit) && depth < MAX_DEPTH;
    if (isNew) followed.add(unit);
    const next = isNew ? index.outgoing(unit) : [];
    const isCut = !isNew && index.outgoing(unit).length > 0;
    return element(
      'li',
      { class: call?.edge.isBroken ? 'broken' : undefined },
      call &&
        element('span', { class: 'muted' }, `${call.edge.isBroken ? '✕ ' : ''}${describeCall(call.edge)}: `),
      element('button', { type: 'button', 'data-unit': unit }, index.labelOf(node)),
      state === '' ? undefined : element('span', { class: 'muted' }, ` ${state}`),
      isCut ? element('span', { class: 'muted' }, ' (continued elsewhere)') : undefined,
      next.length > 0 ? element('ul', {}, ...next.map((edge) => step(edge.to, edge, depth + 1))) : undefined,
    );
  }
}

/** Lists units with their states and calls. */
function nodeList(units: readonly number[], index: MapIndex): VirtualElement {
  return element('ul', { class: 'nodes' }, ...units.map((unit) => node(unit, index)));
}

function node(unit: number, index: MapIndex): VirtualElement {
  const own = index.units[unit];
  const state = describeState(own, index.document);
  const { title } = index.document.services[own.node.kind];
  return element(
    'li',
    {},
    element('button', { type: 'button', 'data-unit': unit }, index.labelOf(own)),
    element('span', { class: 'muted' }, ` ${title}${state === '' ? '' : `: ${state}`}`),
    ...callList('calls', index.outgoing(unit), ({ to }) => to, index),
  );
}

/** Lists calls with their effect on the trace. Empty if there are none. */
export function callList(
  verb: string,
  calls: readonly UnitEdge[],
  otherOf: (call: UnitEdge) => number,
  index: MapIndex,
): VirtualElement[] {
  if (calls.length === 0) return [];
  const items = calls.map((call) => {
    const other = index.units[otherOf(call)];
    const { edge } = call;
    return element(
      'li',
      { class: edge.isBroken ? 'broken' : undefined },
      `${verb} `,
      element('button', { type: 'button', 'data-unit': otherOf(call) }, index.labelOf(other)),
      element('span', { class: 'muted' }, `: ${edge.isBroken ? '✕ ' : ''}${describeCall(edge)}`),
    );
  });
  return [element('ul', { class: 'calls' }, ...items)];
}
