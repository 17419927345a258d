import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { type Baseline, loadBaseline } from '../../lib/load/baseline';
import { load } from '../../lib/load/load';
import { directoryWith, lines } from './temporary';

type Files = Readonly<Record<string, string | object>>;

const environment = { ...process.env };
const here = process.cwd();

afterEach(() => {
  process.chdir(here);
  process.env = { ...environment };
  jest.restoreAllMocks();
});

/** A template with a topic, by the topic's logical ID. */
const withTopic = (id: string) => ({ Resources: { [id]: { Type: 'AWS::SNS::Topic' } } });

/** A template with a topic, that nests another one. */
const nesting = (url: string) => ({
  Resources: {
    ...withTopic('Topic').Resources,
    Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url } },
  },
});

/** A repository with a commit on `main` for each of these, in which these are all files. */
function repository(...commits: readonly Files[]): string {
  const directory = directoryWith({});
  const git = gitIn(directory);
  git('init', '--quiet', '--initial-branch=main');
  commits.forEach((files, i) => {
    for (const name of readdirSync(directory)) {
      if (name !== '.git') rmSync(join(directory, name), { recursive: true });
    }
    write(directory, files);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', `--message=${i}`);
  });
  return directory;
}

function write(directory: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 1));
  }
}

/** Git as nobody has configured it. */
function gitIn(directory: string) {
  const identity = ['user.name=Somebody', 'user.email=somebody@example.com'].flatMap((one) => ['-c', one]);
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], {
      cwd: directory,
      env,
      encoding: 'utf-8',
    });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
}

/** Loads the baseline of paths in a working directory. */
function baselineOf(spec: string, directory: string, ...paths: readonly string[]): Promise<Baseline> {
  process.chdir(directory);
  return loadBaseline(spec, load(paths).templates, paths);
}

