import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { load } from '../../lib/input/load';
import { directoryWith, lines, TEMPLATE } from './temporary';

const SECRET = 'aws_secret_access_key';
const CREDENTIALS = `[default]\n${SECRET} = wJalrXUtnFEMI\n`;
const BROKEN_JSON = `{ "Resources": [${SECRET} }`;

const OUTSIDE =
  "This file is outside of the working directory, its repository and the given paths, so its errors can't be shown. Pass the path of the file, or of a folder around it.";

const nesting = (url: string, type = 'AWS::CloudFormation::Stack') => ({
  Resources: {
    Nested: {
      Type: type,
      Properties: { [type === 'AWS::Serverless::Application' ? 'Location' : 'TemplateURL']: url },
    },
  },
});

const manifest = (artifact: object) => ({ artifacts: { Stack: artifact } });
const stack = (templateFile: string, others: object = {}) =>
  manifest({ type: 'aws:cloudformation:stack', properties: { templateFile }, ...others });

describe('does not quote a file outside of the given paths', () => {
  test.each<[string, object]>([
    ['as a nested stack', { 'app/t.json': nesting('../credentials') }],
    ['as a nested application', { 'app/t.json': nesting('../credentials', 'AWS::Serverless::Application') }],
    ['as the template of a stack', { 'app/manifest.json': stack('../credentials') }],
    [
      'as the metadata of a stack',
      {
        'app/manifest.json': stack('t.json', { additionalMetadataFile: '../credentials' }),
        'app/t.json': TEMPLATE,
      },
    ],
    [
      'as assets',
      {
        'app/manifest.json': manifest({ type: 'cdk:asset-manifest', properties: { file: '../credentials' } }),
      },
    ],
  ])('%s', (_, files) => {
    for (const content of [
      CREDENTIALS,
      BROKEN_JSON,
      `{\n${CREDENTIALS}`,
      `&a [*${SECRET}]`,
      'AWSTemplateFormatVersion: *x',
    ]) {
      const directory = directoryWith({ ...files, credentials: content });
      const { errors } = load([join(directory, 'app')]);
      expect(lines(errors, directory)).toEqual([expect.stringContaining(`credentials: ${OUTSIDE} It is `)]);
      expect(JSON.stringify(errors)).not.toMatch(/secret|default/);
      expect(errors[0]).not.toHaveProperty('line');
    }
  });

  test('as an assembly of a stage', () => {
    const directory = directoryWith({
      'app/manifest.json': manifest({
        type: 'cdk:cloud-assembly',
        properties: { directoryName: '../other' },
      }),
      'other/manifest.json': BROKEN_JSON,
    });
    expect(lines(load([join(directory, 'app')]).errors, directory)).toEqual([
      `other/manifest.json: ${OUTSIDE} It is part of a cloud assembly. Synthesize the app again.`,
    ]);
  });

  test('through a link', () => {
    const directory = directoryWith({ 'app/other.json': TEMPLATE, credentials: BROKEN_JSON });
    symlinkSync('../credentials', join(directory, 'app', 't.json'));
    expect(lines(load([join(directory, 'app', 't.json')]).errors, directory)).toEqual([
      `app/t.json: ${OUTSIDE}`,
    ]);
  });

  test('by an absolute URL', () => {
    const directory = directoryWith({ credentials: BROKEN_JSON, 'app/t.json': {} });
    const url = pathToFileURL(join(directory, 'credentials')).href;
    const app = directoryWith({ 't.json': nesting(url) });
    expect(lines(load([join(app, 't.json')]).errors, directory)).toEqual([
      `credentials: ${OUTSIDE} It is nested by Nested in ${app}/t.json.`,
    ]);
  });
});

test('reads a template outside of the given paths, without positions', () => {
  const directory = directoryWith({ 'app/t.json': nesting('../shared/n.json'), 'shared/n.json': TEMPLATE });
  const { templates, errors } = load([join(directory, 'app', 't.json')]);
  expect(errors).toEqual([]);
  expect(templates.map(({ template }) => template)).toEqual([nesting('../shared/n.json'), TEMPLATE]);
  expect(templates[1].locate).toBeUndefined();
});

describe('quotes a nested template', () => {
  const files = { 'app/t.json': nesting('../shared/n.json'), 'shared/n.json': '{ "Resources": x }' };
  const quoted = [
    "shared/n.json:1:16: This is not valid JSON: expected a value but found 'x'. It is nested by Nested in ",
  ];

  test('in the repository of a given path', () => {
    const directory = directoryWith(files);
    mkdirSync(join(directory, '.git'));
    const { errors } = load([join(directory, 'app', 't.json')]);
    expect(lines(errors, directory)).toEqual(quoted.map((line) => expect.stringContaining(line) as unknown));
  });

  test('in the working directory', () => {
    const directory = directoryWith(files);
    const here = process.cwd();
    process.chdir(directory);
    try {
      const { errors } = load([join('app', 't.json')]);
      expect(lines(errors)).toEqual(quoted.map((line) => expect.stringContaining(line) as unknown));
    } finally {
      process.chdir(here);
    }
  });

  test('that is also given', () => {
    const directory = directoryWith(files);
    const { errors } = load([join(directory, 'shared', 'n.json'), join(directory, 'app', 't.json')]);
    expect(lines(errors, directory)).toEqual([
      "shared/n.json:1:16: This is not valid JSON: expected a value but found 'x'.",
    ]);
  });
});

describe('refuses a path of another computer', () => {
  test.each([
    ['\\\\host\\share\\n.json', '\\\\host\\share\\n.json'],
    ['//host/share/n.json', '//host/share/n.json'],
    ['/\\host/share/n.json', '/\\host/share/n.json'],
    ['file://host/share/n.json', '//host/share/n.json'],
    ['file:////host/share/n.json', '//host/share/n.json'],
  ])('as a nested stack: %s', (url, path) => {
    const directory = directoryWith({ 't.json': nesting(url) });
    expect(lines(load([join(directory, 't.json')]).errors, directory)).toEqual([
      `t.json:6:5: Nested nests ${path}, a path of another computer, which is not read. Use a local path as TemplateURL.`,
    ]);
  });

  test.each<[string, object]>([
    ['the template of a stack', stack('//host/share/t.json')],
    ['the metadata of a stack', stack('t.json', { additionalMetadataFile: '//host/share/t.json' })],
    [
      'an assembly',
      manifest({ type: 'cdk:cloud-assembly', properties: { directoryName: '//host/share/t.json' } }),
    ],
    ['assets', manifest({ type: 'cdk:asset-manifest', properties: { file: '//host/share/t.json' } })],
  ])('as %s', (_, content) => {
    const directory = directoryWith({ 'manifest.json': content, 't.json': TEMPLATE });
    expect(lines(load([directory]).errors, directory)).toEqual([
      'manifest.json: The manifest names //host/share/t.json, a path of another computer, which is not read. It is part of a cloud assembly. Synthesize the app again.',
    ]);
  });
});
