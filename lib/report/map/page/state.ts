import type { ReportedMode } from '../../function-summary';
import type { MapLayout, Group, Diagram } from '../layout/diagram';
import { type MapIndex, openFindings } from '../layout/units';

/** What the reader looks at. */
export interface View {
  /** The picture, by its index: what the list is about too. */
  readonly diagram: number;
  /** The unit whose panel is open. */
  readonly unit?: number;
  readonly isList: boolean;
  readonly filter: Filter;
  /** The units that what is typed finds; nothing while nothing is typed. */
  readonly found?: ReadonlySet<number>;
}

type Listener = (view: View, before: View | undefined) => void;

/** What the reader looks at, and all parts of the page that follow it. */
export class PageState {
  private current: View;
  private readonly listeners: Listener[] = [];

  constructor(
    public readonly index: MapIndex,
    public readonly atlas: MapLayout,
  ) {
    this.current = { diagram: atlas.start, isList: false, filter: NO_FILTER };
    addEventListener('popstate', () => this.follow());
  }

  public get view(): View {
    return this.current;
  }

  public get picture(): Diagram {
    return this.atlas.diagrams[this.current.diagram];
  }

  public get group(): Group {
    return this.atlas.groups[this.picture.group];
  }

  /** @param listener told of every change, and of the view to begin with */
  public on(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Shows what the page's address says. */
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

  /** Shows a unit, and the picture that it is in unless it is in the one that is shown. */
  public open(unit: number): void {
    this.show({ unit, diagram: this.pictureWith(unit) });
  }

  /** The picture that is shown, if the unit is on it; otherwise that of the unit's group. */
  public pictureWith(unit: number): number {
    const isShown = this.picture.cards.some(({ shows }) => 'unit' in shows && shows.unit === unit);
    return isShown ? this.current.diagram : this.atlas.groupOf[unit];
  }

  /** The picture with everything of a group unfolded, where there is one. */
  public unfoldedPicture(group: number): number {
    const unfolded = this.atlas.diagrams.findIndex(
      (picture) => picture.isUnfolded && picture.group === group,
    );
    return unfolded === -1 ? group : unfolded;
  }

  /** Whether a unit is among those that the reader wants to see. */
  public isWanted(unit: number): boolean {
    const { filter, found } = this.current;
    return isMatch(unit, filter, this.index) && (found?.has(unit) ?? true);
  }

  /** The units in a group, and below it. */
  public unitsIn(group: number): readonly number[] {
    const { units, groups } = this.atlas.groups[group];
    return groups.length === 0 ? units : groups.flatMap((child) => this.unitsIn(child));
  }

  /** Whether anything but everything is wanted. */
  public get isChoosy(): boolean {
    return this.current.filter !== NO_FILTER || this.current.found !== undefined;
  }

  private follow(): void {
    if (location.hash !== '' && !ADDRESS.test(location.hash)) return;
    const before = this.current;
    this.current = { ...before, unit: undefined, diagram: this.atlas.start, ...this.addressed() };
    for (const listener of this.listeners) listener(this.current, before);
  }

  private addressed(): Partial<View> {
    const [, picture, unit] = ADDRESS.exec(location.hash) ?? [];
    if (picture === undefined || !this.atlas.diagrams[Number(picture)]) return {};
    const isKnown = unit !== undefined && this.index.units[Number(unit)] !== undefined;
    return { diagram: Number(picture), ...(isKnown && { unit: Number(unit) }) };
  }
}

/** Makes an address that Back comes back to, where the browser lets a file have one. */
function remember(address: string): void {
  try {
    history.pushState(null, '', address);
  } catch {
    // It works without.
  }
}

const ADDRESS = /^#picture-(\d+)(?:-node-(\d+))?$/;

function addressOf({ diagram, unit }: View): string {
  return `#picture-${diagram}${unit === undefined ? '' : `-node-${unit}`}`;
}

/** Which units the reader wants to see. */
export interface Filter {
  /** Functions in one of these modes; any node where there are none. */
  readonly modes: ReadonlySet<ReportedMode>;
  /** Where traces break. */
  readonly isBroken: boolean;
  readonly hasFindings: boolean;
}

/** Everything. */
export const NO_FILTER: Filter = { modes: new Set(), isBroken: false, hasFindings: false };

function isMatch(unit: number, { modes, isBroken, hasFindings }: Filter, index: MapIndex): boolean {
  const { node, function: fn } = index.units[unit];
  if (modes.size > 0 && (!fn || !modes.has(fn.mode))) return false;
  if (hasFindings && openFindings(index.units[unit], index.document).length === 0) return false;
  const breaks = () =>
    node.isGap || [...index.incoming(unit), ...index.outgoing(unit)].some(({ edge }) => edge.isBroken);
  return !isBroken || breaks();
}
