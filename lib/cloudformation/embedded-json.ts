import { isObject, type JsonObject, scalarText } from './json';
import { partsOfSubPattern } from './partial-string';

/** JSON that a template writes as a string, with values in it that aren't text. */
export interface EmbeddedJson<T extends object> {
  readonly json: unknown;
  /** What a string of the JSON is made of. */
  partsOf(text: string): (string | T)[];
}

/** In the place of a value; characters of private use, which no template has. */
const mark = (index: number) => `\uE000${index}\uE001`;
const MARK = /\uE000(\d+)\uE001/;

/** Reads JSON of which some parts are values; nothing where it is no JSON. */
export function parseEmbeddedJson<T extends object>(
  parts: readonly (string | T)[],
): EmbeddedJson<T> | undefined {
  const values: T[] = [];
  let isInString = false;
  const written = parts.map((part) => {
    if (typeof part === 'string') {
      isInString = endsInString(part, isInString);
      return part;
    }
    const marked = mark(values.push(part) - 1);
    // Outside of a string, a value stands for a number, a list and the like.
    return isInString ? marked : `"${marked}"`;
  });
  try {
    return {
      json: JSON.parse(written.join('')),
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
 * What a template puts a string together of, by `Fn::Join` and `Fn::Sub`: text, and the values between. Unlike the
 * resolver, this looks into strings of any length, and leaves the values as they are.
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
  const given = isObject(variables) ? variables : {};
  return partsOfSubPattern(pattern).flatMap((piece, i) => {
    if (i % 2 === 0) return [piece];
    return Object.hasOwn(given, piece) ? stringParts(given[piece]) : [{ 'Fn::Sub': `\${${piece}}` }];
  });
}

/** The value that such parts make. */
export function joined(parts: readonly (string | JsonObject)[]): unknown {
  return parts.length === 1 ? parts[0] : { 'Fn::Join': ['', parts] };
}
