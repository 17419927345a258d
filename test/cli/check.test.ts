import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import type { CheckFormatName } from '../../lib/cli/formats';
import { bundledCommand, folderWith, run as runAlone, runShared, type RunOptions } from './bundled-command';
import { BROKEN, RIGHT, UNTRACED, WRONG } from './templates';

const KAFKA_RULE = 'LambdaXRay-UnsupportedEventSource';

let command: string;
beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

function run(args: readonly string[], options?: RunOptions) {
  return runShared(command, args, options);
}

/** Runs `check` in a folder with files. */
function check(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return run(['check', ...args], { cwd: folderWith(files) });
}

test('writes findings as text by default', async () => {
  const { status, stdout, stderr } = await check({ 'template.yaml': WRONG }, 'template.yaml');
  expect(stdout).toBe(`\
template.yaml
  11:7  error    Function 'Consumer' is Active, but this event source mapping connects it to Amazon MSK, which X-Ray does not support.  UnsupportedEventSource
                 Fix: Set TracingConfig.Mode of 'Consumer' to PassThrough, or use a separate PassThrough function for Amazon MSK.

1 function: 1 Active.
The templates do not show if the role of 1 Active function can write traces. After the deployment, cdk-lambda-xray verify checks it.
1 error in 1 template.
For the reason of a finding, run cdk-lambda-xray explain UnsupportedEventSource. To accept a finding, acknowledge it in .cdk-lambda-xray.yaml.
`);
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
});

test('writes the details of findings with --verbose', async () => {
  const { stdout } = await check({ 'template.yaml': WRONG }, 'template.yaml', '--verbose');
  expect(stdout).toMatch(/\n +Resource: Orders\n +See: Consumer \(template\.yaml:2\)\n +Fix: /);
});

describe('Transaction Search outside of the templates', () => {
  const template = `Resources:
  Filter:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: PassThrough
      Policies: [{ LambdaInvokePolicy: { FunctionName: !Ref Worker } }]
      Events: { Clicks: { Type: Kinesis, Properties: { Stream: 'arn:aws:kinesis:eu-west-1:1:stream/clicks' } } }
  Worker: { Type: AWS::Serverless::Function, Properties: { Tracing: Active } }
`;

  test.each<[string, string[], string, boolean]>([
    ['off', [], '', true],
    ['on by option', ['--transaction-search'], '', false],
    ['on by configuration', [], 'transactionSearch: true', false],
  ])('%s', async (_, args, config, isReported) => {
    const files = { 'template.yaml': template, '.cdk-lambda-xray.yaml': config };
    const { stdout } = await check(files, 'template.yaml', ...args);
    expect(stdout.includes('NeverSampled')).toBe(isReported);
  });
});

describe('the exit status', () => {
  const files = {
    'wrong.yaml': WRONG,
    'right.yaml': RIGHT,
    'untraced.yaml': UNTRACED,
    'broken.yaml': BROKEN,
  };

  test.each<[string, string[], number]>([
    ['no findings', ['right.yaml'], 0],
    ['an error', ['wrong.yaml'], 1],
    ['an error among others', ['right.yaml', 'wrong.yaml', 'untraced.yaml'], 1],
    ['a warning', ['untraced.yaml'], 0],
    ['a warning at the threshold', ['untraced.yaml', '--fail-on', 'warning'], 1],
    ['a warning above the threshold', ['untraced.yaml', '--fail-on', 'info'], 1],
    ['as many warnings as allowed', ['untraced.yaml', '--max-warnings', '1'], 0],
    ['a warning too many', ['untraced.yaml', '--max-warnings', '0'], 1],
    [
      'a warning too many, with the threshold never',
      ['untraced.yaml', '--max-warnings', '0', '--fail-on', 'never'],
      1,
    ],
    ['a number of warnings that is none', ['untraced.yaml', '--max-warnings', 'few'], 2],
    ['an error with the threshold never', ['wrong.yaml', '--fail-on', 'never'], 0],
    ['an error made a warning', ['wrong.yaml', '--rule', 'UnsupportedEventSource=warning'], 0],
    ['a rule that is off', ['wrong.yaml', '--rule', `${KAFKA_RULE}=off`], 0],
    ['a warning made an error', ['untraced.yaml', '--rule', 'ActiveTracing=error'], 1],
    ['a missing file', ['gone.yaml'], 2],
    ['an invalid template', ['broken.yaml'], 2],
    ['an invalid template and an error', ['broken.yaml', 'wrong.yaml'], 2],
    ['an invalid template with the threshold never', ['broken.yaml', '--fail-on', 'never'], 2],
  ])('%s', async (_, args, status) => {
    expect(await check(files, ...args)).toMatchObject({ status });
  });
});

