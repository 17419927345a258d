import { isIntrinsic, isObject, type JsonObject } from './json';
import type { Resource } from './template';

/**
 * The properties of a function as they take effect: those of a SAM function, with what `Globals.Function` adds.
 * Objects are merged, lists are put one after the other, and anything else of the function's own wins
 * ("Globals section of the AWS SAM template", AWS SAM Developer Guide).
 */
export function effectiveProperties({ type, template, properties }: Resource): JsonObject {
  return type === 'AWS::Serverless::Function' ? merge(template.functionGlobals, properties) : properties;
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
