import type { ReportedMode } from '../../function-summary';
import type { MapLayout, Group, Diagram } from '../layout/diagram';
import { type MapIndex, openFindings } from '../layout/units';

/** The selection and filters of the page. */
export interface View {
  /** Index of the diagram. The list shows the same group. */
  readonly diagram: number;
  /** Index of the unit whose panel is open. */
  readonly unit?: number;
  readonly isList: boolean;
  readonly filter: Filter;
  /** Search results. Undefined if the search field is empty. */
  readonly found?: ReadonlySet<number>;
}

type Listener = (view: View, before: View | undefined) => void;

/** The current view. Notifies all parts of the page of changes. */
export class PageState {
  private current: View;
  private readonly listeners: Listener[] = [];

  constructor(
    public readonly index: MapIndex,
    public readonly layout: MapLayout,
  ) {
    this.current = { diagram: layout.start, isList: false, filter: NO_FILTER };
    addEventListener('popstate', () => this.follow());
  }

  public get view(): View {
    return this.current;
  }

  public get diagram(): Diagram {
    return this.layout.diagrams[this.current.diagram];
  }

  public get group(): Group {
    return this.layout.groups[this.diagram.group];
  }

  /** @param listener the function that is called with the initial view and after every change */
  public on(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Shows the view that the page's address selects. */
  public begin(): void {
    this.current = { ...this.current, ...this.addressed() };
    for (const listener of this.listeners) listener(this.current, undefined);
  }

  public show(change: Partial<View>): void {
    const before = this.current;
    this.current = { ...before, ...change };
    if (before.diagram !== this.current.diagram || before.unit !== this.current.unit) {
      remember(addressOf(this.current));
    }
    for (const listener of this.listeners) listener(this.current, before);
  }

  /** Opens the panel of a unit, and a diagram with the unit if the current one does not show it. */
  public open(unit: number): void {
    this.show({ unit, diagram: this.diagramOfUnit(unit) });
  }

  /** Returns the current diagram if it shows the unit, or otherwise the diagram of the unit's group. */
  public diagramOfUnit(unit: number): number {
    const isShown = this.diagram.cards.some(({ shows }) => 'unit' in shows && shows.unit === unit);
    return isShown ? this.current.diagram : this.layout.groupOf[unit];
  }

  /** Returns the diagram of a group with all stacks expanded, or the group's own diagram if there is none. */
  public expandedDiagram(group: number): number {
    const expanded = this.layout.diagrams.findIndex(
      (diagram) => diagram.isExpanded && diagram.group === group,
    );
    return expanded === -1 ? group : expanded;
  }

  /** True if a unit matches the filters and the search. */
  public isMatching(unit: number): boolean {
    const { filter, found } = this.current;
    return isMatch(unit, filter, this.index) && (found?.has(unit) ?? true);
  }

  /** Returns the units of a group and its descendants. */
  public unitsIn(group: number): readonly number[] {
    const { units, groups } = this.layout.groups[group];
    return groups.length === 0 ? units : groups.flatMap((child) => this.unitsIn(child));
  }

  /** True if a filter or a search is active. */
  public get isFiltering(): boolean {
    return this.current.filter !== NO_FILTER || this.current.found !== undefined;
  }

  private follow(): void {
    if (location.hash !== '' && !ADDRESS.test(location.hash)) return;
    const before = this.current;
    this.current = { ...before, unit: undefined, diagram: this.layout.start, ...this.addressed() };
    for (const listener of this.listeners) listener(this.current, before);
  }

  private addressed(): Partial<View> {
    const [, diagram, unit] = ADDRESS.exec(location.hash) ?? [];
    if (diagram === undefined || !this.layout.diagrams[Number(diagram)]) return {};
    const isKnown = unit !== undefined && this.index.units[Number(unit)] !== undefined;
    return { diagram: Number(diagram), ...(isKnown && { unit: Number(unit) }) };
  }
}

/** Adds an address to the browser's history. Some browsers refuse this for files. */
function remember(address: string): void {
  try {
    history.pushState(null, '', address);
  } catch {
    // The page works without a history.
  }
}

const ADDRESS = /^#diagram-(\d+)(?:-node-(\d+))?$/;

function addressOf({ diagram, unit }: View): string {
  return `#diagram-${diagram}${unit === undefined ? '' : `-node-${unit}`}`;
}

/** Filters for units. */
export interface Filter {
  /** Modes of functions to show. If empty, all nodes are shown. */
  readonly modes: ReadonlySet<ReportedMode>;
  /** Show only units where traces break. */
  readonly isBroken: boolean;
  readonly hasFindings: boolean;
}

/** Filter that shows all units. */
export const NO_FILTER: Filter = { modes: new Set(), isBroken: false, hasFindings: false };

function isMatch(unit: number, { modes, isBroken, hasFindings }: Filter, index: MapIndex): boolean {
  const { node, function: fn } = index.units[unit];
  if (modes.size > 0 && (!fn || !modes.has(fn.mode))) return false;
  if (hasFindings && openFindings(index.units[unit], index.document).length === 0) return false;
  const breaks = () =>
    node.isGap || [...index.incoming(unit), ...index.outgoing(unit)].some(({ edge }) => edge.isBroken);
  return !isBroken || breaks();
}
