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

/** Breaks a name into at most two lines, at the end of a word. A part that does not fit is shortened. */
export function nameLines(name: string, width: number, size = NAME_SIZE): string[] {
  if (name.length <= MAX_LENGTH && widthOf(name, size) <= width) return [name];
  const ends = [...name.slice(0, MAX_LENGTH).matchAll(/[/ _.:-]|[a-z0-9](?=[A-Z])/g)].map(
    ({ index }) => index + 1,
  );
  const end = ends.reverse().find((at) => widthOf(name.slice(0, at), size) <= width);
  if (end === undefined) return [fitted(name, width, size)];
  return [name.slice(0, end).trim(), fitted(name.slice(end), width, size)];
}
