import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledCommand, folderWith, runShared, type RunOptions } from './bundled-command';
import { BROKEN, UNTRACED, WRONG } from './templates';

/** The function with a Kafka event source as it should be. */
const CORRECT = WRONG.replace('Mode: Active', 'Mode: PassThrough');

/** The traced version of the function in UNTRACED. */
const TRACED = UNTRACED.replace('PassThrough', 'Active').replace(
  'Properties:',
  'Properties:\n      MemorySize: 512',
);

const FILES = {
  'right.yaml': CORRECT,
  'wrong.yaml': WRONG,
  'traced.yaml': TRACED,
  'untraced.yaml': UNTRACED,
  'broken.yaml': BROKEN,
};

let command: string;
beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

function run(args: readonly string[], options?: RunOptions) {
  return runShared(command, ['diff', ...args], options);
}

/** Runs `diff` in a folder with all files. */
function diff(...args: readonly string[]) {
  return run(args, { cwd: folderWith(FILES) });
}

test('writes changes as text by default', async () => {
  const { status, stdout, stderr } = await diff('right.yaml', 'wrong.yaml');
  expect(stdout).toBe(`\
wrong.yaml
  wrong.yaml:2  changed  Consumer  PassThrough → Active

New findings
  wrong.yaml
    11:7  error    Function 'Consumer' is Active, but this event source mapping connects it to Amazon MSK, which X-Ray does not support.  UnsupportedEventSource
                   Fix: Set TracingConfig.Mode of 'Consumer' to PassThrough, or use a separate PassThrough function for Amazon MSK.

1 new error. 1 function changed.
For the reason of a finding, run cdk-lambda-xray explain UnsupportedEventSource. To accept a finding, acknowledge it in .cdk-lambda-xray.yaml.
`);
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
});

test('writes the details of new findings with --verbose', async () => {
  const { stdout } = await diff('right.yaml', 'wrong.yaml', '--verbose');
  expect(stdout).toMatch(/\n +Resource: Orders\n +See: Consumer \(wrong\.yaml:2\)\n +Fix: /);
});

test('writes the summary if nothing changed', async () => {
  expect(await diff('wrong.yaml', 'wrong.yaml')).toEqual({
    status: 0,
    stdout: 'No changes. 1 function unchanged.\n',
    stderr: '',
  });
});

describe('the exit status', () => {
  test.each<[string, string[], number]>([
    ['a new error', ['right.yaml', 'wrong.yaml'], 1],
    ['a resolved error', ['wrong.yaml', 'right.yaml'], 0],
    ['an unchanged error', ['wrong.yaml', 'wrong.yaml'], 0],
    ['a warning', ['traced.yaml', 'untraced.yaml'], 0],
    ['a warning at the threshold', ['traced.yaml', 'untraced.yaml', '--fail-on', 'warning'], 1],
    ['a warning made an error', ['traced.yaml', 'untraced.yaml', '--rule', 'ActiveTracing=error'], 1],
    ['an error with the threshold never', ['right.yaml', 'wrong.yaml', '--fail-on', 'never'], 0],
    ['a rule that is off', ['right.yaml', 'wrong.yaml', '--rule', 'UnsupportedEventSource=off'], 0],
    ['a missing baseline', ['gone.yaml', 'right.yaml'], 2],
    ['an invalid baseline', ['broken.yaml', 'right.yaml'], 2],
    ['a baseline of a different app', ['traced.yaml', 'right.yaml'], 2],
    ['a missing file', ['right.yaml', 'gone.yaml'], 2],
    ['an invalid template', ['right.yaml', 'broken.yaml', 'wrong.yaml'], 2],
    ['no baseline', [], 2],
  ])('%s', async (_, args, status) => {
    expect(await diff(...args)).toMatchObject({ status });
  });
});

test('compares the other files if one is invalid', async () => {
  const { stdout } = await diff('right.yaml', 'broken.yaml', 'wrong.yaml');
  expect(stdout).toContain('  wrong.yaml:2  changed  Consumer  PassThrough → Active\n');
  expect(stdout).toMatch(/Not read\n {2}broken\.yaml:\d+:\d+: /);
});

test('applies the configuration to both sides', async () => {
  const acknowledged = 'acknowledge: [{ rule: ActiveTracing, logicalId: Intake, reason: Nobody looks. }]\n';
  const cwd = folderWith({ ...FILES, '.cdk-lambda-xray.yaml': `failOn: info\n${acknowledged}` });
  const { status, stdout } = await run(['traced.yaml', 'untraced.yaml'], { cwd });
  expect(stdout).toContain('\nNo new findings, 1 acknowledged. 1 function changed.\n');
  expect(status).toBe(0);
});