test('says that there are too many warnings', async () => {
  const { stderr } = await check({ 'untraced.yaml': UNTRACED }, 'untraced.yaml', '--max-warnings', '0');
  expect(stderr).toBe(
    'Too many warnings: 1, with a maximum of 0. Fix or acknowledge some, or raise --max-warnings.\n',
  );
});

test('says what --max-warnings expects', async () => {
  const { stderr } = await check({ 'untraced.yaml': UNTRACED }, 'untraced.yaml', '--max-warnings', '-1');
  expect(stderr).toBe('--max-warnings -1: expected a whole number, such as 0.\n');
});

test('checks the other files if one is invalid', async () => {
  const files = { 'broken.yaml': BROKEN, 'wrong.yaml': WRONG };
  const { stdout } = await check(files, 'broken.yaml', 'wrong.yaml');
  expect(stdout).toMatch(/^wrong\.yaml\n {2}11:7 {2}error .* {2}UnsupportedEventSource$/m);
  expect(stdout).toMatch(/Not read\n {2}broken\.yaml:\d+:\d+: /);
});

describe('the input', () => {
  test('is cdk.out by default', async () => {
    const { status, stdout } = await check({ 'cdk.out/Orders.template.json': '{"Resources":{}}' });
    expect(status).toBe(0);
    expect(stdout).toContain('No findings in 1 template');
  });

  test('is required', async () => {
    expect(await check({})).toEqual({
      status: 2,
      stdout: '',
      stderr: 'cdk.out does not exist in this folder. Run cdk synth first, or pass the path of a template.\n',
    });
  });

  test.each([
    ['serverless.yml', 'Run serverless package, and pass .serverless.'],
    ['.serverless/serverless-state.json', 'Pass .serverless.'],
    ['template.yaml', 'Pass template.yaml.'],
  ])('is required, also beside %s', async (file, advice) => {
    const { status, stderr } = await check({ [file]: '{}' });
    expect([status, stderr]).toEqual([2, `cdk.out does not exist in this folder. ${advice}\n`]);
  });

  describe('is the output in cdk.json', () => {
    const TEMPLATE = '{"Resources":{}}';

    test.each(['build/out', './build/out/', '../app/build/out'])('%s', async (output) => {
      const cwd = folderWith({
        'app/cdk.json': JSON.stringify({ app: 'npx tsx app.ts', output }),
        'app/cdk.out/Stale.template.json': TEMPLATE,
        'app/build/out/Orders.template.json': TEMPLATE,
      });
      const { stdout } = await run(['map', '--format', 'json'], { cwd: join(cwd, 'app') });
      expect(stdout).toMatch(/"build\/out\/Orders|"\.\.\/app\/build\/out\/Orders/);
      expect(stdout).not.toContain('Stale');
    });

    test('unless it has none', async () => {
      const files = { 'cdk.json': '{}', 'cdk.out/Orders.template.json': TEMPLATE };
      expect(await check(files)).toMatchObject({ status: 0 });
    });

    test('unless a path is given', async () => {
      expect(await check({ 'cdk.json': '{', 'a.json': TEMPLATE }, 'a.json')).toMatchObject({ status: 0 });
    });

    test.each<[string, string]>([
      [
        '{ "output": "build" }',
        'build, the output in cdk.json, does not exist in this folder. Run cdk synth first, or pass the path of a template.',
      ],
      [
        '{\n  "output": 7\n}',
        'cdk.json:2:3: output must be the path of a folder. Correct it, or pass a path.',
      ],
      [
        '{ "output": "//host/share" }',
        'cdk.json:1:3: output is a path of another computer, which is not read. Correct it, or pass a path.',
      ],
      ['{', expect.stringMatching(/^cdk\.json:1:2: This is not valid JSON: /)],
    ])('which is invalid: %j', async (text, message) => {
      const { status, stdout, stderr } = await check({ 'cdk.json': text, 'cdk.out/a.json': TEMPLATE });
      expect({ status, stdout, stderr: stderr.trimEnd() }).toEqual({
        status: 2,
        stdout: '',
        stderr: message,
      });
    });

    test('without excerpts of files that are not in the repository', async () => {
      const output = folderWith({
        'a.json': '{ "AWSTemplateFormatVersion": "2010-09-09",\n  "Resources": { "Secret": ',
      });
      const { stdout } = await check({ 'cdk.json': JSON.stringify({ output }) });
      expect(stdout).toContain('a.json: This file is outside of the working directory');
      const named = await check({ 'cdk.json': JSON.stringify({ output }) }, output);
      expect(named.stdout).toContain('a.json:2:29: This is not valid JSON');
    });
  });

  test('can be standard input', async () => {
    const { status, stdout } = await runAlone(command, ['check', '-', '--quiet'], { stdin: WRONG });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^-\n {2}11:7 {2}error .* {2}UnsupportedEventSource$/m);
  });
});

