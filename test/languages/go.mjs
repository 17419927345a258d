// Builds the Go module and a Go app that uses it: `npm run build && npm run test:languages`. The first run compiles the AWS CDK.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const PROJECT = join(HERE, '..', '..');
const MODULE = join(PROJECT, 'packages', 'go', 'cdklambdaxray');
const { peerDependencies: PEERS } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf-8'));
const FOLDER = mkdtempSync(join(tmpdir(), 'cdk-lambda-xray-go-'));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

function succeed(command, args, cwd = FOLDER) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf-8' });
  assert.equal(result.status, 0, `${result.error ?? ''}${result.stdout}${result.stderr}`);
}

test('the module is generated, and requires the lowest versions of its dependencies', () => {
  succeed('node', [join(PROJECT, 'scripts', 'package.mjs'), 'go']);
  const required = [...readFileSync(join(MODULE, 'go.mod'), 'utf-8').matchAll(/^\t(\S+) v(\S+)$/gm)];
  const { 'github.com/aws/jsii-runtime-go': jsii, ...others } = Object.fromEntries(
    required.map(([, name, version]) => [name, version]),
  );
  assert.ok(jsii);
  assert.deepEqual(others, {
    'github.com/aws/aws-cdk-go/awscdk/v2': PEERS['aws-cdk-lib'].slice('^'.length),
    'github.com/aws/constructs-go/constructs/v10': PEERS.constructs.slice('^'.length),
  });
});

test('an app in Go has the template of the same app in JavaScript', () => {
  const app = join(FOLDER, 'app');
  cpSync(join(HERE, 'go'), app, { recursive: true });
  const path = 'github.com/cdk-lambda-xray/cdk-lambda-xray-go/cdklambdaxray';
  succeed('go', ['mod', 'edit', `-replace=${path}=${MODULE}`], app);
  succeed('go', ['mod', 'tidy'], app);
  succeed('go', ['run', '.', join(FOLDER, 'go')], app);
  succeed('node', [join(HERE, 'app.cjs'), join(FOLDER, 'javascript')]);
  const template = (language) =>
    JSON.parse(readFileSync(join(FOLDER, language, 'Orders.template.json'), 'utf-8'));
  assert.deepEqual(template('go'), template('javascript'));
  assert.match(JSON.stringify(template('go')), /"Mode":"Active"/);
});
