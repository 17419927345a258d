import { isObject } from '../../cloudformation/json';
import type { Resource } from '../../cloudformation/template';
import type { Connections, SamEvent, SamEventCallers, Services } from '../service';
import type { TraceNode } from '../trace-map';
import type { Call, TraceMapBuilder } from '../trace-map-builder';

/** Rules send the events of a bus to their targets, create events on a schedule, or both. */
const CONNECTIONS: Connections = {
  'AWS::Events::Rule': (resource, map) => {
    for (const pattern of map.valuesAt(resource, ['EventPattern'])) {
      const buses = eventBuses(resource.properties.EventBusName, resource, map);
      callTargets(buses, resource, callByPattern(pattern), map);
    }
    const hasSchedule = map.valuesAt(resource, ['ScheduleExpression']).length > 0;
    const schedule = hasSchedule ? map.node(resource, 'schedule') : undefined;
    if (schedule) callTargets([schedule], resource, {}, map);
  },
};

function callTargets(
  callers: readonly TraceNode[],
  rule: Resource,
  call: Pick<Call, 'propagation' | 'isCertain'>,
  map: TraceMapBuilder,
): void {
  for (const target of map.valuesAt(rule, ['Targets'])) {
    if (isObject(target))
      map.callByOneOf(callers, map.resolve(target.Arn, rule.template), { source: rule, ...call });
  }
}

/** Returns the buses that a name or ARN can refer to; the default bus if there is none. */
export function eventBuses(name: unknown, resource: Resource, map: TraceMapBuilder): TraceNode[] {
  const named = map.resolveAs('event-bus', name, resource);
  return named.length > 0 ? named : [map.outside('event-bus', 'default', resource.template.source)];
}

/**
 * Returns how a rule with a pattern calls. No call is certain, and events of AWS services have no trace: "EventBridge can
 * pass a trace header for an event only if the event came from a PutEvents request that passed the trace context"
 * ("Amazon EventBridge integration with AWS X-Ray", Amazon EventBridge User Guide).
 */
function callByPattern(pattern: unknown): Pick<Call, 'propagation' | 'isCertain'> {
  return { isCertain: false, ...(matchesAwsServicesOnly(pattern) && { propagation: 'breaks' }) };
}

/** Returns true if all sources in a pattern are AWS services. Sources of others cannot begin with `aws.`. */
function matchesAwsServicesOnly(pattern: unknown): boolean {
  const sources = isObject(pattern) ? pattern.source : undefined;
  return Array.isArray(sources) && sources.every(isAwsService);
}

function isAwsService(source: unknown): boolean {
  const start = isObject(source) ? source.prefix : source;
  return typeof start === 'string' && start.startsWith('aws.');
}

function ruleOfSamEvent({ properties, resource }: SamEvent, map: TraceMapBuilder): SamEventCallers {
  const { EventBusName: bus, Pattern: pattern } = properties;
  return { callers: eventBuses(bus, resource, map), ...callByPattern(pattern) };
}

export const EVENTBRIDGE = {
  'event-bus': {
    title: 'Amazon EventBridge',
    source: {
      title: 'Amazon EventBridge integration with AWS X-Ray',
      url: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-related-service-xray.html',
    },
    types: ['AWS::Events::EventBus'],
    arn: { service: 'events', prefix: 'event-bus/' },
    nameProperty: 'Name',
    propagation: 'propagates',
    invocation: 'asynchronous',
    callActions: ['events:PutEvents'],
    stateMachineIntegration: {
      services: ['events', 'eventbridge'],
      actions: /^putEvents$/,
      paths: [['Entries', 'EventBusName']],
      defaultName: 'default',
      propagation: 'breaks',
    },
    apiIntegration: { subtype: 'EventBridge', actions: /^PutEvents$/ },
    // "Using dead-letter queues to process undelivered events" (Amazon EventBridge User Guide).
    failureTargets: { 'AWS::Events::Rule': ['Targets.DeadLetterConfig.Arn'] },
    connections: CONNECTIONS,
    samEvents: { CloudWatchEvent: ruleOfSamEvent, EventBridgeRule: ruleOfSamEvent },
  },
} satisfies Services;
