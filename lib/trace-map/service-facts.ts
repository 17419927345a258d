import { literal, type PartialString } from '../cloudformation/partial-string';
import { certainly, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource } from '../cloudformation/template';
import type { EventSourceKind } from '../lambda/event-sources';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { Invocation, NodeKind, Propagation, Recording, TraceNode } from './trace-map';

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

/** The form of the ARNs of a kind of node. */
export interface ArnForm {
  readonly kind: NodeKind;
  readonly prefix: string;
  readonly endsWith?: RegExp;
}

/** Facts about services, by the kind of node. */
export type FactsByKind = Readonly<Record<NodeKind, ServiceFacts>>;

/** The kinds of node with the facts about their services, in the order of the services. */
export type ServiceEntries = readonly (readonly [NodeKind, ServiceFacts])[];

/** The services of the trace map, with lookups by resource, by ARN and by other facts. */
export class ServiceIndex {
  public readonly kinds: readonly NodeKind[];
  private readonly kindByType = new Map<string, NodeKind>();
  private readonly kindsByProperty: (readonly [NodeKind, ServiceFacts])[] = [];
  private readonly arnFormsByService = new Map<string, ArnForm[]>();
  private readonly tables = new Map<unknown, unknown>();

  /** @param services the services by the kind of node, in the order in which they are matched */
  constructor(public readonly services: FactsByKind) {
    this.kinds = Object.keys(services) as NodeKind[];
    for (const kind of this.kinds) this.add(kind, services[kind]);
  }

  /** Returns the kind of node that a resource is, `undefined` if it is not a node. */
  public kindOf({ type, properties }: Resource): NodeKind | undefined {
    const byProperty = this.kindsByProperty.find(([, { types, only }]) => {
      const [property, value] = (types.includes(type) && only?.[type]) || [];
      return property !== undefined && properties[property] === value;
    });
    return byProperty?.[0] ?? this.kindByType.get(type);
  }

  /** Returns the forms of the ARNs of a service, such as `lambda`. */
  public arnForms(service: string): readonly ArnForm[] {
    return this.arnFormsByService.get(service) ?? [];
  }

  /** Returns a lookup table of the services. `build` is called once for each function. */
  public table<T>(build: (services: ServiceEntries) => T): T {
    if (!this.tables.has(build)) {
      this.tables.set(build, build(this.kinds.map((kind) => [kind, this.services[kind]])));
    }
    return this.tables.get(build) as T;
  }

  private add(kind: NodeKind, service: ServiceFacts): void {
    const { types, only, arn } = service;
    for (const type of types) if (!only?.[type]) this.kindByType.set(type, kind);
    if (only) this.kindsByProperty.push([kind, service]);
    if (!arn) return;
    const forms = this.arnFormsByService.get(arn.service) ?? [];
    this.arnFormsByService.set(arn.service, forms);
    forms.push({ kind, prefix: '', ...arn });
  }
}

/** The recording of a node, and the property that sets it. */
export type NodeRecording = Pick<TraceNode, 'recording' | 'recordings' | 'tracingProperty'>;

/** Returns the recording of a function, by its tracing modes. */
export function recordingOfFunction({ resource, modes, modeProperty }: LambdaFunction): NodeRecording {
  return {
    ...summary(
      modes.map(({ value, when }) => {
        if (value === 'Active') return { value: 'yes', when };
        return { value: value === 'PassThrough' || value === 'unset' ? 'no' : 'unknown', when };
      }),
    ),
    tracingProperty: { resource, property: modeProperty, value: 'Active' },
  };
}

/** Returns the recording of a resource of a service, by the service's tracing property. */
export function recordingOfResource(
  resource: Resource,
  { tracingProperty: byType }: ServiceFacts,
  resolver: Resolver,
): NodeRecording {
  const tracingProperty = byType?.[resource.type];
  // If other types of the service have a tracing property, another resource sets this one's recording.
  if (!tracingProperty) {
    return summary(resolver.whereCreated(resource, certainly(byType ? 'unknown' : 'never')));
  }
  const [property, value] = tracingProperty;
  const settings = resolver.stringsAt(effectiveProperties(resource), property.split('.'), resource.template);
  return {
    ...summary(
      resolver
        .whereCreated(resource, settings)
        .map(({ value: setting, when }) => ({ value: recordingOfSetting(setting, value), when })),
    ),
    tracingProperty: { resource, property, value },
  };
}

/** Returns the recording of a node that is no resource of the templates. */
export function recordingOutside({ tracingProperty }: ServiceFacts): NodeRecording {
  return summary(certainly(tracingProperty ? 'unknown' : 'never'));
}

function recordingOfSetting(setting: PartialString | undefined, on: string): Recording {
  if (setting === undefined) return 'no';
  const value = literal(setting);
  if (value === undefined) return 'unknown';
  return value === on ? 'yes' : 'no';
}

/** Adds the recording that all conditions share, `unknown` if they differ. */
function summary(recordings: readonly Possible<Recording>[]): NodeRecording {
  const [first, ...others] = new Set(recordings.map(({ value }) => value));
  return { recording: first === undefined || others.length > 0 ? 'unknown' : first, recordings };
}
