import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { loadBaseline } from '../../../lib/input/baseline/load-baseline';
import { load } from '../../../lib/input/load';
import { directoryWith, lines } from '../temporary';
import {
  baselineOf,
  contents,
  gitIn,
  nesting,
  repository,
  restoreProcess,
  withTopic,
  write,
} from './git-repository';

afterEach(restoreProcess);

describe('a revision', () => {
  const before = { 'template.json': withTopic('Topic') };
  const after = { 'template.json': nesting('gone.json') };
  let directory: string;
  beforeAll(() => {
    directory = repository(before, after);
    const git = gitIn(directory);
    git('tag', 'v1', 'HEAD~1');
    git('branch', 'feature/one', 'HEAD~1');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD~1');
    git('tag', '--annotate', 'v2', '--message=v2', 'HEAD~1');
  });

  test.each(['v1', 'v2', 'feature/one', 'origin/main', 'HEAD~1', 'main@{1}', 'main^'])(
    '%s',
    async (revision) => {
      expect(contents(await baselineOf(`git:${revision}`, directory, 'template.json'))).toEqual([
        ['template.json', `${revision}:template.json`, 'Topic'],
      ]);
    },
  );

  test('as a short commit ID', async () => {
    const sha = gitIn(directory)('rev-parse', '--short', 'HEAD~1').trim();
    expect(contents(await baselineOf(`git:${sha}`, directory, 'template.json'))).toEqual([
      ['template.json', `${sha}:template.json`, 'Topic'],
    ]);
  });

  test('as a whole commit ID, which file names shorten', async () => {
    const sha = gitIn(directory)('rev-parse', 'HEAD~1').trim();
    expect(contents(await baselineOf(`git:${sha}`, directory, 'template.json'))).toEqual([
      ['template.json', `${sha.slice(0, 7)}:template.json`, 'Topic'],
    ]);
  });

  test('ignores uncommitted changes', async () => {
    expect(contents(await baselineOf('git:HEAD', directory, 'template.json'))).toEqual([
      ['template.json', 'HEAD:template.json', 'Topic,Nested'],
    ]);
  });

  test.each(['gone', '--help', '-n', 'main..HEAD', '^main', 'HEAD~9', 'HEAD^{tree}', 'origin/gone', '$(id)'])(
    '%s does not exist',
    async (revision) => {
      const { templates, errors } = await baselineOf(`git:${revision}`, directory, 'template.json');
      expect(templates).toEqual([]);
      expect(lines(errors)).toEqual([
        `git:${revision}: The repository has no revision '${revision}'. Pass another one, or run \`git fetch\`. ` +
          'In a CI job with a shallow clone, set `fetch-depth: 0` for actions/checkout.',
      ]);
    },
  );

  test.each(['git:', 'git::template.json'])('%s lacks a revision', async (spec) => {
    const { errors } = await baselineOf(spec, directory, 'template.json');
    expect(lines(errors)).toEqual([
      `${spec}: The revision is missing. Use \`git:REV\`, such as \`git:main\`.`,
    ]);
  });
});

