import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type MotoServer, startMoto } from '../python/moto-server';
import { describeWithPython } from '../python/run-python';
import { bundledCommand, folderWith, run, runShared, type RunOptions } from './bundled-command';
import { WRONG } from './templates';

/** Returns a function with a version that is never republished. */
const withMode = (mode: string) => `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      MemorySize: 512
      TracingConfig: { Mode: ${mode} }
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn }
`;

const FILES = { 'template.yaml': withMode('Active'), 'old.yaml': withMode('PassThrough') };

const VERSION_LOCK = /^template\.yaml\n {2}\d+:\d+ {2}error {4}.*Version 'Version' keeps .* {2}VersionLock$/m;

let command: string;
beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

/** Runs `check template.yaml` in a folder with files. */
function check(args: readonly string[], { cwd = folderWith(FILES), ...options }: RunOptions = {}) {
  return runShared(command, ['check', 'template.yaml', ...args], { cwd, ...options });
}

test('reports a version lock compared with a file', async () => {
  expect(await check([])).toMatchObject({ status: 0 });
  const { status, stdout, stderr } = await check(['--baseline', 'old.yaml']);
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(stdout).toMatch(VERSION_LOCK);
  const cwd = folderWith({ ...FILES, 'same.yaml': FILES['template.yaml'] });
  expect(await check(['--baseline', 'same.yaml'], { cwd })).toMatchObject({ status: 0 });
});

test('reports a version lock compared with a Git revision', async () => {
  const cwd = folderWith({ 'template.yaml': withMode('PassThrough') });
  const git = (...args: readonly string[]) => {
    const identity = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];
    expect(spawnSync('git', [...identity, ...args], { cwd }).status).toBe(0);
  };
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=Begin');
  expect(await check(['--baseline', 'git:main'], { cwd })).toMatchObject({ status: 0 });
  writeFileSync(join(cwd, 'template.yaml'), withMode('Active'));
  const { status, stdout } = await check(['--baseline', 'git:main'], { cwd });
  expect(status).toBe(1);
  expect(stdout).toMatch(VERSION_LOCK);
});

test('reports the other findings if the baseline is missing', async () => {
  const cwd = folderWith({ 'template.yaml': WRONG });
  const { status, stdout } = await check(['--baseline', 'gone.yaml'], { cwd });
  expect(status).toBe(2);
  expect(stdout).toMatch(/^template\.yaml\n {2}11:7 {2}error .* {2}UnsupportedEventSource$/m);
  expect(stdout).toContain('Not read\n  gone.yaml: No such file or directory. It is part of the baseline.\n');
});

test.each([
  ['depoyed', 'deployed'],
  ['deployd:Orders', 'deployed:Orders'],
  ['gti:main', 'git:main'],
  ['main', 'git:main'],
  ['old.yml', 'old.yaml'],
  ['branch:main', 'git:main'],
])('suggests a baseline for %s', async (written, similar) => {
  const cwd = folderWith(FILES);
  for (const args of [
    ['init', '--initial-branch=main'],
    ['add', '.'],
    ['commit', '--message=Begin'],
  ]) {
    const identity = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];
    expect(spawnSync('git', [...identity, ...args], { cwd }).status).toBe(0);
  }
  const { status, stdout } = await check(['--baseline', written], { cwd });
  expect(status).toBe(2);
  expect(stdout).toContain(`${written}: No such file or directory. Did you mean ${similar}?`);
});

test('refuses to overwrite the baseline', async () => {
  const cwd = folderWith(FILES);
  expect(await check(['--baseline', 'old.yaml', '--output', './old.yaml'], { cwd })).toEqual({
    status: 2,
    stdout: '',
    stderr: '--output ./old.yaml would overwrite the baseline. Pass another file to --output.\n',
  });
  expect(readFileSync(join(cwd, 'old.yaml'), 'utf-8')).toBe(FILES['old.yaml']);
});

