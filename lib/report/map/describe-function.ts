import { isObject } from '../../cloudformation/json';
import { effectiveProperties } from '../../cloudformation/sam-globals';
import type { Resource } from '../../cloudformation/template';
import type { Estimate } from '../../estimate/estimate';
import { type Bill, perMonth } from '../../estimate/pricing';
import { EVENT_SOURCE_NAMES, isUnsupported } from '../../lambda/event-sources';
import { daemonMemory } from '../../lambda/function-settings';
import { hasOpenTelemetryLayer } from '../../lambda/instrumentation';
import type { FunctionAlias, FunctionVersion, LambdaFunction, StaleMode } from '../../lambda/lambda-function';
import type { TracingModel } from '../../model/tracing-model';
import type { TraceNode } from '../../trace-map/trace-map';
import { eventSourcesOf, modeSettingOf, reportedPermissions, summaryOf } from '../function-summary';
import { locationOf, type Templates } from '../location';
import {
  type ExpectedTrace,
  type MapAlias,
  type MapEnvironments,
  type MapFunction,
  mapLocation,
  type MapLocation,
  type MapVersion,
  resourceLocation,
} from './document';
import { expectedTraceName, expectedTraceOf } from './expected-traces';

/** Returns the details of a function without its cost and expected traces. */
export function detailsOf(
  fn: LambdaFunction,
  model: TracingModel,
  templates: Templates,
): Omit<MapFunction, 'service' | 'run' | 'cost' | 'traces'> {
  const { mode, possibleModes } = summaryOf(fn);
  return {
    mode,
    possibleModes,
    modeProperty: fn.modeProperty,
    modeSetAt: modeLocation(fn, templates),
    permissions: permissionsOf(fn),
    versions: fn.versions.map((version) => versionOf(version, templates)),
    aliases: fn.aliases.map((alias) => aliasOf(alias, templates)),
    memory: memoryOf(fn),
    isEdgeFunction: fn.isEdgeFunction,
    eventSources: fn.eventSourceMappings.flatMap((mapping) =>
      eventSourcesOf(mapping).map(({ logicalId, kind, traceable }) => ({
        ...resourceLocation(mapping.resource, templates),
        logicalId,
        title: EVENT_SOURCE_NAMES[kind],
        isUnsupported: !traceable,
      })),
    ),
    environments: environmentsOf(fn, model),
  };
}

/**
 * Returns the expected traces of a function for the invocation types that X-Ray supports. A function without known callers
 * counts as invoked synchronously, as in a manual test.
 *
 * @param traces the traces by name, which are added to
 */
export function expectedTracesOf(
  { incoming }: TraceNode,
  environments: MapEnvironments,
  traces: Map<string, ExpectedTrace>,
): MapFunction['traces'] {
  const traceable = incoming.filter(({ from }) => !isUnsupported(from.kind));
  const known = new Set(traceable.flatMap(({ invocation }) => invocation ?? []));
  if (incoming.length === 0) known.add('synchronous');
  return [...known].map((invocation) => {
    const trace = expectedTraceName(invocation, environments);
    if (!traces.has(trace)) traces.set(trace, expectedTraceOf(invocation, environments));
    return { invocation, trace };
  });
}

function permissionsOf(fn: LambdaFunction): MapFunction['permissions'] {
  const known = fn.writePermissions.map(({ value }) => value);
  return {
    state: reportedPermissions(fn),
    missing: [...new Set(known.flatMap(({ missing }) => missing))],
    policies: [...new Set(known.flatMap(({ policies }) => policies))],
  };
}

/** Returns a version with its modes. */
function versionOf(version: FunctionVersion, templates: Templates): MapVersion {
  const { resource, modes, publishesOnModeChange, staleModes } = version;
  return {
    ...resourceLocation(resource, templates),
    modes,
    publishesOnModeChange,
    staleModes: modesOf(staleModes),
  };
}

