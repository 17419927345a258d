// Runs the commands that the README gives for a fresh clone, each in a clone of the last commit outside of the working
// tree. They share an npm cache, which is empty at first. Needs nothing installed but Node.js, npm and git.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const README = readFileSync(join(PROJECT, 'README.md'), 'utf-8');

const DEMO = 'npm ci && npm run demo';
const TEST = 'npm ci && npm test';

/** The npm cache that the clones share, empty at first. */
const CACHE = mkdtempSync(join(tmpdir(), 'cdk-lambda-xray-npm-cache-'));
after(() => rmSync(CACHE, { recursive: true, force: true }));

/** The variables that `npm run` sets for its scripts, and that the shell of a user does not have. */
const OF_THIS_RUN =
  /^(INIT_CWD|npm_(command|execpath|node_execpath|(lifecycle|package)_.*|config_(cache|.*prefix)))$/i;

test('the README contains two commands for a fresh clone', () => {
  assert.deepEqual(README.match(/^npm ci\b.*$/gm), [DEMO, TEST]);
});

test(DEMO, () => {
  inFreshClone(DEMO, (clone) => {
    for (const made of ['manifest.json', 'validation-report.json', 'trace-map.html']) {
      assert.ok(existsSync(join(clone, 'cdk.out', made)), `${made} is in cdk.out`);
    }
  });
});

test(TEST, () => {
  inFreshClone(TEST, (clone) => {
    assert.ok(existsSync(join(clone, 'dist', 'cdk-lambda-xray.js')), 'the command is built');
  });
});

/** @type {(command: string, andThen: (clone: string) => void) => void} */
function inFreshClone(command, andThen) {
  const folder = mkdtempSync(join(tmpdir(), 'cdk-lambda-xray-readme-'));
  try {
    const clone = join(folder, 'clone');
    cloneTo(clone, join(folder, 'gitconfig'));
    console.log(`${clone}$ ${command}`);
    const { status } = spawnSync(command, {
      cwd: clone,
      env: { ...asOfAUser(process.env), npm_config_cache: CACHE },
      shell: true,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    assert.equal(status, 0, `'${command}' ends with 0`);
    andThen(clone);
    const left = execFileSync('git', ['status', '--porcelain'], { cwd: clone, encoding: 'utf-8' });
    assert.equal(left, '', 'the clone has no changes');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Clones the project even if it belongs to another user, such as in a container. Git refuses that by default. */
function cloneTo(clone, gitconfig) {
  writeFileSync(gitconfig, '[safe]\n\tdirectory = *\n');
  execFileSync('git', ['clone', '--quiet', PROJECT, clone], {
    env: { ...process.env, GIT_CONFIG_GLOBAL: gitconfig },
  });
}

function asOfAUser(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !OF_THIS_RUN.test(name)));
}
