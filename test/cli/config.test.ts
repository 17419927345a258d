import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../lib/cli/parse-config';
import { bundledCommand, folderWith, run } from './bundled-command';
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
  - { rule: ExplicitMode, reason: Generated., path: Orders/Report, template: Orders.template.json }
requestsPerSecond:
  default: 2
  Orders/Intake: 0.5
`;
  expect(parseConfig(text, FILE)).toEqual({
    failOn: 'warning',
    severities: { 'LambdaXRay-ActiveTracing': 'off', 'LambdaXRay-ExplicitMode': 'error' },
    acknowledgements: [
      { ruleId: 'LambdaXRay-WritePermissions', reason: 'A boundary allows it.', logicalId: 'Fn' },
      {
        ruleId: 'LambdaXRay-ExplicitMode',
        reason: 'Generated.',
        constructPath: 'Orders/Report',
        template: 'Orders.template.json',
      },
    ],
    requestsPerSecond: {
      default: 2,
      named: [{ name: 'Orders/Intake', requestsPerSecond: 0.5, location: `${FILE}:11:3` }],
    },
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
      '2:1: Unknown key "format" in the configuration. Valid keys: rules, acknowledge, failOn, requestsPerSecond.',
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
    return run(command, ['check', join(below === '.' ? '' : '..', 'template.yaml'), ...args], { cwd });
  };

  test('is found in the working directory and its parents', async () => {
    expect(await check({ [FILE]: 'failOn: warning' })).toMatchObject({ status: 1 });
    expect(await check({ [FILE]: 'failOn: warning' }, [], 'below')).toMatchObject({ status: 1 });
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

  test('is reported if an acknowledgement matches no finding', async () => {
    const acknowledge = 'acknowledge: [{ rule: ActiveTracing, logicalId: Gone, reason: So. }]';
    const { stdout } = await check({ [FILE]: acknowledge });
    expect(stdout).toContain(`${FILE}  warning  LambdaXRay-Acknowledgement  Gone`);
  });
});
