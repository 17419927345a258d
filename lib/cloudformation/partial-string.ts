import { isObject, type JsonObject, scalarText } from './json';
import { addressOf, type Resource, type Template } from './template';

/** A `Ref` (no attribute) or `Fn::GetAtt` of a resource. */
export interface Reference {
  readonly kind: 'reference';
  readonly resource: Resource;
  readonly attribute?: string;
}

/** A value known only at deployment. Two with the same ID have the same value. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly id: string;
}

export type Part = string | Reference | Unknown;

/** A string of literal text, references and unknown parts: the resolved form of a template's strings. */
export type PartialString = readonly Part[];

/** Expands a reference to a resource into a longer string of a known form, such as an ARN. */
export type Expand = (text: PartialString) => PartialString;

export function unknownString(id: string): PartialString {
  return [{ kind: 'unknown', id }];
}

/** Stands for a value that exists but can't be resolved. */
export const OPAQUE: JsonObject = Object.freeze({ 'Fn::Opaque': true });

/** The key of the string in the value of a resolved string. Parsed templates have no symbols. */
const RESOLVED = Symbol('resolved');

/** Returns a template's value for a resolved string, which can have parts that no template can write. */
export function asValue(text: PartialString): unknown {
  return literal(text) ?? { ...OPAQUE, [RESOLVED]: text };
}

/** Returns the string that a value of `asValue` stands for. */
export function resolvedText(value: unknown): PartialString | undefined {
  return isObject(value) ? (value as { readonly [RESOLVED]?: PartialString })[RESOLVED] : undefined;
}

/** Concatenates strings and merges adjacent literals. */
export function concat(...texts: readonly PartialString[]): PartialString {
  const parts: Part[] = [];
  for (const text of texts) {
    for (const part of text) {
      const last = parts.length - 1;
      if (typeof part === 'string' && typeof parts[last] === 'string') parts[last] += part;
      else if (part !== '') parts.push(part);
    }
  }
  return parts;
}

/** The maximum length of a resolved string. Names, ARNs and policies are shorter. */
const MAX_LENGTH = 20_000;

/** Concatenates strings of a template; unknown if the result exceeds the maximum length. */
export function concatWithinLimit(texts: readonly PartialString[], template: Template): PartialString {
  const text = concat(...texts);
  const length = text.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0);
  return length > MAX_LENGTH ? unknownString(`${template.id}#too long`) : withDynamicReferences(text);
}

/** Returns the string if all of it is literal. */
export function literal(text: PartialString): string | undefined {
  if (text.length === 0) return '';
  return text.length === 1 && typeof text[0] === 'string' ? text[0] : undefined;
}

/** Returns the reference if it is the whole string. */
export function soleReference(text: PartialString): Reference | undefined {
  const [part] = text;
  return text.length === 1 && typeof part === 'object' && part.kind === 'reference' ? part : undefined;
}

/**
 * Splits a string at the delimiters in its literal parts. References and unknown parts are assumed to contain
 * none.
 */
export function split(text: PartialString, delimiter: string): PartialString[] {
  let piece: Part[] = [];
  const pieces = [piece];
  for (const part of text) {
    if (typeof part !== 'string') {
      piece.push(part);
      continue;
    }
    const strings = part.split(delimiter);
    for (let i = 0; i < strings.length; i++) {
      if (i > 0) pieces.push((piece = []));
      if (strings[i]) piece.push(strings[i]);
    }
  }
  return pieces;
}

/** The start of a dynamic reference. */
const RESOLVE = '{{resolve:';

/** Replaces dynamic references by unknown parts, as they are resolved at deployment. */
export function withDynamicReferences(text: PartialString): PartialString {
  if (!text.some(hasDynamicReference)) return text;
  return text.flatMap((part): PartialString => {
    if (typeof part !== 'string') return [part];
    return splitAtNames(part, RESOLVE, '}}').flatMap((piece, i) =>
      i % 2 === 1 ? unknownString(`${RESOLVE}${piece}}}`) : piece === '' ? [] : [piece],
    );
  });
}

function hasDynamicReference(part: Part): boolean {
  return typeof part === 'string' && part.includes(RESOLVE);
}

