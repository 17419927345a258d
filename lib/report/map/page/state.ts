import { groupBy, sortedBy } from '../../collections';
import type { ReportedMode } from '../../function-summary';
import { encodedPath } from '../../location';
import type { MapDocument, MapProblem } from '../document';
import { type Diagram, diagramOf, initiallyExpanded, type MapLayout, reachedFrom } from '../layout/diagram';
import { MapIndex, openFindings, type UnitEdge } from '../layout/units';

/** The data in the page for its script. */
export interface PageData {
  readonly document: MapDocument;
  readonly layout: MapLayout;
  /** Folder, Git revision and day of the map, such as `orders`, `1a2b3c4` and `2027-01-31`. */
  readonly app?: { readonly name: string; readonly revision?: string; readonly date: string };
  /** Form of links to an editor, with `{path}`, `{line}` and `{column}`, and the folder of relative paths. */
  readonly editor?: { readonly link: string; readonly folder: string };
}

/** A unit, an edge of the diagram as its calls, or a problem. Units, calls and problems are given by index. */
export type Selected =
  | { readonly unit: number }
  | { readonly calls: readonly number[] }
  | { readonly problem: number };

/** The selection, filters and switches of the page. */
export interface View {
  /** The groups that are expanded, in a large system. */
  readonly expanded: ReadonlySet<number>;
  readonly selected?: Selected;
  readonly isPanelOpen: boolean;
  readonly isList: boolean;
  /** True to draw both of X-Ray's nodes of a function in full. */
  readonly isFull: boolean;
  readonly only?: 'breaks' | 'findings';
  /** Group to show. */
  readonly group?: number;
  readonly mode?: ReportedMode;
  /** Text in the search field. */
  readonly query: string;
  /** The selected search result, if the results are shown. */
  readonly option?: number;
}

/** Number of search results that are listed. */
export const MAX_RESULTS = 40;

/** The data of the page and the current view. Everything that the page shows follows from it. */
export class PageState {
  public readonly document: MapDocument;
  public readonly layout: MapLayout;
  public readonly app: PageData['app'];
  public readonly editor: PageData['editor'];
  public view: View;
  private readonly texts: readonly string[];
  private readonly keys: readonly string[];
  private drawn?: { readonly of: ReadonlySet<number>; readonly diagram: Diagram };

  constructor(
    data: PageData,
    public readonly index = new MapIndex(data.document),
  ) {
    ({ document: this.document, layout: this.layout, app: this.app, editor: this.editor } = data);
    const expanded = initiallyExpanded(data.layout);
    this.view = { expanded, isPanelOpen: true, isList: false, isFull: false, query: '' };
    const { units } = index;
    this.texts = units.map(({ node }, i) => {
      const { logicalId, kind, constructPath } = node;
      const { title } = this.document.services[kind];
      const stack = index.stackOf(node)?.name;
      return [index.labelOf(i), constructPath, logicalId, title, stack].join('\n').toLowerCase();
    });
    const byId = groupBy(({ node }) => node.logicalId ?? node.id, units);
    this.keys = units.map(({ node: { constructPath, logicalId, id } }) => {
      const short = constructPath?.replace(/\/Resource$/, '') ?? logicalId ?? id;
      return constructPath !== undefined || byId.get(short)?.length === 1 ? short : id;
    });
  }

  public get diagram(): Diagram {
    const { expanded } = this.view;
    if (this.drawn?.of !== expanded) {
      this.drawn = { of: expanded, diagram: diagramOf(this.layout, this.index, expanded) };
    }
    return this.drawn.diagram;
  }

  /** True if a filter is active. */
  public get isFiltering(): boolean {
    const { only, group, mode } = this.view;
    return only !== undefined || group !== undefined || mode !== undefined;
  }

  /** The units that the search field names, while the results are shown. */
  public get found(): ReadonlySet<number> | undefined {
    const { option, query } = this.view;
    return option === undefined ? undefined : new Set(this.find(query));
  }

  /** True if a unit matches the filters. */
  public isMatching(unit: number): boolean {
    const { only, group, mode } = this.view;
    const own = this.index.units[unit];
    if (group !== undefined && this.layout.groupOf[unit] !== group) return false;
    if (mode !== undefined && own.function?.mode !== mode) return false;
    if (only === 'findings') return openFindings(own, this.document).length > 0;
    const calls = () => [...this.index.incoming[unit], ...this.index.outgoing[unit]];
    return only !== 'breaks' || own.node.isGap || calls().some((call) => this.isAtBreak(call));
  }

