import { isObject, type JsonObject } from '../cloudformation/json';
import { keyOf, literal, namesInSubPattern, type PartialString } from '../cloudformation/partial-string';
import { certainly, flatMap, MAX_POSSIBILITIES, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource, Template } from '../cloudformation/template';
import type { FunctionVersion } from './lambda-function';
import { type EffectiveMode, isEffectiveMode } from './tracing-mode';

/**
 * What CloudFormation and SAM go by when they decide whether a version is published anew. Of a version that is the
 * same in two deployments, nothing is published.
 */
export interface Identity {
  readonly key: string;
  /** What stands for the code; nothing where the template doesn't tell a change of it, such as for a local folder. */
  readonly code?: string;
  /** Whether a parameter is in it, which may be given another value with each deployment. */
  readonly isGiven: boolean;
}

/**
 * The properties of which a change replaces the resource: what its resource type's schema calls create-only
 * ("AWS::Lambda::Version", "AWS::Lambda::Function", AWS CloudFormation Template Reference).
 */
const VERSION_CREATE_ONLY = [
  'FunctionName',
  'Description',
  'CodeSha256',
  'ProvisionedConcurrencyConfig',
  'RuntimePolicy',
];
const FUNCTION_CREATE_ONLY = ['FunctionName', 'PackageType', 'TenancyConfig'];

/** Of these, what a build may give another value each time; a function's name belongs to the stack. */
const SET_ON_EACH_DEPLOYMENT = ['Description', 'CodeSha256', 'VersionDescription', 'AutoPublishCodeSha256'];

/** What SAM hashes into the logical ID of the version, besides the code, unless told to hash all properties. */
const SAM_HASHED = ['Environment', 'MemorySize', 'SnapStart', 'SourceKMSKeyArn'];
const SAM_CODE = ['CodeUri', 'InlineCode', 'ImageUri'];

/** The logical IDs that CDK gives to `currentVersion`: with a hash of all that a version locks. */
const CDK_CURRENT_VERSION = /CurrentVersion[0-9A-F]{8}[0-9a-f]{32}$/;

/** The logical IDs of other tools that end with a hash, of what, isn't known. */
const HASHED = /(?:[0-9a-f]{10,}|LambdaVersion[0-9A-Za-z]{40,})$/;

/** Whether a SAM function publishes versions by itself, and moves an alias to them. */
export function publishesVersions(resource: Resource): boolean {
  return (
    resource.type === 'AWS::Serverless::Function' &&
    effectiveProperties(resource).AutoPublishAlias !== undefined
  );
}

/**
 * What the identity of a version can be.
 *
 * @param version the version, or a SAM function that publishes itself
 * @param fn its function
 */
export function identitiesOf(version: Resource, fn: Resource, resolver: Resolver): Possible<Identity>[] {
  const ofFunction = values(fn, FUNCTION_CREATE_ONLY, resolver);
  return version === fn
    ? samIdentities(fn, ofFunction, resolver)
    : joined(ofFunction, values(version, VERSION_CREATE_ONLY, resolver));
}

function samIdentities(
  fn: Resource,
  ofFunction: readonly Possible<Identity>[],
  resolver: Resolver,
): Possible<Identity>[] {
  const properties = effectiveProperties(fn);
  const described = joined(ofFunction, values(fn, ['VersionDescription'], resolver));
  // It decides by itself, even beside AutoPublishAliasAllProperties.
  if (properties.AutoPublishCodeSha256 !== undefined) {
    return joined(described, values(fn, ['AutoPublishCodeSha256'], resolver));
  }
  const isAll = isTrue(properties.AutoPublishAliasAllProperties);
  const hashed = isAll ? properties : pick(properties, SAM_HASHED);
  const { SnapStart: snapStart, ...others } = hashed;
  const isSnapped = isAll || (isObject(snapStart) && (snapStart.ApplyOn ?? 'None') !== 'None');
  const key = JSON.stringify([isAll, sorted(isSnapped ? hashed : others)]);
  return joined(described, certainly({ key, code: codeOf(fn), isGiven: false }));
}

/** When a change of the function's mode makes for a new version. */
export function publishesOnModeChange(
  version: Resource,
  fn: Resource,
  modes: readonly Possible<PartialString | undefined>[],
  resolver: Resolver,
): FunctionVersion['publishesOnModeChange'] {
  const { Description: own, VersionDescription: sams, ...properties } = effectiveProperties(version);
  const descriptions = resolver.strings(version === fn ? sams : own, version.template);
  const cases = flatMap(modes, (mode) =>
    flatMap(descriptions, (description) => certainly(states(description, mode))),
  );
  if (cases.every(({ value }) => value)) return 'at deployment';
  if (version === fn) {
    const { AutoPublishAliasAllProperties: all, AutoPublishCodeSha256: sha256 } = properties;
    if ([sams, sha256].some((value) => mentionsParameter(value, version.template))) return 'unknown';
    if (sha256 !== undefined || !isIntrinsicOrTrue(all)) return 'no';
    return isTrue(all) ? 'by the template' : 'unknown';
  }
  if (CDK_CURRENT_VERSION.test(version.logicalId)) return 'by the template';
  const mayChange = [own, properties.CodeSha256].some((value) => mentionsParameter(value, version.template));
  return mayChange || HASHED.test(version.logicalId) ? 'unknown' : 'no';
}

