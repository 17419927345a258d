import type { MapDocument, MapNode, MapStack } from './document';
import type { MapIndex, Unit } from './layout/units';
import { shortTitle, type State, describeState, stateOf } from './wording';

/** Syntax of a graph language for nodes and groups of nodes. */
export interface GraphLanguage {
  /** Returns the line of a node. `rows` are the lines of its label. */
  node(id: string, rows: readonly string[], state: State): string;
  /** Returns the lines before the nodes of a stack. */
  open(stack: MapStack, i: number): readonly string[];
  /** The line after the nodes of a stack. */
  readonly close: string;
}

/** Returns the names of nodes in a graph, which have no special meaning in any graph language. */
export function graphIds({ nodes }: MapDocument): ReadonlyMap<string, string> {
  return new Map(nodes.map(({ id }, i) => [id, `n${i}`]));
}

/** Returns the lines of all nodes, grouped by stack. Nodes without a stack come last. */
export function nodeLines(
  index: MapIndex,
  ids: ReadonlyMap<string, string>,
  language: GraphLanguage,
): string[] {
  const byStack = new Map<string | undefined, string[]>();
  for (const unit of index.units) {
    const { stack } = unit.node;
    const lines = byStack.get(stack) ?? [];
    byStack.set(stack, lines);
    lines.push(...unitLines(unit, index, ids, language));
  }
  return [
    ...index.document.stacks.flatMap((stack, i) => {
      const lines = byStack.get(stack.id) ?? [];
      return lines.length === 0
        ? []
        : [...language.open(stack, i), ...lines.map((line) => `  ${line}`), language.close];
    }),
    ...(byStack.get(undefined) ?? []),
  ];
}

function unitLines(
  unit: Unit,
  index: MapIndex,
  ids: ReadonlyMap<string, string>,
  language: GraphLanguage,
): string[] {
  const { node, run } = unit;
  const { document } = index;
  const state = stateOf(unit, document);
  const text = describeState(unit, document);
  const name = index.labelOf(unit);
  const line = ({ id }: MapNode, ...rows: readonly string[]) => language.node(ids.get(id)!, rows, state);
  if (run) return [line(node, name, node.origin), line(run, name, run.origin, text)];
  const title = shortTitle(document.services[node.kind].title);
  return [text === '' ? line(node, name, title) : line(node, name, title, text)];
}
