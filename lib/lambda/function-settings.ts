import { isIntrinsic, isObject } from '../cloudformation/json';
import { literal, type PartialString } from '../cloudformation/partial-string';
import { certainly, flatMap, mapKnown, type Possible, shared } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties, isKnownToSam } from '../cloudformation/sam-globals';
import type { Resource } from '../cloudformation/template';
import {
  type ConfiguredMode,
  configuredMode,
  type EnvironmentVariable,
  type FunctionConfiguration,
  modeOfWrongType,
} from './lambda-function';

/** The default memory of a function, in MB ("Memory", AWS Lambda Developer Guide). */
const DEFAULT_MEMORY = 128;

/** Matches the variables of AWS and of libraries that can concern tracing. Functions have many others. */
const TRACING_VARIABLE =
  /^(?:_X_AMZN_|AWS_|OTEL_|OPENTELEMETRY_|POWERTOOLS_|CORECLR_|JAVA_|NODE_OPTIONS$|ORIG_HANDLER$)/;

/** The settings in the properties of a function. */
export interface FunctionSettings {
  readonly modes: readonly Possible<ConfiguredMode>[];
  readonly environment: EnvironmentVariable[];
  readonly configuration: FunctionConfiguration;
  /** In MB; `undefined` if unknown. */
  readonly memory: Possible<number | undefined>[];
  /** True in the cases in which it certainly has a layer. */
  readonly hasLayer: Possible<boolean>[];
}

export function functionSettings(resource: Resource, resolver: Resolver): FunctionSettings {
  const { template } = resource;
  const properties = effectiveProperties(resource);
  const textsAt = (...path: string[]) => resolver.stringsAt(properties, path, template);
  return {
    modes: shared(modesIn(resource, resolver)),
    environment: variableNames(resolver.at(properties, ['Environment', 'Variables'], template))
      .filter((name) => TRACING_VARIABLE.test(name))
      .flatMap((name) =>
        variable(name, resolver.whereCreated(resource, textsAt('Environment', 'Variables', name))),
      ),
    configuration: configurationOf(resource, resolver),
    memory: shared(textsAt('MemorySize').map(({ value, when }) => ({ value: memoryOf(value), when }))),
    hasLayer: shared(
      resolver
        .at(properties, ['Layers'], template)
        .map(({ value, when }) => ({ value: Array.isArray(value) && value.some(isLayer), when })),
    ),
  };
}

/** The default architecture: "Lambda instruction set architecture" (AWS Lambda Developer Guide). */
const DEFAULT_ARCHITECTURE = certainly(['x86_64']);

function configurationOf(resource: Resource, resolver: Resolver): FunctionConfiguration {
  const { template } = resource;
  const properties = effectiveProperties(resource);
  const itemsAt = (key: string) =>
    flatMap(resolver.itemsAt(properties, key, template), (item) => resolver.strings(item, template));
  const created = <T>(values: readonly Possible<T>[]) => resolver.whereCreated(resource, values);
  const architectures =
    properties.Architectures === undefined ? DEFAULT_ARCHITECTURE : itemsAt('Architectures');
  const packageTypes = resolver.stringsAt(properties, ['PackageType'], template);
  return {
    isImage:
      known(packageTypes).some(({ value }) => value === 'Image') ||
      (isObject(properties.Code) && properties.Code.ImageUri !== undefined) ||
      properties.ImageUri !== undefined,
    runtimes: shared(created(known(resolver.stringsAt(properties, ['Runtime'], template)))),
    architectures: shared(created(known(architectures))),
    layers: created(
      itemsAt('Layers').map(({ value = [], when }) => ({
        value: value.map((part) => (typeof part === 'string' ? part : '*')).join(''),
        when,
      })),
    ),
  };
}

function known(texts: readonly Possible<PartialString | undefined>[]): Possible<string>[] {
  return mapKnown(texts, (text) => text && literal(text));
}

function modesIn(resource: Resource, resolver: Resolver): Possible<ConfiguredMode>[] {
  const { template, type } = resource;
  const isServerless = type === 'AWS::Serverless::Function';
  const properties = effectiveProperties(resource);
  const canBeDisabled = isServerless && isKnownToSam(properties.Tracing, template);
  const modesAt = (root: unknown, key: string, property: string): Possible<ConfiguredMode>[] =>
    flatMap(resolver.at(root, [key], template), (value) =>
      isStructure(value)
        ? certainly(modeOfWrongType(value, property, 'a string'))
        : resolver
            .strings(value, template)
            .map(({ value: text, when }) => ({ value: configuredMode(text, canBeDisabled), when })),
    );
  if (isServerless) return modesAt(properties, 'Tracing', 'Tracing');
  return flatMap(resolver.at(properties, ['TracingConfig'], template), (config) =>
    config === undefined || isObject(config)
      ? modesAt(config, 'Mode', 'TracingConfig.Mode')
      : certainly(modeOfWrongType(config, 'TracingConfig', 'an object with a Mode')),
  );
}

/** True unless a condition removes an item of a list. */
function isLayer(item: unknown): boolean {
  return !isObject(item) || (item.Ref !== 'AWS::NoValue' && !('Fn::If' in item));
}

/** True for a list, and for an object that no function can replace. */
function isStructure(value: unknown): boolean {
  return (
    Array.isArray(value) ||
    (isObject(value) && !isIntrinsic(value) && !Object.keys(value).some((key) => key.startsWith('Fn::')))
  );
}

function memoryOf(text: PartialString | undefined): number | undefined {
  if (text === undefined) return DEFAULT_MEMORY;
  const memory = Number(literal(text) ?? NaN);
  return Number.isNaN(memory) ? undefined : memory;
}

/** Returns a variable with its known values; none if it is set in no case. */
function variable(
  name: string,
  texts: readonly Possible<PartialString | undefined>[],
): EnvironmentVariable[] {
  const set = texts.filter(({ value }) => value !== undefined);
  return set.length > 0 ? [{ name, isSet: set.map(({ when }) => when), values: known(set) }] : [];
}

function variableNames(variables: readonly Possible<unknown>[]): string[] {
  return [
    ...new Set(
      variables.flatMap(({ value }) => (isObject(value) && !isIntrinsic(value) ? Object.keys(value) : [])),
    ),
  ];
}

/** The minimum and the share of a function's memory that the X-Ray daemon can use. */
const MINIMUM_MB = 16;
const SHARE = 0.03;

/**
 * Returns the memory that the X-Ray daemon can use in an Active function, in MB: 3 percent or 16 MB, whichever is
 * greater ("Visualize Lambda function invocations using AWS X-Ray", AWS Lambda Developer Guide).
 *
 * @param memory the function's memory, in MB
 */
export function daemonMemory(memory: number): number {
  return Math.max(MINIMUM_MB, Math.ceil(memory * SHARE));
}
