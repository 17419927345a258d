import { isObject, type JsonObject, objectAt } from '../../cloudformation/json';
import { literal } from '../../cloudformation/partial-string';
import type { Resource } from '../../cloudformation/template';
import { EVENT_SOURCES } from '../../lambda/event-sources';
import { publishesVersions } from '../../lambda/version-identity';
import type { NodeKind, TraceNode } from '../trace-map';
import type { Call, Connections, TraceMapBuilder, ResolvedTarget } from '../trace-map-builder';
import { callThrough, FILTER_CRITERIA, FILTER_POLICY } from './event-source-mappings';
import { busesMeant, callByPattern } from './eventbridge';
import { callByNotification } from './s3';
import { selfManagedKafka } from './unsupported-sources';

/** An event in `Events` of a SAM function or state machine. */
interface SamEvent {
  readonly type: string;
  readonly properties: JsonObject;
  readonly resource: Resource;
  /** The logical ID of what SAM makes for it. */
  readonly logicalId: string;
}

/** Who calls for an event, and how. */
interface Callers extends Pick<Call, 'propagation' | 'isCertain'> {
  readonly callers: readonly TraceNode[];
}

/** The events whose caller is what a property names. */
const NAMED: ReadonlyMap<string, readonly [property: string, kind: NodeKind]> = new Map([
  ...Object.values(EVENT_SOURCES).flatMap(({ samEvent, nodeKind }): [string, [string, NodeKind]][] =>
    'arnProperty' in samEvent ? [[samEvent.type, [samEvent.arnProperty, nodeKind]]] : [],
  ),
  ['S3', ['Bucket', 'bucket']],
  ['CloudWatchLogs', ['LogGroupName', 'log-group']],
]);

/** The events whose caller SAM makes. */
const GENERATED: ReadonlyMap<string, NodeKind> = new Map([
  ['Schedule', 'schedule'],
  ['ScheduleV2', 'schedule'],
  ['IoTRule', 'iot-rule'],
]);

/** The others. */
const SPECIAL: ReadonlyMap<string, (event: SamEvent, map: TraceMapBuilder) => Callers> = new Map([
  ['CloudWatchEvent', ruleOf],
  ['EventBridgeRule', ruleOf],
  ['SelfManagedKafka', kafkaOf],
  ['SNS', topicOf],
]);

/** What SAM makes of events ("Generated CloudFormation resources for AWS SAM", AWS SAM Developer Guide), APIs apart. */
export const SAM_EVENTS: Connections = {
  'AWS::Serverless::Function': connectEvents,
  'AWS::Serverless::StateMachine': connectEvents,
};

function connectEvents(resource: Resource, map: TraceMapBuilder): void {
  for (const [name, event] of Object.entries(objectAt(resource.properties, 'Events'))) {
    if (!isObject(event) || typeof event.Type !== 'string') continue;
    const { callers, ...call } = callersOf(
      {
        type: event.Type,
        properties: objectAt(event, 'Properties'),
        resource,
        logicalId: `${resource.logicalId}${name}`,
      },
      map,
    );
    map.callByOneOf(callers, targetsOfEvents(resource, map), { source: resource, ...call });
  }
}

function callersOf(event: SamEvent, map: TraceMapBuilder): Callers {
  const { type, properties, resource, logicalId } = event;
  const [property, kind] = NAMED.get(type) ?? [];
  if (property !== undefined && kind !== undefined) {
    const filter =
      kind === 'bucket'
        ? callByNotification(properties, resource.template, map)
        : callThrough(FILTER_CRITERIA, properties, resource.template, map);
    return { callers: map.resolveAs(kind, properties[property], resource), ...filter };
  }
  const generated = GENERATED.get(type);
  if (generated) return { callers: [map.generated(generated, logicalId, resource)] };
  return SPECIAL.get(type)?.(event, map) ?? { callers: [] };
}

function ruleOf({ properties, resource }: SamEvent, map: TraceMapBuilder): Callers {
  const { EventBusName: bus, Pattern: pattern } = properties;
  return { callers: busesMeant(bus, resource, map), ...callByPattern(pattern) };
}

function kafkaOf({ properties, resource, logicalId }: SamEvent, map: TraceMapBuilder): Callers {
  const servers = map.resolver.itemsAt(properties, 'KafkaBootstrapServers', resource.template);
  const known = servers.map(({ value }) => value);
  const filter = callThrough(FILTER_CRITERIA, properties, resource.template, map);
  return { callers: selfManagedKafka(known, resource, map, logicalId), ...filter };
}

/** A topic, or the queue between it and the function. */
function topicOf(event: SamEvent, map: TraceMapBuilder): Callers {
  const { properties, resource } = event;
  const topics = map.resolveAs('topic', properties.Topic, resource);
  const filter = callThrough(FILTER_POLICY, properties, resource.template, map);
  const queues = queuesOf(event, map);
  if (!queues) return { callers: topics, ...filter };
  const called = queues.map((node) => ({ node, through: [] }));
  map.callByOneOf(topics, called, { source: resource, ...filter });
  return { callers: queues };
}

/** `SqsSubscription` is true where SAM is to make the queue, and an object that names one otherwise. */
function queuesOf(
  { properties, resource, logicalId }: SamEvent,
  map: TraceMapBuilder,
): TraceNode[] | undefined {
  const { SqsSubscription: subscription } = properties;
  if (isObject(subscription) && subscription.QueueArn !== undefined) {
    return map.resolveAs('queue', subscription.QueueArn, resource);
  }
  const isOn = map.resolver
    .strings(subscription, resource.template)
    .some(({ value }) => value && literal(value) === 'true');
  return isOn ? [map.generated('queue', `${logicalId}Queue`, resource)] : undefined;
}

/** What the events of a type say, of those that a SAM function has. */
export function samEvents({ properties }: Resource, type: string): JsonObject[] {
  return Object.values(objectAt(properties, 'Events')).flatMap((event) =>
    isObject(event) && event.Type === type ? [objectAt(event, 'Properties')] : [],
  );
}

/** What the events of a resource call: it, through the alias that SAM makes of a function that publishes itself. */
export function targetsOfEvents(resource: Resource, map: TraceMapBuilder): ResolvedTarget[] {
  const node = map.node(resource);
  return node ? [{ node, through: publishesVersions(resource) ? [resource] : [] }] : [];
}
