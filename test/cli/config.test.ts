import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../lib/config/parse-config';
import { bundledCommand, folderWith, runShared } from './bundled-command';
import { UNTRACED, WRONG } from './templates';

const FILE = '.cdk-lambda-xray.yaml';

test('parses all keys', () => {
  const text = `
failOn: warning
rules:
  ActiveTracing: off
  LambdaXRay-ExplicitMode: error
acknowledge:
  - { rule: WritePermissions, reason: A boundary allows it., logicalId: Fn }
  - { rule: ExplicitMode, reason: Generated., path: Orders/Report, template: Orders.template.json, expires: 2027-01-31 }
requestsPerSecond:
  default: 2
  Orders/Intake: 0.5
exclude: [./build/, 'infra/*.packaged.yaml']
parameters:
  '*': { Account: 012, IsTraced: true, Zones: [a, b] }
`;
  expect(parseConfig(text, FILE)).toEqual({
    failOn: 'warning',
    severities: { 'LambdaXRay-ActiveTracing': 'off', 'LambdaXRay-ExplicitMode': 'error' },
    acknowledgements: [
      {
        ruleId: 'LambdaXRay-WritePermissions',
        reason: 'A boundary allows it.',
        logicalId: 'Fn',
        position: { line: 7, column: 5 },
      },
      {
        ruleId: 'LambdaXRay-ExplicitMode',
        reason: 'Generated.',
        constructPath: 'Orders/Report',
        template: 'Orders.template.json',
        expires: '2027-01-31',
        position: { line: 8, column: 5 },
      },
    ],
    requestsPerSecond: {
      default: 2,
      named: [{ name: 'Orders/Intake', requestsPerSecond: 0.5, location: `${FILE}:11:3` }],
    },
    exclude: ['build', 'infra/*.packaged.yaml'],
    parameters: [
      {
        template: '*',
        values: { Account: '012', IsTraced: 'true', Zones: 'a,b' },
        positions: {
          Account: { line: 14, column: 10 },
          IsTraced: { line: 14, column: 24 },
          Zones: { line: 14, column: 40 },
        },
      },
    ],
    file: FILE,
  });
});

test('parses requests per second for all functions', () => {
  expect(parseConfig('requestsPerSecond: 10', FILE).requestsPerSecond).toEqual({ default: 10, named: [] });
  expect(parseConfig('requestsPerSecond: # none yet', FILE).requestsPerSecond).toBeUndefined();
});

test.each(['', '# Nothing yet.\n', '---\n', 'null\n', 'rules:\nacknowledge: # none\n'])(
  'accepts an empty configuration: %j',
  (text) => {
    expect(parseConfig(text, FILE)).toMatchObject({ severities: {}, acknowledgements: [] });
  },
);

