import { spawnSync } from 'node:child_process';

/** What Git can't do here, said in one sentence with the way out. */
export class GitError extends Error {}

interface GitInput {
  readonly stdin?: string;
  /** In bytes, how much it may have to say. */
  readonly size?: number;
}

/** In bytes. The list of the files of a very large repository. */
const MAX_SIZE = 1_000_000_000;

/**
 * What leads Git elsewhere than to the repository of the working directory. Git sets it for the hooks that it runs
 * ("githooks", Git Reference), for the folder that it runs them in; in another one it leads astray.
 */
const ELSEWHERE = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_COMMON_DIR', 'GIT_PREFIX'];

/** What to say of what Git says on standard error. */
const MESSAGES: readonly (readonly [RegExp, string])[] = [
  [
    /not a git repository/,
    'The working directory is in no Git repository: go into one, or name a path as the baseline.',
  ],
  [
    /dubious ownership/,
    "Git doesn't trust this repository, which belongs to another user: add its folder to safe.directory by git config --global --add, if it is yours.",
  ],
  [/must be run in a work tree/, 'This Git repository has no files checked out: go into one that has.'],
];

/**
 * Runs `git` in the working directory, for the repository that this is in, whatever else the environment names.
 *
 * @returns what it writes to standard output
 * @throws GitError
 */
export function git(args: readonly string[], { stdin, size = MAX_SIZE }: GitInput = {}): Buffer {
  const { error, status, stdout, stderr } = spawnSync('git', ['--literal-pathspecs', ...args], {
    input: stdin,
    maxBuffer: size,
    env: environment(),
    windowsHide: true,
  });
  if (error) throw new GitError(notRun(error));
  if (status === 0) return stdout;
  const said = stderr.toString('utf-8');
  const [, known] = MESSAGES.find(([pattern]) => pattern.test(said)) ?? [];
  throw new GitError(known ?? `Git fails here: ${said.trim().split('\n').at(-1) ?? ''}`);
}

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !ELSEWHERE.includes(name));
  // Its messages are looked into.
  return { ...Object.fromEntries(kept), LC_ALL: 'C', LANGUAGE: 'C' };
}

function notRun({ code, message }: NodeJS.ErrnoException): string {
  return code === 'ENOENT'
    ? 'Git, by which this baseline is to be read, is not installed: install it, or name a path as the baseline.'
    : `Git can't be run: ${message}.`;
}
