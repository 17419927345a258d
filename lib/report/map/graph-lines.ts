import type { MapDocument, MapNode, MapStack } from './document';
import type { MapIndex, Unit } from './layout/units';
import { shortTitle, type State, stateInWords, stateOf } from './wording';

/** How a language for graphs writes a node, and a group of nodes. */
export interface GraphLanguage {
  /** The line of a node: `rows` are what stands in it, one below the other. */
  node(id: string, rows: readonly string[], state: State): string;
  /** What goes before the nodes of a stack. */
  open(stack: MapStack, i: number): readonly string[];
  /** What goes after them. */
  readonly close: string;
}

/** What the nodes of a map are called in a graph: names that no language takes for more than that. */
export function graphIds({ nodes }: MapDocument): ReadonlyMap<string, string> {
  return new Map(nodes.map(({ id }, i) => [id, `n${i}`]));
}

/** The nodes of a map, those of a stack grouped, those of none behind them. */
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
  const words = stateInWords(unit, document);
  const name = index.labelOf(unit);
  const line = ({ id }: MapNode, ...rows: readonly string[]) => language.node(ids.get(id)!, rows, state);
  if (run) return [line(node, name, node.origin), line(run, name, run.origin, words)];
  const title = shortTitle(document.services[node.kind].title);
  return [words === '' ? line(node, name, title) : line(node, name, title, words)];
}
