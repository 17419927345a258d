import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, posix, relative } from 'node:path';
import { listNames } from '../../text/printable';
import { type Exclusions, MANIFEST, MARKER, TEMPLATE_EXTENSIONS, VIRTUAL_ENVIRONMENT } from '../find-files';
import { load } from '../load';
import type { Loaded } from '../loaded-template';
import { nestedPaths } from '../local-files';
import { displayed, STDIN } from '../text-files';
import { asBaselineError, type Baseline, type BaselineOptions } from './baseline-spec';
import { GitError, type GitFile, GitRevision } from './git-repository';

/** The parts of `git:REV[:PATH]`. */
interface GitSpec {
  readonly revision: string;
  readonly path?: string;
}

/**
 * Reads the templates of a revision. Files have the names that Git uses, such as `main:infra/template.yaml`.
 *
 * @param spec the baseline as the user gives it, for errors
 * @param checked the paths to read by default; paths that are not in the revision have no baseline
 */
export function readGitBaseline(
  spec: string,
  { revision: name, path }: GitSpec,
  checked: readonly string[],
  { onProgress, exclude }: BaselineOptions,
): Baseline {
  try {
    if (name === '') throw new GitError('The revision is missing. Use `git:REV`, such as `git:main`.');
    const revision = new GitRevision(name);
    const { present, missing } = splitByPresence(path === undefined ? checked : [path], revision);
    if (present.length === 0) {
      if (path !== undefined || !areCommitted(missing)) throw new GitError(notInRevision(missing, name));
      const note = `git:${shortName(revision)} contains no baseline for ${listNames(missing)}, so all resources are new.`;
      return { templates: [], errors: [], notes: [note], isBefore: true };
    }
    const { templates, errors } = loadFrom(revision, present, exclude, (files) =>
      onProgress?.(`Reading the baseline, file ${files}`),
    );
    return { templates, errors: errors.map(asBaselineError), notes: [] };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { templates: [], errors: [{ file: spec, message: error.message }], notes: [] };
  }
}

/** Returns the paths that are in a revision, relative to the repository, and the missing ones as the user gives them. */
function splitByPresence(
  paths: readonly string[],
  revision: GitRevision,
): { present: string[]; missing: string[] } {
  const named = [...new Set(paths)].map((path) => ({ path, inside: inRepository(path, revision) }));
  const files = revision.filesAt(named.map(({ inside }) => inside));
  const known = new Set(files.flatMap(({ path }) => [path, ...foldersAround(path)]));
  return {
    present: named.filter(({ inside }) => known.has(inside)).map(({ inside }) => inside),
    missing: named.filter(({ inside }) => !known.has(inside)).map(({ path }) => path),
  };
}

/** True if the current commit has all paths, so that they were added, or renamed, after another revision. */
function areCommitted(paths: readonly string[]): boolean {
  return splitByPresence(paths, new GitRevision('HEAD')).missing.length === 0;
}

function inRepository(path: string, revision: GitRevision): string {
  const { name, root } = revision;
  if (path === STDIN) {
    throw new GitError(
      `Standard input is not in a repository. Pass the path of the template, such as git:${name}:template.yaml.`,
    );
  }
  const inside = revision.pathOf(path);
  if (inside !== undefined) return inside;
  throw new GitError(
    `${path} is not in the repository ${root}. Pass a path in the repository, as git:${name}:PATH.`,
  );
}

function foldersAround(path: string): string[] {
  const names = path.split('/');
  return names.map((_, i) => names.slice(0, i).join('/'));
}

function notInRevision(paths: readonly string[], revision: string): string {
  return (
    `The revision ${revision} does not contain ${listNames(paths)}. Files that are not committed, such as cdk.out, ` +
    `are in no revision. Pass a committed path, such as git:${revision}:test/snapshots.`
  );
}

/**
 * Checks out the paths of a revision to a temporary folder and loads them. If templates refer to files at other paths, checks
 * these out too and loads everything again. This is faster than checking out the whole repository.
 */
