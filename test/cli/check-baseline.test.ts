import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type MotoServer, startMoto } from '../python/moto-server';
import { describeWithPython } from '../python/run-python';
import { bundledCommand, folderWith, run, type RunOptions } from './bundled-command';
import { WRONG } from './templates';

/** A function with a version that nothing publishes anew. */
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

const VERSION_LOCK = /^ {2}template\.yaml:\d+ +error +LambdaXRay-VersionLock +Version$/m;

let command: string;
beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

/** Runs `check template.yaml` in a folder with files. */
function check(args: readonly string[], { cwd = folderWith(FILES), ...options }: RunOptions = {}) {
  return run(command, ['check', 'template.yaml', ...args], { cwd, ...options });
}

test('what only the step from the one to the other shows', async () => {
  expect(await check([])).toMatchObject({ status: 0 });
  const { status, stdout, stderr } = await check(['--baseline', 'old.yaml']);
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(stdout).toMatch(VERSION_LOCK);
  const cwd = folderWith({ ...FILES, 'same.yaml': FILES['template.yaml'] });
  expect(await check(['--baseline', 'same.yaml'], { cwd })).toMatchObject({ status: 0 });
});

test('a revision', async () => {
  const cwd = folderWith({ 'template.yaml': withMode('PassThrough') });
  const git = (...args: readonly string[]) => {
    const identity = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];
    expect(spawnSync('git', [...identity, ...args], { cwd }).status).toBe(0);
  };
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=Begin');
  expect(await check(['--baseline', 'git:main'], { cwd })).toMatchObject({ status: 0 });
  const changed = folderWith({ 'template.yaml': withMode('Active') });
  const { status, stdout } = await check(['--baseline', 'git:main:template.yaml'], {
    cwd: changed,
    env: { GIT_DIR: join(cwd, '.git') },
  });
  expect({ status, stdout }).toMatchObject({ status: 1, stdout: VERSION_LOCK });
});

test('a baseline that is not there takes nothing from what is found without it', async () => {
  const cwd = folderWith({ 'template.yaml': WRONG });
  const { status, stdout } = await check(['--baseline', 'gone.yaml'], { cwd });
  expect(status).toBe(2);
  expect(stdout).toContain('template.yaml:11  error  LambdaXRay-UnsupportedEventSource');
  expect(stdout).toContain(
    'Not read\n  gone.yaml: There is no file or directory of this name. It belongs to the baseline.\n',
  );
});

test('--output is not the baseline', async () => {
  const cwd = folderWith(FILES);
  expect(await check(['--baseline', 'old.yaml', '--output', './old.yaml'], { cwd })).toEqual({
    status: 2,
    stdout: '',
    stderr: './old.yaml is the baseline. Name another file with --output.\n',
  });
  expect(readFileSync(join(cwd, 'old.yaml'), 'utf-8')).toBe(FILES['old.yaml']);
});

test('what is judged is not the baseline', async () => {
  expect(await check(['--baseline', './template.yaml'])).toEqual({
    status: 2,
    stdout: '',
    stderr:
      './template.yaml is what is judged, and the baseline too: keep a copy of the one before, and name that.\n',
  });
});

test.each<[string[], string]>([
  [
    ['--region', 'eu-west-1'],
    '--region is for a baseline that is deployed: name deployed as the baseline, or leave --region out.\n',
  ],
  [
    ['--baseline', 'git:main', '--profile', 'ci'],
    '--profile is for a baseline that is deployed: name deployed as the baseline, or leave --profile out.\n',
  ],
])('wrong usage: %j', async (args, stderr) => {
  expect(await check(args)).toEqual({ status: 2, stdout: '', stderr });
});

describe('what is deployed', () => {
  /** Nobody's credentials, and no others. */
  const env = () => ({
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_REGION: 'eu-west-1',
    AWS_PROFILE: '',
  });

  test('and can not be reached', async () => {
    const { status, stdout, stderr } = await check(['--baseline', 'deployed:Orders'], {
      env: { ...env(), AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    });
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    expect(stdout).toContain(
      "deployed:Orders: The stack 'Orders' in eu-west-1 can't be read, since CloudFormation can't be reached " +
        '(connect ECONNREFUSED 127.0.0.1:1): check the network, and whether there is such a region.',
    );
  }, 60_000);

  describeWithPython('in a pretended AWS', () => {
    let moto: MotoServer;
    beforeAll(async () => {
      moto = await startMoto();
    }, 60_000);
    afterAll(() => moto.stop());

    test('and has changed', async () => {
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

    test.each<[string[], string]>([
      [[], "The stack 'Billing' isn't deployed in us-east-1: it has no baseline.\n"],
      [['--quiet'], ''],
    ])('and is not there: %j', async (args, stderr) => {
      const deployed = ['--baseline', 'deployed:Billing', '--region', 'us-east-1'];
      const options = { env: { ...env(), AWS_ENDPOINT_URL: moto.url } };
      expect(await check([...deployed, ...args], options)).toMatchObject({ status: 0, stderr });
    });
  });

  test('is read by what other baselines are not slowed down by', async () => {
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
