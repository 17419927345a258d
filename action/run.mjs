// The step of action.yml. Writes annotations and a SARIF file, compares a pull request with its base, keeps one comment
// on it up to date, and fails on findings. On a pull request, only new findings fail.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { updateComment } from './comment.mjs';

const { env } = process;
/** The commands run code of the project and of its dependencies, which needs no token. */
const COMMAND_ENV = { ...env, XRAY_TOKEN: '' };
const ROOT = process.cwd();
const PROJECT = resolve(ROOT, env.XRAY_WORKING_DIRECTORY);
/** The files of this run. The runner removes them. */
const FILES = mkdtempSync(join(env.RUNNER_TEMP, 'cdk-lambda-xray-'));

const COMMAND = env.XRAY_COMMAND.trim() || `npx --yes --legacy-peer-deps cdk-lambda-xray@${ownVersion()}`;
const PATHS = wordsOf(env.XRAY_PATHS);
const FAIL_ON = env.XRAY_FAIL_ON ? ['--fail-on', env.XRAY_FAIL_ON.trim()] : [];
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

  // After --, a file name such as --fix is no option.
  const check = command(['check', '--format', 'github', ...FAIL_ON, '--', ...PATHS], 'inherit');
  // If the templates can't be read, the comparison says so in the comment, which can be about an earlier commit.
  if (check !== 2) writeSarif();
  const { pull_request: pullRequest } = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf-8'));
  return pullRequest ? compare(pullRequest, check) : check;
}

function writeSarif() {
  const sarif = join(FILES, 'tracing.sarif');
  const toSarif = ['--format', 'sarif', '--output', sarif, '--fail-on', 'never', ...RUN_NAME];
  command(['check', ...toSarif, '--', ...PATHS]);
  if (!existsSync(sarif)) throw new ActionError(`${COMMAND} check wrote no SARIF file: see the log.`);
  appendFileSync(env.GITHUB_OUTPUT, `sarif-file=${sarif}\n`);
}

/** Compares a pull request with its base. Returns the exit status of the job: that of the check if there is nothing to compare. */
async function compare(pullRequest, check) {
  const sha = baseOf(pullRequest);
  fetchCommit(sha);
  const baseline = env.XRAY_SYNTH ? synthesizedBase(sha) : `git:${sha}`;
  if (baseline === undefined) {
    say(
      'notice',
      `The project is new: the base ${short(sha)} does not contain it, so all its findings count.`,
    );
    return check;
  }

  const changes = join(FILES, 'changes.md');
  const toMarkdown = ['--format', 'markdown', '--output', changes, ...FAIL_ON, ...RUN_NAME];
  const status = command(['diff', ...toMarkdown, '--', baseline, ...PATHS]);
  if (!existsSync(changes)) {
    if (check === 2) return check;
    throw new ActionError(`The comparison with ${short(sha)} failed: see the log.`);
  }

  const markdown = readFileSync(changes, 'utf-8');
  appendFileSync(env.GITHUB_STEP_SUMMARY, markdown);
  await comment(markdown, pullRequest);
  return status;
}

async function comment(markdown, { number }) {
  if (env.XRAY_COMMENT !== 'true') return;
  try {
    await updateComment(markdown, number, env);
  } catch (error) {
    say(
      'warning',
      `The comment on the pull request could not be written: ${error.message}. The summary of the job has its text. ` +
        'The comment needs the permission pull-requests: write, which pull requests of forks do not get.',
    );
  }
}

/**
 * Returns the commit that a pull request is compared with. The base of the event can be older than the one that GitHub merged
 * the pull request with, and the changes between them are not those of the pull request.
 */
function baseOf({ base, head }) {
  const { stdout } = spawnSync('git', ['cat-file', 'commit', 'HEAD'], { cwd: ROOT, encoding: 'utf-8' });
  const [header = ''] = (stdout ?? '').split('\n\n', 1);
  const parents = [...header.matchAll(/^parent (.+)$/gm)].map(([, parent]) => parent);
  return parents.length === 2 && parents[1] === head?.sha ? parents[0] : base.sha;
}

/** Synthesizes the base in a work tree of its own. Returns the path of its templates, or undefined if it has no such project. */
function synthesizedBase(sha) {
  if (PATHS.length > 1) throw new ActionError('With synth, paths can have one folder only.');
  const folder = relative(ROOT, PROJECT);
  if (!contains(sha, folder)) return undefined;
  const tree = join(FILES, 'base');
  git('worktree', 'add', '--quiet', '--detach', tree, sha);
  const project = join(tree, folder);
  const inBase = ` in the base ${short(sha)}`;
  if (env.XRAY_INSTALL) shell(env.XRAY_INSTALL, project, inBase);
  shell(env.XRAY_SYNTH, project, inBase);
  return join(project, PATHS[0] ?? outputOf(project));
}

function short(sha) {
  return sha.slice(0, 7);
}

function contains(commit, path) {
  return (
    spawnSync('git', ['cat-file', '-e', `${commit}:${path}`], { cwd: ROOT, stdio: 'ignore' }).status === 0
  );
}

function outputOf(project) {
  const settings = join(project, 'cdk.json');
  return (existsSync(settings) && JSON.parse(readFileSync(settings, 'utf-8')).output) || 'cdk.out';
}

/** actions/checkout fetches one commit only. */
function fetchCommit(sha) {
  const { status } = spawnSync('git', ['cat-file', '-e', `${sha}^{commit}`], { cwd: ROOT, stdio: 'ignore' });
  if (status === 0) return;
  try {
    git('fetch', '--quiet', '--depth=1', 'origin', sha);
  } catch ({ message }) {
    throw new ActionError(
      `${message}\nSet fetch-depth: 0 for actions/checkout, so that it fetches the base.`,
    );
  }
}

function git(...args) {
  const { status, stderr } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf-8' });
  if (status !== 0) throw new ActionError(`git ${args[0]} failed: ${stderr.trim()}`);
}

/** Runs the checker. Standard output goes to the log only for annotations. */
function command(args, stdout = 'ignore') {
  const status = bash([`${COMMAND} "$@"`, 'bash', ...args], PROJECT, stdout);
  if (status === 126 || status === 127)
    throw new ActionError(`${COMMAND} could not be started: see the log.`);
  return status;
}

/** Runs a command of the workflow. Like a step of it, it ends with the first line that fails. */
function shell(script, cwd, location = '') {
  const status = bash([`set -eo pipefail\n${script}`], cwd, 'inherit');
  if (status !== 0) throw new ActionError(`${script.trim()} failed${location} with exit status ${status}.`);
}

function bash(args, cwd, stdout) {
  const { status, error } = spawnSync('bash', ['-c', ...args], {
    cwd,
    env: COMMAND_ENV,
    stdio: ['ignore', stdout, 'inherit'],
  });
  if (error) throw new ActionError(`bash could not be started in ${cwd}: ${error.message}`);
  return status ?? 2;
}

/** Returns the words of an input. Those with spaces are in quotes. */
function wordsOf(text) {
  return [...text.matchAll(/"([^"]+)"|'([^']+)'|\S+/g)].map(
    ([word, double, single]) => double ?? single ?? word,
  );
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
