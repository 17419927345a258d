import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { displayed } from '../text-files';

/** An error of Git. The message names the cause, and what to do about it. */
export class GitError extends Error {}

interface GitInput {
  readonly stdin?: string;
  /** The maximum size of the output, in bytes. */
  readonly size?: number;
}

/** In bytes. Enough to list the files of a very large repository. */
const MAX_SIZE = 1_000_000_000;

/**
 * The environment variables of Git that it gets. The others may point it to another repository than that of the working
 * directory: Git sets them for hooks ("githooks", Git Reference), and they are only valid for the folder that it runs them
 * in. Options that a caller sets for its own commands do not apply here either.
 */
const KEPT_VARIABLES = /^GIT_(?:CONFIG|CEILING_|DISCOVERY_|EXEC_PATH$|TEST_|TRACE)/;

/**
 * Keeps a repository from running programs of its authors: a committed folder can look like a bare repository, with a
 * configuration of its own. Git then neither uses it as the repository, nor fetches objects that are missing. The
 * subcommands that are used here run no filters, `textconv` and external diff programs.
 *
 * @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-safebareRepository
 * @see https://git-scm.com/docs/git#Documentation/git.txt-GITNOLAZYFETCH
 */
const SAFE_CONFIG = ['safe.bareRepository=explicit', `core.hooksPath=${devNull}`, 'core.fsmonitor=false'];
const SAFE_VARIABLES = {
  GIT_NO_LAZY_FETCH: '1',
  // No protocol is allowed, also for versions of Git that do not know the variable above.
  GIT_ALLOW_PROTOCOL: '',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
};
const OPTIONS = ['--no-pager', '--literal-pathspecs', ...SAFE_CONFIG.flatMap((setting) => ['-c', setting])];

/** Messages for texts that Git writes to standard error. */
const MESSAGES: readonly (readonly [RegExp, string])[] = [
  [
    /not a git repository/,
    'The working directory is not in a Git repository. Change to one, or pass a path as the baseline.',
  ],
  [
    /dubious ownership/,
    'Git does not trust this repository, because it belongs to another user. If you trust it, run `git config --global --add safe.directory FOLDER`.',
  ],
  [
    /must be run in a work tree|cannot use bare repository/,
    'This Git repository has no work tree. Change to one that has.',
  ],
  [
    /from promisor remote/,
    'This partial clone does not have all files of the revision, and a baseline fetches nothing. Run `git fetch --refetch --no-filter`.',
  ],
];

/**
 * Runs `git` for the repository of the working directory, regardless of the environment.
 *
 * @returns the content of standard output
 * @throws GitError
 */
function git(args: readonly string[], { stdin, size = MAX_SIZE }: GitInput = {}): Buffer {
  const { error, status, stdout, stderr } = spawnSync(gitProgram(), [...OPTIONS, ...args], {
    input: stdin,
    maxBuffer: size,
    env: environment(),
    windowsHide: true,
  });
  if (error) throw new GitError(`Can't run Git: ${error.message}.`);
  if (status === 0) return stdout;
  const text = stderr.toString('utf-8');
  const [, known] = MESSAGES.find(([pattern]) => pattern.test(text)) ?? [];
  throw new GitError(known ?? `Git failed: ${text.trim().split('\n').at(-1) ?? ''}`);
}

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^GIT_/i.test(name) || KEPT_VARIABLES.test(name),
  );
  // MESSAGES matches English texts.
  return { ...Object.fromEntries(kept), ...SAFE_VARIABLES, LC_ALL: 'C', LANGUAGE: 'C' };
}

