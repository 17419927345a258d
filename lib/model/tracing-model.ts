import type { Assumptions, Possible } from '../cloudformation/possible';
import type { Resource, Template } from '../cloudformation/template';
import type { RoleReference } from '../iam/roles';
import type { XRayPermission } from '../iam/xray-permissions';
import type { EventSourceMapping, LambdaFunction } from '../lambda/lambda-function';
import type { TraceMap } from '../trace-map/trace-map';

/** An SNS topic. */
export interface Topic {
  readonly resource: Resource;
  /** True if its active tracing is on, in each case. */
  isActiveWhen(this: void, assumed: Assumptions): boolean;
  /** The permission of Amazon SNS to write its traces, in each case. */
  readonly permissions: readonly Possible<XRayPermission>[];
}

/** An X-Ray resource policy. */
export interface XRayResourcePolicy {
  readonly resource: Resource;
  /**
   * The policies before it in its account and region that can be created together with it, in the case with the most of
   * them.
   */
  readonly earlier: readonly Resource[];
}

/** A state machine of Step Functions. */
export interface StateMachine {
  readonly resource: Resource;
  /** The property that sets its role. */
  readonly roleProperty: string;
  /** Its role in each case; none for a SAM state machine whose role SAM generates. */
  readonly roles: readonly Possible<RoleReference>[];
  /** Returns true if tracing can be on under additional assumptions. */
  isTracedWhen(this: void, assumed: Assumptions): boolean;
  /** The permission of its role to trace executions, in each case. */
  readonly permissions: readonly Possible<XRayPermission>[];
}

/** A definition of an X-Ray sampling rule. */
export interface SamplingRule {
  readonly resource: Resource;
  /** The path of the definition in the resource's properties. */
  readonly path: readonly string[];
  /** The service types that it can apply to. */
  readonly serviceTypes: readonly Possible<string>[];
}

/** A configuration of Transaction Search. */
export interface TransactionSearch {
  readonly resource: Resource;
  /** The log groups for spans that no policy of the templates lets X-Ray write to. */
  readonly lacking: readonly string[];
}

/** The linked model of templates that are deployed together, limited to what matters for tracing. */
export interface TracingModel {
  readonly templates: readonly Template[];
  /** All resources of the templates. */
  readonly resources: readonly Resource[];
  readonly functions: readonly LambdaFunction[];
  readonly eventSourceMappings: readonly EventSourceMapping[];
  readonly topics: readonly Topic[];
  readonly xrayResourcePolicies: readonly XRayResourcePolicy[];
  readonly stateMachines: readonly StateMachine[];
  readonly samplingRules: readonly SamplingRule[];
  readonly transactionSearch: readonly TransactionSearch[];
  /** True if Transaction Search is on in all accounts and regions, outside of the templates. */
  readonly hasTransactionSearch: boolean;
  /** The model of the previous templates. */
  readonly baseline?: TracingModel;
  /** The trace map. Built on first use. */
  readonly traceMap: TraceMap;
  /**
   * Returns the resources that refer to a version or an alias, or to those that SAM generates for a function.
   */
  usersOf(versionOrAlias: Resource): readonly Resource[];
}
