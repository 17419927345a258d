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

/** The functions with a short form in YAML, such as `!Sub`, and a long form that starts with `Fn::`. */
const FUNCTIONS = [
  'And',
  'Base64',
  'Cidr',
  'Contains',
  'EachMemberEquals',
  'EachMemberIn',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'GetStackOutput',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'RefAll',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
  'ValueOf',
  'ValueOfAll',
];

/** Long forms of intrinsic functions, by their tags in YAML. */
const LONG_FORMS: ReadonlyMap<string, string> = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...FUNCTIONS.map((name): [string, string] => [`!${name}`, `Fn::${name}`]),
]);

/** Returns true for a tag of CloudFormation. */
export function isShortForm(tag: string): boolean {
  return LONG_FORMS.has(tag);
}

/** Returns the key of the long form. A tag that CloudFormation does not know becomes an unknown function. */
export function longFormOf(tag: string): string {
  return LONG_FORMS.get(tag) ?? `Fn::${tag.slice(1)}`;
}

/** Converts a short form such as `!GetAtt Nested.Outputs.Arn` to JSON. */
export function inLongForm(tag: string, content: unknown): unknown {
  return { [longFormOf(tag)]: tag === '!GetAtt' ? attribute(content) : content };
}

/** Splits at the first dot, since attributes can contain dots, but logical IDs can't. */
function attribute(content: unknown): unknown {
  const dot = typeof content === 'string' ? content.indexOf('.') : -1;
  return dot === -1 ? content : [(content as string).slice(0, dot), (content as string).slice(dot + 1)];
}
