/** Makes text of a template safe to print on one line. */
export function printable(text: string): string {
  return withoutCommand(withoutUnprintable(text, escaped));
}

/** Escapes the start of a line that GitHub's runner would interpret. */
function withoutCommand(line: string): string {
  return line.replace(GITHUB_COMMAND, `$1${escaped(':')}`);
}

/** Matches a command of GitHub's runner at the start of a line, indented or not: `::add-mask::`. */
const GITHUB_COMMAND = /^(\s*):(?=:)/;

function escaped(character: string): string {
  if (character === '\n' || character === '\r' || character === '\t') return ' ';
  const code = character.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/**
 * Matches characters that a terminal or an XML parser interprets, that change the display of other characters
 * ("Trojan Source", CVE-2021-42574), or that make different names look the same: controls, line separators,
 * the characters that Unicode calls ignorable (including direction marks), lone surrogates and
 * non-characters.
 */
const CHARACTER =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\ufffe\uffff]/u;

/**
 * Matches the start of a CI agent's command, which can be anywhere in a line: `##[add-mask]`,
 * `##vso[task.setvariable]`.
 */
const AZURE_COMMAND = /#(?=#\w*\[)/u;

/** Emoji and letters of non-Latin scripts. Some ignorable characters are legitimate next to them. */
const BESIDE = /[^\0-\u024f\p{P}\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/u.source;

/** Matches joiners and variation selectors next to such characters. */
const IN_PLACE = `(?<=${BESIDE}\\ufe0f?)[\\u200c\\u200d](?=${BESIDE})|(?<=${BESIDE})[\\ufe0e\\ufe0f]`;

const [IN_A_LINE, IN_LINES] = [' -~', ' -~\\n'].map((plain) => {
  // Most text is plain. Testing the first character speeds up maps of thousands of functions.
  const suspect = `(?=[^${plain}]|#)`;
  return new RegExp(`${suspect}(?:(${IN_PLACE})|${CHARACTER.source}|${AZURE_COMMAND.source})`, 'gu');
});

/** Replaces the unprintable characters of a line. */
function withoutUnprintable(line: string, replacement: (character: string) => string): string {
  return without(IN_A_LINE, line, replacement);
}

/** Replaces the unprintable characters of a text and keeps its line breaks. */
export function linesWithoutUnprintable(text: string, replacement: (character: string) => string): string {
  return without(IN_LINES, text, replacement);
}

function without(unprintable: RegExp, text: string, replacement: (character: string) => string): string {
  return text.replace(unprintable, (found, inPlace?: string) => inPlace ?? replacement(found));
}

/** The default maximum number of names in a message. */
const MAX_NAMES = 5;

/** Lists all of some texts, each once: `a, b, and c`, or `a, b, or c`. */
export function listAll(texts: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  const type = conjunction === 'and' ? 'conjunction' : 'disjunction';
  return new Intl.ListFormat('en', { type }).format(new Set(texts));
}

/** Lists names for a message: `a, b, c`, or the first ones and the number of the others. */
export function listNames(names: readonly string[], max = MAX_NAMES): string {
  const more = names.length - max;
  return [...names.slice(0, max), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** Returns ` Did you mean X?` if one of the names is similar, otherwise an empty string. */
export function didYouMean(written: string, names: readonly string[]): string {
  const nearest = nearestOf(written, names);
  return nearest === undefined ? '' : ` Did you mean ${nearest}?`;
}

/** Returns the most similar of some names, or undefined if none is similar. */
export function nearestOf(written: string, names: readonly string[]): string | undefined {
  const wanted = written.toLowerCase();
  const [nearest] = names
    .map((name) => ({ name, distance: distance(wanted, name.toLowerCase()) }))
    .filter(({ name, distance: edits }) => edits <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return nearest?.name;
}

/** Returns the number of characters to insert, remove, replace, or swap with the next one (Damerau-Levenshtein distance). */
function distance(a: string, b: string): number {
  // Names are short: a much longer text is not similar to any, and comparing it would take long.
  if (Math.abs(a.length - b.length) > b.length) return Number.MAX_SAFE_INTEGER;
  let beforePrevious: readonly number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? beforePrevious[j - 2] + 1 : Infinity;
      row.push(Math.min(replaced, swapped, previous[j] + 1, row[j - 1] + 1));
    }
    [beforePrevious, previous] = [previous, row];
  }
  return previous[b.length];
}

/** Aligns the cells of rows in columns. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (maxima, row) => row.map((cell, i) => Math.max(maxima[i] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  );
}

/** Breaks a printable text into printable lines, between words. A word that is longer than a line is not broken. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + 1 + word.length <= width) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  // A word in the middle of a text can be a command at the start of a line.
  return lines.map(withoutCommand);
}
