import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, posix, relative } from 'node:path';
import { listNames } from '../../text/list-names';
import { MANIFEST, MARKER, TEMPLATE_EXTENSIONS } from '../find-files';
import { load } from '../load';
import type { Loaded } from '../loaded-template';
import { nestedPaths } from '../nested-stacks';
import { displayed, STDIN } from '../template-files';
import type { Baseline, BaselineOptions } from './baseline';
import { inBaseline } from './baseline-spec';
import { GitError, type GitFile, GitRevision } from './git-repository';

/** What a user names by `git:REV[:PATH]`. */
interface Named {
  readonly revision: string;
  readonly path?: string;
}

/**
 * Reads templates as they were at a revision. Files are called as Git calls them, such as `main:infra/template.yaml`.
 *
 * @param spec what to blame errors on
 * @param named the revision, and the path there
 * @param judged the paths to read where none is named; what there wasn't at the revision has no baseline
 */
export function templatesAt(
  spec: string,
  { revision: name, path }: Named,
  judged: readonly string[],
  { onProgress }: BaselineOptions,
): Baseline {
  try {
    if (name === '') throw new GitError('No revision is named: write git:main, for instance.');
    const revision = new GitRevision(name);
    const { present, absent } = lookUp(path === undefined ? judged : [path], revision);
    if (present.length === 0) throw new GitError(notThere(absent, name));
    const { templates, errors } = loadFrom(revision, present, (files) =>
      onProgress?.(`Reading the baseline, file ${files}`),
    );
    return { templates, errors: errors.map(inBaseline), notes: [] };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { templates: [], errors: [{ file: spec, message: error.message }], notes: [] };
  }
}

/** Which of the paths that a user gives were there, as paths of the repository, and which weren't, as given. */
function lookUp(paths: readonly string[], revision: GitRevision): { present: string[]; absent: string[] } {
  const named = [...new Set(paths)].map((path) => ({ path, inside: inRepository(path, revision) }));
  const files = revision.filesAt(named.map(({ inside }) => inside));
  const known = new Set(files.flatMap(({ path }) => [path, ...foldersAround(path)]));
  return {
    present: named.filter(({ inside }) => known.has(inside)).map(({ inside }) => inside),
    absent: named.filter(({ inside }) => !known.has(inside)).map(({ path }) => path),
  };
}

function inRepository(path: string, revision: GitRevision): string {
  const { name, root } = revision;
  if (path === STDIN) {
    throw new GitError(
      `Standard input is in no repository: name what it has come of, such as git:${name}:template.yaml.`,
    );
  }
  const inside = revision.pathOf(path);
  if (inside !== undefined) return inside;
  throw new GitError(`${path} is not in the repository ${root}: name a path that is, by git:${name}:PATH.`);
}

function foldersAround(path: string): string[] {
  const names = path.split('/');
  return names.map((_, i) => names.slice(0, i).join('/'));
}

function notThere(paths: readonly string[], revision: string): string {
  return (
    `There is no ${listNames(paths)} at ${revision}: what isn't committed, as cdk.out usually isn't, ` +
    `is at no revision. Name a path that is, such as git:${revision}:test/snapshots.`
  );
}

/**
 * What is below the paths is all that most templates need. Only where they nest others by a path elsewhere, these are
 * checked out too, and all is read again: to check out what a whole repository has that might be a template can take
 * far longer than that.
 */
function loadFrom(
  revision: GitRevision,
  paths: readonly string[],
  onProgress: (files: number) => void,
): Loaded {
  const folder = temporaryFolder();
  try {
    const checkout = new GitCheckout(revision, folder);
    // A manifest stands for the cloud assembly that it is in.
    checkout.add(paths.map((path) => (basename(path) === MANIFEST ? folderOf(path) : path)));
    for (;;) {
      const loaded = load(
        paths.map((path) => join(folder, path)),
        { onProgress },
      );
      const nested = loaded.templates
        .flatMap(nestedPaths)
        .map(({ file }) => displayed(relative(folder, file)))
        .filter((path) => path !== '' && path.split('/')[0] !== '..' && !path.includes('\0'));
      if (!checkout.add(nested)) return renamed(loaded, displayed(folder), `${revision.name}:`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'cdk-lambda-xray-'));
  } catch (error) {
    const { message } = error as Error;
    throw new GitError(`There is no place for the files of a revision: ${message}. Name one by TMPDIR.`);
  }
}

function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === '.' ? '' : folder;
}

/** Calls files by other names, wherever they are told. */
function renamed({ templates, errors }: Loaded, folder: string, name: string): Loaded {
  const rename = (text: string) => text.replaceAll(`${folder}/`, name).replaceAll(folder, name);
  return {
    templates: templates.map(({ id, file, group, nestedIn, ...others }) => ({
      ...others,
      id: rename(id),
      file: rename(file),
      group: group && rename(group),
      nestedIn: nestedIn && { ...nestedIn, id: rename(nestedIn.id) },
    })),
    errors: errors.map((error) => ({
      ...error,
      file: rename(error.file),
      message: rename(error.message),
    })),
  };
}

/**
 * A folder with what may be templates of a revision. It is filled by what Git has, not by `git checkout`: so no index
 * is needed, and no filter that the user has set up (line ends, Git LFS) changes what is read, or runs a command.
 */
class GitCheckout {
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
