import type { LoadedTemplate } from '../../load/loaded';
import { EVENT_SOURCE_NAMES, isUnsupported } from '../../model/event-source-kind';
import type { LambdaFunction } from '../../model/lambda-function';
import type { Invocation } from '../../model/paths/service';
import type { TraceNode } from '../../model/paths/trace-map';
import type { TracingModel } from '../../model/tracing-model';
import { summaryOf } from '../function-summary';
import { placeOf } from '../place';
import { memoryOf } from './daemon-memory';
import { environmentsOf } from './environments';
import type { MapEventSource, MapFunction } from './map-function';
import { mapPlace } from './map-place';
import { modePlace } from './mode-place';
import { aliasOf, versionOf } from './publications';

/** What there is to tell of a function, but for its traces. */
export function detailsOf(
  fn: LambdaFunction,
  model: TracingModel,
  templates: ReadonlyMap<string, LoadedTemplate>,
): Omit<MapFunction, 'service' | 'run' | 'cost' | 'traces'> {
  const { mode, possibleModes } = summaryOf(fn);
  const modeSetAt = modePlace(fn, templates);
  return {
    mode,
    possibleModes,
    modeProperty: fn.modeProperty,
    ...(modeSetAt && { modeSetAt }),
    permissions: permissionsOf(fn),
    versions: fn.versions.map((version) => versionOf(version, templates)),
    aliases: fn.aliases.map((alias) => aliasOf(alias, templates)),
    memory: memoryOf(fn),
    isAtEdge: fn.isAtEdge,
    eventSources: eventSourcesOf(fn, templates),
    environments: environmentsOf(fn, model),
  };
}

/**
 * The ways in which a function is invoked when it can be traced; as one calls it by hand where nothing is known to call it.
 */
export function invocationsOf({ incoming }: TraceNode): Invocation[] {
  const traceable = incoming.filter(({ from }) => !isUnsupported(from.kind));
  const known = new Set(traceable.flatMap(({ invocation }) => invocation ?? []));
  return known.size > 0 || incoming.length > 0 ? [...known] : ['synchronous'];
}

function permissionsOf(fn: LambdaFunction): MapFunction['permissions'] {
  const known = fn.writePermissions.map(({ value }) => value);
  return {
    state: summaryOf(fn).permissions,
    missing: [...new Set(known.flatMap(({ missing }) => missing))],
    policies: [...new Set(known.flatMap(({ policies }) => policies))],
  };
}

function eventSourcesOf(
  { eventSourceMappings }: LambdaFunction,
  templates: ReadonlyMap<string, LoadedTemplate>,
): MapEventSource[] {
  return eventSourceMappings.flatMap(({ resource, logicalId, sources }) => {
    const kinds = new Set(sources.map(({ value }) => value.kind));
    return [...kinds].map((kind) => ({
      logicalId,
      title: EVENT_SOURCE_NAMES[kind],
      isUnsupported: isUnsupported(kind),
      ...mapPlace(placeOf(resource, templates)),
    }));
  });
}
