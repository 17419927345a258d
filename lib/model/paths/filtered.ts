import { isObject, type JsonObject } from '../json';
import type { Template } from '../template';
import type { Call, MapBuilder } from './map-builder';

/** Where subscriptions, event source mappings and pipes say which messages or records they are for. */
export const FILTER_POLICY = ['FilterPolicy'];
export const FILTER_CRITERIA = ['FilterCriteria', 'Filters'];

/** How something calls that may have a filter: what doesn't pass it is never handed on. */
export function callThrough(
  filter: readonly string[],
  properties: JsonObject,
  template: Template,
  map: MapBuilder,
): Pick<Call, 'isCertain'> {
  return hasFilter(filter, properties, template, map) ? { isCertain: false } : {};
}

/** Whether there can be a filter at a path. */
export function hasFilter(
  filter: readonly string[],
  properties: JsonObject,
  template: Template,
  { resolver }: MapBuilder,
): boolean {
  return resolver.at(properties, filter, template).some(({ value }) => !isEmpty(value));
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || (isObject(value) && Object.keys(value).length === 0);
}
