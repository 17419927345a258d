import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { MapDocument } from '../../lib/report/map/document';
import { bundledCommand, folderWith, runShared, type RunOptions } from './bundled-command';
import { BROKEN, RIGHT, WRONG } from './templates';

let command: string;
beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

function run(args: readonly string[], options?: RunOptions) {
  return runShared(command, ['map', ...args], options);
}

const FILES = { 'template.yaml': WRONG };

test('writes the page to a file and prints its name', async () => {
  const cwd = folderWith(FILES);
  expect(await run(['template.yaml'], { cwd })).toEqual({
    status: 0,
    stdout: '1 function in 1 stack: 1 Active. 1 error. Written to trace-map.html.\n',
    stderr: '',
  });
  const page = readFileSync(join(cwd, 'trace-map.html'), 'utf-8');
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain('default-src &#39;none&#39;');
  expect(page).toContain('AWS::Lambda::Function');
});

test.each<[string, RegExp]>([
  ['svg', /^<svg /],
  ['mermaid', /^flowchart LR\n/],
  ['dot', /^digraph \{\n/],
])('writes %s to standard output', async (format, beginning) => {
  const cwd = folderWith(FILES);
  const { status, stdout, stderr } = await run(['template.yaml', '--format', format], { cwd });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(beginning);
  expect(existsSync(join(cwd, 'trace-map.html'))).toBe(false);
});

test('the page has the name of the folder as its title, and no link to an editor', async () => {
  const cwd = folderWith(FILES);
  await run(['template.yaml'], { cwd });
  const page = readFileSync(join(cwd, 'trace-map.html'), 'utf-8');
  expect(page).toContain(`<title>Trace map of ${basename(cwd)}</title>`);
  expect(page).toContain(`<p class="muted">${new Date().toISOString().slice(0, 10)}</p>`);
  expect(page).not.toContain('"editor":');
});

test('the page has the revision of the folder, also in a hook of another repository', async () => {
  const cwd = folderWith(FILES);
  const git = (...args: string[]) =>
    spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd,
      encoding: 'utf-8',
    });
  for (const args of [
    ['init', '-q'],
    ['add', '.'],
    ['commit', '-qm', 'Add the template'],
  ])
    git(...args);
  await run(['template.yaml'], { cwd, env: { GIT_DIR: folderWith({}) } });
  const page = readFileSync(join(cwd, 'trace-map.html'), 'utf-8');
  expect(page).toContain(`<p class="muted">${git('rev-parse', '--short', 'HEAD').stdout.trim()} · `);
});

test('--editor links positions to an editor', async () => {
  const cwd = folderWith(FILES);
  const { status } = await run(['template.yaml', '--editor', 'vscode'], { cwd });
  expect(status).toBe(0);
  const page = readFileSync(join(cwd, 'trace-map.html'), 'utf-8');
  expect(page).toContain('"editor":{"link":"vscode://file{path}:{line}:{column}","folder":');
  const refused = await run(['template.yaml', '--editor', 'ed'], { cwd });
  expect(refused.stderr).toContain('Allowed choices are vscode, cursor, idea.');
});

test('JSON contains costs if the configuration contains request rates', async () => {
  const config = { '.cdk-lambda-xray.yaml': 'requestsPerSecond: { default: 20 }\n' };
  const costs = async (files: Readonly<Record<string, string>>) => {
    const { stdout } = await run(['template.yaml', '--format', 'json'], { cwd: folderWith(files) });
    return (JSON.parse(stdout) as MapDocument).functions.map(({ cost }) => cost);
  };
  expect(await costs({ 'template.yaml': RIGHT, ...config })).toContainEqual(
    expect.objectContaining({ requestsPerSecond: 20 }),
  );
  expect(await costs({ 'template.yaml': RIGHT })).toEqual([undefined]);
});