describe('formats', () => {
  const beginnings: Readonly<Record<CheckFormatName, RegExp>> = {
    text: /^template\.yaml\n/,
    json: /^\{\n {2}"schemaVersion": 1,/,
    sarif: /^\{\n {2}"\$schema": /,
    junit: /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites /,
    gitlab: /^\[\n {2}\{\n {4}"description": "Function/,
    markdown: /^<!-- cdk-lambda-xray check\/template\.yaml -->\n\n### ❌ /,
    github: /^::error file=template\.yaml,line=11,/,
    posture: /^\{\n {2}"functions": \{\n {4}"Consumer": \{/,
  };

  test.each(Object.entries(beginnings))('%s', async (format, beginning) => {
    const { status, stdout } = await check({ 'template.yaml': WRONG }, 'template.yaml', '--format', format);
    expect(stdout).toMatch(beginning);
    expect(status).toBe(1);
  });

  test('other than text repeat errors on standard error', async () => {
    const { stdout, stderr } = await check({ 'broken.yaml': BROKEN }, 'broken.yaml', '--format', 'json');
    const { errors } = JSON.parse(stdout) as { errors: { template: string }[] };
    expect(errors.map(({ template }) => template)).toEqual(['broken.yaml']);
    expect(stderr).toMatch(/^broken\.yaml:\d+:\d+: /);
  });
});

describe('--output', () => {
  const files = { 'template.yaml': WRONG };
  const sarif = ['template.yaml', '--format', 'sarif', '--output', 'tracing.sarif'];

  test('writes the report to the file only', async () => {
    const cwd = folderWith(files);
    const { status, stdout } = await run(['check', ...sarif], { cwd });
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: '1 error in 1 template. Written to tracing.sarif.\n',
    });
    const log = JSON.parse(readFileSync(join(cwd, 'tracing.sarif'), 'utf-8')) as Log;
    expect(log.runs[0].results?.map(({ ruleId }) => ruleId)).toEqual([KAFKA_RULE]);
    expect(readdirSync(cwd).sort()).toEqual(['template.yaml', 'tracing.sarif']);
  });

  test.each(['gitlab', 'posture'])('replaces a report in the folder that it checks: %s', async (format) => {
    const cwd = folderWith(files);
    const args = ['check', '.', '--format', format, '--output', 'report.json', '--quiet'];
    for (let times = 0; times < 2; times++) {
      expect(await runShared(command, args, { cwd })).toEqual({ status: 1, stdout: '', stderr: '' });
    }
  });

  test('with --quiet writes nothing to standard output', async () => {
    expect(await check(files, ...sarif, '--quiet')).toEqual({ status: 1, stdout: '', stderr: '' });
  });

  test('refuses a file in a missing folder', async () => {
    const { status, stderr } = await check(files, 'template.yaml', '--output', 'reports/tracing.txt');
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr:
        'Cannot write the report to reports/tracing.txt: the folder reports does not exist. Create it, or pass ' +
        'another file to --output.\n',
    });
  });

  test('refuses a folder', async () => {
    const cwd = folderWith(files);
    mkdirSync(join(cwd, 'reports'));
    const { status, stderr } = await run(['check', 'template.yaml', '--output', 'reports'], { cwd });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'Cannot write the report to reports: it is a folder. Pass a file in it to --output.\n',
    });
  });

  test('refuses to overwrite the input', async () => {
    const cwd = folderWith(files);
    const { status, stderr } = await run(['check', 'template.yaml', '--output', './template.yaml'], { cwd });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: '--output ./template.yaml would overwrite the input. Pass another file to --output.\n',
    });
    expect(readFileSync(join(cwd, 'template.yaml'), 'utf-8')).toBe(WRONG);
  });
});

