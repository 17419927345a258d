import fc from 'fast-check';

/** A name of pieces that mean something to one format or another, among any others. */
export const NAME = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\r',
        '\u001b[31m',
        '|',
        '`',
        '<',
        '>',
        '&',
        ']]>',
        '::',
        '%',
        '"',
        '\\',
        '](',
        '@',
      ),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((pieces) => pieces.join(''));
