import { isObject, isTrue, type JsonObject } from '../cloudformation/json';
import { keyOf, literal, namesInSubPattern, type PartialString } from '../cloudformation/partial-string';
import { and, certainly, flatMap, MAX_POSSIBILITIES, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource, Template } from '../cloudformation/template';
import type { HiddenChange } from './lambda-function';

/**
 * The values that decide if CloudFormation and SAM publish a new version. A version with the same identity in two
 * deployments is not republished.
 */
export interface Identity {
  readonly key: string;
  /** Identifies the code; undefined if the template does not show a change of it, such as for a local folder. */
  readonly code?: string;
  /** True if it contains a parameter, which can have another value on each deployment. */
  readonly hasParameter: boolean;
}

const EMPTY: Identity = { key: '', code: '', hasParameter: false };

/**
 * The properties whose changes replace the resource: the create-only properties of its resource type's schema
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

/** The identity properties that a build can change on each deployment. A function's name belongs to the stack. */
const SET_ON_EACH_DEPLOYMENT = ['Description', 'CodeSha256', 'VersionDescription', 'AutoPublishCodeSha256'];

/** The properties that SAM hashes into a version's logical ID with the code, unless set to hash all properties. */
const SAM_HASHED = ['Environment', 'MemorySize', 'SnapStart', 'SourceKMSKeyArn'];
const SAM_CODE = ['CodeUri', 'InlineCode', 'ImageUri'];

/** True for a SAM function with `AutoPublishAlias`: SAM publishes its versions and moves an alias to them. */
export function publishesVersions(resource: Resource): boolean {
  return (
    resource.type === 'AWS::Serverless::Function' &&
    effectiveProperties(resource).AutoPublishAlias !== undefined
  );
}

/**
 * Returns the identities that a version can have.
 *
 * @param version the version, or a SAM function with `AutoPublishAlias`
 * @param fn its function
 */
export function identitiesOf(version: Resource, fn: Resource, resolver: Resolver): Possible<Identity>[] {
  const ofFunction = identitiesBy(FUNCTION_CREATE_ONLY, fn, resolver);
  return version === fn
    ? samIdentities(fn, ofFunction, resolver)
    : combine(ofFunction, identitiesBy(VERSION_CREATE_ONLY, version, resolver));
}

function samIdentities(
  fn: Resource,
  ofFunction: readonly Possible<Identity>[],
  resolver: Resolver,
): Possible<Identity>[] {
  const properties = effectiveProperties(fn);
  const described = combine(ofFunction, identitiesBy(['VersionDescription'], fn, resolver));
  // It takes precedence over AutoPublishAliasAllProperties.
  if (properties.AutoPublishCodeSha256 !== undefined) {
    return combine(described, identitiesBy(['AutoPublishCodeSha256'], fn, resolver));
  }
  const hashesAll = isTrue(properties.AutoPublishAliasAllProperties);
  const hashed = hashesAll ? properties : pick(properties, SAM_HASHED);
  const { SnapStart: snapStart, ...withoutSnapStart } = hashed;
  const hasSnapStart = isObject(snapStart) && (snapStart.ApplyOn ?? 'None') !== 'None';
  const key = JSON.stringify([hashesAll, sorted(hashesAll || hasSnapStart ? hashed : withoutSnapStart)]);
  return combine(described, certainly({ key, code: codeOf(fn), hasParameter: false }));
}

/** Returns the identities that the values of properties make. */
function identitiesBy(
  names: readonly string[],
  resource: Resource,
  resolver: Resolver,
): Possible<Identity>[] {
  const properties = effectiveProperties(resource);
  return names.reduce<Possible<Identity>[]>((identities, name) => {
    const values = resolver.strings(properties[name], resource.template);
    const hasParameter =
      SET_ON_EACH_DEPLOYMENT.includes(name) && dependsOnParameter(properties[name], values, resource);
    const ofProperty = values.map(({ value, when }) => ({
      value: { key: value ? `${name}=${keyOf(value)}` : '', code: '', hasParameter },
      when,
    }));
    return combine(identities, ofProperty);
  }, certainly(EMPTY));
}