test('shows a removed template by its file', async () => {
  const cwd = folderWith({ 'old/a.yaml': CORRECT, 'old/gone.yaml': TRACED, 'new/a.yaml': CORRECT });
  const { status, stdout } = await run(['old', 'new'], { cwd });
  expect(stdout).toBe(`\
old/gone.yaml
  old/gone.yaml:2  removed  Intake  Active

Only the baseline contains old/gone.yaml, so it is not compared.

No new findings. 1 function removed, 1 unchanged.
`);
  expect(status).toBe(0);
});

test('compares with cdk.out by default', async () => {
  const cwd = folderWith({ 'before/template.yaml': CORRECT, 'cdk.out/template.yaml': WRONG });
  const { status, stdout } = await run(['before'], { cwd });
  expect(stdout).toMatch(/^cdk\.out\/template\.yaml\n/);
  expect(status).toBe(1);
});

describe('formats', () => {
  test.each<[string, RegExp]>([
    ['text', /^wrong\.yaml\n/],
    ['markdown', /^<!-- cdk-lambda-xray diff\/wrong\.yaml -->\n\n### ❌ AWS X-Ray tracing: 1 new error\n/],
    ['json', /^\{\n {2}"schemaVersion": 1,/],
  ])('%s', async (format, beginning) => {
    const { status, stdout } = await diff('right.yaml', 'wrong.yaml', '--format', format);
    expect(stdout).toMatch(beginning);
    expect(status).toBe(1);
  });

  test('other than text repeat errors on standard error', async () => {
    const { stdout, stderr } = await diff('broken.yaml', 'right.yaml', '--format', 'json');
    const { isCompared, errors } = JSON.parse(stdout) as {
      isCompared: boolean;
      errors: { side: string; template: string }[];
    };
    expect(isCompared).toBe(false);
    expect(errors).toMatchObject([{ side: 'before', template: 'broken.yaml' }]);
    expect(stderr).toMatch(/^broken\.yaml:\d+:\d+: /);
  });

  test('of check are refused', async () => {
    const { status, stderr } = await diff('right.yaml', 'wrong.yaml', '--format', 'sarif');
    expect(status).toBe(2);
    expect(stderr).toMatch(/Allowed choices are text, markdown, json\./);
  });
});

describe('--output', () => {
  test('writes the report to the file only', async () => {
    const cwd = folderWith(FILES);
    const args = ['right.yaml', 'wrong.yaml', '--format', 'markdown', '--output', 'comment.md'];
    expect(await run(args, { cwd })).toEqual({
      status: 1,
      stdout: '1 new error. 1 function changed. Written to comment.md.\n',
      stderr: '',
    });
    expect(readFileSync(join(cwd, 'comment.md'), 'utf-8')).toMatch(/^### ❌ /m);
    expect(readdirSync(cwd).sort()).toEqual([...Object.keys(FILES), 'comment.md'].sort());
  });

  test.each([
    ['right.yaml', 'the baseline'],
    ['wrong.yaml', 'the input'],
  ])('refuses to overwrite %s', async (output, owner) => {
    expect(await diff('right.yaml', 'wrong.yaml', '--output', output)).toEqual({
      status: 2,
      stdout: '',
      stderr: `--output ${output} would overwrite ${owner}. Pass another file to --output.\n`,
    });
  });
});

test('--help lists the baselines and the exit status', async () => {
  const { status, stdout } = await diff('--help');
  expect(stdout).toMatch(/^Usage: cdk-lambda-xray diff \[options\] <BASELINE> \[PATH\.\.\.\]\n/);
  for (const baseline of ['PATH', 'git:REV[:PATH]', 'deployed', 'deployed:STACK']) {
    expect(stdout).toContain(`\n  ${baseline}  `);
  }
  expect(stdout).toContain('\n  1  new findings at or above --fail-on\n');
  expect(status).toBe(0);
});

test('--quiet writes nothing if nothing changed', async () => {
  expect(await diff('wrong.yaml', 'wrong.yaml', '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('writes colors with FORCE_COLOR', async () => {
  const options = { cwd: folderWith(FILES), env: { FORCE_COLOR: '1' } };
  expect((await run(['right.yaml', 'wrong.yaml'], options)).stdout).toContain('\u001b[33mchanged\u001b[39m');
  expect((await run(['right.yaml', 'wrong.yaml', '--no-color'], options)).stdout).not.toContain('\u001b');
});

/** Creates a repository whose first commit has files, and returns its folder. */
function repositoryWith(files: Readonly<Record<string, string>>): string {
  const cwd = folderWith(files);
  const git = (...args: readonly string[]) => {
    const identity = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];
    const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd, encoding: 'utf-8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  };
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=Begin');
  return cwd;
}

test('compares a template with a Git revision', async () => {
  const cwd = repositoryWith({ 'infra/template.yaml': CORRECT });
  writeFileSync(join(cwd, 'infra', 'template.yaml'), WRONG);

  const { status, stdout } = await run(['git:main', 'infra/template.yaml'], { cwd });
  expect(stdout).toContain('  infra/template.yaml:2  changed  Consumer  PassThrough → Active\n');
  expect(status).toBe(1);
});

describe('a configuration that turns a rule off', () => {
  const CONFIG = '.cdk-lambda-xray.yaml';
  const OFF = 'rules: { UnsupportedEventSource: off }\n';
  const LOOSENED = 'The change turns off LambdaXRay-UnsupportedEventSource (error), which reports 1 finding.';
  const NOTHING = 'No changes. 1 function unchanged.\n';

  /** Runs `diff` in a repository after writing files. */
  const changed = async (
    before: Readonly<Record<string, string>>,
    after: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ) => {
    const root = repositoryWith({ 'infra/template.yaml': WRONG, ...before });
    for (const [file, text] of Object.entries(after)) writeFileSync(join(root, file), text);
    return run(['git:main', 'template.yaml', ...args], { cwd: join(root, 'infra') });
  };

  test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['at the root of the repository', {}, { [CONFIG]: OFF }, []],
    ['in the working directory', {}, { [`infra/${CONFIG}`]: OFF }, []],
    ['in place of another', { [CONFIG]: 'failOn: error' }, { [CONFIG]: OFF }, []],
    ['nearer than that of the revision', { [CONFIG]: '' }, { [`infra/${CONFIG}`]: OFF }, []],
    ['passed with --config', { 'x.yaml': '' }, { 'x.yaml': OFF }, ['--config', '../x.yaml']],
    ['in a new file passed with --config', {}, { 'x.yaml': OFF }, ['--config', '../x.yaml']],
  ])('fails like a new finding: %s', async (_, before, after, args) => {
    const { status, stdout } = await changed(before, after, args);
    expect(stdout).toMatch(/^Loosened checks\n/);
    expect(stdout).toContain(
      `  ${LOOSENED} Acknowledge single findings instead, or accept the change with --rule `,
    );
    expect(stdout).toMatch(/\nNo new findings, 1 loosened check\. 1 function unchanged\.\n$/);
    expect(status).toBe(1);
  });

  test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['already in the revision', { [CONFIG]: OFF }, {}, []],
    ['that is ignored', {}, { [CONFIG]: OFF }, ['--config', 'none']],
    ['accepted with --rule', {}, { [CONFIG]: OFF }, ['--rule', 'UnsupportedEventSource=off']],
  ])('is no change: %s', async (_, before, after, args) => {
    const { status, stdout } = await changed(before, after, args);
    expect(stdout.endsWith(NOTHING)).toBe(true);
    expect(status).toBe(0);
  });

  test('is shown without failing below --fail-on', async () => {
    const { status, stdout } = await changed({}, { [CONFIG]: OFF }, ['--fail-on', 'never']);
    expect(stdout).toContain(`  ${LOOSENED}\n`);
    expect(status).toBe(0);
  });

  test('is not compared with an invalid configuration', async () => {
    const { status, stdout } = await changed({ [CONFIG]: 'rulez: {}' }, { [CONFIG]: OFF });
    expect(stdout).toContain(
      'The configuration of the baseline is invalid, so changes of the configuration are not shown. main:.cdk-lambda-xray.yaml:1:1: Unknown key "rulez" in the configuration. Did you mean rules?\n',
    );
    expect(status).toBe(0);
  });

  test.each<[string, Record<string, string>, number]>([
    ['the folder of the baseline', { [`before/${CONFIG}`]: '' }, 1],
    ['the folder of the baseline, which is another repository without one', { 'before/.git/HEAD': '' }, 1],
    ['the same file', {}, 0],
  ])('is compared with that of %s', async (_, files, expected) => {
    const cwd = folderWith({
      'before/cdk.out/template.yaml': WRONG,
      'app/cdk.out/template.yaml': WRONG,
      [expected === 0 ? CONFIG : `app/${CONFIG}`]: OFF,
      ...files,
    });
    const { status, stdout } = await run(['../before/cdk.out'], { cwd: join(cwd, 'app') });
    expect(stdout.includes(LOOSENED)).toBe(expected === 1);
    expect(status).toBe(expected);
  });
});
