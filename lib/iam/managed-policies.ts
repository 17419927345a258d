/** The actions needed to write traces ("AWS X-Ray permissions", AWS X-Ray Developer Guide). */
export const WRITE_ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'] as const;

/**
 * The actions of services that also apply sampling rules ("IAM policies for using AWS X-Ray in Step Functions", AWS Step
 * Functions Developer Guide). Policies are evaluated for all of them.
 */
export const TRACING_ACTIONS = [
  ...WRITE_ACTIONS,
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
] as const;

/** The managed policy that allows them. */
export const DAEMON_POLICY = 'AWSXRayDaemonWriteAccess';

/** The managed policies that allow writing traces, and nothing about logs. */
export const POLICIES_WITHOUT_LOGS: ReadonlySet<string> = new Set([DAEMON_POLICY, 'AWSXrayWriteOnlyAccess']);

/** The default quota of managed policies per role: "IAM and AWS STS quotas" (IAM User Guide). */
export const MAX_MANAGED_POLICIES = 10;

export type TracingAction = (typeof TRACING_ACTIONS)[number];

/**
 * The AWS managed policies that allow all tracing actions on any resource, by the part of their ARN after `policy/`.
 * A test compares the list with the published content of all AWS managed policies.
 */
export const GRANTING_POLICIES: ReadonlySet<string> = new Set([
  'AIDevOpsAgentActionsPolicy',
  'AWSElasticBeanstalkWebTier',
  'AWSElasticBeanstalkWorkerTier',
  'AWSXRayDaemonWriteAccess',
  'AWSXrayFullAccess',
  'AWSXrayWriteOnlyAccess',
  'AdministratorAccess',
  'CloudWatchAgentAdminPolicy',
  'CloudWatchAgentServerPolicy',
  'CloudWatchFullAccessV2',
  'PowerUserAccess',
]);

/**
 * The AWS managed policies that exist in some partitions only. SAM attaches another policy in the others
 * (`samtranslator/model/xray_utils.py`).
 */
export const PARTITIONS_OF_POLICIES: ReadonlyMap<string, readonly string[]> = new Map([
  ['AWSXrayWriteOnlyAccess', ['aws']],
]);

/** The AWS managed policies that allow only some of the actions, those that read sampling rules. */
export const PARTIAL_POLICIES: ReadonlyMap<string, readonly TracingAction[]> = new Map<
  string,
  readonly TracingAction[]
>([
  ...[
    'AWSXrayReadOnlyAccess',
    'BedrockAgentCoreFullAccess',
    'CloudWatchReadOnlyAccess',
    'ReadOnlyAccess',
    'SecurityAudit',
    'WellArchitectedAgentResourceScanning',
    'job-function/ViewOnlyAccess',
  ].map((name) => [name, ['xray:GetSamplingRules', 'xray:GetSamplingTargets']] as const),
  ...['AIDevOpsAgentAccessPolicy', 'AIOpsAssistantPolicy', 'service-role/AWS_ConfigRole'].map(
    (name) => [name, ['xray:GetSamplingRules']] as const,
  ),
]);

/** The AWS managed policies that allow actions under a condition. Their effect is treated as unknown. */
export const CONDITIONAL_POLICIES: ReadonlySet<string> = new Set([
  'AWSMcpServiceActionsFullAccess',
  'CloudWatchLambdaApplicationSignalsExecutionRolePolicy',
]);

/** The AWS managed policies that deny all the actions, as they deny all but a few. */
export const DENYING_POLICIES: ReadonlySet<string> = new Set([
  'AWSDenyAll',
  'AWSIAMIdentityCenterAllowListForIdentityContext',
  'AmazonDataZoneEnvironmentRolePermissionsBoundary',
  'AmazonDataZoneSageMakerEnvironmentRolePermissionsBoundary',
  'AmazonSecurityLakePermissionsBoundary',
  'SageMakerStudioProjectUserRolePermissionsBoundary',
  'root-task/IAMAuditRootUserCredentials',
  'root-task/IAMCreateRootUserPassword',
  'root-task/IAMDeleteRootUserCredentials',
  'root-task/S3UnlockBucketPolicy',
  'root-task/SQSUnlockQueuePolicy',
]);