/**
 * The mode that a version's own words say it locks: in its description; or in its metadata, which is to be believed
 * only where the version is published anew when the mode changes.
 */
export function modeInDescription(
  { properties, metadata }: Resource,
  isTied: FunctionVersion['publishesOnModeChange'],
): EffectiveMode | undefined {
  const { Description: description } = properties;
  const written = (typeof description === 'string' ? description : '').match(/\b(?:Active|PassThrough)\b/g);
  if (written?.length === 1) return written[0] as EffectiveMode;
  const ours = metadata['cdk-lambda-xray'];
  const mode = isObject(ours) && isTied !== 'no' ? ours.TracingMode : undefined;
  return isEffectiveMode(mode) ? mode : undefined;
}

/** Whether a description changes with the mode. */
function states(description: PartialString | undefined, mode: PartialString | undefined): boolean {
  if (!description) return false;
  const known = mode === undefined ? 'PassThrough' : literal(mode);
  if (known !== undefined) {
    // SAM's `Disabled` is PassThrough.
    const names = known === 'Disabled' ? [known, 'PassThrough'] : [known];
    return description.some(
      (part) => typeof part === 'string' && words(part).some((word) => names.includes(word)),
    );
  }
  return mode!.every((part) => description.some((other) => keyOf([other]) === keyOf([part])));
}

function words(text: string): string[] {
  return text.match(/\w+/g) ?? [];
}

/** What the properties of a resource can come to. */
function values(resource: Resource, names: readonly string[], resolver: Resolver): Possible<Identity>[] {
  const properties = effectiveProperties(resource);
  const nothing = certainly<Identity>({ key: '', code: '', isGiven: false });
  return names.reduce<Possible<Identity>[]>((known, name) => {
    const texts = resolver.strings(properties[name], resource.template);
    const isGiven =
      SET_ON_EACH_DEPLOYMENT.includes(name) && dependsOnParameter(properties[name], texts, resource);
    const identities = texts.map(({ value: text, when }) => ({
      value: { key: text ? `${name}=${keyOf(text)}` : '', code: '', isGiven },
      when,
    }));
    return joined(known, identities);
  }, nothing);
}

/** Both together, in each case. */
function joined(a: readonly Possible<Identity>[], b: readonly Possible<Identity>[]): Possible<Identity>[] {
  const both = flatMap(a, (one) =>
    flatMap(b, (other) => {
      const codes = [one.code, other.code];
      return certainly({
        key: `${one.key}\n${other.key}`,
        code: codes.includes(undefined) ? undefined : codes.join(''),
        isGiven: one.isGiven || other.isGiven,
      });
    }),
  );
  return few(both);
}

/** Nothing where there are too many to follow. */
function few<T>(possible: Possible<T>[]): Possible<T>[] {
  return possible.length > MAX_POSSIBILITIES ? [] : possible;
}

/**
 * What stands for the code. A path on somebody's disk, or the name of an image that is built there, is replaced, when
 * the template is packaged, by a place that tells the content; and a parameter may name another place each time.
 */
function codeOf(fn: Resource): string | undefined {
  const code = pick(effectiveProperties(fn), SAM_CODE);
  const { metadata, template } = fn;
  const { CodeUri: uri, ImageUri: image } = code;
  const isLocal = typeof uri === 'string' && !uri.startsWith('s3://');
  const isBuilt = metadata.Dockerfile !== undefined || (typeof image === 'string' && !image.includes('/'));
  const isUnbuilt = Object.keys(code).length === 0;
  return isLocal || isBuilt || isUnbuilt || mentionsParameter(code, template)
    ? undefined
    : JSON.stringify(sorted(code));
}

/** Whether a value is decided by a parameter that each deployment may be given another value for. */
function dependsOnParameter(
  value: unknown,
  texts: readonly Possible<PartialString | undefined>[],
  { template }: Resource,
): boolean {
  const isSettled = texts.every(
    ({ value: text, when }) => text && literal(text) !== undefined && Object.keys(when).length === 0,
  );
  return (
    !isSettled &&
    (mentionsParameter(value, template) || texts.some(({ value: text }) => isResolvedLate(text)))
  );
}

/** A dynamic reference: CloudFormation looks the value up each time. */
function isResolvedLate(text: PartialString | undefined): boolean {
  return (text ?? []).some(
    (part) => typeof part === 'object' && part.kind === 'unknown' && part.id.startsWith('{{resolve:'),
  );
}

/** Whether a parameter of the template is part of a value; one that a condition decides by isn't. */
export function mentionsParameter(value: unknown, template: Template): boolean {
  if (Array.isArray(value)) return value.some((item) => mentionsParameter(item, template));
  if (!isObject(value)) return false;
  const { Ref: name, 'Fn::Sub': substitution } = value;
  if (typeof name === 'string') return Object.hasOwn(template.parameters, name);
  const pattern: unknown = Array.isArray(substitution) ? substitution[0] : substitution;
  const names = typeof pattern === 'string' ? namesInSubPattern(pattern) : [];
  return (
    names.some((mentioned) => Object.hasOwn(template.parameters, mentioned)) ||
    Object.values(value).some((child) => mentionsParameter(child, template))
  );
}

function pick(properties: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function isIntrinsicOrTrue(value: unknown): boolean {
  return isTrue(value) || isObject(value);
}
