import fs from 'node:fs';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { load } from '../../lib/input/load';
import { directoryWith, ids, lines, TEMPLATE } from './temporary';

afterEach(() => jest.restoreAllMocks());

test('reads the files below a directory, except in the output of tools', () => {
  const directory = directoryWith({
    'b.yaml': 'Resources: {}',
    'a.json': TEMPLATE,
    'c/d/e.yml': 'Resources: {}',
    'c/f.template': TEMPLATE,
    'c/g.YAML': 'Resources: {}',
    'node_modules/h.json': TEMPLATE,
    '.git/i.json': TEMPLATE,
    '.aws-sam/build/template.yaml': 'Resources: {}',
    'c/.serverless/cloudformation-template-update-stack.json': TEMPLATE,
    'venv/pyvenv.cfg': '',
    'venv/lib/j.json': TEMPLATE,
    'k.txt': 'Resources: {}',
  });
  const found = load([directory]);
  expect(found.errors).toEqual([]);
  expect(ids(found, directory).sort()).toEqual(['a.json', 'b.yaml', 'c/d/e.yml', 'c/f.template', 'c/g.YAML']);
  expect(new Set(found.templates.map(({ group }) => group))).toEqual(new Set([directory]));
});

test('reads files and folders in the order of their names', () => {
  const directory = directoryWith({
    'b.yaml': 'Resources: {}',
    'app-2/x.yaml': 'Resources: {}',
    'app-1/y.yaml': 'Resources: {}',
    'app-1/a/z.yaml': 'Resources: {}',
    'a.yaml': 'Resources: {}',
  });
  expect(ids(load([directory]), directory)).toEqual([
    'a.yaml',
    'b.yaml',
    'app-1/y.yaml',
    'app-1/a/z.yaml',
    'app-2/x.yaml',
  ]);
});

test('reads one of the two templates that the Serverless Framework makes for a stack', () => {
  const [create, update] = ['create', 'update'].map(
    (step) => `.serverless/cloudformation-template-${step}-stack.json`,
  );
  const packaged = directoryWith({ [create]: TEMPLATE, [update]: TEMPLATE });
  expect(ids(load([join(packaged, '.serverless')]), packaged)).toEqual([update]);
  expect(ids(load([join(packaged, create)]), packaged)).toEqual([create]);
  const bucketOnly = directoryWith({ [create]: TEMPLATE });
  expect(ids(load([join(bucketOnly, '.serverless')]), bucketOnly)).toEqual([create]);
});

test.each([
  ['.aws-sam', ['.aws-sam/build/template.yaml']],
  ['.aws-sam/build', ['.aws-sam/build/template.yaml']],
  ['venv', ['venv/lib/a.json']],
  ['node_modules/x', ['node_modules/x/b.json']],
])('reads %s if it is named', (path, expected) => {
  const directory = directoryWith({
    '.aws-sam/build/template.yaml': 'Resources: {}',
    '.aws-sam/.cache/old.json': TEMPLATE,
    'venv/pyvenv.cfg': '',
    'venv/lib/a.json': TEMPLATE,
    'node_modules/x/b.json': TEMPLATE,
  });
  expect(ids(load([join(directory, path)]), directory)).toEqual(expected);
});

test('relative paths stay relative', () => {
  const here = relative(process.cwd(), directoryWith({ 'a.json': TEMPLATE, 'b/c.json': TEMPLATE }));
  expect(load([`${here}/./a.json`, `${here}/`]).templates.map(({ id, file }) => [id, file])).toEqual([
    [`${here}/a.json`, `${here}/a.json`],
    [`${here}/b/c.json`, `${here}/b/c.json`],
  ]);
});

test('ignores other files in a directory, and reports them if they are named', () => {
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
    expect.stringMatching(/^list.json:2:2: Resources must be a mapping of logical IDs to resources, /),
    'binary.json: This is not a text file: it contains null bytes.',
  ]);
});

test('reports a file in a directory that is marked as a template', () => {
  const marked = { AWSTemplateFormatVersion: '2010-09-09', Resources: [] };
  const directory = directoryWith({ 'list.json': marked, 'template.json': TEMPLATE });
  expect(lines(load([directory]).errors, directory)).toEqual([
    expect.stringMatching(/^list.json:3:2: Resources must be a mapping of logical IDs to resources, /),
  ]);
});

describe('leaves out', () => {
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

test('reads the other templates if one has errors', () => {
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
  ]);
  expect(lines(found.warnings ?? [], directory)).toEqual([
    expect.stringMatching(/^d.yaml:3:3: Duplicate key 'A'/),
  ]);
});