/** Combines the parts of an identity in each case; none if there are too many cases. */
function combine(a: readonly Possible<Identity>[], b: readonly Possible<Identity>[]): Possible<Identity>[] {
  const combinations = flatMap(a, (one) =>
    flatMap(b, (other) => {
      const codes = [one.code, other.code];
      return certainly({
        key: `${one.key}\n${other.key}`,
        code: codes.includes(undefined) ? undefined : codes.join(''),
        hasParameter: one.hasParameter || other.hasParameter,
      });
    }),
  );
  return combinations.length > MAX_POSSIBILITIES ? [] : combinations;
}

/**
 * Returns a string that identifies the code. `sam package` replaces a local path, or the name of an image that is built
 * locally, by a location that depends on the content. A parameter can name another location on each deployment.
 */
export function codeOf(fn: Resource): string | undefined {
  const code = pick(effectiveProperties(fn), SAM_CODE);
  const { metadata, template } = fn;
  const { CodeUri: uri, ImageUri: image } = code;
  const isLocal = typeof uri === 'string' && !uri.startsWith('s3://');
  const isBuilt = metadata.Dockerfile !== undefined || (typeof image === 'string' && !image.includes('/'));
  const isUnbuilt = Object.keys(code).length === 0;
  return isLocal || isBuilt || isUnbuilt || referencesParameter(code, template)
    ? undefined
    : JSON.stringify(sorted(code));
}

/** Returns the cases in which a version has the same identity in two deployments. */
export function unchangedCases(
  before: readonly Possible<Identity>[],
  after: readonly Possible<Identity>[],
): Possible<HiddenChange>[] {
  return before.flatMap((previous) =>
    after.flatMap((current): Possible<HiddenChange>[] => {
      const when = and(previous.when, current.when);
      if (!when || previous.value.key !== current.value.key) return [];
      const isCodeKnown = previous.value.code !== undefined && current.value.code !== undefined;
      if (!isCodeKnown) return [{ value: { unless: 'code' }, when }];
      if (previous.value.code !== current.value.code) return [];
      const hasParameter = previous.value.hasParameter || current.value.hasParameter;
      return [{ value: hasParameter ? { unless: 'parameter' } : {}, when }];
    }),
  );
}

/** Replaces non-ASCII characters, as CloudFormation does in the templates that it returns. */
export function ascii(text: string): string {
  return text.replace(/[\u{80}-\u{10ffff}]/gu, '?');
}

/** Returns an identity as the templates that CloudFormation returns have it. */
export function asReturnedByCloudFormation({ value, when }: Possible<Identity>): Possible<Identity> {
  const { key, code, hasParameter } = value;
  return {
    value: { key: ascii(key), code: code === undefined ? undefined : ascii(code), hasParameter },
    when,
  };
}

/** True if a parameter, or a dynamic reference, can give a value that differs on each deployment. */
function dependsOnParameter(
  value: unknown,
  resolved: readonly Possible<PartialString | undefined>[],
  { template }: Resource,
): boolean {
  const isFixed = resolved.every(
    ({ value: text, when }) => text && literal(text) !== undefined && Object.keys(when).length === 0,
  );
  return (
    !isFixed &&
    (referencesParameter(value, template) || resolved.some(({ value: text }) => hasDynamicReference(text)))
  );
}

/** True if a string contains a dynamic reference: CloudFormation looks its value up on each deployment. */
function hasDynamicReference(text: PartialString | undefined): boolean {
  return (text ?? []).some(
    (part) => typeof part === 'object' && part.kind === 'unknown' && part.id.startsWith('{{resolve:'),
  );
}

/** True if a value contains a parameter of the template. Parameters in conditions don't count. */
export function referencesParameter(value: unknown, template: Template): boolean {
  return namesIn(value).some((name) => Object.hasOwn(template.parameters, name));
}

/** Returns the parameters and resources that a value refers to. */
export function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isObject(value)) return [];
  const { Ref: name, 'Fn::GetAtt': attribute, 'Fn::Sub': substitution } = value;
  if (typeof name === 'string') return [name];
  const pattern: unknown = Array.isArray(substitution) ? substitution[0] : substitution;
  const substituted = typeof pattern === 'string' ? namesInSubPattern(pattern) : [];
  const [first] = [attribute].flat();
  return [
    ...[...substituted, ...(typeof first === 'string' ? [first] : [])].map((one) => one.split('.')[0]),
    ...Object.values(value).flatMap(namesIn),
  ];
}

/** Returns some of the properties. */
export function pick(properties: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
}

/** Returns a value with its keys in alphabetical order. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
