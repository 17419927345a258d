import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { displayed } from '../template-files';

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
function git(args: readonly string[], { stdin, size = MAX_SIZE }: GitInput = {}): Buffer {
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

/** A file as it was at a revision. */
export interface GitFile {
  /** Relative to the repository, with slashes. */
  readonly path: string;
  readonly isLink: boolean;
  /** By which Git knows what is in it. */
  readonly object: string;
  /** In bytes. */
  readonly size: number;
}

/** In bytes, how much of what is in files is held at once, unless one file is larger. */
const CHUNK = 64_000_000;

/** For what Git says of each file before its content. */
const HEADER = 200;

/** A revision of the repository that the working directory is in. Reading it leaves work tree and index alone. */
export class GitRevision {
  /** The folder of the repository. */
  public readonly root: string;
  private readonly commit: string;

  /**
   * @param name a branch, a tag, a commit, or what else Git takes for one
   * @throws GitError if there is no such revision, or no repository
   */
  constructor(public readonly name: string) {
    this.root = textOf(git(['rev-parse', '--show-toplevel']));
    this.commit = this.commitOf(name);
  }

  /**
   * Where a path is in the repository: relative to that, with slashes, and empty for the repository itself. Nothing for
   * what is elsewhere.
   *
   * @param path absolute, or relative to the working directory
   */
  public pathOf(path: string): string | undefined {
    const absolute = resolve(path);
    // Git tells the repository's folder with links resolved. What is there may be a link itself, or not be there today.
    const inside = relative(this.root, join(realOf(dirname(absolute)), basename(absolute)));
    if (isAbsolute(inside) || inside === '..' || displayed(inside).startsWith('../')) return undefined;
    return displayed(inside);
  }

  /**
   * The files that are at these paths of the repository, or below them.
   *
   * @param paths as of `pathOf`
   */
  public filesAt(paths: readonly string[]): GitFile[] {
    if (paths.length === 0) return [];
    const whole = paths.includes('');
    const listed = git([
      'ls-tree',
      '-r',
      '-l',
      '-z',
      '--full-tree',
      '--',
      this.commit,
      ...(whole ? [] : paths),
    ]);
    return listed.toString('utf-8').split('\0').flatMap(fileIn);
  }

  /** Files, in their order, with what is in them. */
  public *contentsOf(files: readonly GitFile[]): Generator<[GitFile, Buffer]> {
    for (const chunk of chunksOf(files)) {
      const size = chunk.reduce((sum, file) => sum + file.size + HEADER, 0);
      const stdin = chunk.map(({ object }) => `${object}\n`).join('');
      const output = git(['cat-file', '--batch'], { stdin, size });
      let offset = 0;
      for (const file of chunk) {
        const { path, size } = file;
        const start = output.indexOf('\n', offset) + 1;
        if (!output.toString('latin1', offset, start).endsWith(` ${size}\n`)) {
          throw new GitError(
            `Git doesn't have ${path} as it was at ${this.name}: run git fetch, or git fsck.`,
          );
        }
        yield [file, output.subarray(start, start + size)];
        offset = start + size + 1;
      }
    }
  }

  private commitOf(name: string): string {
    const unknown = new GitError(
      `There is no revision '${name}' here: name another one, or fetch it by git fetch (in a CI job that clones the last commit only, by fetch-depth: 0 in actions/checkout).`,
    );
    let commit;
    try {
      commit = textOf(git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]));
    } catch {
      throw unknown;
    }
    // `^main` is a revision that Git finds, and means all that are not in main.
    if (!/^[0-9a-f]+$/.test(commit)) throw unknown;
    return commit;
  }
}

/** Reads a line such as `100644 blob ccdf30b80eb4df7563d88dc5a2ee8694968c534c 14\tinfra/template.yaml`. */
function fileIn(line: string): GitFile[] {
  const [, mode, object, size, path] = /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(line) ?? [];
  // Git makes no such paths, others may.
  if (path === undefined || path.split(/[/\\]/).some((name) => ['', '.', '..'].includes(name))) return [];
  return [{ path, object, size: Number(size), isLink: mode === '120000' }];
}

function chunksOf(files: readonly GitFile[]): GitFile[][] {
  const chunks: GitFile[][] = [];
  let room = 0;
  for (const file of files) {
    if (chunks.length === 0 || file.size > room) {
      chunks.push([]);
      room = CHUNK;
    }
    chunks[chunks.length - 1].push(file);
    room -= file.size;
  }
  return chunks;
}

function textOf(output: Buffer): string {
  return output.toString('utf-8').replace(/\r?\n$/, '');
}

/** A folder with links resolved, as far as it is there. */
function realOf(folder: string): string {
  return existsSync(folder) ? realpathSync(folder) : join(realOf(dirname(folder)), basename(folder));
}
