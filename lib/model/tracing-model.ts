import type { Possible } from '../cloudformation/possible';
import type { Resource } from '../cloudformation/template';
import type { EventSourceMapping, LambdaFunction } from '../lambda/lambda-function';
import type { TraceMap } from '../trace-map/trace-map';

/** An SNS topic. */
export interface Topic {
  readonly resource: Resource;
  /** Whether it traces, in each case. */
  readonly isActive: readonly Possible<boolean>[];
  /** The X-Ray resource policies that surely or possibly let it write. */
  readonly resourcePolicies: readonly Resource[];
}

/** A sampling rule of X-Ray. */
export interface SamplingRule {
  readonly resource: Resource;
  /** The types of service that it can be about. */
  readonly serviceTypes: readonly Possible<string>[];
}

/** What a set of templates deploys, as far as tracing goes, with everything that belongs together linked. */
export interface TracingModel {
  /** Everything that is in the templates. */
  readonly resources: readonly Resource[];
  readonly functions: readonly LambdaFunction[];
  readonly eventSourceMappings: readonly EventSourceMapping[];
  readonly topics: readonly Topic[];
  readonly samplingRules: readonly SamplingRule[];
  /** The model of the templates of before. */
  readonly baseline?: TracingModel;
  /** Who calls whom. Made when it is first asked for. */
  readonly traceMap: TraceMap;
  /** The resources that refer to a version or an alias; for a SAM function, to those that it makes. */
  usersOf(publication: Resource): readonly Resource[];
}
