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
export const TOPIC_PUBLISHERS: ReadonlyMap<
  string,
  { readonly principal: string; readonly topics: readonly string[] }
> = new Map(
  PUBLISHERS.flatMap(({ principal, topics: byType }) =>
    Object.entries(byType).map(([type, topics]) => [type, { principal, topics }] as const),
  ),
);
