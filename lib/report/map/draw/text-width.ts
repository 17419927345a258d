/** Widths of characters in the widest font of the list, in percent of the font size. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[il.,:;|!'`j]/, 32],
  [/[ frtI()[\]{}/\\-]/, 39],
  [/[mwMW@%]/, 95],
  [/[A-Z_&#+=<>~?]/, 70],
  [/\p{Mark}/u, 0],
  [/[ -\u024f]/, 62],
  [/[\u0370-\u08ff]/, 70],
];
const WIDE = 105;

/** Number of characters that are measured at each end of a longer text. */
const MAX_LENGTH = 200;

/** Returns the approximate width of a text, in pixels. */
export function widthOf(text: string, size: number): number {
  let width = 0;
  for (const character of text)
    width += WIDTHS.find(([characters]) => characters.test(character))?.[1] ?? WIDE;
  return (width * size) / 100;
}

/** Shortens a text to a width by omitting its middle: names differ at the end and are recognized by the beginning. */
export function fitted(text: string, width: number, size: number): string {
  if (text.length <= MAX_LENGTH && widthOf(text, size) <= width) return text;
  const characters = [
    ...text.slice(0, MAX_LENGTH),
    ...text.slice(Math.max(MAX_LENGTH, text.length - MAX_LENGTH)),
  ];
  const room = width - widthOf('…', size);
  let [start, end, used] = [0, characters.length, 0];
  // Keep two characters of the end for each one of the beginning.
  for (let turn = 0; start < end; turn++) {
    const takesStart = turn % 3 === 0;
    used += widthOf(characters[takesStart ? start : end - 1], size);
    if (used > room) break;
    if (takesStart) start++;
    else end--;
  }
  return `${characters.slice(0, start).join('')}…${characters.slice(end).join('')}`;
}

/** Font size for measuring names, which are 13 pixels and bold. */
export const NAME_SIZE = 14.2;

/** Returns initials of a service: `SQS` for Amazon SQS, `EB` for Amazon EventBridge. */
export function initialsOf(title: string): string {
  const words = title.replace(/\([^()]*\)/g, ' ').match(/[A-Za-z0-9]+/g) ?? [];
  const named = words.filter((word) => !MAKERS.has(word));
  const short = named.find((word) => /^[A-Z][A-Z0-9]{1,3}$/.test(word));
  if (short !== undefined) return short;
  const capitals = named.join(' ').replace(/[^A-Z]/g, '');
  return capitals.slice(0, 3) || (named[0] ?? title).slice(0, 2).toUpperCase();
}

const MAKERS = new Set(['AWS', 'Amazon', 'Apache']);
