import { isObject } from '../json';
import type { Resource } from '../template';
import type { Call, MapBuilder } from './map-builder';
import type { TraceNode } from './trace-map';

/** The buses that a name or ARN means; the default one where there is none. */
export function busesMeant(name: unknown, resource: Resource, map: MapBuilder): TraceNode[] {
  const named = map.meantOfKind('event-bus', name, resource);
  return named.length > 0 ? named : [map.outside('event-bus', 'default', resource.template.source)];
}

/**
 * How a rule with a pattern calls: not for every event, and without the trace where it matches but events that AWS
 * services send. "EventBridge can pass a trace header for an event only if the event came from a PutEvents request that
 * passed the trace context" ("Amazon EventBridge integration with AWS X-Ray", Amazon EventBridge User Guide).
 */
export function callByPattern(pattern: unknown): Pick<Call, 'effect' | 'isCertain'> {
  return { isCertain: false, ...(isOfAwsServices(pattern) && { effect: 'drops' }) };
}

/** Whether all the sources in a pattern are those of AWS services, which nobody else may use. */
function isOfAwsServices(pattern: unknown): boolean {
  const sources = isObject(pattern) ? pattern.source : undefined;
  return Array.isArray(sources) && sources.every(isAwsService);
}

function isAwsService(source: unknown): boolean {
  const start = isObject(source) ? source.prefix : source;
  return typeof start === 'string' && start.startsWith('aws.');
}
