import { SEVERITIES } from '../../../rules/rule';
import { countBy } from '../../collections';
import { MODES } from '../../function-summary';
import type { Group, GroupSummary } from './diagram';
import { highestSeverity, type MapIndex } from './units';

/** The groups of a system, and the group of each unit. */
interface Groups {
  readonly groups: readonly Group[];
  readonly groupOf: readonly number[];
}

/**
 * Groups a system by stacks. A node outside of the templates that is connected with one stack only belongs to its group.
 * All other nodes outside are the last group.
 */
export function groupsOf(index: MapIndex): Groups {
  const { stacks } = index.document;
  const byStack = new Map<string | undefined, number[]>(stacks.map(({ id }) => [id, []]));
  byStack.set(undefined, []);
  index.units.forEach(({ node }, i) => byStack.get(node.stack ?? onlyStackOf(i, index))?.push(i));
  const groupOf = new Array<number>(index.units.length).fill(0);
  const groups = [...byStack]
    .filter(([, units]) => units.length > 0)
    .map(([stack, units], group): Group => {
      for (const unit of units) groupOf[unit] = group;
      const name =
        stack === undefined ? 'Outside of the templates' : (index.stackOf({ stack })?.name ?? stack);
      return { name, isOutside: stack === undefined, units, summary: summaryOf(units, index) };
    });
  return { groups, groupOf };
}

/** Returns the stack of all callers and called nodes of a unit. Undefined if there are several, or none. */
function onlyStackOf(unit: number, index: MapIndex): string | undefined {
  const others = [
    ...index.incoming(unit).map(({ from }) => from),
    ...index.outgoing(unit).map(({ to }) => to),
  ];
  const [only, ...more] = new Set(others.map((other) => index.units[other].node.stack));
  return more.length === 0 ? only : undefined;
}

function summaryOf(units: readonly number[], index: MapIndex): GroupSummary {
  const own = units.map((unit) => index.units[unit]);
  const functions = own.flatMap((unit) => unit.function ?? []);
  const severities = own.flatMap((unit) => highestSeverity(unit, index.document) ?? []);
  return {
    functions: functions.length,
    byMode: countBy(MODES, ({ mode }) => mode, functions),
    gaps: own.filter(({ node }) => node.isGap).length,
    brokenEdges: units.flatMap((unit) => index.outgoing(unit)).filter(({ edge }) => edge.isBroken).length,
    findings: countBy(SEVERITIES, (severity) => severity, severities),
  };
}

/** Returns the connected components of a graph, each in breadth-first order. */
export function componentsOf(count: number, links: readonly (readonly [number, number])[]): number[][] {
  const neighbors: number[][] = Array.from({ length: count }, () => []);
  for (const [a, b] of links) {
    neighbors[a].push(b);
    neighbors[b].push(a);
  }
  const seen = new Uint8Array(count);
  const components: number[][] = [];
  for (let start = 0; start < count; start++) {
    if (seen[start]) continue;
    seen[start] = 1;
    const component = [start];
    // The loop appends to the component while it iterates over it.
    for (const item of component) {
      for (const next of neighbors[item]) {
        if (seen[next]) continue;
        seen[next] = 1;
        component.push(next);
      }
    }
    components.push(component);
  }
  return components;
}
