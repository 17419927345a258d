import type { TraceMap, TraceNode } from '../../model/paths/trace-map';
import type { Resource } from '../../model/template';
import type { JudgedFinding } from '../../rules/judge';

/** Which nodes findings are on. */
export class FindingsByNode {
  private readonly own = new Map<Resource, TraceNode[]>();
  private readonly connected = new Map<Resource, TraceNode[]>();

  constructor({ nodes, edges }: TraceMap) {
    for (const node of nodes) {
      if (node.resource) add(this.own, node.resource, node);
      for (const { resource } of [...(node.function?.versions ?? []), ...(node.function?.aliases ?? [])]) {
        if (resource !== node.resource) add(this.own, resource, node);
      }
      for (const { resource } of node.function?.eventSourceMappings ?? []) {
        if (resource !== node.resource) add(this.connected, resource, node);
      }
    }
    for (const { by, to } of edges) {
      for (const resource of by) add(this.connected, resource, to);
    }
  }

  /**
   * The nodes that a finding is to be seen on: what it is a finding on, as a whole or as one of its versions and
   * aliases; what that connects to; or else what the finding mentions.
   */
  public nodesOf({ resource, related }: JudgedFinding): readonly TraceNode[] {
    const [nodes = []] = [this.own.get(resource), this.connected.get(resource)].filter((found) => !!found);
    return nodes.length > 0 ? nodes : this.relatedTo(related);
  }

  /** The nodes that stand for resources, in order. */
  public relatedTo(resources: readonly Resource[]): TraceNode[] {
    return [...new Set(resources.flatMap((resource) => this.own.get(resource) ?? []))];
  }
}

function add(nodes: Map<Resource, TraceNode[]>, resource: Resource, node: TraceNode): void {
  const known = nodes.get(resource);
  if (!known) nodes.set(resource, [node]);
  else if (!known.includes(node)) known.push(node);
}
