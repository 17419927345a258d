import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkModel } from '../../lib/checker/check';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { locationOf, templatesById } from '../../lib/report/location';
import { locationInWords } from '../../lib/report/wording';
import { helpUrlOf } from '../../lib/version';

// Each command of CDK takes seconds, and longer on a busy machine.
jest.setTimeout(240_000);

const PROJECT = join(__dirname, '..', '..');
const CDK = join(PROJECT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
const SOURCE = 'examples/orders/active-consumer.ts';
const RULE = 'LambdaXRay-UnsupportedEventSource';
const MESSAGE = 'which X-Ray does not support.';
const ENVIRONMENT = {
  ...process.env,
  CDK_DISABLE_VERSION_CHECK: '1',
  CDK_DISABLE_CLI_TELEMETRY: '1',
  AWS_EC2_METADATA_DISABLED: 'true',
  NO_COLOR: '1',
  FORCE_COLOR: '0',
};

const children: ChildProcess[] = [];
const app = realpathSync(mkdtempSync(join(tmpdir(), 'orders-')));
afterAll(async () => {
  for (const child of children) {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(app, { recursive: true, force: true });
});

/** Runs a command of CDK in the folder of the app. */
function cdk(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CDK, ...args], {
    cwd: app,
    encoding: 'utf-8',
    env: ENVIRONMENT,
  });
  return { status, output: stdout + stderr };
}

function startCdk(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [CDK, ...args], { cwd: app, env: ENVIRONMENT });
  children.push(child);
  return child;
}

/** Returns the first match in what a process prints. */
function printedBy(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let printed = '';
  return new Promise((resolve, reject) => {
    const read = (text: Buffer) => {
      printed += text.toString();
      const match = pattern.exec(printed);
      if (match) resolve(match);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('exit', (status) => reject(new Error(`The process ended with ${status}: ${printed}`)));
  });
}

/** The position of the finding, as this package reports it: relative to the folder of the app. */
let position: string;
let synth: ReturnType<typeof cdk>;

beforeAll(() => {
  // The folder of the app has no files of the command, and none of other tests.
  cpSync(join(PROJECT, 'examples'), join(app, 'examples'), { recursive: true });
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json']) {
    cpSync(join(PROJECT, name), join(app, name));
  }
  for (const name of ['lib', 'node_modules']) symlinkSync(join(PROJECT, name), join(app, name));
  const settings = JSON.parse(readFileSync(join(PROJECT, 'cdk.json'), 'utf-8')) as { context: object };
  writeFileSync(
    join(app, 'cdk.json'),
    JSON.stringify({ ...settings, context: { ...settings.context, broken: 'true' } }),
  );
  synth = cdk('synth', '--quiet');

  const loaded = load([join(app, 'cdk.out')]);
  const [finding, ...others] = checkModel(buildTracingModel(loaded.templates));
  expect(others).toEqual([]);
  expect(finding.rule.id).toBe(RULE);
  const words = locationInWords(locationOf(finding.resource, templatesById(loaded), finding.property));
  expect(words.startsWith(`${app}/`)).toBe(true);
  position = words.slice(app.length + 1);
});

test('this package reports the call that adds the event source', () => {
  const [file, line, column] = position.split(':');
  expect(file).toBe(SOURCE);
  const code = readFileSync(join(app, file), 'utf-8').split('\n')[Number(line) - 1];
  expect(code.slice(Number(column) - 1)).toMatch(/^addEventSource\(/);
});

test('cdk synth prints the finding at the same position, and fails', () => {
  expect(synth.output.split('\n')).toContain(position);
  expect(synth.output).toContain(MESSAGE);
  expect(synth.status).toBe(1);
});

test('cdk validate prints the finding at the same position, and fails', () => {
  const { status, output } = cdk('validate', '--unstable=validate', '--app', 'cdk.out');
  expect(output.split('\n')).toContain(position);
  expect(output).toContain(MESSAGE);
  expect(status).toBe(1);
});

test('cdk explore shows the finding on the same line, with the template', async () => {
  const child = startCdk('explore', '--unstable=explore');
  const [, origin, token] = await printedBy(child, /(http:\/\/localhost:\d+)\/\?token=(\S+)/);
  let body = '';
  // The explorer answers at once, and loads the assembly meanwhile.
  for (let i = 0; i < 60 && !body.includes(RULE); i++) {
    const response = await fetch(`${origin}/api/policy-validation?token=${token}`, {
      headers: { connection: 'close' },
    });
    body = await response.text();
    if (!body.includes(RULE)) await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const [file, line] = position.split(':');
  expect(JSON.parse(body)).toMatchObject({
    status: 'ok',
    violations: [
      {
        ruleName: RULE,
        severity: 'error',
        occurrences: [
          { sourceLocations: [{ file, line: Number(line) }], templateFile: 'Shipments.template.json' },
        ],
      },
    ],
  });
});

test('cdk lsp sends the finding as a diagnostic on the same line', async () => {
  const child = startCdk('lsp', '--unstable=lsp');
  const send = (message: object) => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  const diagnostic = printedBy(
    child,
    /\{[^\n]*"textDocument\/publishDiagnostics"[^\n]*?active-consumer\.ts","diagnostics":(\[\{.*?\}\])\}\}/,
  );
  const rootUri = pathToFileURL(app).href;
  const initializationOptions = { applicationDir: app };
  send({
    id: 1,
    method: 'initialize',
    params: { processId: null, rootUri, capabilities: {}, initializationOptions },
  });
  send({ method: 'initialized', params: {} });
  const diagnostics: unknown = JSON.parse((await diagnostic)[1]);
  const [, line] = position.split(':').map(Number);
  expect(diagnostics).toMatchObject([
    { range: { start: { line: line - 1 } }, message: expect.stringContaining(MESSAGE) as string },
  ]);
});

test('the report of CDK links to the page of the rule', () => {
  const report = readFileSync(join(app, 'cdk.out', 'validation-report.json'), 'utf-8');
  expect(report).toContain(JSON.stringify(helpUrlOf({ id: RULE })));
});
