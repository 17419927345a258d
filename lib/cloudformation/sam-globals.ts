import { isIntrinsic, isObject, type JsonObject, objectAt } from './json';
import type { Resource } from './template';

/** The sections of `Globals`, by the type of resource that they are about. */
const SECTIONS: ReadonlyMap<string, string> = new Map(
  ['Api', 'Function', 'HttpApi', 'SimpleTable', 'StateMachine', 'WebSocketApi'].map((section) => [
    `AWS::Serverless::${section}`,
    section,
  ]),
);

/** Asked for by everything that looks at a function. */
const merged = new WeakMap<Resource, JsonObject>();

/**
 * The properties of a resource as they take effect: those of a SAM resource, with what `Globals` adds. Objects are
 * merged, lists are put one after the other, and anything else of the resource's own wins ("Globals section of the
 * AWS SAM template", AWS SAM Developer Guide).
 */
export function effectiveProperties(resource: Resource): JsonObject {
  const { type, template, properties } = resource;
  const section = SECTIONS.get(type);
  if (section === undefined) return properties;
  const known = merged.get(resource);
  if (known) return known;
  const effective = merge(objectAt(template.globals, section), properties);
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

/** Intrinsic functions are values as a whole. */
function isMap(value: unknown): value is JsonObject {
  return isObject(value) && !isIntrinsic(value);
}

/** Whether `Globals` gives a resource a property, whatever it has itself: leaving that out then takes nothing away. */
export function isInGlobals({ type, template }: Resource, path: readonly string[]): boolean {
  const globals = objectAt(template.globals, SECTIONS.get(type) ?? '');
  return (
    path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), globals) !== undefined
  );
}
