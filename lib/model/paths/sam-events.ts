import { isObject, type JsonObject, objectAt } from '../json';
import { publishesItself } from '../publishing';
import type { Resource } from '../template';
import type { MapBuilder, Meant } from './map-builder';

/** What the events of a type say, of those that a SAM function has. */
export function samEvents({ properties }: Resource, type: string): JsonObject[] {
  return Object.values(objectAt(properties, 'Events')).flatMap((event) =>
    isObject(event) && event.Type === type ? [objectAt(event, 'Properties')] : [],
  );
}

/** What the events of a resource call: it, through the alias that SAM makes of a function that publishes itself. */
export function calledByEvents(resource: Resource, map: MapBuilder): Meant[] {
  const node = map.node(resource);
  return node ? [{ node, through: publishesItself(resource) ? [resource] : [] }] : [];
}
