import { bundledCommand, folderWith, runShared } from './bundled-command';
import { UNTRACED, WRONG } from './templates';

let command: string;
beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

function runWith(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return runShared(command, args, { cwd: folderWith(files) });
}

describe('the output of a build', () => {
  const files = { 'template.yaml': UNTRACED, '.aws-sam/build/template.yaml': WRONG };

  test('is not checked beside its source', async () => {
    const { status, stdout } = await runWith(files, 'check', '.');
    expect(status).toBe(0);
    expect(stdout).toContain('1 warning in 1 template.');
  });

  test('is checked if it is named', async () => {
    expect(await runWith(files, 'check', '.aws-sam/build')).toMatchObject({ status: 1 });
    expect(await runWith(files, 'check', '.aws-sam/build/template.yaml')).toMatchObject({ status: 1 });
  });
});

describe('templates with the same logical IDs', () => {
  const files = { 'template.yaml': WRONG, 'packaged.yaml': WRONG };
  const note =
    'These templates have nearly the same logical IDs, but are checked as one system: packaged.yaml, ';
  const paths = ['packaged.yaml', 'template.yaml'];

  test.each(['text', 'json', 'markdown', 'github', 'sarif'])('are noted by check as %s', async (format) => {
    expect((await runWith(files, 'check', ...paths, '--format', format)).stdout).toContain(note);
  });

  test('are noted by diff', async () => {
    const { stdout } = await runWith({ ...files, 'old/packaged.yaml': UNTRACED }, 'diff', 'old', ...paths);
    expect(stdout.replace(/\s+/g, ' ')).toContain(note);
  });

  test.each([
    ['map', '--format', 'dot'],
    ['estimate', '--rps', '1'],
  ])('are noted by %s', async (name, ...options) => {
    expect((await runWith(files, name, ...paths, ...options)).stderr).toContain(note);
  });

  test('are not noted with an exclusion, or if quiet', async () => {
    const config = { '.cdk-lambda-xray.yaml': 'exclude: [packaged.yaml]' };
    expect((await runWith({ ...files, ...config }, 'check', '.')).stdout).not.toContain(note);
    expect((await runWith(files, 'check', '.', '--quiet')).stdout).not.toContain(note);
  });
});
