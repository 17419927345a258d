import { join } from 'node:path';
import { load } from '../../lib/input/load';
import type { Loaded } from '../../lib/input/loaded-template';
import { directoryWith, ids, lines, TEMPLATE } from './temporary';

/** Returns a template that nests others, by their logical IDs. */
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

/** Returns the IDs of templates with the IDs of the templates that they are nested in. */
function links(loaded: Loaded, directory: string): string[] {
  return loaded.templates.map(({ nestedIn }, i) => {
    const [id] = ids({ ...loaded, templates: [loaded.templates[i]] }, directory);
    return nestedIn ? `${id} < ${nestedIn.id.slice(directory.length + 1)}#${nestedIn.logicalId}` : id;
  });
}

test('reads a nested template with its parent', () => {
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

test('reads a nested template once if it is also found in the folder', () => {
  const directory = directoryWith({
    'child.json': TEMPLATE,
    'parent.json': nesting({ Child: 'child.json' }),
  });
  const found = load([directory]);
  expect(links(found, directory)).toEqual(['child.json < parent.json#Child', 'parent.json']);
  expect(found.templates.map(({ group }) => group)).toEqual([directory, directory]);
});

test('reads a file once for each nested stack', () => {
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

test('ignores templates at URLs and missing files', () => {
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

test('reports a nested template that can not be read, with its parent', () => {
  const directory = directoryWith({
    'a.json': nesting({ Broken: 'broken.json', Other: 'package.json' }),
    'broken.json': '{',
    'package.json': {},
  });
  const found = load([join(directory, 'a.json')]);
  expect(lines(found.errors, directory).map((line) => line.replace(`${directory}/`, ''))).toEqual([
    "broken.json:1:2: This is not valid JSON: expected a key in double quotes or '}' but found the end of the file. " +
      'It is nested by Broken in a.json.',
    'package.json: This is not a CloudFormation template: it has no Resources. It is nested by Other in a.json.',
  ]);
  expect(ids(found, directory)).toEqual(['a.json']);
});

test('reports templates that nest each other in a circle', () => {
  const directory = directoryWith({
    'a.yaml':
      'Resources:\n  B:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: b.json\n',
    'b.json': nesting({ A: 'a.yaml', B: 'b.json' }),
  });
  const found = load([directory]);
  expect(links(found, directory)).toEqual(['a.yaml', 'b.json < a.yaml#B']);
  const message = (id: string) =>
    `${id} nests its own template, or a template that contains it. Use another TemplateURL.`;
  expect(lines(found.errors, directory)).toEqual([
    `b.json:6:5: ${message('A')}`,
    `b.json:12:5: ${message('B')}`,
  ]);
});

test('reports too many nested stacks', () => {
  const level = (next: string) => nesting({ A: next, B: next });
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`${i}.json`, level(`${i + 1}.json`)]),
  );
  const directory = directoryWith({ ...files, '40.json': TEMPLATE });
  const found = load([join(directory, '0.json')]);
  expect(found.templates).toHaveLength(1_001);
  expect(new Set(found.templates.map(({ id }) => id)).size).toBe(1_001);
  expect(lines(found.errors)).toEqual([
    expect.stringMatching(
      /There are more than 1000 nested stacks\. The stacks after this one are not checked\.$/,
    ),
  ]);
});
