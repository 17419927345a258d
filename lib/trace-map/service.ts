import { isObject, type JsonObject } from '../cloudformation/json';
import type { Resource, Template } from '../cloudformation/template';
import { matchesPattern } from '../iam/policy-document';
import type { FactsByKind, ServiceEntries, ServiceFacts, ServiceIndex } from './service-facts';
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

/** Returns true if a kind of node can be called. */
export function isCallable(kind: NodeKind, { services }: ServiceIndex): boolean {
  return services[kind].callActions !== undefined;
}

/** Returns the actions that call a kind of node. */
export function callActionsOf(kind: NodeKind, services: FactsByKind): readonly string[] {
  return services[kind].callActions ?? [];
}

/** Returns the call actions that a pattern of a policy matches. */
export function callActionsFor(pattern: string, index: ServiceIndex): string[] {
  const lowerCasePattern = pattern.toLowerCase();
  return index
    .table(allCallActions)
    .filter(({ lowerCase }) => matchesPattern(lowerCasePattern, lowerCase))
    .map(({ action }) => action);
}

function allCallActions(services: ServiceEntries) {
  return services
    .flatMap(([, { callActions = [] }]) => callActions)
    .map((action) => ({ action, lowerCase: action.toLowerCase() }));
}

/** Returns how a kind of node is called if only some actions are possible; empty if that makes no difference. */
export function callWithActions(
  actions: readonly string[],
  { readActions = [], deleteActions = [] }: ServiceFacts,
): Pick<Call, 'propagation' | 'isCertain'> {
  const others = actions.filter((action) => !readActions.includes(action));
  if (others.length === 0) return { propagation: 'breaks' };
  return others.every((action) => deleteActions.includes(action)) ? { isCertain: false } : {};
}

/** Path of the filter of a subscription. */
export const FILTER_POLICY = ['FilterPolicy'];

/** Path of the filters of an event source mapping, and of a pipe's source. */
export const FILTER_CRITERIA = ['FilterCriteria', 'Filters'];

/** Returns the certainty of calls through a filter: messages or records that do not match it call nothing. */
export function certaintyWithFilter(
  path: readonly string[],
  properties: JsonObject,
  template: Template,
  map: TraceMapBuilder,
): Pick<Call, 'isCertain'> {
  return hasFilter(path, properties, template, map) ? { isCertain: false } : {};
}

/** Returns true if there can be a filter at a path. */
export function hasFilter(
  path: readonly string[],
  properties: JsonObject,
  template: Template,
  { resolver }: TraceMapBuilder,
): boolean {
  return resolver.at(properties, path, template).some(({ value }) => !isEmpty(value));
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || (isObject(value) && Object.keys(value).length === 0);
}