describe('a path', () => {
  const files = {
    'infra/template.json': withTopic('A'),
    'infra/other.json': withTopic('B'),
    'infra/readme.md': '',
    'snapshots/Orders.template.json': withTopic('A'),
    'elsewhere.json': withTopic('C'),
    '-odd [name]*.json': withTopic('D'),
  };
  let directory: string;
  beforeAll(() => {
    directory = repository(files);
  });

  test('is by default the checked path', async () => {
    expect(contents(await baselineOf('git:main', directory, 'infra'))).toEqual([
      ['infra/other.json', 'main:infra/other.json', 'B'],
      ['infra/template.json', 'main:infra/template.json', 'A'],
    ]);
  });

  test.each(['infra/template.json', './infra/../infra/template.json', 'infra/template.json/'])(
    'may be written as %s',
    async (path) => {
      expect(contents(await baselineOf(`git:main:${path}`, directory, 'infra/template.json'))).toEqual([
        ['infra/template.json', 'main:infra/template.json', 'A'],
      ]);
    },
  );

  test('may be another one', async () => {
    const baseline = await baselineOf('git:main:snapshots', directory, 'infra/template.json');
    expect(contents(baseline)).toEqual([['infra/template.json', 'main:snapshots/Orders.template.json', 'A']]);
  });

  test('may look like an option or a pattern', async () => {
    const name = '-odd [name]*.json';
    expect(contents(await baselineOf('git:main', directory, name))).toEqual([[name, `main:${name}`, 'D']]);
  });

  test('may be absolute', async () => {
    const path = join(directory, 'infra', 'template.json');
    expect(contents(await baselineOf('git:main', directory, path))).toEqual([
      [path, 'main:infra/template.json', 'A'],
    ]);
  });

  test('is relative to the working directory', async () => {
    const infra = join(directory, 'infra');
    expect(contents(await baselineOf('git:main', infra, 'template.json', '../elsewhere.json'))).toEqual([
      ['template.json', 'main:infra/template.json', 'A'],
      ['../elsewhere.json', 'main:elsewhere.json', 'C'],
    ]);
    expect(contents(await baselineOf('git:main', infra, '.'))).toHaveLength(2);
    expect(contents(await baselineOf('git:main:..', infra, '..'))).toHaveLength(5);
  });

  test('may no longer exist', async () => {
    const moved = repository(files, { 'new/template.json': withTopic('A') });
    const baseline = await baselineOf('git:HEAD~1:infra/template.json', moved, 'new/template.json');
    expect(contents(baseline)).toEqual([['new/template.json', 'HEAD~1:infra/template.json', 'A']]);
  });

  test('that is not in the revision is reported', async () => {
    write(directory, { 'cdk.out/Orders.template.json': withTopic('A') });
    for (const spec of ['git:main', 'git:main:cdk.out']) {
      const { templates, errors } = await baselineOf(spec, directory, 'cdk.out');
      expect(templates).toEqual([]);
      expect(lines(errors)).toEqual([
        `${spec}: The revision main does not contain cdk.out. Files that are not committed, such as cdk.out, are in ` +
          'no revision. Pass a committed path, such as git:main:test/snapshots.',
      ]);
    }
  });

  test('that was added after the revision has no baseline', async () => {
    const added = repository({ 'README.md': 'Orders' }, { 'template.json': withTopic('A') });
    const { templates, errors, notes } = await baselineOf('git:HEAD~1', added, 'template.json');
    expect([templates, errors]).toEqual([[], []]);
    expect(notes).toEqual(['git:HEAD~1 contains no baseline for template.json, so all resources are new.']);
    const named = await baselineOf('git:HEAD~1:template.json', added, 'template.json');
    expect(lines(named.errors)).toEqual([
      expect.stringContaining(
        'git:HEAD~1:template.json: The revision HEAD~1 does not contain template.json.',
      ),
    ]);
  });

  test('that is not in the revision has no baseline, among others', async () => {
    write(directory, { 'new.json': withTopic('A') });
    const baseline = await baselineOf('git:main', directory, 'infra/other.json', 'new.json');
    expect(contents(baseline)).toEqual([['infra/other.json', 'main:infra/other.json', 'B']]);
    expect(baseline.notes).toEqual(['git:main contains no baseline for new.json.']);
  });

  test('outside of the repository is reported', async () => {
    const outside = join(directoryWith({ 'template.json': withTopic('A') }), 'template.json');
    const { errors } = await baselineOf('git:main', directory, outside);
    expect(lines(errors)).toEqual([
      `git:main: ${outside} is not in the repository ${directory}. Pass a path in the repository, as git:main:PATH.`,
    ]);
  });

  test('is required for standard input', async () => {
    process.chdir(directory);
    expect(lines((await loadBaseline('git:main', [], ['-'])).errors)).toEqual([
      'git:main: Standard input is not in a repository. Pass the path of the template, such as git:main:template.yaml.',
    ]);
    const [checked] = load(['infra/template.json']).templates;
    const baseline = await loadBaseline(
      'git:main:infra/template.json',
      [{ ...checked, id: '-', file: '-' }],
      ['-'],
    );
    expect(contents(baseline)).toEqual([['-', 'main:infra/template.json', 'A']]);
  });
});

test('reads the local files of a template from the revision', async () => {
  const template = {
    Resources: {
      Api: { Type: 'AWS::Serverless::Api', Properties: { DefinitionUri: '../shared/api.txt' } },
      Missing: { Type: 'AWS::Serverless::Api', Properties: { DefinitionUri: 'gone.json' } },
      Outside: { Type: 'AWS::Serverless::Api', Properties: { DefinitionUri: '../../gone.json' } },
    },
  };
  const files = (name: string) => ({
    'infra/template.json': template,
    'shared/api.txt': `{"info": "${name}"}`,
  });
  const directory = repository(files('before'), files('after'));
  const { templates, errors } = await baselineOf('git:HEAD~1', directory, 'infra/template.json');
  expect(errors).toEqual([]);
  expect(templates[0].template).toMatchObject({
    Resources: {
      Api: { Properties: { DefinitionBody: { info: 'before' } } },
      Missing: template.Resources.Missing,
      Outside: template.Resources.Outside,
    },
  });
});

