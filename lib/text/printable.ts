/** What comes from a template, on one line and without effects of its own. */
export function printable(text: string): string {
  return withoutUnprintable(text, shown).replace(GITHUB_COMMAND, `$1${shown(':')}`);
}

/** What GitHub's runner takes for a command at the beginning of a line, indented or not: `::add-mask::`. */
const GITHUB_COMMAND = /^(\s*):(?=:)/;

function shown(character: string): string {
  if (character === '\n' || character === '\r' || character === '\t') return ' ';
  const code = character.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/**
 * Characters that a terminal or an XML parser acts on instead of showing them, that change how the others are shown
 * ("Trojan Source", CVE-2021-42574), or by which names differ that look the same: controls, line separators, what
 * Unicode calls ignorable, with the marks of direction among it, lone surrogates and non-characters.
 */
const CHARACTER =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\ufffe\uffff]/u;

/**
 * The beginning of what agents of CI servers take for a command, wherever it is in a line: `##[add-mask]`,
 * `##vso[task.setvariable]`.
 */
const AZURE_COMMAND = /#(?=#\w*\[)/u;

/** Emoji, and letters of scripts that are not Latin, beside which some ignorable characters are no deceit. */
const BESIDE = /[^\0-\u024f\p{P}\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/u.source;

/** What joins such characters, and what chooses between text and emoji. */
const IN_PLACE = `(?<=${BESIDE}\\ufe0f?)[\\u200c\\u200d](?=${BESIDE})|(?<=${BESIDE})[\\ufe0e\\ufe0f]`;

const [IN_A_LINE, IN_LINES] = [' -~', ' -~\\n'].map((plain) => {
  // Nearly all that is written is plain: to look at one character first makes a map of thousands of functions quicker.
  const suspect = `(?=[^${plain}]|#)`;
  return new RegExp(`${suspect}(?:(${IN_PLACE})|${CHARACTER.source}|${AZURE_COMMAND.source})`, 'gu');
});

/** Has something else take the place of all in a line that can't be shown as it is. */
function withoutUnprintable(line: string, replacement: (character: string) => string): string {
  return without(IN_A_LINE, line, replacement);
}

/** The same in a text, whose line breaks stay. */
export function linesWithoutUnprintable(text: string, replacement: (character: string) => string): string {
  return without(IN_LINES, text, replacement);
}

function without(unprintable: RegExp, text: string, replacement: (character: string) => string): string {
  return text.replace(unprintable, (found, inPlace?: string) => inPlace ?? replacement(found));
}
