import { type Fault, MAX_DEPTH, type ParsedText, TextPositions, TOO_DEEP } from './source-text';

/** Reads JSON. Where things stand in it is found out when it is asked for. */
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
    message: `The key ${key} is given twice in one object, first on line ${positions.at(first).line}: keep one of the two.`,
  }));
}

/** How deep a value is nested, up to what is too deep, and how many keys it has. */
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

/** Finds values in a text by scanning what is on the way, which is kept: many findings are in one template. */
class JsonOffsets {
  private readonly members = new Map<number, Map<string, Member>>();

  constructor(private readonly text: string) {}

  public offsetOf(path: readonly string[]): number {
    let here = skipSpace(this.text, 0);
    let found = here;
    for (const step of path) {
      const member = this.membersAt(here).get(step);
      if (!member) break;
      found = member.key;
      here = member.value;
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
 * Moves over valid JSON without reading it, for what `JSON.parse` doesn't tell: where things stand, and which keys
 * are given twice. No recursion: JSON may be nested as deep as a file is long.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** A member of an object, or an element of a list by its index. */
interface Member {
  /** Where the key stands; of an element, where the value stands. */
  readonly key: number;
  readonly value: number;
}

/** What an object or a list has, the last where a key is given twice, as `JSON.parse` has it. */
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

/** How many keys the text has, in all its objects. */
function countKeys(text: string): number {
  let keys = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === COLON) keys++;
  }
  return keys;
}

/** Each key that its object has had before. */
function repeatedKeys(text: string): { key: string; offset: number; first: number }[] {
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

function skipSpace(text: string, from: number): number {
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

const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.+-])/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** What is expected next, in words. */
const EXPECTED = {
  value: 'a value',
  key: 'a key in double quotes',
  'first key': 'a key in double quotes, or }',
  'first value': 'a value, or ]',
  colon: 'a colon',
  'after value': 'a comma',
};

type Expected = keyof typeof EXPECTED;

/**
 * The first thing that is wrong in a text that isn't valid JSON. `JSON.parse` says where in some versions of Node.js,
 * and for some faults only.
 */
function jsonFault(text: string): Fault {
  const around: ('{' | '[')[] = [];
  let expected = 'value' as Expected;
  let at = skipSpace(text, 0);
  const fault = (offset: number, message: string) => ({
    offset,
    message: `This is not valid JSON: ${message}.`,
  });
  const unexpected = (what: string) =>
    fault(at, `${what} is expected here, and ${at < text.length ? found(text, at) : 'the file ends'}`);

  for (; ; at = skipSpace(text, at)) {
    const char = text[at];
    if (expected === 'after value') {
      const open = around.at(-1);
      if (open === undefined) {
        return at < text.length ? unexpected('the end') : fault(0, 'it is more than can be read');
      }
      if (char === ',') expected = open === '{' ? 'key' : 'value';
      else if (char === (open === '{' ? '}' : ']')) around.pop();
      else return unexpected(`${EXPECTED[expected]} or ${open === '{' ? '}' : ']'}`);
      at++;
    } else if (expected === 'colon') {
      if (char !== ':') return unexpected(EXPECTED[expected]);
      expected = 'value';
      at++;
    } else if (char === (expected === 'first key' ? '}' : expected === 'first value' ? ']' : undefined)) {
      expected = 'after value';
      around.pop();
      at++;
    } else if (char === '"') {
      const end = stringEnd(text, at);
      if (typeof end === 'object') return fault(end.offset, end.message);
      expected = expected === 'key' || expected === 'first key' ? 'colon' : 'after value';
      at = end;
    } else if (expected === 'key' || expected === 'first key') {
      return unexpected(EXPECTED[expected]);
    } else if (char === '{' || char === '[') {
      around.push(char);
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

/** The offset after a string, or what is wrong in it. */
function stringEnd(text: string, start: number): number | Fault {
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '"') return at + 1;
    if (char < ' ') return { offset: at, message: 'a string has a line break or a control character in it' };
    if (char === '\\') {
      ESCAPE.lastIndex = at;
      if (!ESCAPE.test(text)) return { offset: at, message: 'a string has a backslash that escapes nothing' };
      at = ESCAPE.lastIndex - 1;
    }
  }
  return { offset: start, message: 'a string starts here and never ends' };
}

function found(text: string, at: number): string {
  const [word] = /^[\w$-]{1,20}|^./u.exec(text.slice(at, at + 20)) ?? [''];
  return `${word} stands here`;
}
