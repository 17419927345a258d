import { literal, type Text } from '../text';
import type { MapBuilder } from './map-builder';
import type { TraceNode } from './trace-map';

/** In the place of what isn't known, which only a pattern for anything takes in. */
const UNKNOWN = '\uE000';

/** In the place of what isn't known in a pattern, which then is for nothing that is. */
const OTHER = '\uE001';

/** The segments of an ARN that say where its resource is. */
const PLACES = [1, 3, 4];

/** What a policy has for many resources, wherever they are, to hold `arnsOf` against; nothing for what is no pattern. */
export function arnPattern(text: Text): string | undefined {
  const [start] = text;
  const written = text.map((part) => (typeof part === 'string' ? part : OTHER)).join('');
  if (typeof start !== 'string' || !/[*?]/.test(written)) return undefined;
  return written
    .split(':')
    .map((segment, i, { length }) => (PLACES.includes(i) && i < length - 1 ? '' : segment))
    .join(':');
}

/** The ARNs that a node can have, and those of something in it, without where it is. */
export function arnsOf({ kind, name, resource }: TraceNode, map: MapBuilder): string[] {
  const { arn } = map.index.services[kind];
  const names = resource ? map.namesOf(resource).map((text) => literal(text) ?? UNKNOWN) : [name];
  return [...new Set(names.length > 0 ? names : [UNKNOWN])].flatMap((known) => {
    const own = `arn::${arn?.service ?? ''}:::${arn?.prefix ?? ''}${known}`;
    return [own, `${own}/${UNKNOWN}`, `${own}:${UNKNOWN}`];
  });
}
