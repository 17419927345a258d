import { isObject, type JsonObject } from '../../cloudformation/json';
import { literal } from '../../cloudformation/partial-string';
import type { Resource, Template } from '../../cloudformation/template';
import type { NodeKind, TraceNode } from '../trace-map';
import type { Call, Connections, TraceMapBuilder } from '../trace-map-builder';
import { hasFilter } from './event-source-mappings';
import { busesMeant } from './eventbridge';

/** A list of notifications, and what each of them says whom it calls by. */
type Notifications = readonly (readonly [list: string, property: string, kind: NodeKind])[];

/** As CloudFormation calls them. */
const OF_CLOUDFORMATION: Notifications = [
  ['LambdaConfigurations', 'Function', 'function'],
  ['QueueConfigurations', 'Queue', 'queue'],
  ['TopicConfigurations', 'Topic', 'topic'],
];

/** As the API of S3 calls them, to which CDK's custom resource hands them. */
const OF_API: Notifications = [
  ['LambdaFunctionConfigurations', 'LambdaFunctionArn', 'function'],
  ['QueueConfigurations', 'QueueArn', 'queue'],
  ['TopicConfigurations', 'TopicArn', 'topic'],
];

export const BUCKETS: Connections = {
  'AWS::S3::Bucket': (resource, map) => {
    notify([map.node(resource)!], resource, OF_CLOUDFORMATION, map);
  },
  'Custom::S3BucketNotifications': (resource, map) => {
    notify(map.resolveAs('bucket', resource.properties.BucketName, resource), resource, OF_API, map);
  },
};

function notify(
  buckets: readonly TraceNode[],
  by: Resource,
  notifications: Notifications,
  map: TraceMapBuilder,
): void {
  for (const [list, property, kind] of notifications) {
    for (const notification of map.valuesAt(by, ['NotificationConfiguration', list])) {
      if (!isObject(notification)) continue;
      const call = { source: by, ...callByNotification(notification, by.template, map) };
      map.callByOneOf(buckets, map.resolve(notification[property], by.template, kind), call);
    }
  }
  if (sendsEvents(by, map)) {
    const called = busesMeant(undefined, by, map).map((node) => ({ node, through: [] }));
    // EventBridge passes on no traces of events that AWS services send.
    map.callByOneOf(buckets, called, { source: by, propagation: 'breaks' });
  }
}

function sendsEvents(by: Resource, map: TraceMapBuilder): boolean {
  return map
    .valuesAt(by, ['NotificationConfiguration', 'EventBridgeConfiguration'])
    .filter(isObject)
    .flatMap(({ EventBridgeEnabled: isOn = true }) => map.resolver.strings(isOn, by.template))
    .some(({ value }) => value && literal(value) !== 'false');
}

/** As CloudFormation and SAM have them, and as the API of S3 does. */
const EVENTS = ['Event', 'Events'];
const FILTERS = [
  ['Filter', 'S3Key', 'Rules'],
  ['Filter', 'Key', 'FilterRules'],
];

/** The events that a new object surely makes ("Event notification types and destinations", Amazon S3 User Guide). */
const OF_NEW_OBJECTS: ReadonlySet<string | undefined> = new Set([
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
]);

/**
 * How a bucket calls by a notification: not for objects whose keys it filters out, nor for any other event than its own
 * ("Configuring event notifications using object key name filtering", Amazon S3 User Guide). To which keys those write
 * who write to the bucket, policies tell too seldom to hold that against the filter.
 */
export function callByNotification(
  notification: JsonObject,
  template: Template,
  map: TraceMapBuilder,
): Pick<Call, 'isCertain'> {
  const isFiltered = FILTERS.some((filter) => hasFilter(filter, notification, template, map));
  const events = EVENTS.flatMap((name) => map.resolver.itemsAt(notification, name, template)).flatMap(
    ({ value }) => map.resolver.strings(value, template),
  );
  const isOfNew =
    events.length === 0 || events.some(({ value }) => OF_NEW_OBJECTS.has(value && literal(value)));
  return isFiltered || !isOfNew ? { isCertain: false } : {};
}
