import fc from 'fast-check';

/** Pieces that mean something to one format or another, to a terminal, to a shell, or to what runs a CI job. */
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

/** Any character, as in fast-check's `binary`, which makes a table of them all each time that it is loaded. */
const CHARACTER = fc
  .integer({ min: 0, max: 0x10ffff })
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map(
    (code) => String.fromCodePoint(code),
    (character) => (character as string).codePointAt(0)!,
  );

/** A name of such pieces, among any others. */
export const NAME = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: CHARACTER })))
  .map((pieces) => pieces.join(''));

/**
 * What is not harmless in what is written, whatever it is written to: what a terminal acts on, what changes how the
 * rest looks, what nobody sees beside Latin letters, and what GitHub and Azure Pipelines take for commands in the log of a job.
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
