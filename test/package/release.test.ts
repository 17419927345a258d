import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { folderWith } from '../cli/bundled-command';

const SCRIPT = join(__dirname, '..', '..', 'scripts', 'release.mjs');

function node(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf-8' });
  return { status, stdout, stderr };
}

describe('a release is refused before anything is done', () => {
  test.each<[string[], RegExp]>([
    [[], /Pass one version\.\nUsage: npm run release/],
    [['1.0.0', '2.0.0'], /Pass one version/],
    [['next'], /next is not a version such as \d+\.\d+\.0\./],
    [['v1.0.0'], /v1\.0\.0 is not a version/],
    [['0.0.1'], /0\.0\.1 is lower than \d/],
    [['99.0.0', '--commit', '--skip-tests'], /omit --skip-tests and --language/],
    [['99.0.0', '--language', 'js', '--language', 'cobol'], /There is no package for cobol\. Use js, python/],
    [['99.0.0', '--publish'], /Unknown option '--publish'[^]*Usage/],
  ])('%j', (args, message) => {
    expect(node(SCRIPT, ...args)).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(message) as string,
    });
  });
});

test.each(['cobol', 'toString', '__proto__'])('there is no package for %s', (language) => {
  expect(node(join(SCRIPT, '..', 'package.mjs'), language)).toEqual({
    status: 2,
    stdout: '',
    stderr: `There is no package for ${language}. Use js, python, java, dotnet, go.\n`,
  });
});

describe('the changelog', () => {
  const HEAD = '# Changelog\n\nAll notable changes.\n\n';

  /** Returns the changelog of a repository with commits, the first of which is tagged as version 0.1.0. */
  function changelogOf(text: string, version: string, commits: readonly string[]): string {
    const folder = folderWith({
      'CHANGELOG.md': text,
      'package.json': JSON.stringify({ name: 'x', version: '0.1.0', repository: 'github:owner/name' }),
    });
    const git = (...args: string[]) =>
      spawnSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: folder });
    git('init', '--quiet');
    for (const message of ['feat: the first version', ...commits]) {
      git('commit', '--quiet', '--allow-empty', '--message', message);
      if (message === 'feat: the first version') git('tag', 'v0.1.0');
    }
    const code = `
      import { changelog } from ${JSON.stringify(pathToFileURL(SCRIPT).href)};
      process.stdout.write(await changelog(${JSON.stringify(folder)}, ${JSON.stringify(version)}));`;
    const { stdout, stderr } = node('--input-type=module', '--eval', code);
    expect(stderr).toBe('');
    return stdout.replace(/\d{4}-\d\d-\d\d/g, 'DATE').replace(/\(\[[0-9a-f]{7}\]\(\S+?\)\)/g, '(COMMIT)');
  }

  test('has the section that was written by hand', () => {
    expect(changelogOf(`${HEAD}## Unreleased: 0.2.0\n\nMaps are faster.\n`, '0.2.0', ['feat: more'])).toBe(
      `${HEAD}## 0.2.0 (DATE)\n\nMaps are faster.\n`,
    );
  });

  test('else has what changed for users since the last release, above the earlier versions', () => {
    const earlier = '## 0.1.0 (DATE)\n\nThe first version.\n';
    const changed = changelogOf(HEAD + earlier, '0.2.0', [
      'feat: draw queues',
      'fix: read large files',
      'refactor: one reader',
      'feat!: rename an option\n\nBREAKING CHANGE: `except` is `exclude`.',
    ]);
    expect(changed.startsWith(`${HEAD}## 0.2.0 (DATE)\n\n`)).toBe(true);
    expect(changed.endsWith(`\n\n${earlier}`)).toBe(true);
    expect(changed).toMatch(/BREAKING CHANGES[^]*`except` is `exclude`/);
    expect(changed).toMatch(/### Features\n\n\* draw queues \(COMMIT\)/);
    expect(changed).toMatch(/### Bug Fixes\n\n\* read large files/);
    expect(changed).not.toMatch(/one reader|the first version/);
  });

  test('says that nothing changed for users', () => {
    expect(changelogOf(HEAD, '0.1.1', ['chore: update the dependencies'])).toBe(
      `${HEAD}## 0.1.1 (DATE)\n\nNo changes for users.\n`,
    );
  });
});
