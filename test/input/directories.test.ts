import fs from 'node:fs';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { load } from '../../lib/input/load';
import { directoryWith, ids, lines, TEMPLATE } from './temporary';

afterEach(() => jest.restoreAllMocks());

test('a directory is what is below it, but for what nobody deploys from there', () => {
  const directory = directoryWith({
    'b.yaml': 'Resources: {}',
    'a.json': TEMPLATE,
    'c/d/e.yml': 'Resources: {}',
    'c/f.template': TEMPLATE,
    'c/g.YAML': 'Resources: {}',
    'node_modules/h.json': TEMPLATE,
    '.git/i.json': TEMPLATE,
    '.hidden/j.json': TEMPLATE,
    'k.txt': 'Resources: {}',
  });
  const found = load([directory]);
  expect(found.errors).toEqual([]);
  expect(ids(found, directory).sort()).toEqual([
    '.hidden/j.json',
    'a.json',
    'b.yaml',
    'c/d/e.yml',
    'c/f.template',
    'c/g.YAML',
  ]);
  expect(new Set(found.templates.map(({ group }) => group))).toEqual(new Set([directory]));
});

test('relative paths stay relative', () => {
  const here = relative(process.cwd(), directoryWith({ 'a.json': TEMPLATE, 'b/c.json': TEMPLATE }));
  expect(load([`${here}/./a.json`, `${here}/`]).templates.map(({ id, file }) => [id, file])).toEqual([
    [`${here}/a.json`, `${here}/a.json`],
    [`${here}/b/c.json`, `${here}/b/c.json`],
  ]);
});

test('what is no template is left out where it was found, and told where it was named', () => {
  const directory = directoryWith({
    'package.json': { name: 'x' },
    'tsconfig.json': '{ // comments\n}',
    'chart.yaml': '{{ if .Values.x }}\na: b\n{{ end }}',
    'resources.yaml': 'Resources: {{ .Values.x }}\n  x',
    'list.json': { Resources: [] },
    'binary.json': new Uint8Array([0x89, 0x50, 0, 1]),
    'template.json': TEMPLATE,
  });
  const found = load([directory]);
  expect(ids(found, directory)).toEqual(['template.json']);
  expect(found.errors).toEqual([]);

  const named = ['package.json', 'tsconfig.json', 'list.json', 'binary.json'].map((name) =>
    join(directory, name),
  );
  expect(lines(load([directory, ...named]).errors, directory)).toEqual([
    'package.json: This is not a CloudFormation template: it has no Resources.',
    expect.stringMatching(/^tsconfig.json/),
    'list.json: This is not a CloudFormation template: it has no Resources.',
    'binary.json: This is not text: it has zero bytes in it.',
  ]);
});

describe('what is left out', () => {
  const files = {
    'a.json': TEMPLATE,
    'main/b.json': TEMPLATE,
    'main/cdk.out/manifest.json': { artifacts: {} },
    'main/cdk.out/c.json': TEMPLATE,
  };

  test.each<[string, string[]]>([
    ['main', ['a.json']],
    ['main/', ['a.json']],
    ['main/b.json', ['a.json']],
    ['linked', ['a.json']],
    ['gone', ['a.json', 'main/b.json']],
  ])('%s', (except, expected) => {
    const directory = directoryWith(files);
    symlinkSync('main', join(directory, 'linked'));
    const found = load([directory], { except: join(directory, except) });
    expect(found.errors).toEqual([]);
    expect(ids(found, directory)).toEqual(expected);
  });
});

test('one bad template hides no other', () => {
  const directory = directoryWith({
    'a.yaml': 'AWSTemplateFormatVersion: 2010-09-09\nResources: [\n',
    'b.json': '{"Resources": {"A": {"Type": "AWS::SNS::Topic" "B": 1}}}',
    'c.json': TEMPLATE,
    'd.yaml': 'Resources:\n  A: {Type: AWS::SNS::Topic}\n  A: {Type: AWS::SQS::Queue}\n',
  });
  const found = load([directory]);
  expect(ids(found, directory)).toEqual(['c.json', 'd.yaml']);
  expect(lines(found.errors, directory)).toEqual([
    expect.stringMatching(/^a.yaml:3:1: This is not valid YAML: /),
    expect.stringMatching(/^b.json:1:48: This is not valid JSON: /),
    expect.stringMatching(/^d.yaml:3:3: The key A is given twice/),
  ]);
});

