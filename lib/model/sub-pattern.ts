/** Where a value goes in the pattern of an `Fn::Sub`: `${Name}`. What stands as `${!Name}` is the text `${Name}`. */
const VALUE = /\$\{([^!][^}]*)\}/;
const ESCAPED = /\$\{!/g;

/** The same for looking through patterns that may be none: `${}` isn't the beginning of a name. */
const NAMES = /\$\{([^!}][^}]*)\}/g;

/** What a pattern puts together: text, and at every odd place the name of a value. */
export function piecesOfPattern(pattern: string): string[] {
  return pattern.split(VALUE).map(pieceAt);
}

function pieceAt(piece: string, i: number): string {
  if (i % 2 === 1) return piece.trim();
  return piece.includes('${!') ? piece.replace(ESCAPED, '${') : piece;
}

/** The names of the values in a pattern. */
export function namesInPattern(pattern: string): string[] {
  return Array.from(pattern.matchAll(NAMES), ([, name]) => name.trim());
}
