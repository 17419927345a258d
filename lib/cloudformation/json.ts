/** A JSON object, as opposed to a list, a scalar, `null` or `undefined`. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const EMPTY: JsonObject = Object.freeze({});

/** Returns the object at a key, or an empty object, as the parts of a template can have any type. */
export function objectAt(value: unknown, key: string): JsonObject {
  const child = isObject(value) ? value[key] : undefined;
  return isObject(child) ? child : EMPTY;
}

/** True if an object has the shape of an intrinsic function: one key, `Ref` or `Fn::...`. */
export function isIntrinsic(value: JsonObject): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}

/** Returns a scalar as a string, and undefined for any other value. */
export function scalarText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** True for `true`, as a boolean or as text: CloudFormation accepts both. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
