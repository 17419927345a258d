import { linesWithoutUnprintable } from '../unprintable';

/** JSON in which every character shows as what it is: it has none that an editor or a terminal acts on. */
export function plainJson(data: unknown, indent?: number): string {
  // Line breaks between values are all that is left of the controls: those in strings are escaped already.
  return linesWithoutUnprintable(JSON.stringify(data, undefined, indent), escaped);
}

/** JSON escapes the halves of a pair each. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
