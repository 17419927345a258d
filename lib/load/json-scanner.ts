/**
 * Moves over valid JSON without reading it, for what `JSON.parse` doesn't tell: where things stand, and which keys
 * are given twice. No recursion: JSON may be nested as deep as a file is long.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** A member of an object, or an element of a list by its index. */
export interface Member {
  /** Where the key stands; of an element, where the value stands. */
  readonly key: number;
  readonly value: number;
}

/** What an object or a list has, the last where a key is given twice, as `JSON.parse` has it. */
export function membersAt(text: string, start: number): Map<string, Member> {
  const members = new Map<string, Member>();
  const isList = text[start] === '[';
  if (!isList && text[start] !== '{') return members;
  let at = skipSpace(text, start + 1);
  while (text[at] !== '}' && text[at] !== ']') {
    const key = at;
    if (!isList) at = skipSpace(text, skipSpace(text, endOfString(text, key)) + 1);
    members.set(isList ? String(members.size) : keyAt(text, key), { key, value: at });
    at = skipSpace(text, endOfValue(text, at));
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return members;
}

/** How many keys the text has, in all its objects. */
export function countKeys(text: string): number {
  let keys = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === COLON) keys++;
  }
  return keys;
}

/** Each key that its object has had before. */
export function repeatedKeys(text: string): { key: string; offset: number; first: number }[] {
  const repeated: { key: string; offset: number; first: number }[] = [];
  /** The keys of the objects around, with where each stands; nothing for a list. */
  const around: (Map<string, number> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{') around.push(new Map());
    else if (char === '[') around.push(undefined);
    else if (char === '}' || char === ']') around.pop();
    else if (char === '"') {
      const end = endOfString(text, at);
      const keys = around.at(-1);
      if (keys && text[skipSpace(text, end)] === ':') {
        const key = keyAt(text, at);
        const first = keys.get(key);
        if (first === undefined) keys.set(key, at);
        else repeated.push({ key, offset: at, first });
      }
      at = end - 1;
    }
  }
  return repeated;
}

export function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** The offset after a string that starts here. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
  return text.length;
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at) - 1;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    if (depth < 0 || (depth === 0 && char === ',')) return at;
    if (depth === 0 && (char === '"' || char === '}' || char === ']')) return at + 1;
  }
  return text.length;
}

function keyAt(text: string, start: number): string {
  const end = endOfString(text, start);
  const raw = text.slice(start + 1, end - 1);
  return raw.includes('\\') ? (JSON.parse(text.slice(start, end)) as string) : raw;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
