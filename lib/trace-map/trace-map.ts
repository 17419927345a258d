import type { Assumptions, Possible } from '../cloudformation/possible';
import type { Resource } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { Invocation, Propagation } from './service';

/** What a node is. `SERVICES` has the facts about each. */
export type NodeKind =
  | 'function'
  | 'queue'
  | 'topic'
  | 'stream'
  | 'delivery-stream'
  | 'state-machine'
  | 'table'
  | 'secret'
  | 'parameter'
  | 'database'
  | 'event-bus'
  | 'schedule'
  | 'pipe'
  | 'bucket'
  | 'log-group'
  | 'iot-rule'
  | 'msk'
  | 'kafka'
  | 'mq'
  | 'documentdb'
  | 'rest-api'
  | 'http-api'
  | 'websocket-api'
  | 'function-url'
  | 'graphql-api'
  | 'event-api'
  | 'load-balancer'
  | 'distribution'
  | 'user-pool'
  | 'service';

/** Whether a node sends segments to X-Ray: as it is set, as only deployment tells, or never, since X-Ray can't there. */
export type Recording = 'yes' | 'no' | 'unknown' | 'never';

/** Something that calls or is called: a function, an API's stage, a queue. */
export interface TraceNode {
  /** Unique within a map. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  /** Nothing for what is outside of the templates. */
  readonly resource?: Resource;
  readonly function?: LambdaFunction;
  readonly recording: Recording;
  /** The same in each case that conditions and parameters make, of those in which it is there. */
  readonly recordings: readonly Possible<Recording>[];
  /** The property that has it record, and its value that does. */
  readonly tracingProperty?: {
    readonly resource: Resource;
    readonly property: string;
    readonly value: string;
  };
  readonly incoming: readonly TraceEdge[];
  readonly outgoing: readonly TraceEdge[];
}

/** A call from one node to another. */
export interface TraceEdge {
  readonly from: TraceNode;
  readonly to: TraceNode;
  readonly propagation: Propagation;
  /** Where it is a function that is called. */
  readonly invocation?: Invocation;
  /** What makes the connection: event source mappings, integrations, subscriptions, policies. */
  readonly sources: readonly Resource[];
  /** The versions and aliases that the call goes through. */
  readonly through: readonly Resource[];
  /** Whether the call is made when the caller is called, as far as templates can tell; otherwise it may be. */
  readonly isCertain: boolean;
  /** The cases in which that is so. */
  readonly when: readonly Assumptions[];
  /** Whether it is but to ask if a request is allowed, before that goes to another: an authorizer is called. */
  readonly isAuthorization: boolean;
}

/** Who calls whom, and what becomes of the trace on the way: the map that X-Ray draws of an application. */
export interface TraceMap {
  readonly nodes: readonly TraceNode[];
  readonly edges: readonly TraceEdge[];
  /** What is called with that which has failed, or by CloudFormation in deployments; by others too, if edges say so. */
  readonly failureTargets: ReadonlySet<TraceNode>;
}
