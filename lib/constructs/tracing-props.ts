/**
 * What all traced functions take besides CDK's own props.
 */
export interface TracingProps {
  /**
   * How the execution role is allowed to write to X-Ray, in either mode: code can send segments of its own
   * in a function that is PassThrough.
   *
   * @default TracingPermissions.MANAGED_POLICY
   */
  readonly tracingPermissions?: TracingPermissions;

  /**
   * Whether a change of the tracing mode publishes all versions of the function anew.
   *
   * A version keeps the mode that it was published with. CDK publishes `currentVersion`, and the aliases that
   * `addAlias` puts on it, anew when the mode changes. What is made by `new Version`, `CfnVersion`, a bare
   * `AWS::Lambda::Version` or SAM's `AutoPublishAlias` stays as it is, and keeps the old mode.
   *
   * With `tieVersions`, each of those states the mode in its description, after a text of its own, or in the place of
   * the function's: `X-Ray tracing: Active`. CloudFormation replaces a version whose description changes. A SAM
   * function gets `AutoPublishAliasAllProperties`, or, where that has no effect, the mode in its `VersionDescription`.
   * What `currentVersion` makes is left alone.
   *
   * Turn it on, and off again, in a deployment that changes the code or the configuration of the function too. It
   * replaces the versions by itself, and Lambda publishes none when nothing has changed since the last one: the
   * deployment then fails with "Version already exists". So it does from then on when nothing changes of a SAM function
   * but what isn't part of a version, such as its tags (aws/serverless-application-model#3281).
   *
   * @see https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html
   * @default false
   */
  readonly tieVersions?: boolean;
}

/**
 * How the execution role of a traced function, or of a state machine that calls it, is allowed to write to X-Ray.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export enum TracingPermissions {
  /**
   * Attach the AWS managed policy `AWSXRayDaemonWriteAccess`.
   *
   * A role that can't take it (it is imported, or has ten managed policies already) gets the inline
   * statement of `LEAST_PRIVILEGE` instead.
   */
  MANAGED_POLICY = 'ManagedPolicy',

  /**
   * Add an inline statement with exactly the two actions that writing traces takes:
   * `xray:PutTraceSegments` and `xray:PutTelemetryRecords`. A state machine also needs `xray:GetSamplingRules` and
   * `xray:GetSamplingTargets`.
   */
  LEAST_PRIVILEGE = 'LeastPrivilege',

  /**
   * Add nothing: the role has what it takes from elsewhere, and so have topics that call functions.
   */
  NONE = 'None',
}
