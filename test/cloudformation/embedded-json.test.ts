import { parseEmbeddedJson } from '../../lib/cloudformation/partial-string';

const [A, B] = [{ name: 'A' }, { name: 'B' }];

/** Returns the strings of the parsed JSON, built from their parts. */
function read(...parts: (string | object)[]): unknown {
  const marked = parseEmbeddedJson(parts);
  if (!marked) return undefined;
  const parted = (value: unknown): unknown => {
    if (typeof value === 'string') return marked.partsOf(value);
    if (Array.isArray(value)) return value.map(parted);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, parted(child)]));
  };
  return parted(marked.json);
}

test.each<[what: string, parts: (string | object)[], json: unknown]>([
  ['text alone', ['{ "a": "x", "b": 1 }'], { a: ['x'], b: 1 }],
  ['a value in a string', ['{ "a": "x-', A, '-y" }'], { a: ['x-', A, '-y'] }],
  ['a value that is a string', ['{ "a": "', A, '" }'], { a: [A] }],
  ['a value in the place of a number', ['{ "a": ', A, ' }'], { a: [A] }],
  ['several values', ['{ "a": "', A, B, '", "b": [', B, '] }'], { a: [A, B], b: [[B]] }],
  ['a value after an escaped quote', ['{ "a": "\\"', A, '\\"" }'], { a: ['"', A, '"'] }],
  ['a value after another escape', ['{ "a": "\\n', A, '" }'], { a: ['\n', A] }],
  ['a value after an escaped backslash', ['{ "a": "\\\\", "b": ', A, ' }'], { a: ['\\'], b: [A] }],
  ['a string without text', ['{ "a": "" }'], { a: [] }],
  ['a value alone', [A], [A]],
  [
    'more than ten values',
    ['["', ...Array.from({ length: 10 }, () => A), '", "', B, '"]'],
    [Array.from({ length: 10 }, () => A), [B]],
  ],
])('%s', (_, parts, json) => {
  expect(read(...parts)).toEqual(json);
});

test.each<[what: string, parts: (string | object)[]]>([
  ['no JSON', ['{ "a": ']],
  ['nothing', []],
  ['values in a row', [A, B]],
])('does not parse %s', (_, parts) => {
  expect(parseEmbeddedJson(parts)).toBeUndefined();
});

test('treats text that looks like a mark as text', () => {
  expect(read('["\uE0007\uE001", "', A, '"]')).toEqual([['\uE0007\uE001'], [A]]);
});
