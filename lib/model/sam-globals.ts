import { isIntrinsic, isObject, type JsonObject, objectAt } from './json';
import type { Resource } from './template';

/** The sections of `Globals`, by the type of resource that they are about. */
const SECTIONS: ReadonlyMap<string, string> = new Map(
  ['Api', 'Function', 'HttpApi', 'SimpleTable', 'StateMachine', 'WebSocketApi'].map((section) => [
    `AWS::Serverless::${section}`,
    section,
  ]),
);

/**
 * The properties of a resource as they take effect: those of a SAM resource, with what `Globals` adds. Objects are
 * merged, lists are put one after the other, and anything else of the resource's own wins ("Globals section of the
 * AWS SAM template", AWS SAM Developer Guide).
 */
export function effectiveProperties({ type, template, properties }: Resource): JsonObject {
  const section = SECTIONS.get(type);
  return section === undefined ? properties : merge(objectAt(template.globals, section), properties);
}

function merge(globals: JsonObject, own: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...globals };
  for (const [key, value] of Object.entries(own)) {
    const inherited = merged[key];
    if (isMap(inherited) && isMap(value)) merged[key] = merge(inherited, value);
    else if (Array.isArray(inherited) && Array.isArray(value))
      merged[key] = [...(inherited as unknown[]), ...(value as unknown[])];
    else merged[key] = value;
  }
  return merged;
}

/** Intrinsic functions are values as a whole. */
function isMap(value: unknown): value is JsonObject {
  return isObject(value) && !isIntrinsic(value);
}
