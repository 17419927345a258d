import { isObject } from '../../json';
import type { Resource } from '../../template';
import { literal } from '../../text';
import { callByNotification } from '../bucket-notification';
import type { Connections } from '../connection';
import { busesMeant } from '../event-rule';
import type { MapBuilder } from '../map-builder';
import type { NodeKind } from '../trace-map';
import type { TraceNode } from '../trace-map';

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
    notify(map.meantOfKind('bucket', resource.properties.BucketName, resource), resource, OF_API, map);
  },
};

function notify(
  buckets: readonly TraceNode[],
  by: Resource,
  notifications: Notifications,
  map: MapBuilder,
): void {
  for (const [list, property, kind] of notifications) {
    for (const notification of map.valuesAt(by, ['NotificationConfiguration', list])) {
      if (!isObject(notification)) continue;
      const call = { by, ...callByNotification(notification, by.template, map) };
      map.callByOneOf(buckets, map.meant(notification[property], by.template, kind), call);
    }
  }
  if (sendsEvents(by, map)) {
    const called = busesMeant(undefined, by, map).map((node) => ({ node, through: [] }));
    // EventBridge passes on no traces of events that AWS services send.
    map.callByOneOf(buckets, called, { by, effect: 'drops' });
  }
}

function sendsEvents(by: Resource, map: MapBuilder): boolean {
  return map
    .valuesAt(by, ['NotificationConfiguration', 'EventBridgeConfiguration'])
    .filter(isObject)
    .flatMap(({ EventBridgeEnabled: isOn = true }) => map.resolver.texts(isOn, by.template))
    .some(({ value }) => value && literal(value) !== 'false');
}
