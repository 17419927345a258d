import {
  DAEMON_POLICY,
  TRACING_ACTIONS,
  type TracingAction,
  WRITE_ACTIONS,
} from '../../iam/managed-policies';
import { APPLICATION_SIGNALS_POLICY } from '../../lambda/instrumentation';

/** The actions that an execution role requires. */
export interface TracingActions {
  readonly actions: readonly string[];
  /** The service that the actions write to. */
  readonly service: string;
  /** The name of the AWS managed policy that allows them. */
  readonly managedPolicy: string;
  /** The name of the inline policy of an L1 role. */
  readonly inlinePolicyName: string;
  /** The log group that the actions write to. @default - the actions apply to any resource */
  readonly logGroup?: string;
}

/** The required actions of X-Ray, which other policies can prevent. */
export interface XRayActions extends TracingActions {
  readonly actions: readonly TracingAction[];
}

/** The actions of a function: "Visualize Lambda function invocations using AWS X-Ray" (AWS Lambda Developer Guide). */
export const LAMBDA_ACTIONS: XRayActions = {
  actions: WRITE_ACTIONS,
  service: 'X-Ray',
  managedPolicy: DAEMON_POLICY,
  inlinePolicyName: 'WriteToXRay',
};

/** The actions of a state machine, which reads sampling rules: "IAM policies for X-Ray" (AWS Step Functions Developer Guide). */
export const STEP_FUNCTIONS_ACTIONS: XRayActions = {
  actions: TRACING_ACTIONS,
  service: 'X-Ray',
  managedPolicy: DAEMON_POLICY,
  inlinePolicyName: 'SampleByXRay',
};

/** The actions of Application Signals: "CloudWatchLambdaApplicationSignalsExecutionRolePolicy" (AWS Managed Policy Reference). */
export const APPLICATION_SIGNALS_ACTIONS: TracingActions = {
  actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  service: 'CloudWatch Application Signals',
  managedPolicy: APPLICATION_SIGNALS_POLICY,
  inlinePolicyName: 'WriteToApplicationSignals',
  logGroup: '/aws/application-signals/data',
};
