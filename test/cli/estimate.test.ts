import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledCommand, folderWith, run as runCommand, type RunOptions } from './bundled-command';
import { BROKEN, RIGHT, UNTRACED } from './templates';

const CONFIG = '.cdk-lambda-xray.yaml';

let command: string;
beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

function run(args: readonly string[], options?: RunOptions) {
  return runCommand(command, ['estimate', ...args], options);
}

/** Runs `estimate` in a folder with a template and other files. */
function estimate(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  return run(args, { cwd: folderWith({ 'template.yaml': RIGHT, ...files }) });
}

/** The requests per second of each entry, by logical ID. */
async function rates(args: readonly string[], files?: Readonly<Record<string, string>>) {
  const { stdout } = await estimate(['template.yaml', '--format', 'json', ...args], files);
  const { entries } = JSON.parse(stdout) as { entries: { logicalId: string; requestsPerSecond: number }[] };
  return Object.fromEntries(
    entries.map(({ logicalId, requestsPerSecond }) => [logicalId, requestsPerSecond]),
  );
}

test('an estimate, for people', async () => {
  expect(await estimate(['template.yaml', '--rps', '10'])).toEqual({
    status: 0,
    stdout: `\
Entry   Decides  Requests/s  Recorded/s  Recorded/month    USD
Intake  Lambda           10        1.45       3,810,600  19.05

- Requests are taken to come evenly, in a month of 730 hours.
- Lambda records 1 request a second and 5 percent of the others. This is taken to be for each function. \
If it is for each of its execution environments, which no page says, more is recorded.
- X-Ray charges USD 5.00 for a million traces recorded beyond 100,000 a month and account; and USD 0.50 for a million \
retrieved or scanned beyond 1,000,000, which is not estimated (https://aws.amazon.com/xray/pricing/, read on 2026-11-20).

3,810,600 traces recorded a month, 100,000 of them free, the others at USD 5.00 a million: USD 18.55.
`,
    stderr: '',
  });
});

describe('figures', () => {
  test.each<[string, string[], string, object]>([
    ['for all functions, in the configuration', [], 'requestsPerSecond: 3', { Intake: 3 }],
    ['for some', [], 'requestsPerSecond: { default: 3, Intake: 7 }', { Intake: 7 }],
    ['for all, on the command line', ['--rps', '0.5'], 'requestsPerSecond: { default: 3 }', { Intake: 0.5 }],
    [
      'for some, whatever is on the command line',
      ['--rps', '5'],
      'requestsPerSecond: { Intake: 7 }',
      { Intake: 7 },
    ],
  ])('%s', async (_, args, config, expected) => {
    expect(await rates(args, { [CONFIG]: config })).toEqual(expected);
  });

  test('in another configuration', async () => {
    expect(await rates(['--config', 'peak.yaml'], { 'peak.yaml': 'requestsPerSecond: 100' })).toEqual({
      Intake: 100,
    });
  });

  test('of a construct', async () => {
    const template = RIGHT.replace(
      'Properties:',
      'Metadata: { aws:cdk:path: Orders/Intake/Resource }\n    Properties:',
    );
    const files = { 'template.yaml': template, [CONFIG]: 'requestsPerSecond: { Orders/Intake: 7 }' };
    expect(await rates([], files)).toEqual({ Intake: 7 });
  });

  test('for a function that there is not', async () => {
    const { status, stderr } = await estimate(['template.yaml'], {
      [CONFIG]: 'requestsPerSecond:\n  default: 2\n  Intak: 7',
    });
    expect(stderr).toBe(`${CONFIG}:3:3: There is no function "Intak". Did you mean Intake?\n`);
    expect(status).toBe(0);
  });
});

