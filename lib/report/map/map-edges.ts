import type { LoadedTemplate } from '../../load/loaded';
import type { TraceEdge, TraceNode } from '../../model/paths/trace-map';
import type { Resource } from '../../model/template';
import { placeOf } from '../place';
import type { Breaks } from './breaks';
import type { MapEdge, MapResource } from './map-document';
import { runOf } from './map-nodes';
import { mapPlace } from './map-place';

type Templates = ReadonlyMap<string, LoadedTemplate>;

/** From Lambda to the function: what the one has of the trace, the other goes on with. */
export function edgeWithin(node: TraceNode): MapEdge {
  return {
    from: node.id,
    to: runOf(node),
    effect: 'carries',
    isCertain: true,
    isBroken: false,
    by: [],
    through: [],
  };
}

export function edgeOf(edge: TraceEdge, breaks: Breaks, templates: Templates): MapEdge {
  const { from, to, effect, invocation, isCertain, by, through } = edge;
  return {
    from: from.kind === 'function' ? runOf(from) : from.id,
    to: to.id,
    effect,
    ...(invocation && { invocation }),
    isCertain,
    isBroken: breaks.edges.has(edge),
    by: by.map((resource) => resourceOf(resource, templates)),
    through: through.map((resource) => resourceOf(resource, templates)),
  };
}

function resourceOf(resource: Resource, templates: Templates): MapResource {
  const { logicalId, type } = resource;
  return { ...mapPlace(placeOf(resource, templates)), logicalId, type };
}