describe('a problem is reported with its location', () => {
  test.each([
    ['rulez: {}', '1:1: Unknown key "rulez" in the configuration. Did you mean rules?'],
    [
      'failOn: error\nformat: json',
      '2:1: Unknown key "format" in the configuration. Valid keys: rules, acknowledge, failOn, requestsPerSecond, exclude, parameters, includeCdkFunctions, transactionSearch, $schema.',
    ],
    [
      'rules: { ActiveTracin: off }',
      '1:10: There is no rule "ActiveTracin". Did you mean LambdaXRay-ActiveTracing? Run cdk-lambda-xray rules for a list of all rules.',
    ],
    [
      'rules: { Nothing: off }',
      '1:10: There is no rule "Nothing". Run cdk-lambda-xray rules for a list of all rules.',
    ],
    [
      'rules:\n  ActiveTracing: eror',
      '2:18: ActiveTracing must be one of off, info, warning, error. Did you mean error?',
    ],
    ['rules:\n  ActiveTracing: [off]', '2:18: ActiveTracing must be one of off, info, warning, error.'],
    ['rules: *nothing', '1:8: The alias *nothing has no anchor &nothing before it.'],
    [
      'rules:\n  ActiveTracing: *later\n  ExplicitMode: &later off',
      '2:18: The alias *later has no anchor &later before it.',
    ],
    ['rules: off', '1:8: rules must be a mapping of keys to values.'],
    [
      'requestsPerSecond: many',
      '1:20: requestsPerSecond must be a number of requests per second, such as 10 or 0.5.',
    ],
    [
      'requestsPerSecond: { Intake: -1 }',
      '1:30: Intake must be a number of requests per second, such as 10 or 0.5.',
    ],
    [
      'requestsPerSecond: { default: "2" }',
      '1:31: default must be a number of requests per second, such as 10 or 0.5.',
    ],
    [
      'requestsPerSecond: { Intake: .inf }',
      '1:30: Intake must be a number of requests per second, such as 10 or 0.5.',
    ],
    [
      'requestsPerSecond: { "Orders/!(a)": 2 }',
      '1:22: "Orders/!(a)" is not a valid pattern: "(" is not supported in a path.',
    ],
    ['requestsPerSecond: [2]', '1:20: requestsPerSecond must be a mapping of keys to values.'],
    [
      'requestPerSecond: 2',
      '1:1: Unknown key "requestPerSecond" in the configuration. Did you mean requestsPerSecond?',
    ],
    ['failOn: off', '1:9: failOn must be one of error, warning, info, never.'],
    ['acknowledge: { rule: ActiveTracing }', '1:14: acknowledge must be a list.'],
    ['acknowledge:\n  - ActiveTracing', '2:5: an acknowledgement must be a mapping of keys to values.'],
    [
      'acknowledge:\n  - rule: ActiveTracing',
      '2:5: An acknowledgement requires a reason: why the finding is acceptable.',
    ],
    [
      'acknowledge:\n  - { rule: ActiveTracing, reason: " " }',
      '2:5: An acknowledgement requires a reason: why the finding is acceptable.',
    ],
    ['acknowledge:\n  - reason: So.', '2:5: An acknowledgement requires a rule: the ID of a rule.'],
    [
      'acknowledge:\n  - { rule: ExplicitMod, reason: So. }',
      '2:13: There is no rule "ExplicitMod". Did you mean LambdaXRay-ExplicitMode? Run cdk-lambda-xray rules for a list of all rules.',
    ],
    [
      'acknowledge:\n  - { rule: ExplicitMode, reason: So., logicalID: Fn }',
      '2:40: Unknown key "logicalID" in an acknowledgement. Did you mean logicalId?',
    ],
    ['acknowledge:\n  - { rule: ExplicitMode, reason: 7 }', '2:35: reason must be a string.'],
    [
      'acknowledge:\n  - { rule: ExplicitMode, reason: So., expires: 2027-02-30 }',
      '2:49: expires must be a day, such as 2027-01-31.',
    ],
    ['exclude: ["!a"]', '1:11: exclude has an invalid pattern: "!" at the start is not supported in a path.'],
    ['exclude: ["./"]', '1:11: exclude has an invalid pattern: it is empty.'],
    [
      'parameters: { Stage: prod }',
      "1:15: The keys of parameters are templates. Write parameters: { '*': { Stage: ... } }.",
    ],
    ['- a', '1:1: the configuration must be a mapping of keys to values.'],
    ['__proto__: 1', '1:1: Unknown key "__proto__" in the configuration.'],
  ])('%j', (text, message) => {
    expect(() => parseConfig(text, FILE)).toThrow(`${FILE}:${message}`);
  });

  test.each(['rules: {', 'rules: &a *a', 'a: 1\na: 2', '%YAML', 'rules: {}\n---\nrules: {}'])(
    'invalid YAML: %j',
    (text) => {
      expect(() => parseConfig(text, FILE)).toThrow(/^\.cdk-lambda-xray\.yaml:\d+:\d+: /);
    },
  );

  test.each([
    [
      'rules: {',
      '1:9: This is not valid YAML: a bracket is not closed, or a line is not indented correctly.',
    ],
    ['rules: "', '1:9: This is not valid YAML: a bracket, a quote or a comma is missing.'],
    ['rules:\n\tA: off', '2:1: This is not valid YAML: a line is indented with a tab. Use spaces.'],
    [
      'failOn: @no',
      '1:9: This is not valid YAML: a text starts with a reserved character. Put it in quotes.',
    ],
    [
      'failOn: "\\q"',
      '1:10: This is not valid YAML: a string has an invalid escape sequence. Use single quotes.',
    ],
    ['rules: {} }', '1:11: This is not valid YAML: this text is not expected here.'],
    [
      'failOn: a: b',
      '1:9: This is not valid YAML: a mapping starts in the middle of a line. Move it to its own line.',
    ],
    ['rules: *a', '1:8: The alias *a has no anchor &a before it.'],
    ['failOn: never\nfailOn: never', '2:1: Duplicate key "failOn". Remove one of the two.'],
    ['? [rules]\n: {}', '1:3: A key in the configuration is a list or a mapping. Use a string.'],
    ['rules: {}\n---\nrules: {}', '2:1: A second YAML document starts here. Move it to its own file.'],
  ])('YAML: %j', (text, message) => {
    expect(() => parseConfig(text, FILE)).toThrow(new Error(`${FILE}:${message}`));
  });

  test.each([
    ['lists', 'rules: ' + '['.repeat(100_000)],
    ['mappings', '{a: '.repeat(100_000)],
    ['keys', '? '.repeat(100_000)],
  ])('deeply nested %s', (_, text) => {
    expect(() => parseConfig(text, FILE)).toThrow('The file is nested more than 500 levels deep.');
  });

  test('aliases that make many problems', () => {
    const keys = Array.from({ length: 2_000 }, (_, i) => `k${i}: 1`);
    const text = `acknowledge: [&a { ${keys.join(', ')} }${', *a'.repeat(20_000)}]`;
    const start = Date.now();
    expect(() => parseConfig(text, FILE)).toThrow(/There may be more problems\. Fix these first\.$/);
    expect(Date.now() - start).toBeLessThan(10_000);
  });

  test('all problems at once', () => {
    expect(() => parseConfig('failOn: no\nrulez: {}\n', FILE)).toThrow(/:1:9: .*\n.*:2:1: /);
  });
});

