/** The actions that writing traces takes. "AWS X-Ray permissions" (AWS X-Ray Developer Guide). */
export const WRITE_ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'] as const;

/**
 * The AWS managed policies, by the part of their ARN after `policy/`, whose published content allows both actions
 * on any resource. A test holds the list against the published content of all of them.
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

/** Those that allow one of them, or both under a condition: what that comes to is not decided here. */
export const CONDITIONAL_POLICIES: ReadonlySet<string> = new Set([
  'AWSMcpServiceActionsFullAccess',
  'CloudWatchLambdaApplicationSignalsExecutionRolePolicy',
]);

/** Those that deny them, since all but a few actions are. */
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
