/** A problem in a glob, for a message. */
export class GlobError extends Error {}

/**
 * Compiles a path glob. It matches whole paths, with the results of picomatch (option `dot: true`):
 *
 * - `*` matches any characters within a name, and `?` one character
 * - `**` as a whole name matches any number of names, also none
 * - `{a,b}` matches one of several texts
 * - `[abc]`, `[a-c]` and `[^abc]` match one character
 * - a backslash before a character makes it plain text
 *
 * @throws GlobError for other syntax of picomatch: `!` at the start, parentheses, ranges such as `{1..3}`, braces or
 * slashes inside of braces, special characters in brackets, and `**` as a part of a name
 */
export function compileGlob(glob: string): (path: string) => boolean {
  const known = COMPILED.get(glob);
  if (known) return known;
  const expression = new RegExp(`^(?:${sourceOf(glob)})$`, 's');
  const matches = (path: string): boolean => path === glob || (path !== '' && expression.test(path));
  COMPILED.set(glob, matches);
  return matches;
}

const COMPILED = new Map<string, (path: string) => boolean>();

/** Returns the problem of a glob with unsupported syntax. */
export function globProblem(glob: string): string | undefined {
  try {
    compileGlob(glob);
    return undefined;
  } catch (error) {
    return (error as GlobError).message;
  }
}

/** Returns the problem of a pattern of stack names, which have letters, digits and hyphens ("Stack", AWS CloudFormation API Reference). */
export function stackPatternProblem(pattern: string): string | undefined {
  const problem = globProblem(pattern);
  if (problem !== undefined) return problem;
  if (pattern === '') return 'It is empty.';
  const [wrong] = pattern.match(/[^-\w*?{},[\]^\\]|_/u) ?? [];
  return (
    wrong && `${JSON.stringify(wrong)} is in no stack name. Stack names have letters, digits and hyphens.`
  );
}

/** Returns true if a path, or a path that it is in, matches a glob or is equal to it. */
export function matchesWithin(glob: string, path: string): boolean {
  if (path === glob || path.startsWith(`${glob}/`)) return true;
  const matches = compileGlob(glob);
  const names = path.split('/');
  return names.some((_, i) => matches(names.slice(0, i + 1).join('/')));
}

/** Returns true if a text has no special characters. */
export function isPlain(glob: string): boolean {
  return !/[*?{}[\]()!\\]/.test(glob);
}

function sourceOf(glob: string): string {
  if (glob.startsWith('!')) fail('"!" at the start');
  // Picomatch requires an extension for these.
  if (glob === '*.*') return String.raw`[^/]*\.[^/]+`;
  if (glob === '**/*.*') return String.raw`(?:.*/)?[^/]*\.[^/]+`;
  const names = splitNames(glob);
  let source = '';
  for (const [i, name] of names.entries()) {
    const isLast = i === names.length - 1;
    if (name === '**') {
      if (names[i - 1] === '**') continue;
      const isEnd = names.slice(i).every((other) => other === '**');
      if (isEnd && source === '') return '.+';
      // Picomatch does not match the parent itself if its pattern ends with `*`.
      if (isEnd)
        return /(?:^|[^\\])\*$/.test(names[i - 1]) ? `${source}.*` : `${source.slice(0, -1)}(?:/.*)?`;
      source += '(?:.*/)?';
    } else {
      const ofName = nameSource(name);
      if (names[i - 1] === '**' && new RegExp(`^(?:${ofName})$`).test(''))
        fail('"**" before a name that can be empty');
      source += ofName + (isLast ? '' : '/');
    }
  }
  return source;
}

/** Splits a glob at its slashes. */
function splitNames(glob: string): string[] {
  return (glob.match(/(?:\\.|[^/\\]|\\$)+|\//gs) ?? []).filter((piece) => piece !== '/');
}

/** Syntax that picomatch interprets as a regular expression, or differently from Bash. */
const UNSUPPORTED: readonly (readonly [text: string, pattern: RegExp])[] = [
  ['"**" as a part of a name', /\*\*/],
  ['"+" after a bracket, a brace or another "+"', /[\]}+]\+/],
  ['"$$"', /\$\$/],
];

const TOKEN = /\\(.)|\*|\?|\[([^\]/]*)\]|\{([^}]*)\}|[\s\S]/gu;

function nameSource(name: string): string {
  const unescaped = name.replace(/\\./gs, '_');
  for (const [text, pattern] of UNSUPPORTED) {
    if (pattern.test(unescaped)) fail(text);
  }
  const hasText = name !== '*';
  return [...name.matchAll(TOKEN)]
    .map(([token, escaped, characters, alternatives]: (string | undefined)[]) => {
      if (escaped !== undefined) return plain(escaped);
      if (token === '*') return hasText ? '[^/]*' : '[^/]+';
      if (token === '?') return '[^/]';
      if (characters !== undefined) return classSource(characters);
      if (alternatives !== undefined) return alternativesSource(alternatives);
      if (/[()[\]{}\\|]/.test(token!)) fail(JSON.stringify(token));
      return plain(token!);
    })
    .join('');
}

function classSource(characters: string): string {
  const [, not, members] = /^(\^?)(.*)$/s.exec(characters)!;
  if (!/^(?:[\w .:@]|\w-\w|-$)+$/.test(members) || members.includes(':')) fail(`[${characters}]`);
  return `(?!/)[${not && '^'}${members.replace(/-$/, '\\-')}]`;
}

function alternativesSource(alternatives: string): string {
  const texts = alternatives.split(',');
  if (texts.length === 1 || /[{[\]()\\/|]|\.\.|\*\*/.test(alternatives)) fail(`{${alternatives}}`);
  return `(?:${texts.map((text) => (text === '' ? '' : alternativeSource(text))).join('|')})`;
}

function alternativeSource(text: string): string {
  return [...text]
    .map((character) => (character === '*' ? '[^/]*' : character === '?' ? '[^/]' : plain(character)))
    .join('');
}

function plain(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

function fail(syntax: string): never {
  throw new GlobError(
    `${syntax} is not supported in a path. Write special characters with a backslash before them to match them.`,
  );
}