  /** True if the trace ends at a call, or at the gap that it leads to or from. */
  private isAtBreak({ from, to, edge }: UnitEdge): boolean {
    return edge.isBroken || [from, to].some((unit) => this.index.units[unit].node.isGap);
  }

  /** True if an edge of the diagram matches the filters: an edge at a break, or between units that match. */
  public isMatchingEdge(calls: readonly number[]): boolean {
    const own = calls.map((call) => this.index.callOf(call));
    if (this.view.only === 'breaks' && !own.some((call) => this.isAtBreak(call))) return false;
    return own.some(({ from, to }) => this.isMatching(from) && this.isMatching(to));
  }

  /** Returns the problems that match the filters and the search, each with its index. */
  public get problems(): (readonly [number, MapProblem])[] {
    const { found } = this;
    const { only } = this.view;
    return [...this.document.problems.entries()].filter(([, { nodes, finding, edge }]) => {
      if (only === 'findings' && finding === undefined) return false;
      if (only === 'breaks' && finding !== undefined && edge === undefined) return false;
      const units = this.index.unitsOf(nodes);
      if (found && !units.some((unit) => found.has(unit))) return false;
      return !this.isFiltering || units.some((unit) => this.isMatching(unit));
    });
  }

  /** Returns the units that contain all words. Units whose names begin with the first word come first. */
  public find(query: string): number[] {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const found = this.texts.flatMap((text, i) => (words.every((word) => text.includes(word)) ? [i] : []));
    const rank = (unit: number) => {
      const [name] = this.texts[unit].split('\n', 1);
      const last = name.slice(name.lastIndexOf('/') + 1);
      return last.startsWith(words[0]) ? 0 : name.includes(words[0]) ? 1 : 2;
    };
    return sortedBy(found, (unit) => [rank(unit)]);
  }

  /** Returns the units and calls that a selection is about, in the order of the path. */
  public partsOf(selected: Selected): {
    readonly units: readonly number[];
    readonly calls: readonly number[];
  } {
    if ('unit' in selected) return { units: [selected.unit], calls: [] };
    if ('calls' in selected) {
      const calls = selected.calls.map((call) => this.index.callOf(call));
      return { units: calls.flatMap(({ from, to }) => [from, to]), calls: selected.calls };
    }
    const { nodes, edge } = this.document.problems[selected.problem];
    return { units: this.index.unitsOf(nodes), calls: edge === undefined ? [] : [edge] };
  }

  /** Returns the units and calls that the diagram shows at full strength because of the selection. */
  public get lit(): { readonly units: ReadonlySet<number>; readonly calls: ReadonlySet<number> } | undefined {
    const { selected } = this.view;
    if (!selected) return undefined;
    if ('unit' in selected) return pathThrough(selected.unit, this.index);
    const { units, calls } = this.partsOf(selected);
    return { units: new Set(units), calls: new Set(calls) };
  }

  /** Returns the address of the selection: construct paths or logical IDs, which stay the same in later maps. */
  public get address(): string {
    const { selected } = this.view;
    if (!selected) return '';
    const { units, calls } = this.partsOf(selected);
    const ends = units.slice(0, calls.length > 0 ? 2 : 1);
    return ends.map((unit) => encodedPath(this.keys[unit])).join(',');
  }

  /** Returns the selection of an address. Undefined if it selects nothing. */
  public addressed(address: string): Selected | undefined {
    const [from, to] = address.split(',').map((key) => this.keys.indexOf(decoded(key)));
    if (from === -1) return undefined;
    if (!address.includes(',')) return { unit: from };
    const calls = this.index.outgoing[from].flatMap((call) => (call.to === to ? [call.index] : []));
    return calls.length > 0 ? { calls } : undefined;
  }
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return '';
  }
}

/** Returns all paths to and from a unit. */
function pathThrough(unit: number, index: MapIndex): { units: Set<number>; calls: Set<number> } {
  const calls = new Set<number>();
  const follow = (direction: 'incoming' | 'outgoing', end: 'from' | 'to') =>
    reachedFrom(unit, (reached) =>
      index[direction][reached].map((call) => {
        calls.add(call.index);
        return call[end];
      }),
    );
  return { units: new Set([...follow('incoming', 'from'), ...follow('outgoing', 'to')]), calls };
}