test('JSON contains findings with the severities of the configuration', async () => {
  const config = { '.cdk-lambda-xray.yaml': 'rules: { UnsupportedEventSource: warning }\n' };
  const { stdout } = await run(['template.yaml', '--format', 'json'], {
    cwd: folderWith({ ...FILES, ...config }),
  });
  const { findings, nodes } = JSON.parse(stdout) as MapDocument;
  expect(findings.map(({ ruleId, severity }) => [ruleId, severity])).toContainEqual([
    'LambdaXRay-UnsupportedEventSource',
    'warning',
  ]);
  expect(nodes.map(({ origin }) => origin)).toEqual([
    'AWS::Lambda',
    'AWS::Lambda::Function',
    'AWS::MSK::Cluster',
  ]);
});

test('--output writes the map to a file', async () => {
  const cwd = folderWith(FILES);
  const { stdout } = await run(['template.yaml', '--format', 'svg', '--output', 'map.svg'], { cwd });
  expect(stdout).toMatch(/ Written to map\.svg\.\n$/);
  expect(readFileSync(join(cwd, 'map.svg'), 'utf-8')).toMatch(/^<svg /);
});

test('draws the readable input and reports the rest', async () => {
  const cwd = folderWith({ 'right.yaml': RIGHT, 'broken.yaml': BROKEN });
  const { status, stderr, stdout } = await run(['right.yaml', 'broken.yaml', '--format', 'json'], { cwd });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^broken\.yaml:\d+:\d+: /);
  const { functions, errors } = JSON.parse(stdout) as MapDocument;
  expect(functions).toHaveLength(1);
  expect(errors.map(({ file }) => file)).toEqual(['broken.yaml']);
});

test('keeps the previous map if no input is readable', async () => {
  const cwd = folderWith({ ...FILES, 'broken.yaml': BROKEN });
  await run(['template.yaml'], { cwd });
  const before = readFileSync(join(cwd, 'trace-map.html'), 'utf-8');
  for (const path of ['gone.yaml', 'broken.yaml']) {
    const { status, stdout, stderr } = await run([path], { cwd });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${path.replace('.', '\\.')}[: ]`));
  }
  expect(readFileSync(join(cwd, 'trace-map.html'), 'utf-8')).toBe(before);
});

test('refuses to overwrite the input', async () => {
  const cwd = folderWith(FILES);
  const { status, stderr } = await run(['template.yaml', '--output', 'template.yaml'], { cwd });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^--output template\.yaml would overwrite the input\./);
  expect(readFileSync(join(cwd, 'template.yaml'), 'utf-8')).toBe(WRONG);
});

describe('--open', () => {
  /** Creates a folder with a script as `xdg-open`. */
  function folderWithOpener(script: string): { cwd: string; env: Record<string, string> } {
    const cwd = folderWith(FILES);
    for (const name of ['xdg-open', 'open']) {
      writeFileSync(join(cwd, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(cwd, name), 0o755);
    }
    return { cwd, env: { PATH: `${cwd}:/usr/bin:/bin` } };
  }

  test('opens the file', async () => {
    const { cwd, env } = folderWithOpener('printf %s "$1" > opened');
    const { status } = await run(['template.yaml', '--open'], { cwd, env });
    expect(status).toBe(0);
    expect(readFileSync(join(cwd, 'opened'), 'utf-8')).toMatch(/\/trace-map\.html$/);
  });

  test('fails if the opener fails', async () => {
    const { cwd, env } = folderWithOpener('exit 3');
    const { status, stderr } = await run(['template.yaml', '--open'], { cwd, env });
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^(xdg-)?open cannot open trace-map\.html\. Open it in a browser yourself, or omit --open\.\n$/,
    );
  });

  test.each<[string[], string]>([
    [['--format', 'json'], '--open requires --format html or svg.\n'],
    [['--format', 'svg'], '--open requires a file. Pass one to --output.\n'],
  ])('refuses %j', async (args, stderr) => {
    const result = await run(['template.yaml', '--open', ...args], { cwd: folderWith(FILES) });
    expect(result).toEqual({ status: 2, stdout: '', stderr });
  });
});

test('draws cdk.out by default', async () => {
  const { status, stderr } = await run([]);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^cdk\.out does not exist in this folder\./);
});
