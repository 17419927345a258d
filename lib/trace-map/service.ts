import type { JsonObject } from '../cloudformation/json';
import type { Resource, Template } from '../cloudformation/template';
import type { ServiceFacts } from './service-facts';
import type { NodeKind, TraceNode } from './trace-map';
import type { Call, TraceMapBuilder } from './trace-map-builder';

/**
 * An AWS service: its facts and the connections that its resources make. A service is one such object in a file of
 * `services/`, listed in `services/index.ts`.
 */
export interface Service extends ServiceFacts {
  /** The connections that resources make, by their type. */
  readonly connections?: Connections;
  /** Connections that count only if others explain nothing. They are made after all others, by resource type. */
  readonly fallbackConnections?: Connections;
  /** The types of SAM events for which the service calls, APIs aside. */
  readonly samEvents?: Readonly<Record<string, SamEventSource>>;
}

/** The services of a file, by the kind of node. */
export type Services = Readonly<Partial<Record<NodeKind, Service>>>;

/** Adds the calls that a resource makes, or makes possible, to a map. */
export type Connection = (resource: Resource, map: TraceMapBuilder) => void;

/** Connections by resource type. */
export type Connections = Readonly<Record<string, Connection>>;

/** An event in `Events` of a SAM function or state machine. */
export interface SamEvent {
  readonly properties: JsonObject;
  /** The function or state machine. */
  readonly resource: Resource;
  /** The logical ID of the resource that SAM generates for the event. */
  readonly logicalId: string;
}

/** The callers behind a SAM event, and how they call. */
export interface SamEventCallers extends Pick<Call, 'propagation' | 'isCertain'> {
  readonly callers: readonly TraceNode[];
}

/** The way in which the callers of a type of SAM event are found. */
export type SamEventSource =
  /** A property of the event names the caller. */
  | {
      readonly property: string;
      /** @default - certain if the event has no `FilterCriteria` */
      readonly call?: (
        properties: JsonObject,
        template: Template,
        map: TraceMapBuilder,
      ) => Pick<Call, 'isCertain'>;
    }
  /** SAM generates the caller. */
  | 'generated'
  | ((event: SamEvent, map: TraceMapBuilder) => SamEventCallers);
