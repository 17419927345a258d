import type { TemplateSource } from '../../lib/cloudformation/template';
import { buildTracingModel } from '../../lib/model/build-model';
import type { TraceEdge } from '../../lib/trace-map/trace-map';
import { type Resources, stacks } from '../rules/templates';

/** Returns the edges of stacks that are deployed together, one per line: see `edgeLine`. */
export function edgeLines(...sources: readonly (TemplateSource | Resources)[]): string[] {
  return buildTracingModel(stacks(sources)).traceMap.edges.map(edgeLine);
}

/** Returns the edges of stacks with the logical IDs of their sources: `Jobs -> Worker by Mapping`. */
export function edgeSources(...sources: readonly (TemplateSource | Resources)[]): string[] {
  return buildTracingModel(stacks(sources)).traceMap.edges.map(
    (edge) =>
      `${edge.from.name} -> ${edge.to.name} by ${edge.sources.map(({ logicalId }) => logicalId).join(', ')}`,
  );
}

/** Returns an edge as text: `Jobs -links-> Worker (queue)`, with `?` at the end if the call is not certain. */
export function edgeLine({ from, to, propagation, invocation, through, isCertain }: TraceEdge): string {
  const target = [to.name, ...through.map(({ logicalId }) => logicalId)].join(':');
  return `${from.name} -${propagation}-> ${target}${invocation ? ` (${invocation})` : ''}${isCertain ? '' : ' ?'}`;
}
