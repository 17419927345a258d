import { isObject, type JsonObject } from '../../cloudformation/json';
import type { Resource, Template } from '../../cloudformation/template';
import { EVENT_SOURCES, resolveEventSources } from '../../lambda/event-sources';
import type { TraceNode } from '../trace-map';
import type { Call, Connections, TraceMapBuilder } from '../trace-map-builder';
import { selfManagedKafka } from './unsupported-sources';

/**
 * What Lambda polls and hands to functions ("How Lambda processes records from stream and queue-based event sources",
 * AWS Lambda Developer Guide).
 */
export const EVENT_SOURCE_MAPPINGS: Connections = {
  'AWS::Lambda::EventSourceMapping': (resource, map) => {
    const { properties, template } = resource;
    const called = map.resolve(properties.FunctionName, template);
    const filter = callThrough(FILTER_CRITERIA, properties, template, map);
    map.callByOneOf(sourcesOf(resource, map), called, { source: resource, ...filter });
  },
};

function sourcesOf(resource: Resource, map: TraceMapBuilder): TraceNode[] {
  const { properties } = resource;
  const kinds = new Set(resolveEventSources(resource, map.resolver).map(({ value: { kind } }) => kind));
  return [...kinds].flatMap((kind) => {
    if (kind === 'unknown') return [];
    return kind === 'kafka'
      ? selfManagedKafka(map.valuesAt(resource, BOOTSTRAP_SERVERS), resource, map)
      : map.resolveAs(EVENT_SOURCES[kind].nodeKind, properties.EventSourceArn, resource);
  });
}

const BOOTSTRAP_SERVERS = ['SelfManagedEventSource', 'Endpoints', 'KafkaBootstrapServers'];

/** Where subscriptions, event source mappings and pipes say which messages or records they are for. */
export const FILTER_POLICY = ['FilterPolicy'];
export const FILTER_CRITERIA = ['FilterCriteria', 'Filters'];

/** How something calls that may have a filter: what doesn't pass it is never handed on. */
export function callThrough(
  filter: readonly string[],
  properties: JsonObject,
  template: Template,
  map: TraceMapBuilder,
): Pick<Call, 'isCertain'> {
  return hasFilter(filter, properties, template, map) ? { isCertain: false } : {};
}

/** Whether there can be a filter at a path. */
export function hasFilter(
  filter: readonly string[],
  properties: JsonObject,
  template: Template,
  { resolver }: TraceMapBuilder,
): boolean {
  return resolver.at(properties, filter, template).some(({ value }) => !isEmpty(value));
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || (isObject(value) && Object.keys(value).length === 0);
}