describe('the configuration file', () => {
  let command: string;
  beforeAll(async () => {
    command = await bundledCommand();
  }, 60_000);

  const check = (files: Readonly<Record<string, string>>, args: readonly string[] = [], below = '.') => {
    const cwd = join(folderWith({ 'template.yaml': UNTRACED, ...files }), below);
    mkdirSync(cwd, { recursive: true });
    return runShared(command, ['check', join(below === '.' ? '' : '..', 'template.yaml'), ...args], { cwd });
  };

  test('is found in the working directory and its parents', async () => {
    expect(await check({ [FILE]: 'failOn: warning' })).toMatchObject({ status: 1 });
    expect(await check({ [FILE]: 'failOn: warning' }, [], 'below')).toMatchObject({ status: 1 });
  });

  test.each<[string, (cwd: string) => void, string]>([
    ['a folder', (cwd) => mkdirSync(join(cwd, FILE)), 'it is a folder.'],
    ['a pipe', (cwd) => execFileSync('mkfifo', [join(cwd, FILE)]), 'it is a device or a pipe, not a file.'],
    [
      'a link to a device',
      (cwd) => symlinkSync('/dev/zero', join(cwd, FILE)),
      'it is a device or a pipe, not a file.',
    ],
    [
      'a large file',
      (cwd) => writeFileSync(join(cwd, FILE), `# ${'x'.repeat(1_000_000)}`),
      'it is larger than 1 MB.',
    ],
    [
      'a link to a file of the user',
      (cwd) => symlinkSync(join(folderWith({ secret: 'aws_secret: x' }), 'secret'), join(cwd, FILE)),
      'it is a symbolic link to a file outside of its folder and the working directory.',
    ],
  ])('can not be %s', async (_, create, reason) => {
    const cwd = folderWith({ 'template.yaml': UNTRACED });
    create(cwd);
    const message = `Cannot read the configuration ${FILE}: ${reason}`;
    expect(await runShared(command, ['check', 'template.yaml'], { cwd })).toEqual({
      status: 2,
      stdout: '',
      stderr: `${message}\n`,
    });
    expect(await runShared(command, ['check', 'template.yaml', '--config', FILE], { cwd })).toEqual({
      status: 2,
      stdout: '',
      stderr: `${message} Pass another file to --config, or omit --config.\n`,
    });
  });

  test('can be in UTF-16', async () => {
    const cwd = folderWith({ 'template.yaml': UNTRACED });
    writeFileSync(join(cwd, FILE), Buffer.from('\ufefffailOn: warning', 'utf16le'));
    expect(await runShared(command, ['check', 'template.yaml'], { cwd })).toMatchObject({ status: 1 });
  });

  describe('is searched', () => {
    const config = { [FILE]: 'failOn: warning' };
    const status = async (files: Readonly<Record<string, string>>, home: string) => {
      const folder = folderWith({ 'template.yaml': UNTRACED, 'app/infra/template.yaml': UNTRACED, ...files });
      const env = { HOME: join(folder, home), USERPROFILE: join(folder, home) };
      return (
        await runShared(command, ['check', 'template.yaml'], { cwd: join(folder, 'app', 'infra'), env })
      ).status;
    };

    test.each([
      [
        'up to the root of the repository',
        { 'app/.git/HEAD': '', 'app/.cdk-lambda-xray.yaml': 'failOn: warning' },
        1,
      ],
      ['not above the root of the repository', { 'app/.git/HEAD': '', ...config }, 0],
      ['not above the root of a worktree or submodule', { 'app/.git': 'gitdir: ../x', ...config }, 0],
      ['in the whole repository, even around the home folder', { '.git/HEAD': '', ...config }, 1],
    ])('%s', async (_, files, expected) => {
      expect(await status(files, 'app')).toBe(expected);
    });

    test.each([
      ['in the home folder', '.', 1],
      ['not above the home folder', 'app', 0],
    ])('without a repository: %s', async (_, home, expected) => {
      expect(await status(config, home)).toBe(expected);
    });
  });

  test('is ignored with --config none', async () => {
    expect(await check({ [FILE]: 'rulez: {}' }, ['--config', 'none'])).toMatchObject({ status: 0 });
    const files = { [FILE]: 'failOn: never', none: 'failOn: warning' };
    expect(await check(files, ['--config', './none'])).toMatchObject({ status: 1 });
  });

  test('can be another file', async () => {
    const files = { [FILE]: 'failOn: never', 'strict.yaml': 'failOn: warning' };
    expect(await check(files, ['--config', 'strict.yaml'])).toMatchObject({ status: 1 });
  });

  test('has a lower precedence than options', async () => {
    const files = { [FILE]: 'failOn: warning\nrules: { ActiveTracing: error }' };
    expect(await check(files, ['--rule', 'ActiveTracing=info'])).toMatchObject({ status: 0 });
    expect(await check(files, ['--fail-on', 'never'])).toMatchObject({ status: 0 });
  });

  test('ends the run if it is invalid', async () => {
    expect(await check({ [FILE]: 'rulez: {}' })).toEqual({
      status: 2,
      stdout: '',
      stderr: `${FILE}:1:1: Unknown key "rulez" in the configuration. Did you mean rules?\n`,
    });
  });

  test('acknowledges findings', async () => {
    const acknowledge = `acknowledge:
  - { rule: UnsupportedEventSource, logicalId: Orders, reason: Until we have split it. }
`;
    const files = { 'template.yaml': WRONG, [FILE]: acknowledge };
    const { status, stdout } = await check(files);
    expect(status).toBe(0);
    expect(stdout).toContain('No findings, 1 acknowledged in 1 template.');
    const { stdout: json } = await check(files, ['--format', 'json']);
    expect(JSON.parse(json)).toMatchObject({
      summary: { findings: { error: 0, warning: 0 }, acknowledged: 1 },
      findings: [{ acknowledged: { reason: 'Until we have split it.' } }],
    });
  });

  test('says who has acknowledged: the entry of the configuration, or the resource', async () => {
    const acknowledge = `acknowledge:
  - { rule: UnsupportedEventSource, path: Orders, reason: We split it., expires: 9999-12-31 }
`;
    const files = { 'template.yaml': WRONG, [FILE]: acknowledge };
    const { stdout: json } = await check(files, ['--format', 'json']);
    expect(JSON.parse(json)).toMatchObject({
      findings: [
        {
          acknowledged: {
            reason: 'We split it.',
            expires: '9999-12-31',
            location: { template: FILE, constructPath: 'Orders', line: 2 },
          },
        },
      ],
    });
    const { stdout } = await check(files);
    expect(stdout).not.toContain('We split it.');
    const { stdout: verbose } = await check(files, ['--verbose']);
    expect(verbose).toContain(`Acknowledged at ${FILE}:2:5, until 9999-12-31\n`);
    expect(verbose).toContain('Acknowledged: We split it.\n');
  });

  test('acknowledges until it expires', async () => {
    const acknowledging = (day: string) => ({
      'template.yaml': WRONG,
      [FILE]: `acknowledge: [{ rule: UnsupportedEventSource, path: 'Ord*', reason: So., expires: ${day} }]`,
    });
    expect(await check(acknowledging('9999-12-31'))).toMatchObject({ status: 0 });
    const { status, stdout } = await check(acknowledging('2020-01-31'));
    expect(status).toBe(1);
    expect(stdout).toContain(
      'The acknowledgement of LambdaXRay-UnsupportedEventSource expired after 2020-01-31, so it is ignored.',
    );
  });

  test('excludes files and folders below a folder, but not those that are named', async () => {
    const command = await bundledCommand();
    const cwd = folderWith({
      'app/.cdk-lambda-xray.yaml': 'exclude: [out, "**/packaged.*"]',
      'app/template.yaml': UNTRACED,
      'app/out/template.yaml': WRONG,
      'app/infra/packaged.yaml': WRONG,
    });
    const inApp = (...args: string[]) => runShared(command, ['check', ...args], { cwd: join(cwd, 'app') });
    expect((await inApp('.')).stdout).toContain('1 warning in 1 template.');
    expect(await inApp('out')).toMatchObject({ status: 1 });
    // In a copy of the folder, too.
    cpSync(join(cwd, 'app'), join(cwd, 'before'), { recursive: true });
    const { stderr } = await inApp('template.yaml', '--baseline', '../before');
    expect(stderr).toBe('');
    expect(await inApp('infra/packaged.yaml')).toMatchObject({ status: 1 });
  });

  test('sets parameters by template', async () => {
    const template = `
Parameters: { Mode: { Type: String } }
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties: { TracingConfig: { Mode: !Ref Mode } }
`;
    const mode = async (parameters: string) => {
      const { stdout, stderr } = await check(
        { 'template.yaml': template, [FILE]: `parameters:\n  ${parameters}` },
        ['--format', 'json'],
      );
      return [(JSON.parse(stdout) as { functions: { mode: string }[] }).functions[0].mode, stderr];
    };
    expect(await mode('template.yaml: { Mode: PassThrough }')).toEqual(['PassThrough', '']);
    expect(await mode("'*': { Mode: PassThrough }\n  template.yaml: { Mode: Active }")).toEqual([
      'Active',
      '',
    ]);
    expect(await mode('other.yaml: { Mode: Active }')).toEqual(['Unknown', '']);
    expect(await mode('template.yaml: { Mod: Active }')).toEqual([
      'Unknown',
      `${FILE}:2:20: No template that matches "template.yaml" has a parameter "Mod". Did you mean Mode?\n`,
    ]);
  });
});
