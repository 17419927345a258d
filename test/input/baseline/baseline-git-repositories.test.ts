import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
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

test('does not change the repository, and removes its temporary files', async () => {
  const directory = repository({ 'template.json': withTopic('A') }, { 'template.json': nesting('x.json') });
  write(directory, { 'template.json': withTopic('Changed'), 'staged.json': withTopic('Staged') });
  const git = gitIn(directory);
  git('add', 'staged.json');
  // Filters of the user must not run.
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

test('reports a missing repository', async () => {
  const directory = directoryWith({ 'template.json': withTopic('A') });
  const { templates, errors } = await baselineOf('git:main', directory, 'template.json');
  expect(templates).toEqual([]);
  expect(lines(errors)).toEqual([
    'git:main: The working directory is not in a Git repository. Change to one, or pass a path as the baseline.',
  ]);
});

test.each<[string, string, Record<string, string>, RegExp]>([
  [
    'of another user',
    '.',
    { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' },
    /^Git does not trust this repository, .* safe\.directory FOLDER`\.$/,
  ],
  ['without a work tree', 'bare', {}, /^This Git repository has no work tree\. Change to one that has\.$/],
])('reports a repository %s', async (_, folder, env, message) => {
  const directory = repository({ 'template.json': withTopic('A') });
  gitIn(directory)('init', '--quiet', '--bare', 'bare');
  Object.assign(process.env, env);
  const { errors } = await baselineOf('git:main', join(directory, folder), 'template.json');
  expect(errors).toEqual([{ file: 'git:main', message: expect.stringMatching(message) as unknown }]);
});

describe('in a Git hook', () => {
  const directory = () =>
    repository({ 'infra/template.json': withTopic('A'), 'template.json': withTopic('Other') });

  test.each<[string, Record<string, string>]>([
    ['of a commit', { GIT_DIR: '.git', GIT_INDEX_FILE: '.git/index', GIT_PREFIX: 'infra/' }],
    ['of a work tree', { GIT_DIR: '.git', GIT_WORK_TREE: '.' }],
  ])('%s, uses the repository of the working directory', async (_, env) => {
    const infra = join(directory(), 'infra');
    Object.assign(process.env, env);
    expect(contents(await baselineOf('git:main', infra, 'template.json'))).toEqual([
      ['template.json', 'main:infra/template.json', 'A'],
    ]);
  });

  test('of another repository, uses the repository of the working directory', async () => {
    const [here, elsewhere] = [directory(), repository({ 'infra/template.json': withTopic('Other') })];
    process.env.GIT_DIR = join(elsewhere, '.git');
    expect(contents(await baselineOf('git:main', here, 'infra'))).toEqual([
      ['infra/template.json', 'main:infra/template.json', 'A'],
    ]);
  });
});

describe('a hostile configuration', () => {
  /** Makes Git run a program of a repository's author to fetch the missing content of the template. */
  function addHostileConfig(folder: string, remote: Record<string, string>): void {
    const git = gitIn(folder);
    const blob = git('rev-parse', 'main:template.json').trim();
    rmSync(join(folder, 'objects', blob.slice(0, 2), blob.slice(2)));
    const config = {
      'core.repositoryFormatVersion': '1',
      'core.bare': 'false',
      'core.worktree': '..',
      'extensions.partialClone': 'origin',
      'remote.origin.promisor': 'true',
      'remote.origin.partialCloneFilter': 'blob:none',
      'protocol.allow': 'always',
      ...remote,
    };
    for (const [name, value] of Object.entries(config)) git('config', name, value);
  }

  /** Creates a repository with a committed folder that looks like a bare repository. */
  function withBareRepository(remote: Record<string, string> = {}): string {
    const directory = repository({ 'template.json': withTopic('A') });
    gitIn(directory)('clone', '--quiet', '--bare', '.', 'committed');
    addHostileConfig(join(directory, 'committed'), remote);
    return directory;
  }

  const marker = join(directoryWith({}), 'marker');
  const program = join(directoryWith({}), 'program.sh');
  writeFileSync(program, `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });

  const HOSTILE: readonly [string, Record<string, string>][] = [
    ['an upload program', { 'remote.origin.url': '/', 'remote.origin.uploadpack': program }],
    ['an external transport', { 'remote.origin.url': `ext::${program}` }],
    ['an SSH command', { 'remote.origin.url': 'ssh://host/path', 'core.sshCommand': program }],
    ['a proxy command', { 'remote.origin.url': 'git://host/path', 'core.gitProxy': program }],
    ['a file system monitor', { 'remote.origin.url': '/', 'core.fsmonitor': program }],
  ];

  test.each(HOSTILE)('in a committed folder, runs no program: %s', async (_, remote) => {
    const folder = join(withBareRepository(remote), 'committed');
    for (const spec of ['git:main', 'git:main:template.json', 'git:HEAD']) {
      const { errors } = await baselineOf(spec, folder, 'template.json');
      expect(existsSync(marker)).toBe(false);
      expect(lines(errors)).toEqual([
        `${spec}: This Git repository has no work tree. Change to one that has.`,
      ]);
    }
  });

  test.each(HOSTILE)('of the repository itself, runs no program: %s', async (_, remote) => {
    const directory = repository({ 'template.json': withTopic('A') });
    addHostileConfig(join(directory, '.git'), remote);
    const { errors } = await baselineOf('git:main', directory, 'template.json');
    expect(existsSync(marker)).toBe(false);
    expect(lines(errors)).toEqual([
      'git:main: Git does not have the content of template.json at main. Run `git fetch` or `git fsck`.',
    ]);
  });

  test('does not change the repository around a committed folder', async () => {
    const directory = withBareRepository();
    rmSync(join(directory, 'committed', 'hooks'), { recursive: true });
    gitIn(directory)('add', '--all');
    gitIn(directory)('commit', '--quiet', '--message=hostile');
    expect(contents(await baselineOf('git:main', directory, 'template.json'))).toEqual([
      ['template.json', 'main:template.json', 'A'],
    ]);
  });
});

describe('a partial clone', () => {
  const partialClone = () => {
    const origin = repository(
      { 'template.json': withTopic('Topic') },
      { 'template.json': nesting('x.json') },
    );
    gitIn(origin)('config', 'uploadpack.allowFilter', 'true');
    const directory = directoryWith({});
    gitIn(directory)('clone', '--quiet', '--filter=blob:none', `file://${origin}`, 'clone');
    return join(directory, 'clone');
  };

  test('is not completed by a baseline', async () => {
    const { errors } = await baselineOf('git:HEAD~1', partialClone(), 'template.json');
    expect(lines(errors)).toEqual([
      'git:HEAD~1: This partial clone does not have all files of the revision, and a baseline fetches nothing. Run `git fetch --refetch --no-filter`.',
    ]);
  });

  test('is read after the command in the message', async () => {
    const directory = partialClone();
    gitIn(directory)('fetch', '--quiet', '--refetch', '--no-filter');
    expect(contents(await baselineOf('git:HEAD~1', directory, 'template.json'))).toEqual([
      ['template.json', 'HEAD~1:template.json', 'Topic'],
    ]);
  });
});

test.each<[string, Record<string, string>]>([
  ['objects', { GIT_OBJECT_DIRECTORY: 'gone' }],
  ['references', { GIT_NAMESPACE: 'gone', GIT_REPLACE_REF_BASE: 'refs/gone' }],
  ['path patterns', { GIT_GLOB_PATHSPECS: '1' }],
  ['letters in paths', { GIT_ICASE_PATHSPECS: '1' }],
  ['attributes', { GIT_ATTR_SOURCE: 'gone' }],
  ['shallow commits', { GIT_SHALLOW_FILE: 'gone' }],
  ['pagers', { GIT_PAGER: 'false', PAGER: 'false' }],
])('ignores variables for other %s', async (_, env) => {
  const directory = repository({ 'template.json': withTopic('A') });
  Object.assign(process.env, env);
  expect(contents(await baselineOf('git:main', directory, 'template.json'))).toEqual([
    ['template.json', 'main:template.json', 'A'],
  ]);
});

test('does not run a committed program named git', async () => {
  const directory = repository({ 'template.json': withTopic('A') });
  const marker = join(directory, 'marker');
  writeFileSync(join(directory, 'git'), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 });
  process.env.PATH = `.:${process.env.PATH}`;
  expect(contents(await baselineOf('git:main', directory, 'template.json'))).toHaveLength(1);
  expect(existsSync(marker)).toBe(false);
});

describe('reads the repository of', () => {
  test.each<[string, (git: ReturnType<typeof gitIn>, directory: string) => string]>([
    ['a folder in it', (_, directory) => join(directory, 'infra')],
    [
      'a work tree',
      (git, directory) => {
        git('worktree', 'add', '--quiet', '-b', 'other', 'tree');
        return join(directory, 'tree', 'infra');
      },
    ],
    [
      'a submodule',
      (git, directory) => {
        const origin = repository({ 'infra/template.json': withTopic('A') });
        git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', origin, 'module');
        return join(directory, 'module', 'infra');
      },
    ],
  ])('%s', async (_, enter) => {
    const directory = repository({ 'infra/template.json': withTopic('A') });
    const folder = enter(gitIn(directory), directory);
    expect(contents(await baselineOf('git:main', folder, 'template.json'))).toEqual([
      ['template.json', 'main:infra/template.json', 'A'],
    ]);
  });
});

test('reports a missing temporary folder', async () => {
  const directory = repository({ 'template.json': withTopic('A') });
  jest.spyOn(os, 'tmpdir').mockReturnValue(join(directory, 'gone'));
  const { errors } = await baselineOf('git:main', directory, 'template.json');
  expect(lines(errors)).toEqual([
    expect.stringMatching(
      /^git:main: Can't create a temporary folder for the files of the revision: ENOENT: .*\. Set TMPDIR to a writable folder\.$/,
    ),
  ]);
});

test('reports that Git is not installed', async () => {
  process.env.PATH = directoryWith({});
  const { errors } = await baselineOf(
    'git:main',
    directoryWith({ 'template.json': withTopic('A') }),
    'template.json',
  );
  expect(lines(errors)).toEqual([
    'git:main: This baseline needs Git, which is not installed. Install Git, or pass a path as the baseline.',
  ]);
});
