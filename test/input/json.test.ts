import { load } from '../../lib/input/load';
import { directoryWith, lines, TEMPLATE, template, withWarnings } from './temporary';

/** Returns the error of a text in a `.json` file, which is parsed only as JSON. */
function fault(text: string): string {
  const directory = directoryWith({ 'a.json': text });
  const { templates, errors } = load([`${directory}/a.json`]);
  expect(templates).toEqual([]);
  return lines(errors, directory).join('\n');
}

test('reports the position of the first error in all versions of Node.js', () => {
  const faults: [string, string][] = [
    ['{"Resources": {} "A": 1}', "1:18: This is not valid JSON: expected ',' or '}' but found '\"'."],
    ['{"A": [1 2]}', "1:10: This is not valid JSON: expected ',' or ']' but found '2'."],
    ['{\n "A": 1,\n}', "3:1: This is not valid JSON: expected a key in double quotes but found '}'."],
    ['{A: 1}', "1:2: This is not valid JSON: expected a key in double quotes or '}' but found 'A'."],
    ['{"A" 1}', "1:6: This is not valid JSON: expected ':' but found '1'."],
    ['{"A": undefined}', "1:7: This is not valid JSON: expected a value but found 'undefined'."],
    ['{"A": 01}', "1:7: This is not valid JSON: expected a value but found '01'."],
    ['[}', "1:2: This is not valid JSON: expected a value or ']' but found '}'."],
    ['{"A": "b', '1:7: This is not valid JSON: a string is not closed.'],
    ['{"A": "b\n"}', '1:9: This is not valid JSON: a string contains a line break or a control character.'],
    ['{"A": "\\x"}', '1:8: This is not valid JSON: a string contains an invalid escape sequence.'],
    ['{"A": 1', "1:8: This is not valid JSON: expected ',' or '}' but found the end of the file."],
    ['{"A": 1} x', "1:10: This is not valid JSON: expected the end of the file but found 'x'."],
    ['{"A": 1 // one\n}', "1:9: This is not valid JSON: expected ',' or '}' but found '/'."],
  ];
  expect(faults.map(([text]) => fault(text))).toEqual(faults.map(([, error]) => `a.json:${error}`));
});

test('reports JSON that is not a template', () => {
  const none = 'This is not a CloudFormation template: it has no Resources.';
  const texts = ['{}', '[]', '"Resources"', '1'];
  expect(texts.map(fault)).toEqual(texts.map(() => `a.json: ${none}`));
  for (const text of ['{"Resources": []}', '{"Resources": null}', '{"Resources": "a"}']) {
    expect(fault(text)).toMatch(/^a\.json:1:2: Resources must be a mapping of logical IDs to resources, /);
  }
  const empty = 'This file is empty. Write a CloudFormation template to it.';
  expect(['', 'null'].map(fault)).toEqual([`a.json: ${empty}`, `a.json: ${empty}`]);
});

test('accepts a template with Resources or a format version', () => {
  const version = { AWSTemplateFormatVersion: '2010-09-09' };
  expect([TEMPLATE, version].map((one) => template(JSON.stringify(one)))).toEqual([TEMPLATE, version]);
});

test('reports duplicate keys, and uses the last one', () => {
  const text =
    '{"Resources": {"A": {"Type": "X"},\n"\\u0041": {"Type": "Y", "Type": "Z"}}, "B": [{"C": 1}, {"C": 2}]}';
  const read = withWarnings(text);
  expect(read.warnings).toEqual([
    "-:2:1: Duplicate key 'A', first on line 1. Remove one of the two.",
    "-:2:25: Duplicate key 'Type', first on line 2. Remove one of the two.",
  ]);
  expect(read.template).toMatchObject({ Resources: { A: { Type: 'Z' } } });
});

test('reads a key that all objects inherit', () => {
  const read = template('{"Resources": {"__proto__": {"Type": "X"}}}') as typeof TEMPLATE;
  expect(Object.keys(read.Resources)).toEqual(['__proto__']);
});

test('ignores a byte order mark', () => {
  const directory = directoryWith({ 'a.json': `\uFEFF${JSON.stringify(TEMPLATE)}` });
  expect(load([`${directory}/a.json`]).templates[0].template).toEqual(TEMPLATE);
});

test('reads invalid JSON as YAML, except in a .json file', () => {
  const text = '{"Resources": {}, # none yet\n}';
  expect(template(text)).toEqual({ Resources: {} });
  expect(fault(text)).toMatch(/^a.json:1:19: This is not valid JSON/);
});
