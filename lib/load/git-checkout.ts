import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, posix } from 'node:path';
import { GitError } from './git-command';
import type { GitFile, GitRevision } from './git-revision';
import { MARKER, TEMPLATE_EXTENSIONS } from './inputs';

/**
 * A folder with what may be templates of a revision. It is filled by what Git has, not by `git checkout`: so no index
 * is needed, and no filter that the user has set up (line ends, Git LFS) changes what is read, or runs a command.
 */
export class GitCheckout {
  private readonly seen = new Set<string>();

  constructor(
    private readonly revision: GitRevision,
    private readonly folder: string,
  ) {}

  /**
   * Adds the files at these paths, and what may be templates below them.
   *
   * @returns whether there was anything to add
   * @throws GitError
   */
  public add(paths: readonly string[]): boolean {
    const unseen = new Set(paths.filter((path) => !this.seen.has(path)));
    const files = this.revision
      .filesAt([...unseen])
      .filter(({ path }) => !this.seen.has(path) && (unseen.has(path) || mayBeRead(path)));
    if (files.length === 0) return false;
    for (const path of [...unseen, ...files.map(({ path }) => path)]) this.seen.add(path);
    for (const [{ path }, content] of this.revision.contentsOf(files.filter(({ isLink }) => !isLink))) {
      this.make(path, (file) => writeFileSync(file, content));
    }
    this.addLinks(files.filter(({ isLink }) => isLink));
    return true;
  }

  /**
   * Adds the links that lead to files of the revision, with these. There are no others, so that nothing is read or
   * written through a link that isn't in the folder.
   */
  private addLinks(links: readonly GitFile[]): void {
    const targets = new Map<string, string>();
    for (const [{ path }, content] of this.revision.contentsOf(links)) {
      const target = targetOf(path, content.toString('utf-8'));
      if (target !== undefined) targets.set(path, target);
    }
    const wanted = new Set(targets.values());
    const found = this.revision.filesAt([...wanted]).map(({ path }) => path);
    const files = new Set(found.filter((path) => wanted.has(path)));
    this.add([...files]);
    for (const [path, target] of targets) {
      if (files.has(target)) this.make(path, (link) => symlinkSync(join(this.folder, target), link));
    }
  }

  private make(path: string, write: (file: string) => void): void {
    const file = join(this.folder, path);
    try {
      mkdirSync(dirname(file), { recursive: true });
      write(file);
    } catch (error) {
      const { message } = error as Error;
      throw new GitError(`${path} can't be written to a temporary folder to read it: ${message}.`);
    }
  }
}

/** Whether it is a file that is looked into below a directory. */
function mayBeRead(path: string): boolean {
  return TEMPLATE_EXTENSIONS.includes(extname(path).toLowerCase()) || basename(path) === MARKER;
}

/** Where a link in the repository leads to in it. */
function targetOf(link: string, text: string): string | undefined {
  const target = posix.join(posix.dirname(link), text);
  return posix.isAbsolute(text) || target.split('/')[0] === '..' ? undefined : target;
}