describe('wrong usage ends with 2, and with what to do', () => {
  test.each<[string[], RegExp]>([
    [
      ['template.yaml'],
      /^The templates do not tell how many requests come\. .*: --rps 10\nOr in .*: requestsPerSecond: \{/,
    ],
    [
      ['template.yaml', '--rps', 'many'],
      /^--rps many: write a number of requests per second, such as 10 or 0\.5\.\n$/,
    ],
    [['template.yaml', '--rps=-1'], /^--rps -1: write a number/],
    [['template.yaml', '--rps', 'Infinity'], /^--rps Infinity: write a number/],
    [
      ['template.yaml', '--rps', '1e308'],
      /^--rps 1e308: write a number of requests per second up to 1,000,000,000\.\n$/,
    ],
    [['template.yaml', '--rps='], /^--rps : write a number/],
    [['template.yaml', '--rps', '1', '--format', 'sarif'], /Allowed choices are text, json\./],
    [['gone.yaml', '--rps', '1', '--format', 'json'], /^gone\.yaml: /],
    [['--rps', '1'], /^cdk\.out does not exist in this folder\. /],
    [
      ['template.yaml', '--rps', '1', '--output', 'template.yaml'],
      /^--output template\.yaml would overwrite the input\. /,
    ],
  ])('%j', async (args, message) => {
    const { status, stderr } = await estimate(args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});

test('what is broken hides nothing of the others', async () => {
  const { status, stdout } = await estimate(['broken.yaml', 'template.yaml', '--rps', '10'], {
    'broken.yaml': BROKEN,
  });
  expect(stdout).toMatch(/^Intake {2}Lambda /m);
  expect(stdout).toMatch(/^Not read\n {2}broken\.yaml:\d+:\d+: /m);
  expect(stdout).toMatch(/USD 18\.55\. 1 part of the input could not be read\.\n$/);
  expect(status).toBe(2);
});

test('what is not traced costs nothing', async () => {
  expect(await estimate(['template.yaml', '--rps', '10'], { 'template.yaml': UNTRACED })).toEqual({
    status: 0,
    stdout: '0 traces recorded a month: USD 0.00.\n',
    stderr: '',
  });
});

test('cdk.out is read unless something is named', async () => {
  const cwd = folderWith({ 'cdk.out/template.yaml': RIGHT });
  expect((await run(['--rps', '1'], { cwd })).stdout).toMatch(/^Intake {2}Lambda /m);
});

test('--region tells where templates are deployed that do not say it', async () => {
  const { stdout } = await estimate(['template.yaml', '--rps', '1', '--region', 'cn-north-1']);
  expect(stdout).toContain('\n- No price is known for cn-north-1.\n');
});

test('--region that there is not has no price', async () => {
  const { stdout } = await estimate(['template.yaml', '--rps', '1', '--region', 'eu-wset-1']);
  expect(stdout).toContain('\n- No price is known for eu-wset-1.\n');
});

test('--output is written, and nothing else is', async () => {
  const cwd = folderWith({ 'template.yaml': RIGHT });
  const args = ['template.yaml', '--rps', '10', '--format', 'json', '--output', 'estimate.json'];
  expect(await run(args, { cwd })).toEqual({
    status: 0,
    stdout:
      '3,810,600 traces recorded a month, 100,000 of them free, the others at USD 5.00 a million: USD 18.55. ' +
      'Written to estimate.json.\n',
    stderr: '',
  });
  expect(readFileSync(join(cwd, 'estimate.json'), 'utf-8')).toMatch(/^\{\n {2}"schemaVersion": 1,/);
  expect(readdirSync(cwd).sort()).toEqual(['estimate.json', 'template.yaml']);
});

test('colors may be forced', async () => {
  const options = { cwd: folderWith({ 'template.yaml': RIGHT }), env: { FORCE_COLOR: '1' } };
  expect((await run(['template.yaml', '--rps', '1'], options)).stdout).toContain('\u001b[');
  expect((await run(['template.yaml', '--rps', '1', '--no-color'], options)).stdout).not.toContain('\u001b');
});
