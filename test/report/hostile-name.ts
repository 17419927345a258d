import fc from 'fast-check';

/** Texts with a meaning for a format, a terminal, a shell or a CI system. */
const PIECES = [
  '\n',
  '\r',
  '\u001b[31m',
  '\b',
  '|',
  '`',
  '<',
  '>',
  '&',
  "'",
  ']]>',
  '::',
  '%',
  '"',
  '\\',
  '](',
  '@',
  ' ',
  '::set-output name=x::',
  '##[add-mask]',
  '##vso[task.setvariable]',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u200d',
  '\u2028',
  '\u{e0041}',
  '$(id)',
  '--',
];

/** Any character, as in fast-check's `binary`, which builds a table of all characters each time it is loaded. */
const CHARACTER = fc
  .integer({ min: 0, max: 0x10ffff })
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map(
    (code) => String.fromCodePoint(code),
    (character) => (character as string).codePointAt(0)!,
  );

/** Generates names from these and any other texts. */
export const NAME = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: CHARACTER })))
  .map((pieces) => pieces.join(''));

/**
 * Returns the harmful parts of output: control characters, characters that are invisible or change the look of others,
 * and commands of GitHub Actions and Azure Pipelines.
 */
export function harmIn(written: string): string[] {
  return written.match(HARM) ?? [];
}

const HARM = new RegExp(
  [
    /(?!\n)\p{Cc}/u,
    /[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u,
    /[\u{e0000}-\u{e007f}]/u,
    /\p{Surrogate}/u,
    /(?<=[\0-\u024f])(?:\u200c|\u200d|\ufe0e|\ufe0f)/u,
    /^\s*::/u,
    /##\w*\[/u,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gmu',
);
