import { isObject, type JsonObject } from '../cloudformation/json';
import type { Template } from '../cloudformation/template';
import { matchesPattern } from '../iam/policy-document';
import type { ServiceFacts } from './service-facts';
import type { FactsByKind, ServiceEntries, ServiceIndex } from './service-index';
import type { NodeKind } from './trace-map';
import type { Call, TraceMapBuilder } from './trace-map-builder';

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