test('reads a file once, regardless of its names', () => {
  const directory = directoryWith({ 'a.json': TEMPLATE, 'b/c.json': TEMPLATE });
  symlinkSync(join(directory, 'a.json'), join(directory, 'b', 'link.json'));
  const read: number[] = [];
  const paths = [`${directory}/b/../a.json`, directory, `${directory}/b`, `${directory}/a.json`];
  const found = load(paths, { onProgress: (files) => read.push(files) });
  expect(ids(found, directory)).toEqual(['a.json', 'b/c.json']);
  expect(read).toEqual([1, 2]);
});

test('reads a template from standard input', () => {
  const found = load(['-'], { readStdin: () => JSON.stringify(TEMPLATE) });
  expect(found.templates).toEqual([expect.objectContaining({ id: '-', file: '-', template: TEMPLATE })]);
});

test('reports standard input that can not be read', () => {
  const readStdin = () => {
    throw Object.assign(new Error('EAGAIN: try again'), { code: 'EAGAIN' });
  };
  expect(lines(load(['-'], { readStdin }).errors)).toEqual(["-: Can't read this: EAGAIN: try again."]);
});

const EMPTY =
  'This directory contains no CloudFormation template. Looked for cloud assemblies, and for .json, .yaml, .yml, and ' +
  '.template files with Resources.';

test('names what it left out of a directory without a template', () => {
  const directory = directoryWith({
    '.serverless/a.json': TEMPLATE,
    'venv/pyvenv.cfg': '',
    'node_modules/b.json': TEMPLATE,
    '.git/c.json': TEMPLATE,
    'out/d.json': TEMPLATE,
  });
  const exclude = { folder: directory, globs: ['out'] };
  expect(lines(load([directory], { exclude, emptyAdvice: 'Do that.' }).errors, directory)).toEqual([
    expect.stringMatching(/Not read: .*\. Pass one of these paths to read it\. Do that\.$/),
  ]);
  const [error] = lines(load([directory], { exclude }).errors, directory);
  for (const name of ['.serverless', 'venv', 'out']) expect(error).toContain(`/${name}`);
  expect(error).not.toMatch(/node_modules|\.git\b/);
  expect(load([directory], { exclude, allowEmpty: true }).errors).toEqual([]);
});

test('reports paths without a template', () => {
  const directory = directoryWith({
    'empty/readme.txt': '',
    'other/package.json': {},
    'file.json': TEMPLATE,
  });
  const paths = ['gone', 'file.json/x', 'empty', 'other', 'x'.repeat(300)];
  expect(lines(load(paths.map((path) => join(directory, path))).errors, directory)).toEqual([
    'gone: No such file or directory.',
    'file.json/x: No such file or directory.',
    `${'x'.repeat(300)}: No such file or directory. The name is too long.`,
    `empty: ${EMPTY}`,
    `other: ${EMPTY}`,
  ]);
});

test.each([
  ['template.yml', 'template.yaml'],
  ['Template.yaml', 'template.yaml'],
  ['infar', 'infra'],
  ['infar/', 'infra'],
  ['infra/order.json', 'infra/orders.json'],
  ['infar/order.json', 'infra/orders.json'],
  ['infar/orders.json', 'infra/orders.json'],
  ['infar/billing.json', 'infra'],
  ['infra/../infra/orders.jsn', 'infra/orders.json'],
])('suggests a path for %s', (written, similar) => {
  const directory = directoryWith({
    'template.yaml': 'Resources: {}',
    'infra/orders.json': TEMPLATE,
  });
  const [{ message }] = load([`${directory}/${written}`]).errors;
  expect(message).toBe(`No such file or directory. Did you mean ${directory}/${similar}?`);
});

test.each(['gone', 'package.jsn', 'template.yaml/x', 'a/b/c'])('suggests no path for %s', (written) => {
  const directory = directoryWith({ 'template.yaml': 'Resources: {}', 'package.jso': '' });
  expect(load([join(directory, written)]).errors[0].message).toBe('No such file or directory.');
});

test('follows links to files, and reports broken and circular links', () => {
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
    'in/broken.yaml: The target of this symbolic link does not exist. Fix or remove the link.',
    'in/one.json: This symbolic link points to itself.',
    'in/two.json: This symbolic link points to itself.',
  ]);
  expect(ids(load([join(directory, 'in', 'around', 'out')]), directory)).toHaveLength(1);
});

test('reports directories and files without read permission', () => {
  const directory = directoryWith({ 'a.json': TEMPLATE, 'locked/b.json': TEMPLATE, 'secret.json': TEMPLATE });
  const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  const { readdirSync, openSync } = jest.requireActual<typeof fs>('node:fs');
  // Tests may run as root, which can read all files.
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
    'locked: Permission to read this is denied.',
    'secret.json: Permission to read this is denied.',
  ]);
});

test('ignores the extension of a directory', () => {
  const directory = directoryWith({ 'a.json': TEMPLATE });
  mkdirSync(join(directory, 'b.json'));
  expect(load([directory]).errors).toEqual([]);
});
