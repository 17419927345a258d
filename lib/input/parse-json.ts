import { type Fault, MAX_DEPTH, type ParsedText, TextPositions, TOO_DEEP } from './loaded-template';

/** Parses JSON. Offsets are determined on demand. */
export function parseJson(text: string): ParsedText {
  const positions = new JsonOffsets(text);
  const offsetOf = (path: readonly string[]) => positions.offsetOf(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { faults: [jsonFault(text)], offsetOf };
  }
  const { depth, keys } = extent(value);
  if (depth > MAX_DEPTH) return { faults: [{ offset: 0, message: TOO_DEEP }], offsetOf };
  return { value, faults: keys === countKeys(text) ? [] : repetitions(text), offsetOf };
}

function repetitions(text: string): Fault[] {
  const positions = new TextPositions(text);
  return repeatedKeys(text).map(({ key, offset, first }) => ({
    offset,
    message: `Duplicate key '${key}', first on line ${positions.at(first).line}. Remove one of the two.`,
    isWarning: true,
  }));
}

/** Returns the depth of a value, up to the limit, and the number of its keys. */
function extent(value: unknown): { depth: number; keys: number } {
  let depth = 0;
  let keys = 0;
  let level: object[] = typeof value === 'object' && value !== null ? [value] : [];
  while (level.length > 0 && depth <= MAX_DEPTH) {
    depth++;
    const next: object[] = [];
    for (const container of level) {
      const children: unknown[] = Array.isArray(container) ? container : Object.values(container);
      if (!Array.isArray(container)) keys += children.length;
      for (const child of children) if (typeof child === 'object' && child !== null) next.push(child);
    }
    level = next;
  }
  return { depth, keys };
}

/** Finds the offsets of values by scanning. Keeps scanned members, since one template can have many findings. */
class JsonOffsets {
  private readonly members = new Map<number, Map<string, Member>>();

  constructor(private readonly text: string) {}

  public offsetOf(path: readonly string[]): number {
    let offset = skipSpace(this.text, 0);
    let found = offset;
    for (const step of path) {
      const member = this.membersAt(offset).get(step);
      if (!member) break;
      found = member.key;
      offset = member.value;
    }
    return found;
  }

  private membersAt(offset: number): Map<string, Member> {
    const members = this.members.get(offset) ?? membersAt(this.text, offset);
    this.members.set(offset, members);
    return members;
  }
}

/**
 * Scans valid JSON for information that `JSON.parse` does not return: offsets and duplicate keys. The scan is not
 * recursive, since JSON can be nested as deep as the file is long.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** A member of an object, or an element of a list by its index. */
interface Member {
  /** The offset of the key; for an element, the offset of the value. */
  readonly key: number;
  readonly value: number;
}

/** Returns the members of an object or a list. The last of duplicate keys counts, as in `JSON.parse`. */
function membersAt(text: string, start: number): Map<string, Member> {
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

/** Returns the number of keys in all objects of a text. */
function countKeys(text: string): number {
  let keys = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === COLON) keys++;
  }
  return keys;
}

/** Returns the keys that occur earlier in the same object. */
function repeatedKeys(text: string): { key: string; offset: number; first: number }[] {
  const repeated: { key: string; offset: number; first: number }[] = [];
  /** The keys of the enclosing objects with their offsets; undefined for a list. */
  const enclosing: (Map<string, number> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{') enclosing.push(new Map());
    else if (char === '[') enclosing.push(undefined);
    else if (char === '}' || char === ']') enclosing.pop();
    else if (char === '"') {
      const end = endOfString(text, at);
      const keys = enclosing.at(-1);
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

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Returns the offset after a string. */
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

const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.+-])/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Descriptions of expected tokens. */
const EXPECTED = {
  value: 'a value',
  key: 'a key in double quotes',
  'first key': "a key in double quotes or '}'",
  'first value': "a value or ']'",
  colon: "':'",
  'after value': "','",
};

type Expected = keyof typeof EXPECTED;

/**
 * Returns the first error in invalid JSON. `JSON.parse` reports positions only in some versions of Node.js and for some
 * errors.
 */
function jsonFault(text: string): Fault {
  const enclosing: ('{' | '[')[] = [];
  let expected = 'value' as Expected;
  let at = skipSpace(text, 0);
  const fault = (offset: number, message: string) => ({
    offset,
    message: `This is not valid JSON: ${message}.`,
  });
  const unexpected = (wanted: string) =>
    fault(at, `expected ${wanted} but found ${at < text.length ? tokenAt(text, at) : 'the end of the file'}`);

  for (; ; at = skipSpace(text, at)) {
    const char = text[at];
    if (expected === 'after value') {
      const open = enclosing.at(-1);
      if (open === undefined) {
        return at < text.length ? unexpected('the end of the file') : fault(0, 'the file is too large');
      }
      if (char === ',') expected = open === '{' ? 'key' : 'value';
      else if (char === (open === '{' ? '}' : ']')) enclosing.pop();
      else return unexpected(`${EXPECTED[expected]} or '${open === '{' ? '}' : ']'}'`);
      at++;
    } else if (expected === 'colon') {
      if (char !== ':') return unexpected(EXPECTED[expected]);
      expected = 'value';
      at++;
    } else if (char === (expected === 'first key' ? '}' : expected === 'first value' ? ']' : undefined)) {
      expected = 'after value';
      enclosing.pop();
      at++;
    } else if (char === '"') {
      const end = stringEnd(text, at);
      if (typeof end === 'object') return fault(end.offset, end.message);
      expected = expected === 'key' || expected === 'first key' ? 'colon' : 'after value';
      at = end;
    } else if (expected === 'key' || expected === 'first key') {
      return unexpected(EXPECTED[expected]);
    } else if (char === '{' || char === '[') {
      enclosing.push(char);
      expected = char === '{' ? 'first key' : 'first value';
      at++;
    } else {
      LITERAL.lastIndex = at;
      if (!LITERAL.test(text)) return unexpected(EXPECTED[expected]);
      expected = 'after value';
      at = LITERAL.lastIndex;
    }
  }
}

/** Returns the offset after a string, or the error in it. */
function stringEnd(text: string, start: number): number | Fault {
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '"') return at + 1;
    if (char < ' ') return { offset: at, message: 'a string contains a line break or a control character' };
    if (char === '\\') {
      ESCAPE.lastIndex = at;
      if (!ESCAPE.test(text)) return { offset: at, message: 'a string contains an invalid escape sequence' };
      at = ESCAPE.lastIndex - 1;
    }
  }
  return { offset: start, message: 'a string is not closed' };
}

function tokenAt(text: string, at: number): string {
  const [token] = /^[\w$-]{1,20}|^./u.exec(text.slice(at, at + 20)) ?? [''];
  return `'${token}'`;
}
