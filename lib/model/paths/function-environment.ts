import { isObject } from '../json';
import { effectiveProperties } from '../sam-globals';
import type { Resource } from '../template';
import type { MapBuilder, Meant } from './map-builder';
import { mentionedIn } from './mentioned';
import type { TraceNode } from './trace-map';

/** What can be called of all that the environment variables of a function refer to. */
export function mentionedInEnvironment(fn: Resource, map: MapBuilder): ReadonlyMap<TraceNode, Meant> {
  const { template } = fn;
  const variables = map.resolver.at(effectiveProperties(fn), ['Environment', 'Variables'], template);
  const texts = variables
    .flatMap(({ value }) => (isObject(value) ? Object.values(value) : []))
    .flatMap((value) => map.resolver.texts(value, template));
  const mentioned = texts.flatMap(({ value: text }) => (text ? mentionedIn(text, template, map) : []));
  return new Map(mentioned.map((meant) => [meant.node, meant]));
}
