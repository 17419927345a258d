import { isObject, type JsonObject } from '../cloudformation/json';
import type { Template } from '../cloudformation/template';
import type { Call, TraceMapBuilder } from './trace-map-builder';

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
