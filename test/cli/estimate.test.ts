import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledCommand, folderWith, runShared, type RunOptions } from './bundled-command';
import { BROKEN, RIGHT, UNTRACED } from './templates';

const CONFIG = '.cdk-lambda-xray.yaml';

let command: string;
beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

function run(args: readonly string[], options?: RunOptions) {
  return runShared(command, ['estimate', ...args], options);
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

test('writes an estimate as text', async () => {
  expect(await estimate(['template.yaml', '--rps', '10'])).toEqual({
    status: 0,
    stdout: `\
About USD 18.55 per month: 3,810,600 traces recorded, 100,000 of them free, the rest at USD 5.00 per million.

Entry   Sampled by  Requests/s  Recorded/s  Recorded/month     USD
Intake  Lambda              10        1.45       3,810,600  ~19.05

- ~ marks a guess: the request rate is the default, or the tracing is known only at deployment.
- Assumes evenly distributed requests and a month of 730 hours.
- Lambda records 1 request per second and 5 percent of additional requests. AWS does not document whether this applies \
per function or per execution environment. The estimate assumes per function, so the actual number can be higher.
- With Transaction Search, which captures all invocations, CloudWatch would charge about USD 52.63 per month instead. \
This is a guess for 110,000,000 spans (150 GB): 4 spans per invocation, 6 with AWS's OpenTelemetry layer, of 1.5 KB each. \
In us-east-1, CloudWatch charges USD 0.35 per GB up to 10,240 GB, less beyond, and USD 0.75 per million spans that are \
indexed beyond 1 percent. Storage and queries in CloudWatch Logs are not estimated (AWS Price List, AmazonCloudWatch, \
read on 2025-10-28; current prices: https://aws.amazon.com/cloudwatch/pricing/).
- X-Ray charges USD 5.00 per million traces recorded beyond 100,000 per month and account. Not estimated: USD 0.50 per \
million traces retrieved or scanned beyond 1,000,000, and USD 1.00 per million traces in groups with X-Ray Insights \
(https://aws.amazon.com/xray/pricing/, read on 2026-11-20).
`,
    stderr: '',
  });
});

describe('request rates', () => {
  test.each<[string, string[], string, object]>([
    ['are read for all functions from the configuration', [], 'requestsPerSecond: 3', { Intake: 3 }],
    [
      'are read for a function from the configuration',
      [],
      'requestsPerSecond: { default: 3, Intake: 7 }',
      { Intake: 7 },
    ],
    [
      'are read for all functions from the command line',
      ['--rps', '0.5'],
      'requestsPerSecond: { default: 3 }',
      { Intake: 0.5 },
    ],
    [
      'of a function take precedence over the command line',
      ['--rps', '5'],
      'requestsPerSecond: { Intake: 7 }',
      { Intake: 7 },
    ],
  ])('%s', async (_, args, config, expected) => {
    expect(await rates(args, { [CONFIG]: config })).toEqual(expected);
  });

  test('are read from a different configuration', async () => {
    expect(await rates(['--config', 'peak.yaml'], { 'peak.yaml': 'requestsPerSecond: 100' })).toEqual({
      Intake: 100,
    });
  });

  test('are read by construct path', async () => {
    const template = RIGHT.replace(
      'Properties:',
      'Metadata: { aws:cdk:path: Orders/Intake/Resource }\n    Properties:',
    );
    const files = { 'template.yaml': template, [CONFIG]: 'requestsPerSecond: { Orders/Intake: 7 }' };
    expect(await rates([], files)).toEqual({ Intake: 7 });
  });

  test.each<[string, string, number]>([
    ['by a glob of construct paths', 'Orders/*: 7', 7],
    ['by a construct around them', 'Orders: 7', 7],
    ['by a glob of logical IDs', 'Int*: 7', 7],
    ['by their exact name first', 'Orders/Intake: 7, Orders/*: 8', 7],
    ['by the last of several patterns', 'Orders: 7, "**/Int*": 8', 8],
    ['not by a pattern for others', 'Orders/*/Intake: 7', 3],
  ])('are read %s', async (_, config, expected) => {
    const template = RIGHT.replace(
      'Properties:',
      'Metadata: { aws:cdk:path: Orders/Intake/Resource }\n    Properties:',
    );
    const files = { 'template.yaml': template, [CONFIG]: `requestsPerSecond: { default: 3, ${config} }` };
    expect(await rates([], files)).toEqual({ Intake: expected });
  });

  test('of a pattern that matches no function are reported', async () => {
    const { stderr } = await estimate(['template.yaml'], {
      [CONFIG]: 'requestsPerSecond:\n  default: 2\n  Orders/*: 7\n  In*: 1',
    });
    expect(stderr).toBe(`${CONFIG}:3:3: There is no function "Orders/*".\n`);
  });

  test('of an unknown function are reported', async () => {
    const { status, stderr } = await estimate(['template.yaml'], {
      [CONFIG]: 'requestsPerSecond:\n  default: 2\n  Intak: 7',
    });
    expect(stderr).toBe(`${CONFIG}:3:3: There is no function "Intak". Did you mean Intake?\n`);
    expect(status).toBe(0);
  });
});

describe('exits with 2 and a message for', () => {
  test.each<[string[], RegExp]>([
    [
      ['template.yaml'],
      /^The templates do not contain request rates\. .*: --rps 10\nOr .*: requestsPerSecond: \{/,
    ],
    [
      ['template.yaml', '--rps', 'many'],
      /^--rps many: expected a number of requests per second, such as 10 or 0\.5\.\n$/,
    ],
    [['template.yaml', '--rps=-1'], /^--rps -1: expected a number/],
    [['template.yaml', '--rps', 'Infinity'], /^--rps Infinity: expected a number/],
    [
      ['template.yaml', '--rps', '1e308'],
      /^--rps 1e308: expected a number of requests per second up to 1,000,000,000\.\n$/,
    ],
    [['template.yaml', '--rps='], /^--rps : expected a number/],
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

test('estimates the other templates if one is broken', async () => {
  const { status, stdout } = await estimate(['broken.yaml', 'template.yaml', '--rps', '10'], {
    'broken.yaml': BROKEN,
  });
  expect(stdout).toMatch(/^Intake {2}Lambda /m);
  expect(stdout).toMatch(/^Not read\n {2}broken\.yaml:\d+:\d+: /m);
  expect(stdout).toMatch(
    /^About USD 18\.55 per month: .* per million\. 1 part of the input could not be read\.\n/,
  );
  expect(status).toBe(2);
});

test('names the stacks of several templates, unless the construct path does', async () => {
  const inCdk = RIGHT.replace(
    'Properties:',
    'Metadata: { aws:cdk:path: Orders/Intake/Resource }\n    Properties:',
  );
  const { stdout } = await estimate(['template.yaml', 'Orders.yaml', '--rps', '10'], {
    'Orders.yaml': inCdk,
  });
  expect(stdout).toMatch(/^template\.yaml: Intake {2,}Lambda /m);
  expect(stdout).toMatch(/^Orders\.yaml: Orders\/Intake {2,}Lambda /m);
  const assembly = await run(['--rps', '10'], { cwd: folderWith({ 'cdk.out/template.yaml': inCdk }) });
  expect(assembly.stdout).toMatch(/^Orders\/Intake {2,}Lambda /m);
});

test('says that nothing was estimated if no template is readable', async () => {
  expect(await estimate(['gone.yaml', '--rps', '10'])).toEqual({
    status: 2,
    stdout: `\
Nothing was estimated. 1 part of the input could not be read.

Not read
  gone.yaml: No such file or directory.
`,
    stderr: '',
  });
});

test('estimates no cost without tracing', async () => {
  expect(await estimate(['template.yaml', '--rps', '10'], { 'template.yaml': UNTRACED })).toEqual({
    status: 0,
    stdout: 'USD 0.00 per month: 0 traces recorded.\n',
    stderr: '',
  });
});

test('reads cdk.out by default', async () => {
  const cwd = folderWith({ 'cdk.out/template.yaml': RIGHT });
  expect((await run(['--rps', '1'], { cwd })).stdout).toMatch(/^Intake {2}Lambda /m);
});

test('uses --region for templates without a region', async () => {
  const { stdout } = await estimate(['template.yaml', '--rps', '1', '--region', 'cn-north-1']);
  expect(stdout).toContain('\n- No price is known for cn-north-1.\n');
});

test('has no price for an unknown --region', async () => {
  const { stdout } = await estimate(['template.yaml', '--rps', '1', '--region', 'eu-wset-1']);
  expect(stdout).toContain('\n- No price is known for eu-wset-1.\n');
});

test('writes only the file of --output', async () => {
  const cwd = folderWith({ 'template.yaml': RIGHT });
  const args = ['template.yaml', '--rps', '10', '--format', 'json', '--output', 'estimate.json'];
  expect(await run(args, { cwd })).toEqual({
    status: 0,
    stdout:
      'About USD 18.55 per month: 3,810,600 traces recorded, 100,000 of them free, the rest at USD 5.00 per million. ' +
      'Written to estimate.json.\n',
    stderr: '',
  });
  expect(readFileSync(join(cwd, 'estimate.json'), 'utf-8')).toMatch(/^\{\n {2}"schemaVersion": 1,/);
  expect(readdirSync(cwd).sort()).toEqual(['estimate.json', 'template.yaml']);
});

test('estimates spans with Transaction Search, by option or configuration', async () => {
  const args = ['template.yaml', '--rps', '10'];
  const written = /^About USD 52\.63 per month: 110,000,000 spans \(150 GB\) with Transaction Search\.\n/;
  expect((await estimate([...args, '--transaction-search'])).stdout).toMatch(written);
  expect((await estimate(args, { [CONFIG]: 'transactionSearch: true' })).stdout).toMatch(written);
});

test('is colored with FORCE_COLOR', async () => {
  const options = { cwd: folderWith({ 'template.yaml': RIGHT }), env: { FORCE_COLOR: '1' } };
  expect((await run(['template.yaml', '--rps', '1'], options)).stdout).toContain('\u001b[');
  expect((await run(['template.yaml', '--rps', '1', '--no-color'], options)).stdout).not.toContain('\u001b');
});