/** The templates by their IDs, with their files, and the one topic in each. */
function contents({ templates, errors }: Baseline) {
  expect(errors).toEqual([]);
  return templates.map(({ id, file, template }) => [
    id,
    file,
    Object.keys((template as ReturnType<typeof withTopic>).Resources).join(),
  ]);
}

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

  test('by its ID, in short', async () => {
    const sha = gitIn(directory)('rev-parse', '--short', 'HEAD~1').trim();
    expect(contents(await baselineOf(`git:${sha}`, directory, 'template.json'))).toEqual([
      ['template.json', `${sha}:template.json`, 'Topic'],
    ]);
  });

  test('what is not committed does not count', async () => {
    expect(contents(await baselineOf('git:HEAD', directory, 'template.json'))).toEqual([
      ['template.json', 'HEAD:template.json', 'Topic,Nested'],
    ]);
  });

  test.each(['gone', '--help', '-n', 'main..HEAD', '^main', 'HEAD~9', 'HEAD^{tree}', 'origin/gone', '$(id)'])(
    '%s is none',
    async (revision) => {
      const { templates, errors } = await baselineOf(`git:${revision}`, directory, 'template.json');
      expect(templates).toEqual([]);
      expect(lines(errors)).toEqual([
        `git:${revision}: There is no revision '${revision}' here: name another one, or fetch it by git fetch ` +
          '(in a CI job that clones the last commit only, by fetch-depth: 0 in actions/checkout).',
      ]);
    },
  );

  test.each(['git:', 'git::template.json'])('%s names none', async (spec) => {
    const { errors } = await baselineOf(spec, directory, 'template.json');
    expect(lines(errors)).toEqual([`${spec}: No revision is named: write git:main, for instance.`]);
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

  test('is that of what is judged, unless it is named', async () => {
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

  test('may look like an option, or a pattern', async () => {
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

  test('may be gone today', async () => {
    const moved = repository(files, { 'new/template.json': withTopic('A') });
    const baseline = await baselineOf('git:HEAD~1:infra/template.json', moved, 'new/template.json');
    expect(contents(baseline)).toEqual([['new/template.json', 'HEAD~1:infra/template.json', 'A']]);
  });

  test('that is not at the revision', async () => {
    write(directory, { 'cdk.out/Orders.template.json': withTopic('A') });
    for (const spec of ['git:main', 'git:main:cdk.out']) {
      const { templates, errors } = await baselineOf(spec, directory, 'cdk.out');
      expect(templates).toEqual([]);
      expect(lines(errors)).toEqual([
        `${spec}: There is no cdk.out at main: what isn't committed, as cdk.out usually isn't, is at no revision. ` +
          'Name a path that is, such as git:main:test/snapshots.',
      ]);
    }
  });

  test('among others that is not at the revision has no baseline', async () => {
    write(directory, { 'new.json': withTopic('A') });
    const baseline = await baselineOf('git:main', directory, 'infra/other.json', 'new.json');
    expect(contents(baseline)).toEqual([['infra/other.json', 'main:infra/other.json', 'B']]);
    expect(baseline.notes).toEqual([
      'There is no baseline for new.json: nothing in git:main is known to be the same.',
    ]);
  });

  test('outside of the repository', async () => {
    const outside = join(directoryWith({ 'template.json': withTopic('A') }), 'template.json');
    const { errors } = await baselineOf('git:main', directory, outside);
    expect(lines(errors)).toEqual([
      `git:main: ${outside} is not in the repository ${directory}: name a path that is, by git:main:PATH.`,
    ]);
  });

  test('of standard input is to be named', async () => {
    process.chdir(directory);
    expect(lines((await loadBaseline('git:main', [], ['-'])).errors)).toEqual([
      'git:main: Standard input is in no repository: name what it has come of, such as git:main:template.yaml.',
    ]);
    const [judged] = load(['infra/template.json']).templates;
    const baseline = await loadBaseline(
      'git:main:infra/template.json',
      [{ ...judged, id: '-', file: '-' }],
      ['-'],
    );
    expect(contents(baseline)).toEqual([['-', 'main:infra/template.json', 'A']]);
  });
});

describe('what templates nest', () => {
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

  test('and is not at the revision is unknown, as ever', async () => {
    const directory = repository({ 'template.json': nesting('../../gone.json') });
    expect(contents(await baselineOf('git:main', directory, 'template.json'))).toHaveLength(1);
  });
});

test('a cloud assembly that is committed', async () => {
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

test('links: to files, to each other, in circles, to nowhere, out of the repository', async () => {
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
    'main:in/one.json: This is a symbolic link that leads back to itself. It belongs to the baseline.',
    'main:in/two.json: This is a symbolic link that leads back to itself. It belongs to the baseline.',
  ]);
});

test('what is broken is told by the name that Git has for it', async () => {
  const directory = repository({
    'a.yaml': 'AWSTemplateFormatVersion: 2010-09-09\nResources: [\n',
    'b.json': nesting('c.yaml'),
    'c.yaml': '{}',
  });
  const { errors } = await baselineOf('git:main:.', directory, 'b.json');
  expect(lines(errors)).toEqual([
    expect.stringMatching(/^main:a\.yaml:3:1: This is not valid YAML: .* It belongs to the baseline\.$/),
    'main:c.yaml: This is not a CloudFormation template: it has no Resources. Nested in main:b.json nests it. ' +
      'It belongs to the baseline.',
  ]);
});

test('the repository stays as it is, and nothing else is left', async () => {
  const directory = repository({ 'template.json': withTopic('A') }, { 'template.json': nesting('x.json') });
  write(directory, { 'template.json': withTopic('Changed'), 'staged.json': withTopic('Staged') });
  const git = gitIn(directory);
  git('add', 'staged.json');
  // Whatever the user has set up for checking out.
  write(directory, { '.gitattributes': '*.json filter=fail text eol=crlf' });
  git('config', 'filter.fail.smudge', 'touch smudged; false');
  git('config', 'filter.fail.required', 'true');
  const index = readFileSync(join(directory, '.git', 'index'));
  const names = readdirSync(directory);
  const temporary = directoryWith({});
  const used = jest.spyOn(os, 'tmpdir').mockReturnValue(temporary);

  await baselineOf('git:HEAD~1', directory, 'template.json');
  await baselineOf('git:gone', directory, 'template.json');

  expect(readFileSync(join(directory, '.git', 'index')).equals(index)).toBe(true);
  expect(readdirSync(directory)).toEqual(names);
  expect(used).toHaveBeenCalledTimes(1);
  expect(readdirSync(temporary)).toEqual([]);
});

test('no repository', async () => {
  const directory = directoryWith({ 'template.json': withTopic('A') });
  const { templates, errors } = await baselineOf('git:main', directory, 'template.json');
  expect(templates).toEqual([]);
  expect(lines(errors)).toEqual([
    'git:main: The working directory is in no Git repository: go into one, or name a path as the baseline.',
  ]);
});

test.each<[string, string, Record<string, string>, RegExp]>([
  [
    'of somebody else',
    '.',
    { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' },
    /^Git doesn't trust this repository, .* if it is yours\.$/,
  ],
  ['without files', 'bare', {}, /^This Git repository has no files checked out: go into one that has\.$/],
])('a repository %s', async (_, folder, env, message) => {
  const directory = repository({ 'template.json': withTopic('A') });
  gitIn(directory)('init', '--quiet', '--bare', 'bare');
  Object.assign(process.env, env);
  const { errors } = await baselineOf('git:main', join(directory, folder), 'template.json');
  expect(errors).toEqual([{ file: 'git:main', message: expect.stringMatching(message) as unknown }]);
});

describe('within a hook of Git', () => {
  const directory = () =>
    repository({ 'infra/template.json': withTopic('A'), 'template.json': withTopic('Other') });

  test.each<[string, Record<string, string>]>([
    ['of a commit', { GIT_DIR: '.git', GIT_INDEX_FILE: '.git/index', GIT_PREFIX: 'infra/' }],
    ['of a work tree', { GIT_DIR: '.git', GIT_WORK_TREE: '.' }],
  ])('%s, the repository is that of the working directory', async (_, env) => {
    const infra = join(directory(), 'infra');
    Object.assign(process.env, env);
    expect(contents(await baselineOf('git:main', infra, 'template.json'))).toEqual([
      ['template.json', 'main:infra/template.json', 'A'],
    ]);
  });

  test('of another repository, it is that too', async () => {
    const [here, elsewhere] = [directory(), repository({ 'infra/template.json': withTopic('Other') })];
    process.env.GIT_DIR = join(elsewhere, '.git');
    expect(contents(await baselineOf('git:main', here, 'infra'))).toEqual([
      ['infra/template.json', 'main:infra/template.json', 'A'],
    ]);
  });
});

test('no place for the files', async () => {
  const directory = repository({ 'template.json': withTopic('A') });
  jest.spyOn(os, 'tmpdir').mockReturnValue(join(directory, 'gone'));
  const { errors } = await baselineOf('git:main', directory, 'template.json');
  expect(lines(errors)).toEqual([
    expect.stringMatching(
      /^git:main: There is no place for the files of a revision: ENOENT: .*\. Name one by TMPDIR\.$/,
    ),
  ]);
});

test('no Git', async () => {
  process.env.PATH = directoryWith({});
  const { errors } = await baselineOf(
    'git:main',
    directoryWith({ 'template.json': withTopic('A') }),
    'template.json',
  );
  expect(lines(errors)).toEqual([
    'git:main: Git, by which this baseline is to be read, is not installed: install it, or name a path as the baseline.',
  ]);
});
