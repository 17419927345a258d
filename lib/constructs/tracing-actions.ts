const WRITE_ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

/** What an execution role needs for tracing; the managed policy `AWSXRayDaemonWriteAccess` allows it too. */
export interface TracingActions {
  readonly actions: readonly string[];
  /** The name of the policy that allows them, where the role is an L1. */
  readonly inlinePolicyName: string;
}

/** A function's: "Visualize Lambda function invocations using AWS X-Ray" (AWS Lambda Developer Guide). */
export const LAMBDA_ACTIONS: TracingActions = {
  actions: WRITE_ACTIONS,
  inlinePolicyName: 'WriteToXRay',
};

/** A state machine's, which asks for its sampling rules: "IAM policies for X-Ray" (AWS Step Functions Developer Guide). */
export const STEP_FUNCTIONS_ACTIONS: TracingActions = {
  actions: [...WRITE_ACTIONS, 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
  inlinePolicyName: 'SampleByXRay',
};
