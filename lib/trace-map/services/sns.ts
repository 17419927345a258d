import { isObject, type JsonObject } from '../../cloudformation/json';
import { literal } from '../../cloudformation/partial-string';
import type { Resource } from '../../cloudformation/template';
import {
  certaintyWithFilter,
  type Connections,
  FILTER_POLICY,
  type SamEvent,
  type SamEventCallers,
  type Services,
} from '../service';
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

/**
 * The paths at which resources name topics, by resource type, of services that publish without a trace: their
 * notifications answer no request. Services that propagate a trace are not among them: S3, Step Functions, Lambda and
 * EventBridge.
 */
// Written by scripts/topic-publishers.ts on 2026-11-29, from @aws-cdk/aws-service-spec 0.1.216.
export const PUBLISHERS: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApplicationInsights::Application': ['OpsItemSNSTopicArn', 'SNSNotificationArn'],
  'AWS::AutoScaling::AutoScalingGroup': [
    'LifecycleHookSpecificationList.NotificationTargetARN',
    'NotificationConfiguration.TopicARN',
    'NotificationConfigurations.TopicARN',
  ],
  'AWS::AutoScaling::LifecycleHook': ['NotificationTargetARN'],
  'AWS::Backup::BackupVault': ['Notifications.SNSTopicArn'],
  'AWS::Backup::LogicallyAirGappedBackupVault': ['Notifications.SNSTopicArn'],
  'AWS::Budgets::Budget': ['NotificationsWithSubscribers.Subscribers.Address'],
  'AWS::Budgets::BudgetsAction': ['Subscribers.Address'],
  'AWS::CE::AnomalySubscription': ['Subscribers.Address'],
  'AWS::CloudFormation::ChangeSet': ['NotificationARNs'],
  'AWS::CloudFormation::Stack': ['NotificationARNs'],
  'AWS::CloudTrail::Trail': ['SnsTopicName'],
  'AWS::CloudWatch::Alarm': ['AlarmActions', 'InsufficientDataActions', 'OKActions'],
  'AWS::CloudWatch::CompositeAlarm': ['AlarmActions', 'InsufficientDataActions', 'OKActions'],
  'AWS::CloudWatch::LogAlarm': ['AlarmActions', 'InsufficientDataActions', 'OKActions'],
  'AWS::CodeCommit::Repository': ['Triggers.DestinationArn'],
  'AWS::CodeDeploy::DeploymentGroup': ['TriggerConfigurations.TriggerTargetArn'],
  'AWS::CodeStarNotifications::NotificationRule': ['TargetAddress', 'Targets.TargetAddress'],
  'AWS::Config::DeliveryChannel': ['SnsTopicARN'],
  'AWS::DAX::Cluster': ['NotificationTopicARN'],
  'AWS::DMS::EventSubscription': ['SnsTopicArn'],
  'AWS::DevOpsGuru::NotificationChannel': ['Config.Sns.TopicArn'],
  'AWS::DocDB::EventSubscription': ['SnsTopicArn'],
  'AWS::EC2::VPCEndpointConnectionNotification': ['ConnectionNotificationArn'],
  'AWS::ElastiCache::CacheCluster': ['NotificationTopicArn'],
  'AWS::ElastiCache::ReplicationGroup': ['NotificationTopicArn'],
  'AWS::FMS::NotificationChannel': ['SnsTopicArn'],
  'AWS::GameLift::GameSessionQueue': ['NotificationTarget'],
  'AWS::GameLift::MatchmakingConfiguration': ['NotificationTarget'],
  'AWS::ImageBuilder::InfrastructureConfiguration': ['SnsTopicArn'],
  'AWS::IoT::AccountAuditConfiguration': ['AuditNotificationTargetConfigurations.Sns.TargetArn'],
  'AWS::IoT::MitigationAction': ['ActionParams.PublishFindingToSnsParams.TopicArn'],
  'AWS::IoTEvents::AlarmModel': ['AlarmEventActions.AlarmActions.Sns.TargetArn'],
  'AWS::IoTEvents::DetectorModel': [
    'DetectorModelDefinition.States.OnEnter.Events.Actions.Sns.TargetArn',
    'DetectorModelDefinition.States.OnExit.Events.Actions.Sns.TargetArn',
    'DetectorModelDefinition.States.OnInput.Events.Actions.Sns.TargetArn',
    'DetectorModelDefinition.States.OnInput.TransitionEvents.Actions.Sns.TargetArn',
  ],
  'AWS::LookoutMetrics::Alert': ['Action.SNSConfiguration.SnsTopicArn'],
  'AWS::MemoryDB::Cluster': ['SnsTopicArn'],
  'AWS::Neptune::EventSubscription': ['SnsTopicArn'],
  'AWS::PinpointEmail::ConfigurationSetEventDestination': ['EventDestination.SnsDestination.TopicArn'],
  'AWS::RDS::EventSubscription': ['SnsTopicArn'],
  'AWS::Redshift::EventSubscription': ['SnsTopicArn'],
  'AWS::Rekognition::StreamProcessor': ['NotificationChannel.Arn'],
  'AWS::ResilienceHub::App': ['EventSubscriptions.SnsTopicArn'],
  'AWS::SES::ConfigurationSetEventDestination': ['EventDestination.SnsDestination.TopicARN'],
  'AWS::SES::MailManagerRuleSet': ['Rules.Actions.PublishToSns.TopicArn'],
  'AWS::SES::ReceiptRule': [
    'Rule.Actions.BounceAction.TopicArn',
    'Rule.Actions.LambdaAction.TopicArn',
    'Rule.Actions.S3Action.TopicArn',
    'Rule.Actions.SNSAction.TopicArn',
    'Rule.Actions.StopAction.TopicArn',
    'Rule.Actions.WorkmailAction.TopicArn',
  ],
  'AWS::SMSVOICE::ConfigurationSet': ['EventDestinations.SnsDestination.TopicArn'],
  'AWS::SSM::MaintenanceWindowTask': [
    'TaskInvocationParameters.MaintenanceWindowRunCommandParameters.NotificationConfig.NotificationArn',
  ],
  'AWS::SSMIncidents::ResponsePlan': ['IncidentTemplate.NotificationTargets.SnsTopicArn'],
  'AWS::SageMaker::EndpointConfig': [
    'AsyncInferenceConfig.OutputConfig.NotificationConfig.ErrorTopic',
    'AsyncInferenceConfig.OutputConfig.NotificationConfig.SuccessTopic',
  ],
  'AWS::SageMaker::Workteam': ['NotificationConfiguration.NotificationTopicArn'],
  'AWS::ServiceCatalog::CloudFormationProvisionedProduct': ['NotificationArns'],
  'AWS::Timestream::ScheduledQuery': ['NotificationConfiguration.SnsConfiguration.TopicArn'],
};

