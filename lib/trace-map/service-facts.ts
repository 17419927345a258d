import type { EventSourceKind } from '../lambda/event-sources';
import type { Invocation, Propagation } from './trace-map';

/** Values by resource type. */
export type ByType<T> = Readonly<Record<string, T>>;

/** Facts about an AWS service: how to recognize its resources, how they are called, and their effect on traces. */
export interface ServiceFacts {
  /** The name that AWS uses. */
  readonly title: string;
  /** The AWS page about its effect on traces. */
  readonly source: { readonly title: string; readonly url: string };

  /** The resource types of its nodes. */
  readonly types: readonly string[];
  /** For a type that another kind of node has too: the property, and its value, of the resources of this kind. */
  readonly only?: ByType<readonly [property: string, value: string]>;
  /** The form of the ARNs of its resources. */
  readonly arn?: {
    readonly service: string;
    /** The part in front of the resource's name. */
    readonly prefix?: string;
    /** The part after a name that can have slashes and colons. Other names end at the first of these. */
    readonly endsWith?: RegExp;
  };
  /** The property with the resource's name, by resource type if they differ. */
  readonly nameProperty?: string | ByType<string>;
  /** Types of resources that are aliases of its resources, with the path at which they refer to one. */
  readonly aliases?: ByType<readonly string[]>;

  /** The effect on a trace while the service does not record. A service that records starts a trace. */
  readonly propagation: Propagation;
  /** The way in which it invokes functions. */
  readonly invocation?: Invocation;
  /** The property that turns tracing on, with the value that does, by resource type. */
  readonly tracingProperty?: ByType<readonly [property: string, value: string]>;
  /** True if an update without the tracing property leaves tracing as it is. */
  readonly keepsOmittedTracing?: boolean;
  /** True if it records only requests that were sampled before, so that it starts no trace (passive instrumentation). */
  readonly recordsSampledOnly?: boolean;
  /** True if clients outside of the templates call it, which can send a tracing header of their own. */
  readonly isCalledByClients?: boolean;
  /** True if it records requests that were sampled before even while its own tracing is off. */
  readonly joinsTraces?: boolean;

  /**
   * The IAM actions that call it: not those that consume, watch or manage it ("Actions, resources, and condition keys
   * for AWS services", Service Authorization Reference). An empty list if a call needs no permission; left out if it
   * cannot be called.
   */
  readonly callActions?: readonly string[];
  /** The call actions after which the service calls nothing, so that the trace ends. */
  readonly readActions?: readonly string[];
  /** The call actions after which the service does not reliably call anything. */
  readonly deleteActions?: readonly string[];
  /** True if functions read from it by calling it; `Read` of a SAM connector then allows calls. */
  readonly isReadByCalls?: boolean;
  /** The service integration with which state machines call it. */
  readonly stateMachineIntegration?: StateMachineIntegration;
  /** The service integration with which APIs of API Gateway call it. */
  readonly apiIntegration?: ApiIntegration;
  /** The API action with which schedules of EventBridge Scheduler call it. */
  readonly universalTarget?: UniversalTargetAction;
  /** The kind of event source that it is for event source mappings. */
  readonly eventSource?: EventSourceKind;
  /** The types of policies that allow others to call its resources, with the property that names these. */
  readonly resourcePolicies?: ByType<string>;
  /** The paths at which resources name a dead-letter queue or a destination for failures, by resource type. */
  readonly failureTargets?: ByType<readonly string[]>;
}

/** An AWS service integration of Step Functions ("Integrating services with Step Functions", Step Functions Developer Guide). */
export interface StateMachineIntegration {
  /** The names of the service in the ARNs of its actions: `sfn` in `arn:aws:states:::aws-sdk:sfn:startExecution`. */
  readonly services: readonly string[];
  /** The actions that call. */
  readonly actions: RegExp;
  /** The paths, in the arguments of an action, at which the called resource is named. */
  readonly paths: readonly (readonly string[])[];
  /** The name of the called resource if the arguments name none. */
  readonly defaultName?: string;
  /** @default - the propagation of state machines */
  readonly propagation?: Propagation;
}

/** An AWS service integration of API Gateway. The service is identified as in its ARNs. */
export interface ApiIntegration {
  /** The name of the service in the integration subtypes of HTTP APIs: `SQS` in `SQS-SendMessage`. */
  readonly subtype?: string;
  /** The actions that call. Others read or delete, and no trace continues from them. */
  readonly actions?: RegExp;
  /** The HTTP methods that read, so that the trace ends. */
  readonly readMethods?: readonly string[];
  /** The segment of the path that names the resource, from 0: 2 in `path/<account>/<queue>`. */
  readonly nameSegment?: number;
}

/** An API action that a universal target of EventBridge Scheduler calls. */
export interface UniversalTargetAction {
  /** The action, as in `arn:aws:scheduler:::aws-sdk:sqs:sendMessage`. */
  readonly action: string;
  /** The parameter that names the called resource. */
  readonly parameter: string;
}

/** The source for services that the page does not list: they are assumed to ignore traces. */
export const NOT_INTEGRATED = {
  title: 'Integrating AWS X-Ray with other AWS services',
  url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services.html',
};
