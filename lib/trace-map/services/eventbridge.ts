import { isObject } from '../../cloudformation/json';
import type { Resource } from '../../cloudformation/template';
import { defineServices } from '../service';
import type { TraceNode } from '../trace-map';
import type { Call, Connections, TraceMapBuilder } from '../trace-map-builder';

/** What isn't among the services that X-Ray is integrated with is taken to do nothing for traces. */
const NOT_INTEGRATED = {
  title: 'Integrating AWS X-Ray with other AWS services',
  url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services.html',
};

export const EVENTS = defineServices({
  'event-bus': {
    title: 'Amazon EventBridge',
    types: ['AWS::Events::EventBus'],
    arn: { service: 'events', prefix: 'event-bus/' },
    nameProperty: 'Name',
    propagation: 'propagates',
    invocation: 'asynchronous',
    source: {
      title: 'Amazon EventBridge integration with AWS X-Ray',
      url: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-related-service-xray.html',
    },
  },
  schedule: {
    title: 'Amazon EventBridge schedule',
    types: ['AWS::Scheduler::Schedule'],
    // The ARN of a rule; nothing refers to a schedule of EventBridge Scheduler by its own.
    arn: { service: 'events', prefix: 'rule/' },
    // Nothing calls a schedule, so that it has no trace to hand on, and none starts with it: "X-Ray doesn't trace […]
    // scheduled events".
    propagation: 'breaks',
    invocation: 'asynchronous',
    source: {
      title: 'Amazon EventBridge integration with AWS X-Ray',
      url: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-related-service-xray.html',
    },
  },
  pipe: {
    title: 'Amazon EventBridge Pipes',
    types: ['AWS::Pipes::Pipe'],
    arn: { service: 'pipes', prefix: 'pipe/' },
    nameProperty: 'Name',
    // What the pages say of EventBridge is about events that are put on a bus.
    propagation: 'breaks',
    invocation: 'synchronous',
    source: NOT_INTEGRATED,
  },
  bucket: {
    title: 'Amazon S3',
    types: ['AWS::S3::Bucket'],
    arn: { service: 's3' },
    nameProperty: 'BucketName',
    propagation: 'propagates',
    invocation: 'asynchronous',
    source: {
      title: 'Amazon S3 and AWS X-Ray',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services-s3.html',
    },
  },
  'log-group': {
    title: 'Amazon CloudWatch Logs',
    types: ['AWS::Logs::LogGroup'],
    arn: { service: 'logs', prefix: 'log-group:', endsWith: /:.*$/ },
    nameProperty: 'LogGroupName',
    propagation: 'breaks',
    invocation: 'asynchronous',
    source: NOT_INTEGRATED,
  },
  'iot-rule': {
    title: 'AWS IoT rule',
    types: ['AWS::IoT::TopicRule'],
    arn: { service: 'iot', prefix: 'rule/' },
    nameProperty: 'RuleName',
    propagation: 'breaks',
    invocation: 'asynchronous',
    source: NOT_INTEGRATED,
  },
});

/** Rules hand events of a bus to their targets, make events by a schedule, or both. */
export const EVENT_RULES: Connections = {
  'AWS::Events::Rule': (resource, map) => {
    for (const pattern of map.valuesAt(resource, ['EventPattern'])) {
      const buses = busesMeant(resource.properties.EventBusName, resource, map);
      callTargets(buses, resource, callByPattern(pattern), map);
    }
    const hasSchedule = map.valuesAt(resource, ['ScheduleExpression']).length > 0;
    const schedule = hasSchedule ? map.node(resource, 'schedule') : undefined;
    if (schedule) callTargets([schedule], resource, {}, map);
  },
};

function callTargets(
  callers: readonly TraceNode[],
  by: Resource,
  call: Pick<Call, 'propagation' | 'isCertain'>,
  map: TraceMapBuilder,
): void {
  for (const target of map.valuesAt(by, ['Targets'])) {
    if (isObject(target))
      map.callByOneOf(callers, map.resolve(target.Arn, by.template), { source: by, ...call });
  }
}

/** The buses that a name or ARN means; the default one where there is none. */
export function busesMeant(name: unknown, resource: Resource, map: TraceMapBuilder): TraceNode[] {
  const named = map.resolveAs('event-bus', name, resource);
  return named.length > 0 ? named : [map.outside('event-bus', 'default', resource.template.source)];
}

/**
 * How a rule with a pattern calls: not for every event, and without the trace where it matches but events that AWS
 * services send. "EventBridge can pass a trace header for an event only if the event came from a PutEvents request that
 * passed the trace context" ("Amazon EventBridge integration with AWS X-Ray", Amazon EventBridge User Guide).
 */
export function callByPattern(pattern: unknown): Pick<Call, 'propagation' | 'isCertain'> {
  return { isCertain: false, ...(isOfAwsServices(pattern) && { propagation: 'breaks' }) };
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
