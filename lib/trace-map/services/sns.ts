import { isObject, type JsonObject } from '../../cloudformation/json';
import { literal } from '../../cloudformation/partial-string';
import type { Resource } from '../../cloudformation/template';
import { certaintyWithFilter, FILTER_POLICY } from '../filters';
import type { Connections, SamEvent, SamEventCallers, Services } from '../service';
import type { NodeKind, TraceNode } from '../trace-map';
import type { TraceMapBuilder } from '../trace-map-builder';

/** The kind of a subscription's endpoint, by protocol. Other protocols end outside of AWS, or call an API. */
const ENDPOINTS: ReadonlyMap<string, NodeKind> = new Map([
  ['lambda', 'function'],
  ['sqs', 'queue'],
  ['firehose', 'delivery-stream'],
]);

/** Subscriptions of topics ("Subscribe", Amazon SNS API Reference). */
const CONNECTIONS: Connections = {
  'AWS::SNS::Subscription': (resource, map) => {
    const { properties } = resource;
    subscribe(map.resolveAs('topic', properties.TopicArn, resource), properties, resource, map);
  },
  'AWS::SNS::Topic': (resource, map) => {
    const topic = map.node(resource)!;
    for (const subscription of map.valuesAt(resource, ['Subscription'])) {
      if (isObject(subscription)) subscribe([topic], subscription, resource, map);
    }
  },
};

function subscribe(
  topics: readonly TraceNode[],
  subscription: JsonObject,
  source: Resource,
  map: TraceMapBuilder,
): void {
  const { template } = source;
  const { Protocol: protocol, Endpoint: endpoint } = subscription;
  const call = { source, ...certaintyWithFilter(FILTER_POLICY, subscription, template, map) };
  for (const { value: string } of map.resolver.strings(protocol, template)) {
    const kind = ENDPOINTS.get((string && literal(string)) ?? '');
    if (kind) map.callByOneOf(topics, map.resolve(endpoint, template, kind), call);
  }
}

/** Returns the callers for a SAM event: the topic, or the queue between the topic and the function. */
function callersOfSamEvent(event: SamEvent, map: TraceMapBuilder): SamEventCallers {
  const { properties, resource } = event;
  const topics = map.resolveAs('topic', properties.Topic, resource);
  const certainty = certaintyWithFilter(FILTER_POLICY, properties, resource.template, map);
  const queues = queuesOfSamEvent(event, map);
  if (!queues) return { callers: topics, ...certainty };
  const targets = queues.map((node) => ({ node, through: [] }));
  map.callByOneOf(topics, targets, { source: resource, ...certainty });
  return { callers: queues };
}

