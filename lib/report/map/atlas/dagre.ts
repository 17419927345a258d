import type { Box, PlacedBox, Point } from './picture';

/** What is used of dagre. Its own types are for ES modules alone, and aren't found from there either. */
export interface Dagre {
  readonly Graph: new (options: { multigraph: boolean; compound: boolean }) => DagreGraph;
  readonly layout: (graph: DagreGraph) => void;
}

export interface DagreGraph {
  setGraph(label: object): void;
  setNode(id: string, label: object): void;
  setParent(id: string, parent: string): void;
  setEdge(from: string, to: string, label: object, name: string): void;
  /** The size of it all. */
  graph(): Partial<Box>;
  /** By its centre. */
  node(id: string): PlacedBox;
  edge(edge: { readonly v: string; readonly w: string; readonly name: string }): DagreEdge;
}

/** Its points, and the centre of its label. */
export interface DagreEdge extends Point {
  readonly points: readonly Point[];
}
