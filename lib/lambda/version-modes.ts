import { isObject, isTrue } from '../cloudformation/json';
import { keyOf, literal, type PartialString } from '../cloudformation/partial-string';
import { and, certainly, flatMap, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource } from '../cloudformation/template';
import {
  type ConfiguredMode,
  type EffectiveMode,
  effectiveMode,
  type FunctionVersion,
  type HiddenChange,
  isEffectiveMode,
  type LambdaFunction,
  modeStatement,
  type StaleMode,
} from './lambda-function';
import { referencesParameter } from './version-identity';

/** Matches the logical IDs of CDK's `currentVersion`. They contain a hash of everything that a version locks. */
const CDK_CURRENT_VERSION = /CurrentVersion[0-9A-F]{8}[0-9a-f]{32}$/;

/**
 * Matches the logical IDs of other tools that end with a hash. The hashed values are unknown. The Serverless Framework
 * removes the special characters from a base64 hash of 43 characters.
 */
const HASHED = /[0-9a-f]{10}$|LambdaVersion[0-9A-Za-z]{33,43}$/;

/**
 * Matches the hashes in logical IDs that change with properties: of CDK's current versions and API deployments, of SAM's
 * versions, and of the Serverless Framework's versions.
 */
const CHANGING_HASH =
  /(?<=(?:CurrentVersion|Deployment)[0-9A-F]{8})[0-9a-f]{32}$|(?<=Version|Deployment)[0-9a-f]{10}$|(?<=LambdaVersion)[0-9A-Za-z]{33,43}$/;

/** Returns a logical ID without a hash of the properties of its resource or of the code of its function. */
export function withoutHash(logicalId: string): string {
  return logicalId.replace(CHANGING_HASH, '');
}

/**
 * Returns when a change of the function's mode publishes a new version.
 *
 * @param version the version, or a SAM function with `AutoPublishAlias`
 * @param modes the values of the property that sets the function's mode
 */
export function publishesOnModeChange(
  version: Resource,
  fn: Resource,
  modes: readonly Possible<PartialString | undefined>[],
  resolver: Resolver,
): FunctionVersion['publishesOnModeChange'] {
  const { template, logicalId } = version;
  const { Description, VersionDescription, ...properties } = effectiveProperties(version);
  const description = version === fn ? VersionDescription : Description;
  const described = flatMap(modes, (mode) =>
    flatMap(resolver.strings(description, template), (text) => certainly({ mode, text })),
  ).map(({ value }) => value);
  if (described.every(changesWithMode) || differsByMode(described)) return 'at deployment';
  if (version === fn) {
    const { AutoPublishAliasAllProperties: hashesAll, AutoPublishCodeSha256: sha256 } = properties;
    if ([VersionDescription, sha256].some((value) => referencesParameter(value, template))) return 'unknown';
    if (sha256 !== undefined) return 'no';
    if (isTrue(hashesAll)) return 'by the template';
    return isObject(hashesAll) ? 'unknown' : 'no';
  }
  if (CDK_CURRENT_VERSION.test(logicalId)) return 'by the template';
  const mayChange =
    [Description, properties.CodeSha256].some((value) => referencesParameter(value, template)) ||
    // A macro can write another description on each deployment.
    JSON.stringify([Description, Object.keys(properties)]).includes('"Fn::Transform"');
  return mayChange || HASHED.test(logicalId) ? 'unknown' : 'no';
}

/** The mode of a function and the description of its version, in one case. */
interface Described {
  readonly mode: PartialString | undefined;
  readonly text: PartialString | undefined;
}

/** True if a version's description contains the value of the mode, or states the mode. */
function changesWithMode({ mode, text: description }: Described): boolean {
  if (!description) return false;
  const known = mode === undefined ? 'PassThrough' : literal(mode);
  if (known === undefined) {
    return mode!.every((part) => description.some((other) => keyOf([other]) === keyOf([part])));
  }
  const stated = modesStatedIn(description);
  // SAM's `Disabled` means PassThrough.
  return stated.includes(known) || (known === 'Disabled' && stated.includes('PassThrough'));
}

/** True if the mode depends on conditions, and each mode comes with another description. */
function differsByMode(described: readonly Described[]): boolean {
  const modeKeys = described.map(({ mode }) => keyOf(mode ?? ['PassThrough']));
  const textKeys = described.map(({ text }) => keyOf(text ?? []));
  return (
    new Set(modeKeys).size > 1 &&
    modeKeys.every((mode, i) => modeKeys.every((other, j) => mode === other || textKeys[i] !== textKeys[j]))
  );
}

const MODE_STATEMENT = new RegExp(modeStatement('(\\w+)'), 'g');

/** Returns the modes that a description states. */
function modesStatedIn(description: PartialString): string[] {
  return description.flatMap((part) =>
    typeof part === 'string' ? Array.from(part.matchAll(MODE_STATEMENT), ([, mode]) => mode) : [],
  );
}

/**
 * Returns the mode that a version itself states, in its description or in its metadata. The metadata is reliable only if
 * a change of the mode publishes a new version.
 */
export function statedMode(
  { properties, metadata }: Resource,
  publishes: FunctionVersion['publishesOnModeChange'],
): EffectiveMode | undefined {
  const { Description: description } = properties;
  const stated = typeof description === 'string' ? modesStatedIn([description]) : [];
  if (stated.length === 1 && isEffectiveMode(stated[0])) return stated[0];
  const own = metadata['cdk-lambda-xray'];
  const mode = isObject(own) && publishes !== 'no' ? own.TracingMode : undefined;
  return isEffectiveMode(mode) ? mode : undefined;
}

/**
 * Returns the modes of the baseline that a version or an alias keeps although its function has another mode now.
 *
 * @param before its modes in the baseline
 * @param fn its function in the templates
 * @param unchanged the cases in which it does not change
 */
export function staleModesOf(
  before: readonly Possible<ConfiguredMode>[],
  fn: LambdaFunction,
  unchanged: readonly Possible<HiddenChange>[],
): StaleMode[] {
  const isModeParameter = fn.modes.length > 1 && referencesParameter(modeValue(fn), fn.resource.template);
  const stale = new Map<string, StaleMode>();
  for (const { value: hidden, when } of unchanged) {
    for (const previous of before) {
      const both = and(previous.when, when);
      for (const current of both ? fn.modesWhen(both) : []) {
        const [mode, functionMode] = [effectiveMode(previous.value), effectiveMode(current)];
        if (!mode || !functionMode || mode === functionMode) continue;
        const unless = hidden.unless ?? (isModeParameter ? 'mode' : undefined);
        stale.set(`${mode} ${unless}`, { mode, functionMode, ...(unless && { unless }) });
      }
    }
  }
  return [...stale.values()];
}

/** Returns the unresolved value that sets the mode of a function. */
function modeValue({ resource, modeProperty }: LambdaFunction): unknown {
  const [property] = modeProperty.split('.');
  return effectiveProperties(resource)[property];
}
