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
