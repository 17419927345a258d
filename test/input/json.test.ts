import { load } from '../../lib/input/load';
import { directoryWith, lines, loaded, TEMPLATE, template } from './temporary';

/** What is said of a file with this text, named `.json` so that nothing but JSON is tried. */
function fault(text: string): string {
  const directory = directoryWith({ 'a.json': text });
  const { templates, errors } = load([`${directory}/a.json`]);
  expect(templates).toEqual([]);
  return lines(errors, directory).join('\n');
}

test('the first fault is told where it stands, whatever the version of Node.js says of it', () => {
  const faults: [string, string][] = [
    [
      '{"Resources": {} "A": 1}',
      '1:18: This is not valid JSON: a comma or } is expected here, and " stands here.',
    ],
    ['{"A": [1 2]}', '1:10: This is not valid JSON: a comma or ] is expected here, and 2 stands here.'],
    [
      '{\n "A": 1,\n}',
      '3:1: This is not valid JSON: a key in double quotes is expected here, and } stands here.',
    ],
    [
      '{A: 1}',
      '1:2: This is not valid JSON: a key in double quotes, or } is expected here, and A stands here.',
    ],
    ['{"A" 1}', '1:6: This is not valid JSON: a colon is expected here, and 1 stands here.'],
    ['{"A": undefined}', '1:7: This is not valid JSON: a value is expected here, and undefined stands here.'],
    ['{"A": 01}', '1:7: This is not valid JSON: a value is expected here, and 01 stands here.'],
    ['[}', '1:2: This is not valid JSON: a value, or ] is expected here, and } stands here.'],
    ['{"A": "b', '1:7: This is not valid JSON: a string starts here and never ends.'],
    ['{"A": "b\n"}', '1:9: This is not valid JSON: a string has a line break or a control character in it.'],
    ['{"A": "\\x"}', '1:8: This is not valid JSON: a string has a backslash that escapes nothing.'],
    ['{"A": 1', '1:8: This is not valid JSON: a comma or } is expected here, and the file ends.'],
    ['{"A": 1} x', '1:10: This is not valid JSON: the end is expected here, and x stands here.'],
    ['{"A": 1 // one\n}', '1:9: This is not valid JSON: a comma or } is expected here, and / stands here.'],
  ];
  expect(faults.map(([text]) => fault(text))).toEqual(faults.map(([, error]) => `a.json:${error}`));
});

test('what is no template is said to be none', () => {
  const none = 'This is not a CloudFormation template: it has no Resources.';
  const texts = ['{}', '[]', '{"Resources": []}', '{"Resources": null}', '"Resources"', '1', 'null'];
  expect(texts.map(fault)).toEqual(texts.map(() => `a.json: ${none}`));
});

test('a template needs Resources, or to say that it is one', () => {
  const version = { AWSTemplateFormatVersion: '2010-09-09' };
  expect([TEMPLATE, version].map((one) => template(JSON.stringify(one)))).toEqual([TEMPLATE, version]);
});

test('keys given twice are told, and the last counts', () => {
  const text =
    '{"Resources": {"A": {"Type": "X"},\n"\\u0041": {"Type": "Y", "Type": "Z"}}, "B": [{"C": 1}, {"C": 2}]}';
  const { templates, errors } = loaded(text);
  expect(lines(errors)).toEqual([
    '-:2:1: The key A is given twice in one object, first on line 1: keep one of the two.',
    '-:2:25: The key Type is given twice in one object, first on line 2: keep one of the two.',
  ]);
  expect(templates[0].template).toMatchObject({ Resources: { A: { Type: 'Z' } } });
});

test('a key that every object has', () => {
  const read = template('{"Resources": {"__proto__": {"Type": "X"}}}') as typeof TEMPLATE;
  expect(Object.keys(read.Resources)).toEqual(['__proto__']);
});

test('a byte order mark is no part of a text', () => {
  const directory = directoryWith({ 'a.json': `\uFEFF${JSON.stringify(TEMPLATE)}` });
  expect(load([`${directory}/a.json`]).templates[0].template).toEqual(TEMPLATE);
});

test('what is nearly JSON is read as the YAML that it is, unless it is called JSON', () => {
  const text = '{"Resources": {}, # none yet\n}';
  expect(template(text)).toEqual({ Resources: {} });
  expect(fault(text)).toMatch(/^a.json:1:19: This is not valid JSON/);
});