/** Returns the queue that `SqsSubscription` names, or that SAM generates if it is true; `undefined` without a queue. */
function queuesOfSamEvent(
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

/** A service that publishes to topics without a trace: its notifications answer no request. */
interface TopicPublisher {
  /** The service principal of its calls. */
  readonly principal: string;
  /** The paths at which its resources name topics, by resource type. */
  readonly topics: Readonly<Record<string, readonly string[]>>;
}

/**
 * "Amazon SNS event sources and destinations" (Amazon SNS Developer Guide): those that resources of templates configure,
 * with the types and properties of the CloudFormation Template Reference. Services that propagate a trace are not among
 * them: S3, Step Functions, Lambda and EventBridge.
 */
const PUBLISHERS: readonly TopicPublisher[] = [
  {
    principal: 'cloudwatch.amazonaws.com',
    topics: {
      'AWS::CloudWatch::Alarm': ['AlarmActions', 'InsufficientDataActions', 'OKActions'],
      'AWS::CloudWatch::CompositeAlarm': ['AlarmActions', 'InsufficientDataActions', 'OKActions'],
    },
  },
  {
    principal: 'autoscaling.amazonaws.com',
    topics: {
      'AWS::AutoScaling::AutoScalingGroup': [
        'NotificationConfiguration.TopicARN',
        'NotificationConfigurations.TopicARN',
      ],
      'AWS::AutoScaling::LifecycleHook': ['NotificationTargetARN'],
    },
  },
  {
    principal: 'backup.amazonaws.com',
    topics: { 'AWS::Backup::BackupVault': ['Notifications.SNSTopicArn'] },
  },
  {
    principal: 'budgets.amazonaws.com',
    topics: { 'AWS::Budgets::Budget': ['NotificationsWithSubscribers.Subscribers.Address'] },
  },
  {
    principal: 'cloudformation.amazonaws.com',
    topics: { 'AWS::CloudFormation::Stack': ['NotificationARNs'] },
  },
  { principal: 'cloudtrail.amazonaws.com', topics: { 'AWS::CloudTrail::Trail': ['SnsTopicName'] } },
  {
    principal: 'codestar-notifications.amazonaws.com',
    topics: { 'AWS::CodeStarNotifications::NotificationRule': ['Targets.TargetAddress'] },
  },
  { principal: 'config.amazonaws.com', topics: { 'AWS::Config::DeliveryChannel': ['SnsTopicARN'] } },
  {
    principal: 'costalerts.amazonaws.com',
    topics: { 'AWS::CE::AnomalySubscription': ['Subscribers.Address'] },
  },
  { principal: 'dms.amazonaws.com', topics: { 'AWS::DMS::EventSubscription': ['SnsTopicArn'] } },
  {
    principal: 'elasticache.amazonaws.com',
    topics: {
      'AWS::ElastiCache::CacheCluster': ['NotificationTopicArn'],
      'AWS::ElastiCache::ReplicationGroup': ['NotificationTopicArn'],
    },
  },
  { principal: 'events.rds.amazonaws.com', topics: { 'AWS::RDS::EventSubscription': ['SnsTopicArn'] } },
  { principal: 'redshift.amazonaws.com', topics: { 'AWS::Redshift::EventSubscription': ['SnsTopicArn'] } },
  {
    principal: 'ses.amazonaws.com',
    topics: {
      'AWS::SES::ConfigurationSetEventDestination': ['EventDestination.SnsDestination.TopicARN'],
      'AWS::SES::ReceiptRule': ['Rule.Actions.SNSAction.TopicArn'],
    },
  },
];

/** Publishers such as alarms call the topics that they name. A topic without targets is left out. */
const PUBLISHER_CONNECTIONS: Connections = Object.fromEntries(
  PUBLISHERS.flatMap(({ principal, topics: pathsByType }) =>
    Object.entries(pathsByType).map(([type, paths]) => [
      type,
      (resource: Resource, map: TraceMapBuilder) => connectPublisher(principal, paths, resource, map),
    ]),
  ),
);

function connectPublisher(
  principal: string,
  paths: readonly string[],
  resource: Resource,
  map: TraceMapBuilder,
): void {
  const { template } = resource;
  const targets = paths
    .flatMap((path) => map.valuesAt(resource, path.split('.')))
    .flatMap((value) => map.resolve(value, template));
  for (const target of targets) {
    if (target.node.kind !== 'topic' || target.node.outgoing.length === 0) continue;
    map.connect(map.outside('service', principal, template.source), target, { source: resource });
  }
}

export const SNS = {
  topic: {
    title: 'Amazon SNS',
    source: {
      title: 'Amazon SNS and AWS X-Ray',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sns.html',
    },
    types: ['AWS::SNS::Topic'],
    arn: { service: 'sns' },
    nameProperty: 'TopicName',
    propagation: 'propagates',
    invocation: 'asynchronous',
    tracingProperty: { 'AWS::SNS::Topic': ['TracingConfig', 'Active'] },
    // SNS sends segments "if the sampled flag in the tracing header is true" (SetTopicAttributes, Amazon SNS API
    // Reference), and does not sample requests itself.
    recordsSampledOnly: true,
    callActions: ['sns:Publish'],
    stateMachineIntegration: { services: ['sns'], actions: /^publish/, paths: [['TopicArn'], ['TargetArn']] },
    apiIntegration: { actions: /^Publish/ },
    universalTarget: { action: 'sns:publish', parameter: 'TopicArn' },
    failureTargets: { 'AWS::SNS::Subscription': ['RedrivePolicy.deadLetterTargetArn'] },
    connections: CONNECTIONS,
    fallbackConnections: PUBLISHER_CONNECTIONS,
    samEvents: { SNS: callersOfSamEvent },
  },
} satisfies Services;
