// Builds the wheel, installs it with its dependencies, and uses it: `npm run build && npm run test:languages`.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const PROJECT = join(HERE, '..', '..');
const FOLDER = mkdtempSync(join(tmpdir(), 'cdk-lambda-xray-python-'));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

const ENVIRONMENT = join(FOLDER, 'venv');
const METADATA =
  'from importlib.metadata import distribution as d; print(d("cdk-lambda-xray").read_text("METADATA"))';
const bin = (name) => join(ENVIRONMENT, 'bin', name);

function run(command, args, { env = {}, cwd = FOLDER } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    encoding: 'utf-8',
    env: { ...process.env, XDG_CACHE_HOME: join(FOLDER, 'cache'), ...env },
  });
  return { ...result, output: `${result.stdout}${result.stderr}` };
}

function succeed(...args) {
  const { status, output } = run(...args);
  assert.equal(status, 0, output);
  return output;
}

test('the wheel is built and installed', () => {
  succeed('node', [join(PROJECT, 'scripts', 'package.mjs'), 'python']);
  const wheels = join(PROJECT, 'packages', 'python');
  const [wheel] = readdirSync(wheels);
  succeed('python3', ['-m', 'venv', ENVIRONMENT]);
  // Compiling the whole AWS CDK takes longer than the modules that are used.
  const options = ['--quiet', '--disable-pip-version-check', '--no-compile'];
  succeed(bin('pip'), ['install', ...options, join(wheels, wheel)]);
});

test('the links in its README lead to the repository, since PyPI has only the text', () => {
  const { stdout } = run(bin('python'), ['-c', METADATA]);
  const [, ...targets] = stdout.split(/\]\(/).map((part) => part.split(')')[0]);
  const { homepage, version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf-8'));
  assert.ok(targets.includes(`${homepage}/raw/v${version}/docs/images/trace-map.png`));
  assert.ok(targets.includes(`${homepage}/blob/v${version}/docs/start-with-sam.md`));
  assert.deepEqual(
    targets.filter((target) => !/^(https:|#)/.test(target)),
    [],
  );
});

test('its examples are in Python, and it requires the cdk-nag that its classes extend', () => {
  const { stdout } = run(bin('python'), ['-c', METADATA]);
  assert.match(stdout, /^Requires-Dist: cdk-nag\s*<4\.0\.0,>=3\.0\.2$/m);
  assert.match(stdout, /from cdk_lambda_xray import LambdaTracing, LambdaXRayChecks/);
});

test('an app in Python has the template of the same app in JavaScript', () => {
  succeed(bin('python'), [join(HERE, 'app.py'), join(FOLDER, 'python')]);
  succeed('node', [join(HERE, 'app.cjs'), join(FOLDER, 'javascript')]);
  const template = (language) =>
    JSON.parse(readFileSync(join(FOLDER, language, 'Orders.template.json'), 'utf-8'));
  assert.deepEqual(template('python'), template('javascript'));
  assert.match(JSON.stringify(template('python')), /"Mode":"Active"/);
});

test('the command runs without the AWS CDK, and its exit status is passed on', () => {
  // In place of jsii and the CDK, there are modules that fail.
  const blocked = join(FOLDER, 'blocked');
  for (const name of ['jsii', 'aws_cdk', 'constructs']) {
    mkdirSync(join(blocked, name), { recursive: true });
    writeFileSync(join(blocked, name, '__init__.py'), 'raise ImportError("not needed")');
  }
  const env = { PYTHONPATH: blocked };
  const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf-8'));
  assert.equal(succeed(bin('cdk-lambda-xray'), ['--version'], { env }), `${version}\n`);
  const { status, output } = run(bin('cdk-lambda-xray'), ['check', 'missing.yaml'], { env });
  assert.equal(status, 2, output);
  assert.match(output, /missing\.yaml/);
});

test('without Node.js, the command says what it needs', () => {
  const { status, output } = run(bin('python'), [bin('cdk-lambda-xray'), '--version'], { env: { PATH: '' } });
  assert.equal(status, 2);
  assert.equal(output, 'cdk-lambda-xray needs Node.js 20 or later, and there is no node in the PATH.\n');
});
