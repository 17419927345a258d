import { isObject, type JsonObject, scalarText } from './json';
import { partsOfSubPattern } from './partial-string';

/** JSON that a template contains as a string, with values inside that are not literal. */
export interface EmbeddedJson<T extends object> {
  readonly json: unknown;
  /** Splits a string of the JSON into its literal parts and the values between them. */
  partsOf(text: string): (string | T)[];
}

/** Stands for a value. The characters are for private use, so templates do not contain them. */
const mark = (index: number) => `\uE000${index}\uE001`;
const MARK = /\uE000(\d+)\uE001/;

/** Parses JSON that contains values. Returns undefined if it is not valid JSON. */
export function parseEmbeddedJson<T extends object>(
  parts: readonly (string | T)[],
): EmbeddedJson<T> | undefined {
  const values: T[] = [];
  let isInString = false;
  const markedParts = parts.map((part) => {
    if (typeof part === 'string') {
      isInString = endsInString(part, isInString);
      return part;
    }
    const marked = mark(values.push(part) - 1);
    // Outside a string, a value stands for a number, a list or an object.
    return isInString ? marked : `"${marked}"`;
  });
  try {
    return {
      json: JSON.parse(markedParts.join('')),
      partsOf: (text) =>
        text
          .split(MARK)
          .map((piece, i) => (i % 2 === 0 ? piece : (values[Number(piece)] ?? mark(Number(piece)))))
          .filter((part) => part !== ''),
    };
  } catch {
    return undefined;
  }
}

function endsInString(json: string, startsInString: boolean): boolean {
  let isInString = startsInString;
  for (const [found] of json.matchAll(/\\.|"/gs)) {
    if (found === '"') isInString = !isInString;
  }
  return isInString;
}

/**
 * Returns the parts of a string that a template builds with `Fn::Join` and `Fn::Sub`: text and the values
 * between. Unlike the resolver, it accepts strings of any length and does not resolve the values.
 */
export function stringParts(value: unknown): (string | JsonObject)[] {
  if (!isObject(value)) return [scalarText(value) ?? ''];
  const { 'Fn::Join': joining, 'Fn::Sub': substitution } = value;
  if (Array.isArray(joining) && typeof joining[0] === 'string' && Array.isArray(joining[1])) {
    const [delimiter, items] = joining as [string, unknown[]];
    return items.flatMap((item, i) => [...(i === 0 ? [] : [delimiter]), ...stringParts(item)]);
  }
  const [pattern, variables] = (Array.isArray(substitution) ? substitution : [substitution]) as unknown[];
  return typeof pattern === 'string' ? partsOfPattern(pattern, variables) : [value];
}

function partsOfPattern(pattern: string, variables: unknown): (string | JsonObject)[] {
  const values = isObject(variables) ? variables : {};
  return partsOfSubPattern(pattern).flatMap((piece, i) => {
    if (i % 2 === 0) return [piece];
    return Object.hasOwn(values, piece) ? stringParts(values[piece]) : [{ 'Fn::Sub': `\${${piece}}` }];
  });
}

/** Builds one template value from string parts. */
export function joined(parts: readonly (string | JsonObject)[]): unknown {
  return parts.length === 1 ? parts[0] : { 'Fn::Join': ['', parts] };
}
