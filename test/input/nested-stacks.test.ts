import { join } from 'node:path';
import { load } from '../../lib/input/load';
import type { Loaded } from '../../lib/input/loaded-template';
import { directoryWith, ids, lines, TEMPLATE } from './temporary';

/** A template that nests others, by the logical IDs. */
function nesting(urls: Readonly<Record<string, unknown>>): object {
  return {
    Resources: Object.fromEntries(
      Object.entries(urls).map(([id, url]) => [
        id,
        { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url } },
      ]),
    ),
  };
}

/** Which template is nested in which, by their IDs. */
function links(loaded: Loaded, directory: string): string[] {
  return loaded.templates.map(({ nestedIn }, i) => {
    const [id] = ids({ ...loaded, templates: [loaded.templates[i]] }, directory);
    return nestedIn ? `${id} < ${nestedIn.id.slice(directory.length + 1)}#${nestedIn.logicalId}` : id;
  });
}

test('a nested template is read with its parent', () => {
  const directory = directoryWith({
    'app/parent.json': nesting({ One: './nested/child.json', Two: '../two.yaml' }),
    'app/nested/child.json': nesting({ Deep: 'deep.json' }),
    'app/nested/deep.json': TEMPLATE,
    'two.yaml': 'Resources: {}',
    'sam.yaml': 'Resources: {App: {Type: AWS::Serverless::Application, Properties: {Location: two.yaml}}}',
  });
  const parent = load([join(directory, 'app/parent.json')]);
  expect(parent.errors).toEqual([]);
  expect(links(parent, directory)).toEqual([
    'app/parent.json',
    'app/nested/child.json < app/parent.json#One',
    'two.yaml < app/parent.json#Two',
    'app/nested/deep.json < app/nested/child.json#Deep',
  ]);
  expect(links(load([join(directory, 'sam.yaml')]), directory)).toEqual([
    'sam.yaml',
    'two.yaml < sam.yaml#App',
  ]);
});

test('a nested template that is found by itself is not read twice', () => {
  const directory = directoryWith({
    'child.json': TEMPLATE,
    'parent.json': nesting({ Child: 'child.json' }),
  });
  const found = load([directory]);
  expect(links(found, directory)).toEqual(['child.json < parent.json#Child', 'parent.json']);
  expect(found.templates.map(({ group }) => group)).toEqual([directory, directory]);
});

test('a file that several nested stacks are made from is a template for each', () => {
  const directory = directoryWith({
    'a.json': nesting({ One: 'child.json', Two: 'child.json' }),
    'b.json': nesting({ One: 'child.json' }),
    'child.json': nesting({ Deep: 'deep.json' }),
    'deep.json': TEMPLATE,
  });
  const found = load([directory]);
  expect(links(found, directory)).toEqual([
    'a.json',
    'b.json',
    'child.json < a.json#One',
    'deep.json < child.json#Deep',
    'a.json#Two < a.json#Two',
    'b.json#One < b.json#One',
    'a.json#Two#Deep < a.json#Two#Deep',
    'b.json#One#Deep < b.json#One#Deep',
  ]);
  expect(new Set(found.templates.map(({ file }) => file.slice(directory.length + 1)))).toEqual(
    new Set(['a.json', 'b.json', 'child.json', 'deep.json']),
  );
});

test('what is elsewhere, or not there yet, is left alone', () => {
  const directory = directoryWith({
    'a.json': nesting({
      A: 'https://bucket.s3.amazonaws.com/a.json',
      B: 's3://bucket/a.json',
      C: { 'Fn::Sub': 'a.json' },
      D: 'gone.json',
      E: '',
      F: null,
      G: '.',
      H: 'file:///gone.json',
      I: 'a\0b',
      J: 'file://%',
    }),
    'b.json': {
      Resources: {
        A: { Type: 'AWS::Serverless::Application', Properties: { Location: { ApplicationId: 'x' } } },
        B: { Type: 'toString' },
        C: 1,
      },
    },
  });
  const found = load([directory]);
  expect(found.errors).toEqual([]);
  expect(ids(found, directory)).toEqual(['a.json', 'b.json']);
});

test('a nested template that can not be read is told, with who nests it', () => {
  const directory = directoryWith({
    'a.json': nesting({ Broken: 'broken.json', Other: 'package.json' }),
    'broken.json': '{',
    'package.json': {},
  });
  const found = load([join(directory, 'a.json')]);
  expect(lines(found.errors, directory).map((line) => line.replace(`${directory}/`, ''))).toEqual([
    'broken.json:1:2: This is not valid JSON: a key in double quotes, or } is expected here, and the file ends. ' +
      'Broken in a.json nests it.',
    'package.json: This is not a CloudFormation template: it has no Resources. Other in a.json nests it.',
  ]);
  expect(ids(found, directory)).toEqual(['a.json']);
});

test('templates that nest each other in a circle', () => {
  const directory = directoryWith({
    'a.yaml':
      'Resources:\n  B:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: b.json\n',
    'b.json': nesting({ A: 'a.yaml', B: 'b.json' }),
  });
  const found = load([directory]);
  expect(links(found, directory)).toEqual(['a.yaml', 'b.json < a.yaml#B']);
  const message = (id: string) =>
    `${id} nests the template that it is in, or one around it: name another TemplateURL.`;
  expect(lines(found.errors, directory)).toEqual([
    `b.json:6:5: ${message('A')}`,
    `b.json:12:5: ${message('B')}`,
  ]);
});

test('templates that nest each other so often that there is no end to it', () => {
  const level = (next: string) => nesting({ A: next, B: next });
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`${i}.json`, level(`${i + 1}.json`)]),
  );
  const directory = directoryWith({ ...files, '40.json': TEMPLATE });
  const found = load([join(directory, '0.json')]);
  expect(found.templates).toHaveLength(1_001);
  expect(new Set(found.templates.map(({ id }) => id)).size).toBe(1_001);
  expect(lines(found.errors)).toEqual([
    expect.stringMatching(/There are more than 1000 nested stacks up to here: the others are not judged.$/),
  ]);
});
