/** The actions needed to write traces ("AWS X-Ray permissions", AWS X-Ray Developer Guide). */
export const WRITE_ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'] as const;

/**
 * The AWS managed policies that allow both actions on any resource, by the part of their ARN after `policy/`.
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
 * The AWS managed policies that allow one of the actions, or both under a condition. Their effect is treated
 * as unknown.
 */
export const CONDITIONAL_POLICIES: ReadonlySet<string> = new Set([
  'AWSMcpServiceActionsFullAccess',
  'CloudWatchLambdaApplicationSignalsExecutionRolePolicy',
]);

/** The AWS managed policies that deny the actions, as they deny all but a few. */
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