// End of the table.

/** The service principals that differ from the name of the service in its resource types. */
const PRINCIPALS: ReadonlyMap<string, string> = new Map([
  ['CE', 'costalerts'],
  ['CodeStarNotifications', 'codestar-notifications'],
  ['RDS', 'events.rds'],
]);

function principalOf(type: string): string {
  const [, service] = type.split('::');
  return `${PRINCIPALS.get(service) ?? service.toLowerCase()}.amazonaws.com`;
}

/** Publishers such as alarms call the topics that they name. A topic without targets is left out. */
const PUBLISHER_CONNECTIONS: Connections = Object.fromEntries(
  Object.entries(PUBLISHERS).map(([type, paths]) => [
    type,
    (resource: Resource, map: TraceMapBuilder) => connectPublisher(principalOf(type), paths, resource, map),
  ]),
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
    resourcePolicies: { 'AWS::SNS::TopicPolicy': 'Topics', 'AWS::SNS::TopicInlinePolicy': 'TopicArn' },
    failureTargets: { 'AWS::SNS::Subscription': ['RedrivePolicy.deadLetterTargetArn'] },
    connections: CONNECTIONS,
    fallbackConnections: PUBLISHER_CONNECTIONS,
    samEvents: { SNS: callersOfSamEvent },
  },
} satisfies Services;
