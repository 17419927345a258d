import type { Assumptions, Possible } from '../cloudformation/possible';
import type { Resource } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';

/** The kind of a node. `SERVICES` has the facts about each. */
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

/**
 * The recording of a node: `yes` if it sends segments to X-Ray, `no` if its tracing is off, `unknown` if this is known
 * only at deployment, and `never` if X-Ray does not support the service.
 */
export type Recording = 'yes' | 'no' | 'unknown' | 'never';

/**
 * The effect of a caller on the trace. It `starts` a trace, or continues its own; it `propagates` the
 * tracing header that it receives; it `links` the consumer's trace to it by a header in messages; or it `breaks` the
 * trace.
 */
export type Propagation = 'starts' | 'propagates' | 'links' | 'breaks';

/** The way in which a function is invoked. */
export type Invocation = 'synchronous' | 'asynchronous' | 'queue' | 'stream';

/** A caller or a called resource: a function, an API's stage, a queue. */
export interface TraceNode {
  /** Unique within a map. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  /** `undefined` for a node outside of the templates. */
  readonly resource?: Resource;
  readonly function?: LambdaFunction;
  readonly recording: Recording;
  /** The recording under each combination of conditions and parameters in which the node is created. */
  readonly recordings: readonly Possible<Recording>[];
  /** The property that turns recording on, and the value that does. */
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
  /** Set when a function is called. */
  readonly invocation?: Invocation;
  /** The resources that make the connection: event source mappings, integrations, subscriptions, policies. */
  readonly sources: readonly Resource[];
  /** The versions and aliases that the call goes through. */
  readonly through: readonly Resource[];
  /** True if templates show that the caller makes this call whenever it is called itself. */
  readonly isCertain: boolean;
  /** The combinations of conditions under which the call can be made. */
  readonly when: readonly Assumptions[];
  /** True if an authorizer is called, which only decides whether a request is allowed. */
  readonly isAuthorization: boolean;
}

/** The calls of an application and their effect on traces: the map that X-Ray draws of it. */
export interface TraceMap {
  readonly nodes: readonly TraceNode[];
  readonly edges: readonly TraceEdge[];
  /** The nodes that are called with failed events, or by CloudFormation in deployments. Edges show other calls. */
  readonly failureTargets: ReadonlySet<TraceNode>;
  /** The nodes that resource policies allow others to call than the known callers. */
  readonly openTargets: ReadonlySet<TraceNode>;
  /** True if a deployment under these assumptions is possible. */
  isPossible(this: void, assumed: Assumptions): boolean;
}
