// The step of action.yml. Writes annotations and a SARIF file, compares a pull request with its base, keeps one comment
// on it up to date, and fails on findings. On a pull request, only new findings fail.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { updateComment } from './comment.mjs';

const { env } = process;
const ROOT = process.cwd();
const PROJECT = join(ROOT, env.XRAY_WORKING_DIRECTORY);
/** The files of this run. The runner removes them. */
const FILES = mkdtempSync(join(env.RUNNER_TEMP, 'cdk-lambda-xray-'));

const COMMAND = env.XRAY_COMMAND || `npx --yes --legacy-peer-deps cdk-lambda-xray@${ownVersion()}`;
const PATHS = env.XRAY_PATHS.split(/\s+/).filter((path) => path !== '');
const FAIL_ON = env.XRAY_FAIL_ON ? ['--fail-on', env.XRAY_FAIL_ON] : [];
const RUN_NAME = env.XRAY_RUN_NAME ? ['--run-name', env.XRAY_RUN_NAME] : [];

class ActionError extends Error {}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ActionError)) throw error;
  say('error', error.message);
  process.exitCode = 2;
}

async function main() {
  if (!existsSync(PROJECT)) {
    throw new ActionError(`The working-directory ${env.XRAY_WORKING_DIRECTORY} does not exist.`);
  }
  if (env.XRAY_SYNTH) shell(env.XRAY_SYNTH, PROJECT);

  const check = command(['check', ...PATHS, '--format', 'github', ...FAIL_ON], 'inherit');
  if (check === 2) return 2;
  const sarif = join(FILES, 'tracing.sarif');
  command(['check', ...PATHS, '--format', 'sarif', '--output', sarif, '--fail-on', 'never', ...RUN_NAME]);
  if (existsSync(sarif)) appendFileSync(env.GITHUB_OUTPUT, `sarif-file=${sarif}\n`);

  const { pull_request: pullRequest } = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf-8'));
  return pullRequest ? compare(pullRequest) : check;
}

/** Compares a pull request with its base. Returns the exit status of the job. */
async function compare({ number, base }) {
  const changes = join(FILES, 'changes.md');
  const baseline = env.XRAY_SYNTH ? synthesizedBase(base.sha) : fetchedBase(base.sha);
  const status = command([
    ...['diff', baseline, ...PATHS, '--format', 'markdown', '--output', changes, ...FAIL_ON, ...RUN_NAME],
  ]);
  if (!existsSync(changes)) throw new ActionError(`The comparison with ${base.sha} failed: see the log.`);

  const markdown = readFileSync(changes, 'utf-8');
  appendFileSync(env.GITHUB_STEP_SUMMARY, markdown);
  if (env.XRAY_COMMENT === 'true') {
    try {
      await updateComment(markdown, number, env);
    } catch (error) {
      // A pull request of a fork has a token that can only read. The summary of the job has the same text.
      say(
        'warning',
        `The comment on the pull request could not be written: ${error.message}. The summary of the job has its text. ` +
          'The comment needs the permission pull-requests: write, which pull requests of forks do not get.',
      );
    }
  }
  return status;
}

function fetchedBase(sha) {
  fetchCommit(sha);
  return `git:${sha}`;
}

/** Synthesizes the base in a work tree of its own. Returns the path of its templates. */
function synthesizedBase(sha) {
  if (PATHS.length > 1) throw new ActionError('With synth, paths can have one folder only.');
  fetchCommit(sha);
  const tree = join(FILES, 'base');
  git('worktree', 'add', '--quiet', '--detach', tree, sha);
  const project = join(tree, env.XRAY_WORKING_DIRECTORY);
  if (!existsSync(project))
    throw new ActionError(`${env.XRAY_WORKING_DIRECTORY} does not exist in the base ${sha}.`);
  const ofBase = ` in the base ${sha.slice(0, 7)}`;
  if (env.XRAY_INSTALL) shell(env.XRAY_INSTALL, project, ofBase);
  shell(env.XRAY_SYNTH, project, ofBase);
  return join(project, PATHS[0] ?? outputOf(project));
}

function outputOf(project) {
  const settings = join(project, 'cdk.json');
  return (existsSync(settings) && JSON.parse(readFileSync(settings, 'utf-8')).output) || 'cdk.out';
}

/** actions/checkout fetches one commit only. */
function fetchCommit(sha) {
  const { status } = spawnSync('git', ['cat-file', '-e', `${sha}^{commit}`], { cwd: ROOT, stdio: 'ignore' });
  if (status !== 0) git('fetch', '--quiet', '--depth=1', 'origin', sha);
}

function git(...args) {
  const { status, stderr } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf-8' });
  if (status !== 0) throw new ActionError(`git ${args[0]} failed: ${stderr.trim()}`);
}

/** Runs the checker. Standard output goes to the log only for annotations. */
function command(args, stdout = 'ignore') {
  const [program, ...before] = COMMAND.split(' ');
  const { status, error } = spawnSync(program, [...before, ...args], {
    cwd: PROJECT,
    stdio: ['ignore', stdout, 'inherit'],
  });
  if (error) throw new ActionError(`${COMMAND} could not be started: ${error.message}`);
  return status ?? 2;
}

function shell(line, cwd, where = '') {
  const { status } = spawnSync(line, { cwd, shell: true, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new ActionError(`${line} failed${where} with exit status ${status}.`);
}

function ownVersion() {
  const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'package.json');
  return JSON.parse(readFileSync(file, 'utf-8')).version;
}

/** Writes an annotation. GitHub reads a message up to the end of its line. */
function say(level, message) {
  console.log(
    `::${level}::${message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')}`,
  );
}
