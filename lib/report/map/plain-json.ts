/** JSON in which every character shows as what it is: it has none that an editor or a terminal acts on. */
export function plainJson(data: unknown, indent?: number): string {
  return JSON.stringify(data, undefined, indent).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Those that JSON takes as they are. */
const UNPRINTABLE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;