function loadFrom(
  revision: GitRevision,
  paths: readonly string[],
  exclude: Exclusions | undefined,
  onProgress: (files: number) => void,
): Loaded {
  const folder = temporaryFolder();
  try {
    const checkout = new GitCheckout(revision, folder);
    // A manifest stands for its cloud assembly.
    checkout.add(paths.map((path) => (basename(path) === MANIFEST ? folderOf(path) : path)));
    for (;;) {
      const loaded = load(
        paths.map((path) => join(folder, path)),
        {
          onProgress,
          root: folder,
          exclude: exclude && {
            ...exclude,
            folder: join(folder, revision.pathOf(exclude.folder) ?? ''),
          },
        },
      );
      const referenced = loaded.templates
        .flatMap((template) => [
          ...nestedPaths(template).map(({ file }) => file),
          ...(template.localFiles ?? []),
        ])
        .map((file) => displayed(relative(folder, file)))
        .filter((path) => path !== '' && path.split('/')[0] !== '..' && !path.includes('\0'));
      if (!checkout.add(referenced)) return renamed(loaded, displayed(folder), `${shortName(revision)}:`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the name of a revision for people, who compare commits by their first characters. */
function shortName({ name }: GitRevision): string {
  return /^[0-9a-f]{40,}$/.test(name) ? name.slice(0, 7) : name;
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'cdk-lambda-xray-'));
  } catch (error) {
    const { message } = error as Error;
    throw new GitError(
      `Can't create a temporary folder for the files of the revision: ${message}. Set TMPDIR to a writable folder.`,
    );
  }
}

function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === '.' ? '' : folder;
}

/** Replaces the name of a folder in all file names and messages. */
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
 * A folder with files of a revision that may be templates. It is filled from Git objects instead of with `git checkout`,
 * which needs an index, and applies the filters of the user (line ends, Git LFS).
 */
class GitCheckout {
  private readonly seen = new Set<string>();

  constructor(
    private readonly revision: GitRevision,
    private readonly folder: string,
  ) {}

  /**
   * Adds the files at paths, and the files below them that may be templates.
   *
   * @returns true if any file was added
   * @throws GitError
   */
  public add(paths: readonly string[]): boolean {
    const unseen = new Set(paths.filter((path) => !this.seen.has(path)));
    const files = this.revision
      .filesAt([...unseen])
      .filter(({ path }) => !this.seen.has(path) && (unseen.has(path) || isTemplateCandidate(path)));
    if (files.length === 0) return false;
    for (const path of [...unseen, ...files.map(({ path }) => path)]) this.seen.add(path);
    for (const [{ path }, content] of this.revision.contentsOf(files.filter(({ isLink }) => !isLink))) {
      this.create(path, (file) => writeFileSync(file, content));
    }
    this.addLinks(files.filter(({ isLink }) => isLink));
    return true;
  }

  /**
   * Adds the links that point to files of the revision, and these files. Other links are omitted, so that no file outside
   * of the folder is read or written.
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
      if (files.has(target)) this.create(path, (link) => symlinkSync(join(this.folder, target), link));
    }
  }

  private create(path: string, write: (file: string) => void): void {
    const file = join(this.folder, path);
    try {
      mkdirSync(dirname(file), { recursive: true });
      write(file);
    } catch (error) {
      const { message } = error as Error;
      throw new GitError(`Can't write ${path} to a temporary folder: ${message}.`);
    }
  }
}

/** Returns true for a file that is read if it is below a directory. */
function isTemplateCandidate(path: string): boolean {
  return (
    TEMPLATE_EXTENSIONS.includes(extname(path).toLowerCase()) ||
    [MARKER, VIRTUAL_ENVIRONMENT].includes(basename(path))
  );
}

/** Returns the path in the repository that a link points to. */
function targetOf(link: string, text: string): string | undefined {
  const target = posix.join(posix.dirname(link), text);
  return posix.isAbsolute(text) || target.split('/')[0] === '..' ? undefined : target;
}