/** Returns an alias with the versions that it can point to. */
function aliasOf(alias: FunctionAlias, templates: Templates): MapAlias {
  const { resource, versions, staleModes } = alias;
  return {
    ...resourceLocation(resource, templates),
    versions: versions.map(({ version, number, isAdditional }) => ({
      logicalId: version?.resource.logicalId,
      number,
      modes: version?.modes ?? [],
      isAdditional,
    })),
    staleModes: modesOf(staleModes),
  };
}

function modesOf(staleModes: readonly StaleMode[]): string[] {
  return [...new Set(staleModes.map(({ mode }) => mode))];
}

/** Returns the location of a function's mode. Undefined if the mode is not set. */
function modeLocation(fn: LambdaFunction, templates: Templates): MapLocation | undefined {
  const { resource, modeProperty } = fn;
  const setAt = modeSettingOf(fn);
  if (setAt === undefined) return undefined;
  if (setAt === modeProperty) return mapLocation(locationOf(resource, templates, setAt));
  const { id } = resource.template;
  const position = templates.get(id)?.locate?.(setAt.split('.'));
  return mapLocation({ template: id, position });
}

type Answer = MapEnvironments['snapStart'];

/** Returns the settings that change how execution environments start, which traces show. */
function environmentsOf(fn: LambdaFunction, model: TracingModel): MapEnvironments {
  const answers = [...fn.versions, ...fn.aliases].map((own) => provisionedConcurrencyOf(own.resource, model));
  return {
    snapStart: snapStartOf(fn.resource),
    instrumentation: hasOpenTelemetryLayer(fn.configuration.layers) ? 'OpenTelemetry' : undefined,
    provisionedConcurrency: (['yes', 'unknown'] as const).find((own) => answers.includes(own)) ?? 'no',
  };
}

function snapStartOf(resource: Resource): Answer {
  const { SnapStart: snapStart } = effectiveProperties(resource);
  if (snapStart === undefined) return 'no';
  const applyOn = isObject(snapStart) ? snapStart.ApplyOn : undefined;
  if (typeof applyOn !== 'string') return 'unknown';
  return applyOn === 'PublishedVersions' ? 'yes' : 'no';
}

/** Provisioned concurrency is set on a version or alias, or by a scalable target that refers to it. */
function provisionedConcurrencyOf(versionOrAlias: Resource, model: TracingModel): Answer {
  const { ProvisionedConcurrencyConfig: config } = effectiveProperties(versionOrAlias);
  const isScaled = model
    .usersOf(versionOrAlias)
    .some(({ type }) => type === 'AWS::ApplicationAutoScaling::ScalableTarget');
  if (isScaled) return 'yes';
  if (config === undefined) return 'no';
  return isObject(config) && 'ProvisionedConcurrentExecutions' in config ? 'yes' : 'unknown';
}

/** Returns how a function shares its memory with the X-Ray daemon, for each memory size that it can have. */
function memoryOf({ memory }: LambdaFunction): MapFunction['memory'] {
  const sizes = new Set(memory.flatMap(({ value }) => (value !== undefined && value > 0 ? [value] : [])));
  return [...sizes].map((total) => {
    const daemon = Math.min(total, daemonMemory(total));
    return { total, daemon, left: total - daemon };
  });
}

/** Request rates of functions and the bill for their traces. */
export interface Costs {
  readonly estimate: Estimate;
  readonly bill: Bill;
}

/** Returns the costs of the traces of the functions whose request rates are known. */
export function costsOf({ estimate, bill }: Costs): ReadonlyMap<LambdaFunction, MapFunction['cost']> {
  const withoutRate = new Set(estimate.withoutRate);
  const usd = new Map(bill.items.map((item) => [item.samplingPoint.node.function, item.usd]));
  const known = [...estimate.functions].filter(([fn]) => !withoutRate.has(fn));
  return new Map(
    known.map(([fn, { requestsPerSecond, recordedPerSecond }]) => [
      fn,
      { requestsPerSecond, recordedPerMonth: perMonth(recordedPerSecond), usdPerMonth: usd.get(fn) },
    ]),
  );
}
