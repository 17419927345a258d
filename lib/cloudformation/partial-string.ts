import { addressOf, type Resource } from './template';

/** A `Ref` (no attribute) or `Fn::GetAtt` of a resource. */
export interface Reference {
  readonly kind: 'reference';
  readonly resource: Resource;
  readonly attribute?: string;
}

/** Something that only deployment tells. Two with one ID are the same value. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly id: string;
}

export type Part = string | Reference | Unknown;

/** A string of which some parts may not be known: what a template's strings come to. */
export type PartialString = readonly Part[];

export function unknownString(id: string): PartialString {
  return [{ kind: 'unknown', id }];
}

/** The texts in a row, neighbouring literals merged. */
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

/** The string, where all of it is known. */
export function literal(text: PartialString): string | undefined {
  if (text.length === 0) return '';
  return text.length === 1 && typeof text[0] === 'string' ? text[0] : undefined;
}

/** The only part, where it is a reference. */
export function soleReference(text: PartialString): Reference | undefined {
  const [part] = text;
  return text.length === 1 && typeof part === 'object' && part.kind === 'reference' ? part : undefined;
}

/** The pieces between the delimiters that are seen; what isn't known is taken to hold none. */
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

/** A text with its dynamic references, whose values only deployment brings. */
export function withDynamicReferences(text: PartialString): PartialString {
  if (!text.some(hasDynamicReference)) return text;
  return text.flatMap((part): PartialString => {
    if (typeof part !== 'string') return [part];
    const pieces = part.split(/(\{\{resolve:[^}]*\}\})/);
    return concat(...pieces.map((piece, i) => (i % 2 === 0 ? [piece] : unknownString(piece))));
  });
}

function hasDynamicReference(part: Part): boolean {
  return typeof part === 'string' && part.includes('{{resolve:');
}

/** The same key for texts that are surely the same string. */
export function keyOf(text: PartialString): string {
  return text
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part.kind === 'unknown') return `\${${part.id}}`;
      return `\${${addressOf(part.resource)}.${part.attribute ?? ''}}`;
    })
    .join('');
}

/** Where a value goes in the pattern of an `Fn::Sub`: `${Name}`. What stands as `${!Name}` is the text `${Name}`. */
const VALUE = /\$\{([^!][^}]*)\}/;
const ESCAPED = /\$\{!/g;

/** The same for looking through patterns that may be none: `${}` isn't the beginning of a name. */
const NAMES = /\$\{([^!}][^}]*)\}/g;

/** What a pattern puts together: text, and at every odd place the name of a value. */
export function partsOfSubPattern(pattern: string): string[] {
  return pattern.split(VALUE).map(pieceAt);
}

function pieceAt(piece: string, i: number): string {
  if (i % 2 === 1) return piece.trim();
  return piece.includes('${!') ? piece.replace(ESCAPED, '${') : piece;
}

/** The names of the values in a pattern. */
export function namesInSubPattern(pattern: string): string[] {
  return Array.from(pattern.matchAll(NAMES), ([, name]) => name.trim());
}
