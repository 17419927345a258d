import type { JsonObject } from '../json';
import type { Template } from '../template';
import { literal } from '../text';
import { hasFilter } from './filtered';
import type { Call, MapBuilder } from './map-builder';

/** As CloudFormation and SAM have them, and as the API of S3 does. */
const EVENTS = ['Event', 'Events'];
const FILTERS = [
  ['Filter', 'S3Key', 'Rules'],
  ['Filter', 'Key', 'FilterRules'],
];

/** The events that a new object surely makes ("Event notification types and destinations", Amazon S3 User Guide). */
const OF_NEW_OBJECTS: ReadonlySet<string | undefined> = new Set([
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
]);

/**
 * How a bucket calls by a notification: not for objects whose keys it filters out, nor for any other event than its own
 * ("Configuring event notifications using object key name filtering", Amazon S3 User Guide). To which keys those write
 * who write to the bucket, policies tell too seldom to hold that against the filter.
 */
export function callByNotification(
  notification: JsonObject,
  template: Template,
  map: MapBuilder,
): Pick<Call, 'isCertain'> {
  const isFiltered = FILTERS.some((filter) => hasFilter(filter, notification, template, map));
  const events = EVENTS.flatMap((name) => map.resolver.itemsAt(notification, name, template)).flatMap(
    ({ value }) => map.resolver.texts(value, template),
  );
  const isOfNew =
    events.length === 0 || events.some(({ value }) => OF_NEW_OBJECTS.has(value && literal(value)));
  return isFiltered || !isOfNew ? { isCertain: false } : {};
}
