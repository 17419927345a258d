import { isObject, type JsonObject } from '../../cloudformation/json';
import { literal } from '../../cloudformation/partial-string';
import type { Resource, Template } from '../../cloudformation/template';
import { type Connections, hasFilter, type Services } from '../service';
import type { NodeKind, TraceNode } from '../trace-map';
import type { Call, TraceMapBuilder } from '../trace-map-builder';
import { eventBuses } from './eventbridge';

/** Lists of notifications, and the property of a notification that names the target. */
type Notifications = readonly (readonly [list: string, property: string, kind: NodeKind])[];

/** Property names of CloudFormation. */
const CLOUDFORMATION_NOTIFICATIONS: Notifications = [
  ['LambdaConfigurations', 'Function', 'function'],
  ['QueueConfigurations', 'Queue', 'queue'],
  ['TopicConfigurations', 'Topic', 'topic'],
];

/** Property names of the S3 API, which the custom resource of CDK calls. */
const API_NOTIFICATIONS: Notifications = [
  ['LambdaFunctionConfigurations', 'LambdaFunctionArn', 'function'],
  ['QueueConfigurations', 'QueueArn', 'queue'],
  ['TopicConfigurations', 'TopicArn', 'topic'],
];

const CONNECTIONS: Connections = {
  'AWS::S3::Bucket': (resource, map) => {
    notify([map.node(resource)!], resource, CLOUDFORMATION_NOTIFICATIONS, map);
  },
  'Custom::S3BucketNotifications': (resource, map) => {
    const buckets = map.resolveAs('bucket', resource.properties.BucketName, resource);
    notify(buckets, resource, API_NOTIFICATIONS, map);
  },
};

function notify(
  buckets: readonly TraceNode[],
  source: Resource,
  notifications: Notifications,
  map: TraceMapBuilder,
): void {
  const { template } = source;
  for (const [list, property, kind] of notifications) {
    for (const notification of map.valuesAt(source, ['NotificationConfiguration', list])) {
      if (!isObject(notification)) continue;
      const call = { source, ...callByNotification(notification, template, map) };
      map.callByOneOf(buckets, map.resolve(notification[property], template, kind), call);
    }
  }
  if (sendsEvents(source, map)) {
    const buses = eventBuses(undefined, source, map).map((node) => ({ node, through: [] }));
    // EventBridge propagates no traces of events that AWS services send.
    map.callByOneOf(buckets, buses, { source, propagation: 'breaks' });
  }
}

function sendsEvents(resource: Resource, map: TraceMapBuilder): boolean {
  return map
    .valuesAt(resource, ['NotificationConfiguration', 'EventBridgeConfiguration'])
    .filter(isObject)
    .flatMap(({ EventBridgeEnabled: isOn = true }) => map.resolver.strings(isOn, resource.template))
    .some(({ value }) => value && literal(value) !== 'false');
}

/** Property names of CloudFormation and SAM, and of the S3 API. */
const EVENTS = ['Event', 'Events'];
const FILTERS = [
  ['Filter', 'S3Key', 'Rules'],
  ['Filter', 'Key', 'FilterRules'],
];

/** Events that every new object causes ("Event notification types and destinations", Amazon S3 User Guide). */
const NEW_OBJECT_EVENTS: ReadonlySet<string | undefined> = new Set([
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
]);

/**
 * Returns how a bucket calls by a notification. The call is not certain if the notification filters by key, or is for
 * other events than new objects ("Configuring event notifications using object key name filtering", Amazon S3 User
 * Guide). Filters are not compared with the keys in policies, which rarely show what callers write.
 */
function callByNotification(
  notification: JsonObject,
  template: Template,
  map: TraceMapBuilder,
): Pick<Call, 'isCertain'> {
  const isFiltered = FILTERS.some((filter) => hasFilter(filter, notification, template, map));
  const events = EVENTS.flatMap((name) => map.resolver.itemsAt(notification, name, template)).flatMap(
    ({ value }) => map.resolver.strings(value, template),
  );
  const isForNewObjects =
    events.length === 0 || events.some(({ value }) => NEW_OBJECT_EVENTS.has(value && literal(value)));
  return isFiltered || !isForNewObjects ? { isCertain: false } : {};
}

export const S3 = {
  bucket: {
    title: 'Amazon S3',
    source: {
      title: 'Amazon S3 and AWS X-Ray',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services-s3.html',
    },
    types: ['AWS::S3::Bucket'],
    arn: { service: 's3' },
    nameProperty: 'BucketName',
    propagation: 'propagates',
    invocation: 'asynchronous',
    callActions: [
      's3:DeleteObject',
      's3:DeleteObjectVersion',
      's3:GetObject',
      's3:GetObjectVersion',
      's3:ListBucket',
      's3:PutObject',
    ],
    readActions: ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket'],
    deleteActions: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
    isReadByCalls: true,
    stateMachineIntegration: {
      services: ['s3'],
      actions: /Object|^list/,
      paths: [['Bucket']],
      propagation: 'breaks',
    },
    // "Amazon S3 REST API introduction" (Amazon S3 API Reference).
    apiIntegration: { readMethods: ['GET', 'HEAD'] },
    resourcePolicies: { 'AWS::S3::BucketPolicy': 'Bucket' },
    connections: CONNECTIONS,
    samEvents: { S3: { property: 'Bucket', call: callByNotification } },
  },
} satisfies Services;