/** Returns a key that is equal for strings that are surely equal. */
export function keyOf(text: PartialString): string {
  return text
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part.kind === 'unknown') return `\${${part.id}}`;
      return `\${${addressOf(part.resource)}.${part.attribute ?? ''}}`;
    })
    .join('');
}

/** True unless the literal texts of two strings show that they differ. */
export function mayBeEqual(a: PartialString, b: PartialString): boolean {
  const [one, other] = withoutCommonText(a, b);
  const differs = (i: number) => typeof one.at(i) === 'string' && typeof other.at(i) === 'string';
  if (differs(0) || differs(-1)) return false;
  // Nothing is left of one string only if the rest of the other can be empty.
  const canBeEmpty = (text: PartialString) => text.every((part) => typeof part !== 'string');
  return (one.length > 0 || canBeEmpty(other)) && (other.length > 0 || canBeEmpty(one));
}

/** Removes the parts with which both strings start and end. */
function withoutCommonParts(a: PartialString, b: PartialString): [PartialString, PartialString] {
  const isSame = (i: number, j: number) =>
    a[i] !== undefined && b[j] !== undefined && keyOf([a[i]]) === keyOf([b[j]]);
  let start = 0;
  while (isSame(start, start)) start++;
  let end = 0;
  const shorter = Math.min(a.length, b.length) - start;
  while (end < shorter && isSame(a.length - 1 - end, b.length - 1 - end)) end++;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

/** Removes the text with which both strings start and end, also if it is only a part of a literal. */
export function withoutCommonText(a: PartialString, b: PartialString): [PartialString, PartialString] {
  const [first, second] = withoutCommonParts(a, b);
  const start = commonLength(literalPart(first.at(0)), literalPart(second.at(0)));
  const [one, other] = [first, second].map((text) => withoutStart(text, start));
  const end = commonLength(reversed(literalPart(one.at(-1))), reversed(literalPart(other.at(-1))));
  return [withoutEnd(one, end), withoutEnd(other, end)];
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}

function withoutStart([first, ...rest]: PartialString, length: number): PartialString {
  const text = literalPart(first).slice(length);
  return length === 0
    ? [...(first === undefined ? [] : [first]), ...rest]
    : [...(text ? [text] : []), ...rest];
}

function withoutEnd(text: PartialString, length: number): PartialString {
  if (length === 0) return text;
  const last = literalPart(text.at(-1)).slice(0, -length);
  return [...text.slice(0, -1), ...(last ? [last] : [])];
}

function literalPart(part: Part | undefined): string {
  return typeof part === 'string' ? part : '';
}

/**
 * Splits an `Fn::Sub` pattern: text at even indexes, the names of values at odd ones. The pattern writes the text `${Name}`
 * as `${!Name}`.
 */
export function partsOfSubPattern(pattern: string): string[] {
  return splitAtNames(pattern, '${', '}', '!').map((piece, i) =>
    i % 2 === 1 ? piece.trim() : piece.replaceAll('${!', '${'),
  );
}

/** Returns the names of the values in a pattern. */
export function namesInSubPattern(pattern: string): string[] {
  return partsOfSubPattern(pattern).filter((_, i) => i % 2 === 1);
}

/**
 * Splits a text at the names between an opening and an end: text at even indexes, names at odd ones. A name is not empty
 * and does not contain the first character of the end. Reads each character once, unlike a regular expression, which reads
 * on from each opening that has no end.
 *
 * @param escape a text after the opening, which makes it plain text
 */
export function splitAtNames(text: string, opening: string, end: string, escape?: string): string[] {
  const pieces: string[] = [];
  let done = 0;
  let at = text.indexOf(opening);
  while (at !== -1) {
    const start = at + opening.length;
    if (escape !== undefined && text.startsWith(escape, start)) {
      at = text.indexOf(opening, start);
      continue;
    }
    const stop = text.indexOf(end[0], start);
    if (stop === -1) break;
    if (stop > start && text.startsWith(end, stop)) {
      pieces.push(text.slice(done, at), text.slice(start, stop));
      done = stop + end.length;
    }
    at = text.indexOf(opening, Math.max(done, stop));
  }
  return [...pieces, text.slice(done)];
}

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
