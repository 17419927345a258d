import { isObject, type JsonObject } from './json';
import { certainly, chain, MAX_POSSIBILITIES, type Possible } from './possible';
import type { Resolver } from './resolver';
import { effectiveProperties } from './sam-globals';
import type { Resource } from './template';
import { keyOf, literal, type Text } from './text';
import type { FunctionVersion } from './tracing-model';

/**
 * What CloudFormation and SAM go by when they decide whether a version is published anew. Of a version that is the
 * same in two deployments, nothing is published.
 */
export interface Identity {
  readonly key: string;
  /** What stands for the code; nothing where the template doesn't tell a change of it, such as for a local folder. */
  readonly code?: string;
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

/** What SAM hashes into the logical ID of the version, besides the code, unless told to hash all properties. */
const SAM_HASHED = ['Environment', 'MemorySize', 'SnapStart', 'SourceKMSKeyArn'];
const SAM_CODE = ['CodeUri', 'InlineCode', 'ImageUri'];

/** The logical IDs that CDK gives to `currentVersion`: with a hash of all that a version locks. */
const CDK_CURRENT_VERSION = /CurrentVersion[0-9A-F]{8}[0-9a-f]{32}$/;

/** The logical IDs of other tools that end with a hash, of what, isn't known. */
const HASHED = /(?:[0-9a-f]{10,}|LambdaVersion[0-9A-Za-z]{40,})$/;

/** Whether a SAM function publishes versions by itself, and moves an alias to them. */
export function publishesItself(resource: Resource): boolean {
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
  const ofFunction = keys(fn, FUNCTION_CREATE_ONLY, resolver);
  if (version !== fn) {
    const ofVersion = keys(version, VERSION_CREATE_ONLY, resolver);
    return few(chain(ofFunction, (a) => chain(ofVersion, (b) => certainly({ key: `${a}\n${b}`, code: '' }))));
  }
  const properties = effectiveProperties(fn);
  const described = chain(ofFunction, (a) =>
    chain(keys(fn, ['VersionDescription'], resolver), (b) => certainly(`${a}\n${b}`)),
  );
  const { AutoPublishCodeSha256: sha256, AutoPublishAliasAllProperties: all } = properties;
  if (sha256 !== undefined) {
    const hashes = keys(fn, ['AutoPublishCodeSha256'], resolver);
    return few(
      chain(described, (a) => chain(hashes, (b) => certainly({ key: `${a}\nsha256 ${b}`, code: '' }))),
    );
  }
  const hashed = isTrue(all) ? properties : pick(properties, SAM_HASHED);
  const key = `${isTrue(all) ? 'all' : 'code'} ${JSON.stringify(sorted(hashed))}`;
  return few(chain(described, (a) => certainly({ key: `${a}\n${key}`, code: codeOf(properties) })));
}

/** When a change of the function's mode makes for a new version. */
export function tieOf(
  version: Resource,
  fn: Resource,
  modes: readonly Possible<Text | undefined>[],
  resolver: Resolver,
): FunctionVersion['isTied'] {
  const { Description: own, VersionDescription: sams, ...properties } = effectiveProperties(version);
  const descriptions = resolver.texts(version === fn ? sams : own, version.template);
  const cases = chain(modes, (mode) =>
    chain(descriptions, (description) => certainly(states(description, mode))),
  );
  if (cases.length > 0 && cases.every(({ value }) => value)) return 'at deployment';
  if (version === fn) {
    const { AutoPublishAliasAllProperties: all, AutoPublishCodeSha256: sha256 } = properties;
    if (sha256 !== undefined || !isIntrinsicOrTrue(all)) return 'no';
    return isTrue(all) ? 'by the template' : 'unknown';
  }
  if (CDK_CURRENT_VERSION.test(version.logicalId)) return 'by the template';
  return HASHED.test(version.logicalId) ? 'unknown' : 'no';
}

/** The mode that a version's own words say it locks: in its description, or in its metadata. */
export function statedMode(version: Resource): 'Active' | 'PassThrough' | undefined {
  const { Description: description } = version.properties;
  const written = (typeof description === 'string' ? description : '').match(/\b(?:Active|PassThrough)\b/g);
  if (written?.length === 1) return written[0] as 'Active' | 'PassThrough';
  const metadata = version.metadata['cdk-lambda-xray'];
  const mode = isObject(metadata) ? metadata.TracingMode : undefined;
  return mode === 'Active' || mode === 'PassThrough' ? mode : undefined;
}

/** Whether a description changes with the mode. */
function states(description: Text | undefined, mode: Text | undefined): boolean {
  if (!description) return false;
  const known = mode === undefined ? 'PassThrough' : literal(mode);
  if (known !== undefined) {
    return description.some((part) => typeof part === 'string' && words(part).includes(known));
  }
  return mode!.every((part) => description.some((other) => keyOf([other]) === keyOf([part])));
}

function words(text: string): string[] {
  return text.match(/\w+/g) ?? [];
}

/** What the properties of a resource can come to, as one string each. */
function keys(resource: Resource, names: readonly string[], resolver: Resolver): Possible<string>[] {
  const properties = effectiveProperties(resource);
  return names.reduce<Possible<string>[]>(
    (known, name) =>
      properties[name] === undefined
        ? known
        : few(
            chain(known, (key) =>
              chain(resolver.texts(properties[name], resource.template), (text) =>
                certainly(text ? `${key}${name}=${keyOf(text)}\n` : key),
              ),
            ),
          ),
    certainly(''),
  );
}

/** Nothing where there are too many to follow. */
function few<T>(possible: Possible<T>[]): Possible<T>[] {
  return possible.length > MAX_POSSIBILITIES ? [] : possible;
}

/** A path on somebody's disk is replaced, when the template is packaged, by a place that tells the content. */
function codeOf(properties: JsonObject): string | undefined {
  const code = pick(properties, SAM_CODE);
  const isLocal = typeof code.CodeUri === 'string' && !code.CodeUri.startsWith('s3://');
  const isUnbuilt = Object.keys(code).length === 0;
  return isLocal || isUnbuilt ? undefined : JSON.stringify(sorted(code));
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
