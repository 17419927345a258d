import type { LoadedTemplate } from '../../load/loaded';
import { isUnsupported, type UnsupportedSource } from '../../model/event-source-kind';
import type { LambdaFunction } from '../../model/lambda-function';
import { type Place, placeOf } from '../place';

/** An event source mapping behind which X-Ray does not trace. */
export interface UntracedSource extends Place {
  readonly kind: UnsupportedSource;
}

/** Those of a function; one for each kind that a mapping's source can be of. */
export function untracedSources(
  { eventSourceMappings }: LambdaFunction,
  templates: ReadonlyMap<string, LoadedTemplate>,
): UntracedSource[] {
  return eventSourceMappings.flatMap(({ resource, logicalId, path, sources }) => {
    const kinds = new Set(sources.map(({ value }) => value.kind).filter(isUnsupported));
    const place = { ...placeOf(resource, templates, path.join('.')), logicalId };
    return [...kinds].map((kind) => ({ ...place, kind }));
  });
}
