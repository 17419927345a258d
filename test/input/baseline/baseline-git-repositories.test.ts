import { readdirSync, readFileSync } from 'node:fs';
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
