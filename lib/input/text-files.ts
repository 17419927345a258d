import {
  closeSync,
  type Dirent,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import type { CodeFile } from '../cloudformation/template';

/** The name of standard input. */
export const STDIN = '-';

/** In bytes. CloudFormation accepts 1 MB. */
const MAX_SIZE = 100_000_000;

const TOO_LARGE = `The file is larger than ${MAX_SIZE / 1e6} MB. CloudFormation accepts templates up to 1 MB.`;

/** In bytes, for a pipe or a device, which have no size. */
const CHUNK = 65_536;

/** An error of reading a file. */
export class UnreadableError extends Error {}

/** An error for a file that can't be a template, because it is binary or too large. */
export class NoTextError extends UnreadableError {}

/** Messages for file system errors that users can fix, by code. */
const MESSAGES: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory.',
  ENOTDIR: 'No such file or directory.',
  EACCES: 'Permission to read this is denied.',
  EPERM: 'Permission to read this is denied.',
  ELOOP: 'This symbolic link points to itself.',
  EISDIR: 'This is a directory, not a file.',
  ENAMETOOLONG: 'No such file or directory. The name is too long.',
};

/** Converts an error of the file system. */
export function asUnreadable(error: unknown): UnreadableError {
  if (error instanceof UnreadableError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new UnreadableError(MESSAGES[code] ?? `Can't read this: ${message.split('\n')[0]}.`);
}

/** The identities of the files that this process has read. */
const filesRead = new Set<string>();

/** True if this process has read a file. */
export function wasRead(path: string): boolean {
  return filesRead.has(identityOf(path));
}

/**
 * Reads text in UTF-8 or UTF-16 of up to 100 MB.
 *
 * @param file a path, or the descriptor of an open file
 * @throws UnreadableError
 */
export function readText(file: string | number): string {
  const bytes = readBytes(file);
  if (typeof file === 'string') filesRead.add(identityOf(file));
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  if (text.includes('\0')) throw new NoTextError('This is not a text file: it contains null bytes.');
  return text;
}

/** Returns the encoding of a text by its first character, which is a byte order mark or from ASCII. */
function encodingOf([first, second]: Buffer): string {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

/** Stops at the maximum size. `readFileSync` never ends if a file has no end. */
function readBytes(file: string | number): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = typeof file === 'number' ? file : openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    if (size > MAX_SIZE) throw new NoTextError(TOO_LARGE);
    let bytes = Buffer.allocUnsafe(size > 0 ? size + 1 : CHUNK);
    let total = 0;
    for (;;) {
      // By default, the file system of Yarn Plug'n'Play reads the length of the whole buffer, also from an offset on.
      const read = readSync(descriptor, bytes, total, bytes.length - total, null);
      if (read === 0) return bytes.subarray(0, total);
      total += read;
      if (total > MAX_SIZE) throw new NoTextError(TOO_LARGE);
      if (total === bytes.length) bytes = Buffer.concat([bytes], 2 * total);
    }
  } catch (error) {
    throw asUnreadable(error);
  } finally {
    if (descriptor !== undefined && typeof file === 'string') closeSync(descriptor);
  }
}

/** Returns a key that is equal for all paths of a file. */
export function identityOf(path: string): string {
  try {
    return path === STDIN ? STDIN : realpathSync.native(path);
  } catch {
    return path;
  }
}

/** True for a path of another computer, such as `\\host\share`. Reading it would send it the user's credentials. */
export function isNetworkPath(path: string): boolean {
  return /^[\\/]{2}/.test(path);
}

/**
 * The folders whose files a report may quote: the working directory, the folders that the user names, and the
 * repositories around them. A template, a manifest or a link can name any other file of the user, such as one with
 * credentials.
 */
export class QuotedFolders {
  private readonly folders: ReadonlySet<string>;

  /** @param paths the files and folders that the user names */
  constructor(paths: readonly string[] = []) {
    const named = paths
      .filter((path) => path !== STDIN)
      .map((path) => (isFolder(path) ? path : dirname(path)));
    const folders = ['.', ...named].map((path) => resolve(path)).flatMap((path) => [path, identityOf(path)]);
    this.folders = new Set(folders.flatMap((folder) => [folder, repositoryAround(folder) ?? folder]));
  }

  /** True if a file is in the folders. Resolves links. */
  public include(file: string): boolean {
    return file === STDIN || foldersAround(identityOf(resolve(file))).some((path) => this.folders.has(path));
  }
}

/** True if a file is in a folder. Resolves links. */
export function isWithin(file: string, folder: string): boolean {
  return foldersAround(identityOf(resolve(file))).includes(identityOf(folder));
}

/** True if a path is an existing folder. */
export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** Returns the nearest folder with a `.git`, which is a file in a worktree or a submodule. */
export function repositoryAround(folder: string): string | undefined {
  return foldersAround(folder).find((path) => existsSync(join(path, '.git')));
}

/** Returns a path and the folders around it. */
export function foldersAround(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...foldersAround(parent)];
}

/** Returns a path as reports show it, with slashes on every system. */
export function displayed(path: string): string {
  return path.split(sep).join('/');
}

/** Source files and lists of packages, which show the libraries of a function. */
const CODE = /\.[cm]?[jt]s$|\.py$|^package\.json$|^requirements\.txt$/;

/** Folders with code of others, which a function may not use. */
const CODE_OF_OTHERS = /^(?:node_modules|\.git|\.venv|__pycache__|.*\.(?:dist|egg)-info)$/;

/** The limits of reading: files and bytes in all, bytes of a file, and folders below the code. */
const MAX_FILES = 100;
const MAX_TOTAL = 20_000_000;
const MAX_CODE_SIZE = 10_000_000;
const MAX_DEPTH = 3;
const MAX_ENTRIES = 2000;

/**
 * Reads the code of functions. The files of the last folder are kept, since functions with the same code are usually defined
 * beside each other.
 */
export class CodeReader {
  private last?: { readonly folder: string; readonly files: readonly CodeFile[] };

  /**
   * Returns the source files in a folder, those closest to the folder first. Links are not followed.
   *
   * @param folder the folder; there may be none
   */
  public read(folder: string): readonly CodeFile[] {
    if (this.last?.folder !== folder) this.last = { folder, files: readCodeFiles(folder) };
    return this.last.files;
  }
}

function readCodeFiles(folder: string): CodeFile[] {
  const found: CodeFile[] = [];
  let remaining = MAX_TOTAL;
  let entries = MAX_ENTRIES;
  let level = [''];
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth++) {
    const next: string[] = [];
    for (const parent of level) {
      for (const entry of entriesOf(join(folder, parent))) {
        if (--entries < 0) return found;
        const path = `${parent}${entry.name}`;
        if (entry.isDirectory() && !CODE_OF_OTHERS.test(entry.name)) next.push(`${path}/`);
        if (!entry.isFile() || !CODE.test(entry.name)) continue;
        const text = textOf(join(folder, path), Math.min(remaining, MAX_CODE_SIZE));
        if (text === undefined) continue;
        remaining -= text.length;
        found.push({ path, text });
        if (found.length === MAX_FILES) return found;
      }
    }
    level = next;
  }
  return found;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function textOf(file: string, maxSize: number): string | undefined {
  try {
    return statSync(file).size <= maxSize ? readFileSync(file, 'utf-8') : undefined;
  } catch {
    return undefined;
  }
}
