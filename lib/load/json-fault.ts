import { skipSpace } from './json-scanner';
import type { Fault } from './parsed-text';

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
export function jsonFault(text: string): Fault {
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