/** Returns the path of Git. Windows, and relative folders in PATH, would run a committed program of that name. */
function gitProgram(): string {
  const name = process.platform === 'win32' ? 'git.exe' : 'git';
  const folders = (process.env.PATH ?? '').split(delimiter).filter(isAbsolute);
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? missingProgram();
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function missingProgram(): never {
  throw new GitError(
    'This baseline needs Git, which is not installed. Install Git, or pass a path as the baseline.',
  );
}

/** A file of a revision. */
export interface GitFile {
  /** The path relative to the repository, with slashes. */
  readonly path: string;
  readonly isLink: boolean;
  /** The name of the Git object with the content. */
  readonly object: string;
  /** In bytes. */
  readonly size: number;
}

/** In bytes. Limits the content of files that is read at once, unless one file is larger. */
const CHUNK = 64_000_000;

/** In bytes. The maximum size of the header that Git writes before the content of a file. */
const HEADER = 200;

/** Returns the short name of the current commit. Undefined without Git, or outside of a repository with a commit. */
export function currentRevision(): string | undefined {
  try {
    return textOf(git(['rev-parse', '--short', 'HEAD']));
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** A revision of the repository of the working directory. Reading it does not change the work tree or the index. */
export class GitRevision {
  /** The folder of the repository. */
  public readonly root: string;
  private readonly commit: string;

  /**
   * @param name a branch, a tag, or another name of a commit
   * @throws GitError if there is no such revision, or no repository
   */
  constructor(public readonly name: string) {
    this.root = textOf(git(['rev-parse', '--show-toplevel']));
    this.commit = this.commitOf(name);
  }

  /**
   * Returns a path relative to the repository, with slashes; empty for the repository itself. Returns undefined for a path
   * outside of the repository.
   *
   * @param path absolute, or relative to the working directory
   */
  public pathOf(path: string): string | undefined {
    const absolute = resolve(path);
    // Git resolves links in the path of the repository. The file itself may be a link, or not exist now.
    const inside = relative(this.root, join(realPathOf(dirname(absolute)), basename(absolute)));
    if (isAbsolute(inside) || inside === '..' || displayed(inside).startsWith('../')) return undefined;
    return displayed(inside);
  }

  /**
   * Returns the files at paths and below them.
   *
   * @param paths paths that `pathOf` returns
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
    return listed
      .toString('utf-8')
      .split('\0')
      .flatMap((line) => this.fileIn(line));
  }

  /** Returns files with their content, in the order of the files. */
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
          throw this.missingContent(path);
        }
        yield [file, output.subarray(start, start + size)];
        offset = start + size + 1;
      }
    }
  }

  /** Parses a line such as `100644 blob ccdf30b80eb4df7563d88dc5a2ee8694968c534c 14\tinfra/template.yaml`. */
  private fileIn(line: string): GitFile[] {
    const [, mode, object, size, path] = /^(\d+) blob ([0-9a-f]+) +(\d+|BAD)\t(.*)$/s.exec(line) ?? [];
    // Git does not create such paths, but other programs may.
    if (path === undefined || path.split(/[/\\]/).some((name) => ['', '.', '..'].includes(name))) return [];
    if (size === 'BAD') throw this.missingContent(path);
    return [{ path, object, size: Number(size), isLink: mode === '120000' }];
  }

  private missingContent(path: string): GitError {
    return new GitError(
      `Git does not have the content of ${path} at ${this.name}. Run \`git fetch\` or \`git fsck\`.`,
    );
  }

  private commitOf(name: string): string {
    const unknown = new GitError(
      `The repository has no revision '${name}'. Pass another one, or run \`git fetch\`. In a CI job with a shallow clone, set \`fetch-depth: 0\` for actions/checkout.`,
    );
    let commit;
    try {
      commit = textOf(git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]));
    } catch {
      throw unknown;
    }
    // Git accepts `^main`, but it stands for all commits that are not in main.
    if (!/^[0-9a-f]+$/.test(commit)) throw unknown;
    return commit;
  }
}

function chunksOf(files: readonly GitFile[]): GitFile[][] {
  const chunks: GitFile[][] = [];
  let free = 0;
  for (const file of files) {
    if (chunks.length === 0 || file.size > free) {
      chunks.push([]);
      free = CHUNK;
    }
    chunks[chunks.length - 1].push(file);
    free -= file.size;
  }
  return chunks;
}

function textOf(output: Buffer): string {
  return output.toString('utf-8').replace(/\r?\n$/, '');
}

/** Resolves the links in the part of a path that exists. */
function realPathOf(folder: string): string {
  return existsSync(folder) ? realpathSync(folder) : join(realPathOf(dirname(folder)), basename(folder));
}
