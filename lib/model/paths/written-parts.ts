import { isObject, type JsonObject, scalarText } from '../json';
import { piecesOfPattern } from '../sub-pattern';

/**
 * What a template puts a string together of, by `Fn::Join` and `Fn::Sub`: text, and the values between. Unlike the
 * resolver, this looks into strings of any length, and leaves the values as they are.
 */
export function writtenParts(value: unknown): (string | JsonObject)[] {
  if (!isObject(value)) return [scalarText(value) ?? ''];
  const { 'Fn::Join': joining, 'Fn::Sub': substitution } = value;
  if (Array.isArray(joining) && typeof joining[0] === 'string' && Array.isArray(joining[1])) {
    const [delimiter, items] = joining as [string, unknown[]];
    return items.flatMap((item, i) => [...(i === 0 ? [] : [delimiter]), ...writtenParts(item)]);
  }
  const [pattern, variables] = (Array.isArray(substitution) ? substitution : [substitution]) as unknown[];
  return typeof pattern === 'string' ? partsOfPattern(pattern, variables) : [value];
}

function partsOfPattern(pattern: string, variables: unknown): (string | JsonObject)[] {
  const given = isObject(variables) ? variables : {};
  return piecesOfPattern(pattern).flatMap((piece, i) => {
    if (i % 2 === 0) return [piece];
    return Object.hasOwn(given, piece) ? writtenParts(given[piece]) : [{ 'Fn::Sub': `\${${piece}}` }];
  });
}

/** The value that such parts make. */
export function joined(parts: readonly (string | JsonObject)[]): unknown {
  return parts.length === 1 ? parts[0] : { 'Fn::Join': ['', parts] };
}
