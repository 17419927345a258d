import { isObject, type JsonObject } from '../../cloudformation/json';
import { literal } from '../../cloudformation/partial-string';
import type { Resource } from '../../cloudformation/template';
import { defineServices } from '../service';
import type { NodeKind, TraceNode } from '../trace-map';
import type { Connection, Connections, TraceMapBuilder } from '../trace-map-builder';
import { callThrough, FILTER_POLICY } from './event-source-mappings';

/** A service that publishes what it has to say to a topic of its user's, with no trace: nobody has asked for it. */
export interface TopicPublisher {
  /** What it is called in policies. */
  readonly principal: string;
  /** Where the topics are named, by the type of resource. */
  readonly topics: Readonly<Record<string, readonly string[]>>;
}

/**
 * "Amazon SNS event sources and destinations" (Amazon SNS Developer Guide), as far as resources of templates configure
 * them; by the types and properties in the CloudFormation Template Reference. Not those that pass a trace on: S3, Step
 * Functions, Lambda and EventBridge.
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

/** For each type of resource, who publishes for it, and the properties that name the topics. */
const TOPIC_PUBLISHERS: ReadonlyMap<
  string,
  { readonly principal: string; readonly topics: readonly string[] }
> = new Map(
  PUBLISHERS.flatMap(({ principal, topics: byType }) =>
    Object.entries(byType).map(([type, topics]) => [type, { principal, topics }] as const),
  ),
);

export const MESSAGING = defineServices({
  queue: {
    title: 'Amazon SQS',
    types: ['AWS::SQS::Queue'],
    arn: { service: 'sqs' },
    nameProperty: 'QueueName',
    propagation: 'links',
    invocation: 'queue',
    source: {
      title: 'Amazon SQS and AWS X-Ray',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sqs.html',
    },
  },
  topic: {
    title: 'Amazon SNS',
    types: ['AWS::SNS::Topic'],
    arn: { service: 'sns' },
    nameProperty: 'TopicName',
    propagation: 'propagates',
    invocation: 'asynchronous',
    tracingProperty: { 'AWS::SNS::Topic': ['TracingConfig', 'Active'] },
    // SNS sends segments "if the sampled flag in the tracing header is true" (SetTopicAttributes, Amazon SNS API
    // Reference), and samples nothing by itself.
    recordsSampledOnly: true,
    source: {
      title: 'Amazon SNS and AWS X-Ray',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sns.html',
    },
  },
});

/** What a subscription's endpoint is, by its protocol; those of other protocols are outside of AWS, or call an API. */
const ENDPOINTS: ReadonlyMap<string, NodeKind> = new Map([
  ['lambda', 'function'],
  ['sqs', 'queue'],
  ['firehose', 'delivery-stream'],
]);

/** Subscriptions of topics ("Subscribe", Amazon SNS API Reference). */
export const TOPICS: Connections = {
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
  by: Resource,
  map: TraceMapBuilder,
): void {
  const { template } = by;
  const { Protocol: protocol, Endpoint: endpoint } = subscription;
  const call = { source: by, ...callThrough(FILTER_POLICY, subscription, template, map) };
  for (const { value: text } of map.resolver.strings(protocol, template)) {
    const kind = ENDPOINTS.get((text && literal(text)) ?? '');
    if (kind) map.callByOneOf(topics, map.resolve(endpoint, template, kind), call);
  }
}

/** Alarms and the like publish to the topics that they name; the map has those that hand it to something. */
export const PUBLISHERS_OF_TOPICS: Connections = Object.fromEntries(
  [...TOPIC_PUBLISHERS].map(([type, { principal, topics }]): [string, Connection] => [
    type,
    (resource, map) => {
      const { template } = resource;
      const named = topics
        .flatMap((path) => map.valuesAt(resource, path.split('.')))
        .flatMap((value) => map.resolve(value, template));
      for (const { node, through } of named) {
        if (node.kind !== 'topic' || node.outgoing.length === 0) continue;
        map.connect(
          map.outside('service', principal, template.source),
          { node, through },
          { source: resource },
        );
      }
    },
  ]),
);
