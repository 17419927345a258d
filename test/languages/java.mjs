// Builds the Java package and a Java app that uses it: `npm run build && npm run test:languages`.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { after, test as nodeTest } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const PROJECT = join(HERE, '..', '..');
const REPOSITORY = join(PROJECT, 'packages', 'java');
const { version: VERSION, peerDependencies: PEERS } = JSON.parse(
  readFileSync(join(PROJECT, 'package.json'), 'utf-8'),
);
const FOLDER = mkdtempSync(join(tmpdir(), 'cdk-lambda-xray-java-'));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

const isInstalled = spawnSync('mvn', ['--version']).status === 0;
const test = (name, run) => nodeTest(name, { skip: !isInstalled && 'needs a JDK and Maven' }, run);

function succeed(command, args, env = {}) {
  const result = spawnSync(command, args, {
    cwd: FOLDER,
    encoding: 'utf-8',
    env: { ...process.env, ...env },
  });
  assert.equal(result.status, 0, `${result.error ?? ''}${result.stdout}${result.stderr}`);
}

function published(ending) {
  const name = 'cdk-lambda-xray';
  return join(REPOSITORY, 'io', 'github', name, name, VERSION, `${name}-${VERSION}${ending}`);
}

test('the package is built, and requires the lowest versions of its dependencies', () => {
  // The documentation takes as long as the rest.
  const env = { MAVEN_OPTS: `${process.env.MAVEN_OPTS ?? ''} -Dmaven.javadoc.skip=true` };
  succeed('node', [join(PROJECT, 'scripts', 'package.mjs'), 'java'], env);
  const text = readFileSync(published('.pom'), 'utf-8');
  const versions = [
    ...text.matchAll(/<artifactId>(aws-cdk-lib|cdknag|constructs)<\/artifactId>\s*<version>(.*?)</g),
  ];
  assert.deepEqual(Object.fromEntries(versions.map(([, name, version]) => [name, version])), {
    'aws-cdk-lib': PEERS['aws-cdk-lib'].slice('^'.length),
    cdknag: '3.0.2',
    constructs: PEERS.constructs.slice('^'.length),
  });
});

test('the examples in its documentation are in Java', () => {
  const source = 'io/github/cdklambdaxray/LambdaTracing.java';
  succeed('jar', ['--extract', '--file', published('-sources.jar'), source]);
  assert.match(
    readFileSync(join(FOLDER, source), 'utf-8'),
    /LambdaTracing\.Builder\.create\(\)\.tracing\(Tracing\.PASS_THROUGH\)\.build\(\)/,
  );
});

test('an app in Java has the template of the same app in JavaScript', () => {
  const app = join(FOLDER, 'app');
  cpSync(join(HERE, 'java'), app, { recursive: true });
  const library = [`-Dbuilt=${pathToFileURL(REPOSITORY)}`, `-Dlibrary=${VERSION}`];
  const goals = ['compile', 'exec:java', `-Dexec.args=${join(FOLDER, 'out')}`];
  succeed('mvn', ['--quiet', '--batch-mode', '--file', app, ...library, ...goals]);
  succeed('node', [join(HERE, 'app.cjs'), join(FOLDER, 'javascript')]);
  const template = (outdir) =>
    JSON.parse(readFileSync(join(FOLDER, outdir, 'Orders.template.json'), 'utf-8'));
  assert.deepEqual(template('out'), template('javascript'));
  assert.match(JSON.stringify(template('out')), /"Mode":"Active"/);
});