test('a file is read once, by whatever names it is given', () => {
  const directory = directoryWith({ 'a.json': TEMPLATE, 'b/c.json': TEMPLATE });
  symlinkSync(join(directory, 'a.json'), join(directory, 'b', 'link.json'));
  const read: number[] = [];
  const paths = [`${directory}/b/../a.json`, directory, `${directory}/b`, `${directory}/a.json`];
  const found = load(paths, { onProgress: (files) => read.push(files) });
  expect(ids(found, directory)).toEqual(['a.json', 'b/c.json']);
  expect(read).toEqual([1, 2]);
});

test('standard input is a template like others', () => {
  const found = load(['-'], { readStdin: () => JSON.stringify(TEMPLATE) });
  expect(found.templates).toEqual([expect.objectContaining({ id: '-', file: '-', template: TEMPLATE })]);
});

test('standard input that can not be read is an error', () => {
  const readStdin = () => {
    throw Object.assign(new Error('EAGAIN: try again'), { code: 'EAGAIN' });
  };
  expect(lines(load(['-'], { readStdin }).errors)).toEqual(["-: This can't be read: EAGAIN: try again."]);
});

test('paths that lead to no template', () => {
  const directory = directoryWith({
    'empty/readme.txt': '',
    'other/package.json': {},
    'file.json': TEMPLATE,
  });
  const paths = ['gone', 'file.json/x', 'empty', 'other', 'x'.repeat(300)];
  expect(lines(load(paths.map((path) => join(directory, path))).errors, directory)).toEqual([
    'gone: There is no file or directory of this name.',
    'file.json/x: There is no file or directory of this name.',
    `${'x'.repeat(300)}: There is no file or directory of this name, which is too long for one.`,
    'empty: There is no CloudFormation template in this directory.',
    'other: There is no CloudFormation template in this directory.',
  ]);
});

test('links: to files, to nowhere, in circles', () => {
  const directory = directoryWith({ 'in/a.json': TEMPLATE, 'out/b.json': TEMPLATE });
  const link = (target: string, name: string) => symlinkSync(target, join(directory, 'in', name));
  link('../out/b.json', 'file.json');
  link('..', 'around');
  link('gone', 'broken.yaml');
  link('gone', 'broken.txt');
  link('two.json', 'one.json');
  link('one.json', 'two.json');
  const found = load([join(directory, 'in')]);
  expect(ids(found, directory)).toEqual(['in/a.json', 'in/file.json']);
  expect(lines(found.errors, directory)).toEqual([
    'in/broken.yaml: This is a symbolic link to what is not there: mend it, or remove it.',
    'in/one.json: This is a symbolic link that leads back to itself.',
    'in/two.json: This is a symbolic link that leads back to itself.',
  ]);
  expect(ids(load([join(directory, 'in', 'around', 'out')]), directory)).toHaveLength(1);
});

test('directories and files that may not be read', () => {
  const directory = directoryWith({ 'a.json': TEMPLATE, 'locked/b.json': TEMPLATE, 'secret.json': TEMPLATE });
  const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  const { readdirSync, openSync } = jest.requireActual<typeof fs>('node:fs');
  // Tests may run as root, who may read everything.
  jest.spyOn(fs, 'readdirSync').mockImplementation(((path: string, options: object) => {
    if (path.endsWith('locked')) throw denied;
    return readdirSync(path, options);
  }) as typeof readdirSync);
  const open = openSync.bind(fs);
  jest.spyOn(fs, 'openSync').mockImplementation((path, ...rest) => {
    if (String(path).endsWith('secret.json')) throw denied;
    return open(path, ...rest);
  });
  const found = load([directory]);
  expect(ids(found, directory)).toEqual(['a.json']);
  expect(lines(found.errors, directory).sort()).toEqual([
    "locked: This can't be read: permission is denied.",
    "secret.json: This can't be read: permission is denied.",
  ]);
});

test('a directory is no template, whatever it is called', () => {
  const directory = directoryWith({ 'a.json': TEMPLATE });
  mkdirSync(join(directory, 'b.json'));
  expect(load([directory]).errors).toEqual([]);
});
