import type { TemplateSource } from '../../lib/cloudformation/template';
import { buildTracingModel } from '../../lib/model/build-model';
import type { TraceEdge } from '../../lib/trace-map/trace-map';
import { type Resources, stacks } from '../rules/templates';

/** The calls of templates that belong together, a line each: `Jobs -links-> Worker (queue)`, with `?` for those that may be. */
export function calls(...sources: readonly (TemplateSource | Resources)[]): string[] {
  return buildTracingModel(stacks(sources)).traceMap.edges.map(line);
}

/** The same, with the logical IDs of what makes each connection: `Jobs -> Worker by Mapping`. */
export function makers(...sources: readonly (TemplateSource | Resources)[]): string[] {
  return buildTracingModel(stacks(sources)).traceMap.edges.map(
    ({ from, to, sources }) =>
      `${from.name} -> ${to.name} by ${sources.map(({ logicalId }) => logicalId).join(', ')}`,
  );
}

function line({ from, to, propagation, invocation, through, isCertain }: TraceEdge): string {
  const target = [to.name, ...through.map(({ logicalId }) => logicalId)].join(':');
  return `${from.name} -${propagation}-> ${target}${invocation ? ` (${invocation})` : ''}${isCertain ? '' : ' ?'}`;
}
