import { ALWAYS } from '../cloudformation/possible';
import type { Resource } from '../cloudformation/template';
import type { Propagation, TraceEdge } from './trace-map';

/** A call that more resources can still add to. */
export type EdgeDraft = { -readonly [K in keyof TraceEdge]: TraceEdge[K] } & { readonly sources: Resource[] };

/** Effects on a trace, from the one that keeps most of it to the one that keeps nothing. */
const EFFECTS: readonly Propagation[] = ['starts', 'propagates', 'links', 'breaks'];

/**
 * Adds the call of another resource to an edge. A call that is certain replaces a possible one; among equals, the one
 * that keeps more of the trace wins.
 *
 * @param edge the edge between the same nodes
 * @param source the resource that makes the connection
 */
export function addToEdge(
  edge: EdgeDraft,
  source: Resource,
  {
    propagation,
    isCertain,
    when,
    isAuthorization,
  }: Pick<TraceEdge, 'propagation' | 'isCertain' | 'when' | 'isAuthorization'>,
): void {
  if (!edge.sources.includes(source)) edge.sources.push(source);
  edge.isAuthorization &&= isAuthorization;
  const keepsMore = EFFECTS.indexOf(propagation) < EFFECTS.indexOf(edge.propagation);
  if (isCertain === edge.isCertain ? keepsMore : isCertain) {
    Object.assign(edge, { propagation, isCertain, when });
  } else if (
    isCertain === edge.isCertain &&
    propagation === edge.propagation &&
    !edge.when.includes(ALWAYS)
  ) {
    edge.when = [...edge.when, ...when];
  }
}