describe('a nested template', () => {
  test('is found outside of the path', async () => {
    const directory = repository({
      'infra/template.json': nesting('../shared/outer.yaml'),
      'shared/outer.yaml':
        'Resources:\n  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: inner.txt\n',
      'shared/inner.txt': JSON.stringify(withTopic('Topic')),
      'shared/unrelated.json': withTopic('Topic'),
    });
    const { templates, errors } = await baselineOf('git:main', directory, 'infra');
    expect(errors).toEqual([]);
    expect(templates.map(({ id, file, nestedIn }) => [id, file, nestedIn?.id])).toEqual([
      ['infra/template.json', 'main:infra/template.json', undefined],
      ['shared/outer.yaml', 'main:shared/outer.yaml', 'infra/template.json'],
      ['shared/inner.txt', 'main:shared/inner.txt', 'shared/outer.yaml'],
    ]);
  });

  test('that is not in the revision is unknown', async () => {
    const directory = repository({ 'template.json': nesting('../../gone.json') });
    expect(contents(await baselineOf('git:main', directory, 'template.json'))).toHaveLength(1);
  });

  test('that is a file outside of the repository is not read', async () => {
    const other = directoryWith({ 'template.json': withTopic('Other') });
    const directory = repository({ 'template.json': nesting(`file://${other}/template.json`) });
    expect(contents(await baselineOf('git:main', directory, 'template.json'))).toEqual([
      ['template.json', 'main:template.json', 'Topic,Nested'],
    ]);
  });

  test('reports its errors with positions', async () => {
    const directory = repository({
      'in/template.json': nesting('../out/n.json'),
      'out/n.json': '{ "Resources": x }',
    });
    const { errors } = await baselineOf('git:main', directory, 'in/template.json');
    expect(lines(errors)).toEqual([
      expect.stringContaining('main:out/n.json:1:16: This is not valid JSON: '),
    ]);
  });
});

test('does not read files outside of the repository that a committed manifest names', async () => {
  const other = directoryWith({ 'template.json': withTopic('Other') });
  const directory = repository({
    'app/manifest.json': {
      artifacts: {
        Orders: {
          type: 'aws:cloudformation:stack',
          properties: { templateFile: `../../../../../../../..${other}/template.json` },
        },
      },
    },
  });
  const { templates, errors } = await baselineOf('git:main', directory, 'app');
  expect(templates).toEqual([]);
  expect(lines(errors)).toEqual([expect.stringContaining('This file is outside of the working directory')]);
});

test('reads a committed cloud assembly', async () => {
  const manifest = {
    version: '48.0.0',
    artifacts: {
      Orders: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: 'Orders.template.json' },
      },
    },
  };
  const directory = repository({
    'app/cdk.out/manifest.json': manifest,
    'app/cdk.out/Orders.template.json': withTopic('A'),
  });
  for (const path of ['app', 'app/cdk.out', 'app/cdk.out/manifest.json']) {
    expect(contents(await baselineOf('git:main', directory, path))).toEqual([
      ['app/cdk.out/Orders.template.json', 'main:app/cdk.out/Orders.template.json', 'A'],
    ]);
  }
});

test('follows links in the repository, and reports circular links', async () => {
  const directory = repository({ 'in/a.json': withTopic('A'), 'out/b.json': withTopic('B') });
  const link = (target: string, name: string) => symlinkSync(target, join(directory, 'in', name));
  link('../out/b.json', 'b.json');
  link('b.json', 'again.json');
  link('gone.json', 'broken.json');
  link('one.json', 'two.json');
  link('two.json', 'one.json');
  link('/etc/hostname', 'absolute.json');
  link('../../../elsewhere.json', 'outside.json');
  link('../out', 'folder.json');
  gitIn(directory)('add', '--all');
  gitIn(directory)('commit', '--quiet', '--message=links');
  const { templates, errors } = await baselineOf('git:main', directory, 'in/a.json');
  expect({ templates, errors }).toMatchObject({ templates: [{ id: 'in/a.json' }], errors: [] });

  const all = await baselineOf('git:main:in', directory, 'in/a.json');
  expect(all.templates.map(({ file }) => file)).toEqual(['main:in/a.json', 'main:in/again.json']);
  expect(lines(all.errors)).toEqual([
    'main:in/one.json: This symbolic link points to itself. It is part of the baseline.',
    'main:in/two.json: This symbolic link points to itself. It is part of the baseline.',
  ]);
});

test('reports errors with the names that Git uses', async () => {
  const directory = repository({
    'a.yaml': 'AWSTemplateFormatVersion: 2010-09-09\nResources: [\n',
    'b.json': nesting('c.yaml'),
    'c.yaml': '{}',
  });
  const { errors } = await baselineOf('git:main:.', directory, 'b.json');
  expect(lines(errors)).toEqual([
    expect.stringMatching(/^main:a\.yaml:3:1: This is not valid YAML: .* It is part of the baseline\.$/),
    'main:c.yaml: This is not a CloudFormation template: it has no Resources. It is nested by Nested in main:b.json. ' +
      'It is part of the baseline.',
  ]);
});