describe('a baseline that overlaps the input', () => {
  const assembly = (folder: string) => ({
    [`${folder}/manifest.json`]: JSON.stringify({
      artifacts: { S: { type: 'aws:cloudformation:stack', properties: { templateFile: 'S.json' } } },
    }),
    [`${folder}/S.json`]: '{ "Resources": {} }',
  });

  test.each<[string, string, string]>([
    ['template.yaml', './template.yaml', './template.yaml is the input itself'],
    ['template.yaml', 'linked.yaml', 'linked.yaml is the input itself'],
    ['template.yaml', '.', '. contains the input template.yaml'],
    ['cdk.out', 'cdk.out/', 'cdk.out/ is the input itself'],
    ['cdk.out', 'cdk.out/manifest.json', 'cdk.out/manifest.json is the input itself'],
    ['cdk.out/manifest.json', 'cdk.out', 'cdk.out is the input itself'],
    ['cdk.out', 'cdk.out/S.json', 'cdk.out/S.json is part of the input cdk.out'],
    ['.', 'cdk.out/S.json', 'cdk.out/S.json is part of the input .'],
    ['cdk.out', 'linked.out', 'linked.out is the input itself'],
    ['cdk.out/S.json', 'linked.out', 'linked.out contains the input cdk.out/S.json'],
  ])('is refused: check %s --baseline %s', async (path, baseline, problem) => {
    const cwd = folderWith({ ...FILES, ...assembly('cdk.out') });
    symlinkSync('template.yaml', join(cwd, 'linked.yaml'));
    symlinkSync('cdk.out', join(cwd, 'linked.out'));
    expect(await runShared(command, ['check', path, '--baseline', baseline], { cwd })).toEqual({
      status: 2,
      stdout: '',
      stderr: `--baseline ${problem}. Pass a copy of the previous templates.\n`,
    });
  });

  test.each<[string, string[], string]>([
    ['below it', ['--baseline', 'main'], 'main is the baseline. It is not checked itself.\n'],
    ['below it, without a note if quiet', ['--baseline', 'main', '--quiet'], ''],
  ])('is not checked itself %s', async (_, args, stderr) => {
    const cwd = folderWith({
      'template.yaml': withMode('Active'),
      'main/template.yaml': withMode('PassThrough'),
    });
    const result = await runShared(command, ['check', '.', ...args], { cwd });
    expect(result).toMatchObject({ status: 1, stderr });
    expect(result.stdout).toMatch(VERSION_LOCK);
  });
});

test('notes templates without a counterpart', async () => {
  const services = (folder: string, ...names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [`${folder}/${name}/template.yaml`, withMode('Active')]));
  const files = { ...services('d1', 'a', 'b'), ...services('d2', 'a', 'c') };
  const cwd = folderWith({ ...files, 'd1/b/template.yaml': withMode('PassThrough') });
  const { status, stderr } = await runShared(command, ['check', 'd2', '--baseline', 'd1'], { cwd });
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr:
      'd1 contains no baseline for d2/c/template.yaml.\n' +
      'Only the baseline contains d1/b/template.yaml, so it is not compared.\n',
  });
});

test.each<[string[], string]>([
  [
    ['--region', 'eu-west-1'],
    '--region requires deployed or deployed:STACK as the baseline. Pass one of them, or omit --region.\n',
  ],
  [
    ['--baseline', 'git:main', '--profile', 'ci'],
    '--profile requires deployed or deployed:STACK as the baseline. Pass one of them, or omit --profile.\n',
  ],
])('refuses %j', async (args, stderr) => {
  expect(await check(args)).toEqual({ status: 2, stdout: '', stderr });
});

describe('a deployed baseline', () => {
  /** Returns an environment with invalid credentials only. */
  const env = () => ({
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_REGION: 'eu-west-1',
    AWS_PROFILE: '',
  });

  test('is an error if CloudFormation is unreachable', async () => {
    const { status, stdout, stderr } = await check(['--baseline', 'deployed:Orders'], {
      env: { ...env(), AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    });
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    expect(stdout).toContain(
      "deployed:Orders: Can't read the stack 'Orders' in eu-west-1: CloudFormation is unreachable " +
        '(connect ECONNREFUSED 127.0.0.1:1). Check the network and the name of the region.',
    );
  }, 60_000);

  describeWithPython('in a simulated AWS', () => {
    let moto: MotoServer;
    beforeAll(async () => {
      moto = await startMoto();
    }, 60_000);
    afterAll(() => moto.stop());

    test('is compared with the template', async () => {
      const body = new URLSearchParams({
        Action: 'CreateStack',
        Version: '2010-05-15',
        StackName: 'Orders',
        TemplateBody: withMode('PassThrough'),
      });
      const authorization = 'AWS4-HMAC-SHA256 Credential=x/20260101/eu-west-1/cloudformation/aws4_request';
      await fetch(moto.url, { method: 'POST', body, headers: { authorization } });
      const { status, stdout, stderr } = await check(['--baseline', 'deployed:Orders'], {
        env: { ...env(), AWS_ENDPOINT_URL: moto.url },
      });
      expect({ status, stdout, stderr }).toEqual({
        status: 1,
        stdout: expect.stringMatching(VERSION_LOCK) as unknown,
        stderr: '',
      });
    });

    test('is an error if the stack does not exist', async () => {
      const { status, stdout, stderr } = await check(
        ['--baseline', 'deployed:Billing', '--region', 'us-east-1'],
        { env: { ...env(), AWS_ENDPOINT_URL: moto.url } },
      );
      expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
      expect(stdout).toContain(
        "deployed:Billing: The stack 'Billing' is not deployed in us-east-1. Pass the name of a deployed stack, or its region with --region.",
      );
    });
  });

  test('loads the SDK, which other baselines do not load', async () => {
    const copied = join(folderWith({ 'package.json': '{"version":"1.0.0"}' }), 'dist');
    spawnSync('cp', ['-r', dirname(command), copied]);
    rmSync(join(copied, 'cdk-lambda-xray.aws-sdk.js'));
    const alone = join(copied, 'cdk-lambda-xray.js');
    const { status } = await run(alone, ['check', 'template.yaml', '--baseline', 'old.yaml'], {
      cwd: folderWith(FILES),
    });
    expect(status).toBe(1);
  });
});
