import type { LoadedTemplate } from '../../load/loaded';
import { SERVICES } from '../../model/paths/services';
import type { TraceNode } from '../../model/paths/trace-map';
import { placeOf } from '../place';
import type { Breaks } from './breaks';
import type { MapNode, MapSwitch } from './map-document';
import { mapPlace } from './map-place';

type Templates = ReadonlyMap<string, LoadedTemplate>;

/** The ID of the function's own node, which follows on Lambda's. */
export function runOf({ id }: TraceNode): string {
  return `run:${id}`;
}

/**
 * A node as X-Ray draws it: a function is two.
 *
 * @param findings the indices of those on it
 */
export function nodesOf(
  node: TraceNode,
  breaks: Breaks,
  findings: readonly number[],
  templates: Templates,
): MapNode[] {
  const { id, kind, name, resource, recording } = node;
  const stack = resource?.template.id ?? stackOfGenerated(id, templates);
  const position = resource && placeOf(resource, templates).position;
  const switches = switchOf(node, templates);
  const whole: MapNode = {
    id,
    kind,
    origin: resource?.type ?? SERVICES[kind].types[0] ?? '',
    name,
    ...(stack !== undefined && { stack, logicalId: resource?.logicalId ?? name }),
    ...(resource?.constructPath !== undefined && { constructPath: resource.constructPath }),
    ...(position && { line: position.line }),
    recording,
    isHole: breaks.holes.has(node),
    findings: [],
  };
  const own = { ...(switches && { switch: switches }), findings };
  if (kind !== 'function') return [{ ...whole, ...own }];
  return [
    { ...whole, ...own, origin: 'AWS::Lambda' },
    { ...whole, id: runOf(node), origin: 'AWS::Lambda::Function' },
  ];
}

/** The template of what SAM makes: there is no resource of it, and its ID is made as those of resources are. */
function stackOfGenerated(id: string, templates: Templates): string | undefined {
  const template = id.slice(0, Math.max(0, id.lastIndexOf('#')));
  return templates.has(template) ? template : undefined;
}

function switchOf(node: TraceNode, templates: Templates): MapSwitch | undefined {
  if (!node.switch) return undefined;
  const { resource, property, value } = node.switch;
  return {
    ...mapPlace(placeOf(resource, templates, property)),
    logicalId: resource.logicalId,
    property,
    value,
  };
}
