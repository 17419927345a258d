import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { linkedSourceRoot, runNameOf } from '../../lib/cli/config';
import { bundledCommand, folderWith, runShared, type RunOptions } from './bundled-command';
import { WRONG } from './templates';

let command: string;
beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

const FILES = {
  'app/template.yaml': WRONG,
  'app/right.yaml': WRONG.replace('Mode: Active', 'Mode: PassThrough'),
};

/** Runs a command for Markdown in a folder of a repository. */
async function markdownOf(
  [name, ...args]: readonly string[],
  env: RunOptions['env'] = {},
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const root = folderWith(FILES);
  mkdirSync(join(root, '.git'));
  return runShared(command, [name, '--format', 'markdown', ...args], { cwd: join(root, 'app'), env });
}

const GITHUB = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/orders',
  GITHUB_SHA: '0123abc',
};
const GITLAB = { CI_PROJECT_URL: 'https://gitlab.com/acme/orders', CI_COMMIT_SHA: '0123abc' };

describe('Markdown links to files', () => {
  test.each<[string, string[], RunOptions['env'], string]>([
    ['in GitHub Actions', [], GITHUB, 'https://github.com/acme/orders/blob/0123abc/app/template.yaml#L11'],
    ['in GitLab CI', [], GITLAB, 'https://gitlab.com/acme/orders/-/blob/0123abc/app/template.yaml#L11'],
    [
      'at --source-url',
      ['--source-url', 'https://git.example/orders/raw/main'],
      GITHUB,
      'https://git.example/orders/raw/main/app/template.yaml#L11',
    ],
  ])('%s', async (_, args, env, url) => {
    const link = `<br>[template.yaml:11](${url}) · `;
    const check = await markdownOf(['check', 'template.yaml', ...args], env);
    expect(check.stdout).toContain(link);
    const diff = await markdownOf(['diff', 'right.yaml', 'template.yaml', ...args], env);
    expect(diff.stdout).toContain(link);
  });

  test.each<[string, RunOptions['env']]>([
    ['without a revision', {}],
    ['with an invalid URL', { ...GITHUB, GITHUB_SERVER_URL: 'javascript:alert(1)//' }],
    ['with a URL that ends a link', { ...GITHUB, GITHUB_REPOSITORY: 'acme/orders) [x](y' }],
  ])('not %s', async (_, env) => {
    const { stdout } = await markdownOf(['check', 'template.yaml'], env);
    expect(stdout).toContain('<br>template.yaml:11 · ');
  });

  test('--source-url must be a URL', async () => {
    expect(await markdownOf(['check', 'template.yaml', '--source-url', 'main'])).toEqual({
      status: 2,
      stdout: '',
      stderr: '--source-url main: expected a URL, such as https://github.com/acme/orders/blob/main.\n',
    });
  });

  test('the variables of GitHub precede those of GitLab', () => {
    expect(linkedSourceRoot({}, { ...GITLAB, ...GITHUB }).url).toBe(
      'https://github.com/acme/orders/blob/0123abc',
    );
    expect(linkedSourceRoot({}, {})).not.toHaveProperty('url');
  });
});

describe('the first line names the run', () => {
  test.each<[string[], string]>([
    [['check', 'template.yaml'], 'check/app/template.yaml'],
    [['diff', 'right.yaml', 'template.yaml'], 'diff/app/template.yaml'],
    [['check', '..'], 'check/.'],
    [['check', '.'], 'check/app'],
    [['check', 'template.yaml', './right.yaml'], 'check/app/right.yaml,app/template.yaml'],
    [['check', 'template.yaml', '--run-name', 'production'], 'production'],
  ])('%s', async (args, name) => {
    const { stdout } = await markdownOf(args);
    expect(stdout.split('\n')[0]).toBe(`<!-- cdk-lambda-xray ${name} -->`);
  });

  test('--run-name must not be empty', async () => {
    const { status, stderr } = await markdownOf(['check', 'template.yaml', '--run-name', ' ']);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: '--run-name: expected a name, such as production.\n',
    });
  });
});

test.each<[string[], string]>([
  [[], 'cdk-lambda-xray/check/template.yaml/'],
  [['--run-name', 'production'], 'cdk-lambda-xray/production/'],
])('SARIF names the run in its category: %s', async (args, id) => {
  const cwd = folderWith({ 'template.yaml': WRONG });
  const { stdout } = await runShared(command, ['check', 'template.yaml', '--format', 'sarif', ...args], {
    cwd,
  });
  expect((JSON.parse(stdout) as Log).runs.map(({ automationDetails }) => automationDetails)).toEqual([
    { id },
  ]);
});

describe('runNameOf', () => {
  const nameOf = (...paths: string[]) => runNameOf('check', paths, {});

  test('does not depend on the order of the paths, or on a temporary folder', () => {
    expect(nameOf('a.yaml', 'b.yaml')).toBe('check/a.yaml,b.yaml');
    expect(nameOf('b.yaml', 'a.yaml', './a.yaml')).toBe('check/a.yaml,b.yaml');
    expect(nameOf('/tmp/tmp.Ab1/cdk.out')).toBe('check/cdk.out');
  });

  test('has a hash for many paths', () => {
    const paths = Array.from({ length: 50 }, (_, i) => `t${i}.yaml`);
    expect(nameOf(...paths)).toMatch(/^check\/t0\.yaml,[0-9a-f]{12}$/);
    expect(nameOf(...paths)).not.toBe(nameOf(...paths, 'more.yaml'));
  });
});
