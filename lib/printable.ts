import { withoutUnprintable } from './unprintable';

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
