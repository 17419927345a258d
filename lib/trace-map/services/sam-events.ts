import { isObject, type JsonObject, objectAt } from '../../cloudformation/json';
import type { Resource } from '../../cloudformation/template';
import { publishesVersions } from '../../lambda/version-identity';
import {
  certaintyWithFilter,
  type Connections,
  FILTER_CRITERIA,
  type SamEvent,
  type SamEventCallers,
  type SamEventSource,
  type Service,
} from '../service';
import type { NodeKind } from '../trace-map';
import type { ResolvedTarget, TraceMapBuilder } from '../trace-map-builder';

/**
 * Returns the connections of SAM events, APIs aside ("Generated CloudFormation resources for AWS SAM", AWS SAM Developer
 * Guide).
 *
 * @param services the services by the kind of node, whose `samEvents` say who calls for an event
 */
export function samEventConnections(services: Readonly<Record<NodeKind, Service>>): Connections {
  const sources: EventSources = new Map(
    Object.entries(services).flatMap(([kind, { samEvents = {} }]) =>
      Object.entries(samEvents).map(([type, source]) => [type, { kind: kind as NodeKind, source }]),
    ),
  );
  const connect = (resource: Resource, map: TraceMapBuilder) => connectEvents(resource, sources, map);
  return { 'AWS::Serverless::Function': connect, 'AWS::Serverless::StateMachine': connect };
}

type EventSources = ReadonlyMap<string, { readonly kind: NodeKind; readonly source: SamEventSource }>;

function connectEvents(resource: Resource, sources: EventSources, map: TraceMapBuilder): void {
  for (const [name, event] of Object.entries(objectAt(resource.properties, 'Events'))) {
    if (!isObject(event) || typeof event.Type !== 'string') continue;
    const found = sources.get(event.Type);
    if (!found) continue;
    const properties = objectAt(event, 'Properties');
    const samEvent = { properties, resource, logicalId: `${resource.logicalId}${name}` };
    const { callers, ...call } = callersOf(samEvent, found.kind, found.source, map);
    map.callByOneOf(callers, samEventTargets(resource, map), { source: resource, ...call });
  }
}

function callersOf(
  event: SamEvent,
  kind: NodeKind,
  source: SamEventSource,
  map: TraceMapBuilder,
): SamEventCallers {
  if (typeof source === 'function') return source(event, map);
  const { properties, resource, logicalId } = event;
  if (source === 'generated') return { callers: [map.generated(kind, logicalId, resource)] };
  const call = source.call
    ? source.call(properties, resource.template, map)
    : certaintyWithFilter(FILTER_CRITERIA, properties, resource.template, map);
  return { callers: map.resolveAs(kind, properties[source.property], resource), ...call };
}

/** Returns the properties of the events of a type that a SAM function or state machine has. */
export function samEventsOfType(type: string, { properties }: Resource): JsonObject[] {
  return Object.values(objectAt(properties, 'Events')).flatMap((event) =>
    isObject(event) && event.Type === type ? [objectAt(event, 'Properties')] : [],
  );
}

/** Returns the target of a resource's events: the resource, through the alias that SAM generates for a function. */
export function samEventTargets(resource: Resource, map: TraceMapBuilder): ResolvedTarget[] {
  const node = map.node(resource);
  return node ? [{ node, through: publishesVersions(resource) ? [resource] : [] }] : [];
}
