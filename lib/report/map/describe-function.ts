import { isIntrinsic, isObject } from '../../cloudformation/json';
import { effectiveProperties } from '../../cloudformation/sam-globals';
import type { Resource } from '../../cloudformation/template';
import type { Estimate } from '../../estimate/estimate';
import { type Bill, perMonth } from '../../estimate/pricing';
import type { LoadedTemplate } from '../../input/loaded-template';
import { daemonMemory } from '../../lambda/daemon-memory';
import { EVENT_SOURCE_NAMES, isUnsupported } from '../../lambda/event-sources';
import type { FunctionAlias, FunctionVersion, StaleMode, LambdaFunction } from '../../lambda/lambda-function';
import type { TracingModel } from '../../model/tracing-model';
import type { Invocation, TraceNode } from '../../trace-map/trace-map';
import { summaryOf } from '../function-summary';
import { locationOf } from '../location';
import {
  type MapAlias,
  type MapCost,
  type MapEnvironments,
  type MapEventSource,
  type MapFunction,
  type MapMemory,
  mapPlace,
  type MapPlace,
  type MapVersion,
} from './document';

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
    isEdgeFunction: fn.isEdgeFunction,
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
      ...mapPlace(locationOf(resource, templates)),
    }));
  });
}

/** A version and the mode that it has locked. */
function versionOf(version: FunctionVersion, templates: ReadonlyMap<string, LoadedTemplate>): MapVersion {
  const { resource, modes, publishesOnModeChange, staleModes } = version;
  return {
    logicalId: resource.logicalId,
    ...mapPlace(locationOf(resource, templates)),
    modes,
    publishesOnModeChange,
    staleModes: modesOf(staleModes),
  };
}

/** An alias and the versions that it can be on. */
function aliasOf(alias: FunctionAlias, templates: ReadonlyMap<string, LoadedTemplate>): MapAlias {
  const { resource, versions, staleModes } = alias;
  return {
    logicalId: resource.logicalId,
    ...mapPlace(locationOf(resource, templates)),
    versions: versions.map(({ version, number, isAdditional }) => ({
      ...(version && { logicalId: version.resource.logicalId }),
      ...(number !== undefined && { number }),
      modes: version?.modes ?? [],
      isAdditional,
    })),
    staleModes: modesOf(staleModes),
  };
}

function modesOf(kept: readonly StaleMode[]): string[] {
  return [...new Set(kept.map(({ mode }) => mode))];
}

/** Where a function's mode is set; nothing where it is left to the default. */
function modePlace(
  { resource, modeProperty }: LambdaFunction,
  templates: ReadonlyMap<string, LoadedTemplate>,
): MapPlace | undefined {
  const path = modeProperty.split('.');
  if (isSet(resource.properties, path)) return mapPlace(locationOf(resource, templates, modeProperty));
  const { id, globals } = resource.template;
  const isGlobal = isSet(globals, ['Function', ...path]);
  if (resource.type !== 'AWS::Serverless::Function' || !isGlobal) return undefined;
  const position = templates.get(id)?.locate?.(['Globals', 'Function', ...path]);
  return mapPlace({ template: id, position });
}

/** Whether there is a value, or an intrinsic function where one would be below. */
function isSet(value: unknown, [key, ...below]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (!isObject(value)) return false;
  return Object.hasOwn(value, key) ? isSet(value[key], below) : isIntrinsic(value);
}

type Answer = MapEnvironments['snapStart'];

/** How a function's execution environments start, which shows in its traces. */
function environmentsOf(fn: LambdaFunction, model: TracingModel): MapEnvironments {
  const publications = [...fn.versions, ...fn.aliases].map(({ resource }) => resource);
  return {
    snapStart: snapStartOf(fn.resource),
    provisionedConcurrency: anyOf(publications.map((resource) => provisionedConcurrencyOf(resource, model))),
  };
}

function snapStartOf(resource: Resource): Answer {
  const { SnapStart: snapStart } = effectiveProperties(resource);
  if (snapStart === undefined) return 'no';
  const applyOn = isObject(snapStart) ? snapStart.ApplyOn : undefined;
  if (typeof applyOn !== 'string') return 'unknown';
  return applyOn === 'PublishedVersions' ? 'yes' : 'no';
}

/** It is set on versions and aliases, or scaled by what refers to them. */
function provisionedConcurrencyOf(publication: Resource, model: TracingModel): Answer {
  const { ProvisionedConcurrencyConfig: config } = effectiveProperties(publication);
  const isScaled = model
    .usersOf(publication)
    .some(({ type }) => type === 'AWS::ApplicationAutoScaling::ScalableTarget');
  if (isScaled) return 'yes';
  if (config === undefined) return 'no';
  return isObject(config) && 'ProvisionedConcurrentExecutions' in config ? 'yes' : 'unknown';
}

function anyOf(answers: readonly Answer[]): Answer {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
}

/** Returns how a function shares its memory with the X-Ray daemon, for each memory size that it can have. */
function memoryOf({ memory }: LambdaFunction): MapMemory[] {
  const sizes = new Set(memory.flatMap(({ value }) => (value !== undefined && value > 0 ? [value] : [])));
  return [...sizes].map((total) => {
    const daemon = Math.min(total, daemonMemory(total));
    return { total, daemon, left: total - daemon };
  });
}

/** What is known of how often functions are invoked, and what comes of it. */
export interface Costs {
  readonly estimate: Estimate;
  readonly bill: Bill;
}

/** What a function's traces cost; nothing where it isn't known how often it is invoked. */
export function costOf(fn: LambdaFunction, { estimate, bill }: Costs): MapCost | undefined {
  const found = estimate.functions.get(fn);
  if (!found || estimate.withoutRate.includes(fn)) return undefined;
  const own = bill.items.find(({ samplingPoint }) => samplingPoint.node.function === fn);
  return {
    requestsPerSecond: found.requestsPerSecond,
    recordedPerMonth: perMonth(found.recordedPerSecond),
    ...(own?.usd !== undefined && { usdPerMonth: own.usd }),
  };
}