describe('--output refuses', () => {
  const assembly = (templateFile: string) =>
    JSON.stringify({
      artifacts: {
        Orders: {
          type: 'aws:cloudformation:stack',
          properties: { templateFile },
          additionalMetadataFile: 'Orders.metadata.json',
        },
      },
    });
  const cdkOut = {
    'cdk.out/manifest.json': assembly('Orders.template.json'),
    'cdk.out/Orders.template.json': '{ "Resources": {} }',
    'cdk.out/Orders.metadata.json': '{}',
  };
  const nesting =
    'Resources: { N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: n/nested.yaml } } }';

  test.each<[string, Record<string, string>, string[], string]>([
    ['a nested template', { 't.yaml': nesting, 'n/nested.yaml': WRONG }, ['t.yaml'], 'n/nested.yaml'],
    ['a template below a folder', { 'a/t.yaml': WRONG }, ['.'], 'a/t.yaml'],
    ['another file below a folder', { 't.yaml': WRONG, 'package.json': '{}' }, ['.'], 'package.json'],
    [
      'the configuration',
      { 't.yaml': WRONG, '.cdk-lambda-xray.yaml': '' },
      ['t.yaml'],
      '.cdk-lambda-xray.yaml',
    ],
    ['another configuration', { 't.yaml': WRONG, 'c.yaml': '' }, ['t.yaml', '--config', 'c.yaml'], 'c.yaml'],
    ['the baseline', { 't.yaml': WRONG, 'old/t.yaml': WRONG }, ['t.yaml', '--baseline', 'old'], 'old/t.yaml'],
    ['a manifest', cdkOut, ['cdk.out'], 'cdk.out/manifest.json'],
    ['metadata', cdkOut, ['cdk.out'], 'cdk.out/Orders.metadata.json'],
    ['a new file in a cloud assembly', cdkOut, ['cdk.out'], 'cdk.out/report.json'],
    [
      'a folder of a cloud assembly',
      { ...cdkOut, 'cdk.out/asset.1/x': '' },
      ['cdk.out'],
      'cdk.out/asset.1/report.json',
    ],
    ['an assembly that is not read', { ...cdkOut, 't.yaml': WRONG }, ['t.yaml'], 'cdk.out/report.json'],
    ['a folder that CDK marks', { 't.yaml': WRONG, 'out/cdk.out': '{}' }, ['t.yaml'], 'out/report.json'],
  ])('%s', async (_, files, args, output) => {
    const cwd = folderWith(files);
    for (const path of [output, `./${output}`, join(realpathSync(cwd), output)]) {
      const { status, stderr } = await run(['check', ...args, '--output', path], { cwd });
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: expect.stringMatching(
          /^--output .* (would overwrite (the input|the baseline|a file that this command reads)|is in the cloud assembly (cdk\.out|out), which CDK deploys)\. Pass another file to --output\.\n$/,
        ) as unknown,
      });
    }
    expect(existsSync(join(cwd, output)) ? readFileSync(join(cwd, output), 'utf-8') : undefined).toBe(
      files[output],
    );
  });

  test('a link', async () => {
    const cwd = folderWith({ 't.yaml': WRONG, 'x/secret': 'old' });
    symlinkSync('x/secret', join(cwd, 'report.txt'));
    symlinkSync('x', join(cwd, 'y'));
    for (const output of ['report.txt', 'y/report.txt']) {
      const { status, stderr } = await run(['check', 't.yaml', '--output', output], { cwd });
      expect(status).toBe(2);
      expect(stderr).toMatch(/ is a symbolic link\. Pass the path that it points to, or remove it\.\n$/);
    }
    expect(readFileSync(join(cwd, 'x/secret'), 'utf-8')).toBe('old');
    expect(readdirSync(join(cwd, 'x'))).toEqual(['secret']);
  });
});

test.each(['json', 'sarif'])(
  '--output replaces the %s report of an earlier run below the input',
  async (format) => {
    const cwd = folderWith({ 't.yaml': WRONG });
    for (const file of ['report.json', 'report.json']) {
      const { status, stderr } = await run(['check', '.', '--format', format, '--output', file], { cwd });
      expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    }
  },
);

describe('colors', () => {
  test.each<[string, string[], Record<string, string>, boolean]>([
    ['are off for pipes', [], {}, false],
    ['are on with FORCE_COLOR', [], { FORCE_COLOR: '1' }, true],
    ['are off with --no-color', ['--no-color'], { FORCE_COLOR: '1' }, false],
    ['are off with NO_COLOR', [], { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('%s', async (_, args, env, isColored) => {
    const cwd = folderWith({ 'template.yaml': WRONG });
    const { stdout } = await run(['check', 'template.yaml', ...args], { cwd, env });
    expect(stdout.includes('\u001b[')).toBe(isColored);
  });
});

test('succeeds if the reader of its output closes the pipe', async () => {
  const resources = Array.from({ length: 5000 }, (_, i): [string, object] => [
    `Fn${i}`,
    { Type: 'AWS::Lambda::Function' },
  ]);
  const cwd = folderWith({ 'template.json': JSON.stringify({ Resources: Object.fromEntries(resources) }) });
  const child = spawn(process.execPath, [command, 'check', 'template.json'], { cwd });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  child.stdout.once('data', () => child.stdout.destroy());
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
