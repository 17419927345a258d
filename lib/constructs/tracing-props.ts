/**
 * Properties that all traced functions have in addition to CDK's own.
 */
export interface TracingProps {
  /**
   * Permission of the execution role to write to X-Ray.
   *
   * `TracedFunction` grants it in both modes, because the code of a PassThrough function can send segments too.
   * `LambdaTracing` grants it to functions that it does not make Active only if this option is set, because turning
   * tracing off must not add permissions.
   *
   * @default - TracingPermissions.MANAGED_POLICY for Active functions and `TracedFunction`, otherwise none
   */
  readonly tracingPermissions?: TracingPermissions;

  /**
   * Publish all versions of the function again when its tracing mode changes.
   *
   * A version keeps the mode that it was published with. When the mode changes, CDK republishes `currentVersion` and
   * the aliases that `addAlias` points to it. Versions made by `new Version`, `CfnVersion`, a bare
   * `AWS::Lambda::Version` or SAM's `AutoPublishAlias` are not republished, and stay on the old mode.
   *
   * With `tieVersions`, the description of these versions states the mode: `X-Ray tracing: Active`. It follows the
   * version's own text, or replaces the function's description. CloudFormation replaces a version when its description
   * changes. SAM functions get `AutoPublishAliasAllProperties`. Where that property has no effect, the mode is added to
   * `VersionDescription`. Versions made by `currentVersion` are not changed.
   *
   * A function without a tracing mode has Lambda's default, PassThrough. Its versions do not change.
   *
   * If the function has a mode already, turn this option on or off in a deployment that also changes the code or the
   * configuration of the function. Changing the option replaces the versions. Lambda does not publish a version if the
   * function is unchanged since the last one, and the deployment fails with "Version already exists". For SAM functions, later deployments fail
   * the same way if they change only properties that are not part of a version, such as tags
   * (aws/serverless-application-model#3281).
   *
   * @see https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html
   * @default false
   */
  readonly tieVersions?: boolean;
}

/**
 * Ways to allow an execution role to write to X-Ray. They apply to the role of a traced function, and to the role of
 * a state machine that calls it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export enum TracingPermissions {
  /**
   * Attach the AWS managed policy `AWSXRayDaemonWriteAccess`.
   *
   * An imported role, or a role that already has ten managed policies, gets the inline statement of
   * `LEAST_PRIVILEGE` instead. The policies that all stacks of the stage attach to the role count. If there are other
   * stacks, nine policies are the limit, because another stack can attach one more.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
   */
  MANAGED_POLICY = 'ManagedPolicy',

  /**
   * Add an inline statement with the two actions that are required to write traces: `xray:PutTraceSegments` and
   * `xray:PutTelemetryRecords`. State machines also get `xray:GetSamplingRules` and `xray:GetSamplingTargets`.
   *
   * An imported role gets an `AWS::IAM::Policy` in the stack of the function. The name of the policy contains the UUID
   * of the stack's ID, so stacks that share the role don't overwrite each other's policies.
   */
  LEAST_PRIVILEGE = 'LeastPrivilege',

  /**
   * Add no permissions to roles, and no resource policies for topics. Use this if they are granted elsewhere.
   */
  NONE = 'None',
}
