import { isIntrinsic, isObject, type JsonObject, objectAt } from './json';
import type { Resource, Template } from './template';

/** The sections of `Globals`, by the resource type they apply to. */
const SECTIONS: ReadonlyMap<string, string> = new Map(
  ['Api', 'Function', 'HttpApi', 'SimpleTable', 'StateMachine', 'WebSocketApi'].map((section) => [
    `AWS::Serverless::${section}`,
    section,
  ]),
);

/** A cache, as every reader of a function needs its properties. */
const merged = new WeakMap<Resource, JsonObject>();

/**
 * Returns the properties that take effect for a resource. For a SAM resource, they include those of
 * `Globals`: objects are merged, lists are concatenated, and other values of the resource override the global
 * ones ("Globals section of the AWS SAM template", AWS SAM Developer Guide).
 */
export function effectiveProperties(resource: Resource): JsonObject {
  const { type, properties } = resource;
  if (!SECTIONS.has(type)) return properties;
  const known = merged.get(resource);
  if (known) return known;
  const effective = merge(globalsOf(resource), properties);
  merged.set(resource, effective);
  return effective;
}

function merge(globals: JsonObject, own: JsonObject): JsonObject {
  const both: Record<string, unknown> = { ...globals };
  for (const [key, value] of Object.entries(own)) {
    const inherited = both[key];
    if (isMap(inherited) && isMap(value)) both[key] = merge(inherited, value);
    else if (Array.isArray(inherited) && Array.isArray(value))
      both[key] = [...(inherited as unknown[]), ...(value as unknown[])];
    else both[key] = value;
  }
  return both;
}

/**
 * True if SAM knows a value when it transforms a template: SAM resolves parameters, and leaves all functions to
 * CloudFormation (`samtranslator/model/__init__.py`).
 */
export function isKnownToSam(value: unknown, { parameters }: Template): boolean {
  if (!isObject(value) || !isIntrinsic(value)) return true;
  const { Ref: name } = value;
  return typeof name === 'string' && Object.hasOwn(parameters, name);
}

/** Intrinsic functions are not merged. */
function isMap(value: unknown): value is JsonObject {
  return isObject(value) && !isIntrinsic(value);
}

/** Returns the properties that a resource takes from `Globals`: those that its `IgnoreGlobals` leaves. */
function globalsOf({ type, template, ignoredGlobals: ignored }: Resource): JsonObject {
  const globals = objectAt(template.globals, SECTIONS.get(type) ?? '');
  if (ignored === '*') return {};
  if (!Array.isArray(ignored)) return globals;
  return Object.fromEntries(Object.entries(globals).filter(([name]) => !ignored.includes(name)));
}

/**
 * True if `Globals` sets a property of a resource. Removing the property from the resource then has no
 * effect.
 */
export function isInGlobals(resource: Resource, path: readonly string[]): boolean {
  return (
    path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), globalsOf(resource)) !==
    undefined
  );
}
