import { join } from 'node:path';
import { bundledCommand, folderWith, run, runShared } from './bundled-command';
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

test("the file system of Yarn Plug'n'Play, which has another default for the length, reads templates", async () => {
  const preload = `
    const fs = require('node:fs');
    const { readSync } = fs;
    fs.readSync = (...args) => {
      let [descriptor, buffer, offset, length, position] = args;
      if (args.length <= 3) ({ offset = 0, length = buffer.byteLength, position } = args[2] ?? {});
      return readSync(descriptor, buffer, offset, length, position ?? -1);
    };`;
  const cwd = folderWith({ 'template.yaml': WRONG, 'pnp.cjs': preload });
  const NODE_OPTIONS = `--require ${join(cwd, 'pnp.cjs')}`;
  for (const stdin of [undefined, WRONG]) {
    const path = stdin === undefined ? 'template.yaml' : '-';
    expect(await run(command, ['check', path], { cwd, stdin, env: { NODE_OPTIONS } })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('1 error in 1 template.') as string,
    });
  }
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

describe('input without templates', () => {
  const FOLDER =
    '.: This directory contains no CloudFormation template. Looked for cloud assemblies, and for .json, .yaml, .yml, and ' +
    '.template files with Resources.';
  const ASSEMBLY = 'cdk.out: This cloud assembly contains no stack, so there is nothing to read.';
  const ALLOWED = 'If this is expected, pass --allow-empty.';
  const folder = { 'package.json': '{}' };
  const assembly = { 'cdk.out/manifest.json': '{ "artifacts": {} }' };

  test.each<[string, Record<string, string>, string[], string]>([
    ['a folder', folder, ['.'], `${FOLDER} ${ALLOWED}`],
    ['a cloud assembly', assembly, [], `${ASSEMBLY} ${ALLOWED}`],
    [
      'a folder of the Serverless Framework',
      { '.serverless/template.json': '{ "Resources": {} }' },
      ['.'],
      `${FOLDER} Not read: .serverless. Pass one of these paths to read it. ${ALLOWED}`,
    ],
    [
      'a folder whose templates are excluded',
      { 'out/a.yaml': UNTRACED, '.cdk-lambda-xray.yaml': 'exclude: [out]' },
      ['.'],
      `${FOLDER} Not read: out. Pass one of these paths to read it. ${ALLOWED}`,
    ],
  ])('is an error: %s', async (_, files, paths, message) => {
    const { status, stdout } = await runWith(files, 'check', ...paths);
    expect({ status, stdout }).toEqual({
      status: 2,
      stdout: `Not read\n  ${message}\n\nNothing was checked. 1 part of the input could not be read.\n`,
    });
    expect(await runWith(files, 'check', ...paths, '--allow-empty')).toEqual({
      status: 0,
      stdout: 'Nothing was checked.\n',
      stderr: '',
    });
  });

  test.each<[string, string[]]>([
    ['map', ['--format', 'dot']],
    ['estimate', ['--rps', '1']],
    ['diff', []],
  ])('is an error of %s, without the option', async (name, options) => {
    const paths = name === 'diff' ? ['old', 'cdk.out'] : ['cdk.out'];
    const { status, stdout, stderr } = await runWith(
      { ...assembly, 'old/template.yaml': UNTRACED },
      name,
      ...paths,
      ...options,
    );
    expect(status).toBe(2);
    expect(`${stdout}${stderr}`).toContain(ASSEMBLY);
    expect(`${stdout}${stderr}`).not.toContain('--allow-empty');
  });

  test('does not need its baseline', async () => {
    const checked = await runWith(folder, 'check', '.', '--allow-empty', '--baseline', 'gone');
    expect(checked).toMatchObject({ status: 0, stderr: '' });
  });

  test.each([['gone.yaml'], ['gone'], ['package.json']])('does not allow %s', async (path) => {
    expect(await runWith(folder, 'check', path, '--allow-empty')).toMatchObject({ status: 2 });
  });

  test('can have other paths with templates', async () => {
    const files = { ...assembly, 'template.yaml': UNTRACED };
    expect(await runWith(files, 'check', '.')).toMatchObject({ status: 0 });
  });
});
