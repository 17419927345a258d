import { describeWithPython, runPython } from '../python/run-python';
import { loaded } from './temporary';

/** Values of a key in a template, each in its own style. The AWS CLI, SAM and cfn-lint read templates with PyYAML. */
const READ: readonly string[] = [
  // Flow collections may begin with a dash, and continue and end left of their key.
  '!Join [ -, [ a, !Ref B ] ]',
  '[-]',
  '[-, -, a]',
  '{a: -, b: [-]}',
  '{\n"a": b\n}',
  '{\n    "a": b\n  }',
  '[\na,\nb\n]',
  '[\n  a\n]',
  '!If [a,\n!Ref B,\n  c]',
  '"a\nb"',
  "'a\n b\n\n  c'",
  '!Sub "a\n${B}"',
  // Comments and spaces.
  '"b"#c',
  '[b,#c\n  d]',
  'b#c',
  'b # c',
  '{a: b, }',
  '[a, b, ]',
  '[a:b, http://x, "c":d]',
  '{"a":b, "c" : d}',
  '{a, b: c}',
  '[a: b, c]',
  // Block styles.
  '|\n    a\n     b\n\n    c\n',
  '|2-\n      a\n',
  '>+\n    a\n    b\n\n\n    c\n\n',
  '!Sub |\n    a ${B}\n',
  '!Sub\n    |\n      a ${B}\n',
  '&x # c\n    >-\n      a\n',
  '!Sub\n    "a"',
  '!Sub\n    {a: !If\n    [b, c]}',
  '!Sub # c\n    - a',
  '\n  - a\n  - - b\n    - c\n  - d: e\n    f: g',
  '\n- a\n-\n  b: c\n- !Ref D',
  '!If\n    - a\n    - !GetAZs\n      Ref: B\n    - c',
  '!Sub\n    - a\n    - b: c',
  'a\n    b\n\n    c',
  '\n    ? a\n    : b',
  // Quotes and anchors.
  "'it''s'",
  '"\\x41\\u00e9\\/\\n\\\n      b"',
  '"a: [b] # c"',
  '&x {a: &y [b]}\nMore: [*x, *y]',
  '-a',
  '?a',
  ':a',
  '{a: {b: [{c: !Ref D}]}}',
];

const NOT_READ: readonly string[] = [
  '[- a, b]',
  '[a, , b]',
  '[a',
  '{a: b',
  '"a',
  '"\\d"',
  'a: b',
  '- a',
  '*a',
  '%a',
  '@a',
  '`a`',
  '"a" b',
  '\n    a: b\n   c: d',
  '\n\ta: b',
  'a\n---\nb: c',
];

const textWith = (value: string) => `Resources: {}\nValue: ${value}\n`;

/** Returns the template in a text, with text for every scalar; null if it can't be read. */
function readTexts(text: string): unknown {
  const { templates } = loaded(text);
  return templates.length === 0
    ? null
    : JSON.parse(
        JSON.stringify(templates[0].template),
        (_, value: string | number | boolean | object | null) =>
          value === null ? '' : typeof value === 'object' ? value : String(value),
      );
}

describeWithPython('reads YAML as PyYAML does', () => {
  const texts = [...READ, ...NOT_READ].map(textWith);
  const expected = runPython('read_yaml.py', texts) as unknown[];

  test.each(READ.map((value, i) => [value, i] as const))('%j', (value, i) => {
    expect(expected[i]).not.toBeNull();
    expect(readTexts(textWith(value))).toEqual(expected[i]);
  });

  test.each(NOT_READ.map((value, i) => [value, READ.length + i] as const))('%j is not valid', (value, i) => {
    expect(expected[i]).toBeNull();
    expect(readTexts(textWith(value))).toBeNull();
  });
});
