import type { Resource } from '../../cloudformation/template';
import { type EventSourceKind, resolveEventSources } from '../../lambda/event-sources';
import { certaintyWithFilter, type Connections, FILTER_CRITERIA } from '../service';
import type { ServiceEntries } from '../service-facts';
import type { NodeKind, TraceNode } from '../trace-map';
import type { TraceMapBuilder } from '../trace-map-builder';
import { selfManagedKafka } from './unsupported-sources';

/**
 * The sources that Lambda polls for functions ("How Lambda processes records from stream and queue-based event
 * sources", AWS Lambda Developer Guide).
 */
export const EVENT_SOURCE_MAPPINGS: Connections = {
  'AWS::Lambda::EventSourceMapping': (resource, map) => {
    const { properties, template } = resource;
    const targets = map.resolve(properties.FunctionName, template);
    const certainty = certaintyWithFilter(FILTER_CRITERIA, properties, template, map);
    map.callByOneOf(sourcesOf(resource, map), targets, { source: resource, ...certainty });
  },
};

/** Returns the nodes that a mapping's source can be; none if the kind of source is unknown. */
function sourcesOf(resource: Resource, map: TraceMapBuilder): TraceNode[] {
  const { properties } = resource;
  const sources = new Set(resolveEventSources(resource, map.resolver).map(({ value: { kind } }) => kind));
  return [...sources].flatMap((source) => {
    if (source === 'kafka') return selfManagedKafka(map.valuesAt(resource, BOOTSTRAP_SERVERS), resource, map);
    const kind = map.index.table(kindsByEventSource).get(source);
    return kind ? map.resolveAs(kind, properties.EventSourceArn, resource) : [];
  });
}

const BOOTSTRAP_SERVERS = ['SelfManagedEventSource', 'Endpoints', 'KafkaBootstrapServers'];

function kindsByEventSource(services: ServiceEntries): ReadonlyMap<EventSourceKind, NodeKind> {
  return new Map(services.flatMap(([kind, { eventSource }]) => (eventSource ? [[eventSource, kind]] : [])));
}
