import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path';
import { isObject, type JsonObject } from '../cloudformation/json';
import { parseJson } from './parse-json';
import { type FileOrigin, TemplateFiles } from './template-files';
import { matchesWithin } from '../text/globs';
import { nearestOf } from '../text/printable';
import { asUnreadable, displayed, foldersAround, identityOf, isFolder, readText, STDIN } from './text-files';

/** A file that may be a template, or a cloud assembly. */
export type Input =
  | { readonly kind: 'file'; readonly file: string; readonly origin: FileOrigin; readonly group?: string }
  | { readonly kind: 'assembly'; readonly directory: string; readonly manifest: JsonObject };

export const MANIFEST = 'manifest.json';

/** The extensions of the files that are read below a directory. */
export const TEMPLATE_EXTENSIONS = ['.json', '.yaml', '.yml', '.template'];

/** Files and folders to skip. */
export interface Exclusions {
  /** The folder that the globs are relative to. */
  readonly folder: string;
  /** Globs of paths. A folder stands for everything in it. */
  readonly globs: readonly string[];
}

/** The files and directories to skip below a directory. */
interface Skipped {
  /** The identity of a file or directory. */
  readonly except?: string;
  readonly exclude?: Exclusions;
  /** Called with the path of each file and directory that is skipped, except for those that never have a template. */
  readonly onSkipped?: (path: string) => void;
}

/**
 * True for a directory without templates to deploy, or with the output of a tool, such as `.aws-sam` and `.serverless`,
 * whose templates repeat the source. These are read only if the user names them.
 */
function isSkipped(name: string): boolean {
  return name === 'node_modules' || name.startsWith('.');
}

/** Skipped directories that messages do not name. */
const NEVER_DEPLOYED = ['node_modules', '.git'];

/** The file that marks a virtual environment of Python, whose directory can have any name. */
export const VIRTUAL_ENVIRONMENT = 'pyvenv.cfg';

/** The name of the file that CDK marks its assemblies with. */
export const MARKER = 'cdk.out';

/**
 * Returns the files and cloud assemblies at a path. Reports errors to the files.
 *
 * @param skipped the files and directories to skip
 */
export function findInputs(path: string, files: TemplateFiles, skipped: Skipped = {}): Input[] {
  if (path === STDIN) return [{ kind: 'file', file: STDIN, origin: 'named' }];
  const normal = normalize(path);
  const trimmed = normal.length > 1 && normal.endsWith(sep) ? normal.slice(0, -1) : normal;
  try {
    if (statSync(trimmed).isDirectory()) return below(trimmed, files, skipped);
  } catch (error) {
    const similar = similarPath(trimmed);
    const hint = similar === undefined ? '' : ` Did you mean ${displayed(similar)}?`;
    files.report({ file: path, message: `${asUnreadable(error).message}${hint}` });
    return [];
  }
  const directory = dirname(trimmed);
  const manifest = basename(trimmed) === MANIFEST ? manifestIn(directory, files) : undefined;
  return manifest
    ? [{ kind: 'assembly', directory, manifest }]
    : [{ kind: 'file', file: trimmed, origin: 'named' }];
}

/** Returns an existing path that is similar to a missing one, or to a folder around it. */
function similarPath(path: string): string | undefined {
  const parent = dirname(path);
  if (parent === path || existsSync(path)) return undefined;
  const folder = existsSync(parent) ? parent : similarPath(parent);
  if (folder === undefined || !isFolder(folder)) return undefined;
  const name = basename(path);
  const candidates = namesIn(folder);
  const similar = candidates.includes(name) ? name : nearestOf(name, candidates);
  if (similar !== undefined) return join(folder, similar);
  return folder === parent ? undefined : folder;
}

/** Returns the names of the directories in a directory, and of the files that may be templates. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter(
        (entry) => entry.isDirectory() || TEMPLATE_EXTENSIONS.includes(extname(entry.name).toLowerCase()),
      )
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/**
 * Returns the files and cloud assemblies below a directory. Follows links to files, but not to directories: their
 * target is either below the directory anyway, or outside of the path that the user passed.
 */
function below(
  root: string,
  files: TemplateFiles,
  { except, exclude, onSkipped = () => {} }: Skipped,
): Input[] {
  const excludes = exclusionBelow(root, exclude);
  const isExcluded = (path: string) => {
    if (!excludes(path)) return false;
    onSkipped(path);
    return true;
  };
  const inputs: Input[] = [];
  const directories = [root];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    if (except !== undefined && identityOf(directory) === except) continue;
    if (isExcluded(directory)) continue;
    const entries = withoutFirstStack(entriesOf(directory, files));
    if (directory !== root && entries.some(({ name }) => name === VIRTUAL_ENVIRONMENT)) {
      onSkipped(directory);
      continue;
    }
    const manifest = entries.some(({ name }) => name === MANIFEST) && manifestIn(directory, files);
    if (manifest) {
      inputs.push({ kind: 'assembly', directory, manifest });
      continue;
    }
    const inside: string[] = [];
    for (const entry of entries) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (!isSkipped(entry.name)) inside.push(path);
        else if (!NEVER_DEPLOYED.includes(entry.name)) onSkipped(path);
      } else if (TEMPLATE_EXTENSIONS.includes(extname(entry.name).toLowerCase())) {
        const isExcept = except !== undefined && identityOf(path) === except;
        if (!isExcept && !isExcluded(path) && isFile(path, entry, files)) {
          inputs.push({ kind: 'file', file: path, origin: 'found', group: root });
        }
      }
    }
    directories.push(...inside.reverse());
  }
  return inputs;
}

/**
 * Returns a function that is true for the paths below a root that globs exclude. A named root is read even if a glob
 * excludes it. Outside of the folder of the globs, such as in a copy of a previous version, paths are relative to the
 * root.
 */
function exclusionBelow(root: string, exclude: Exclusions | undefined): (path: string) => boolean {
  if (exclude === undefined) return () => false;
  const searchedRoot = searchedPath(root, root, exclude);
  const globs = exclude.globs.filter((glob) => !matchesWithin(glob, searchedRoot));
  return (path) => globs.some((glob) => matchesWithin(glob, searchedPath(path, root, exclude)));
}

function searchedPath(path: string, root: string, { folder }: Exclusions): string {
  const inside = relative(folder, resolve(path));
  const isInside = inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  return displayed(isInside ? inside : relative(root, path));
}

/**
 * Leaves out the template with which the Serverless Framework creates a stack if the complete template of the stack is beside
 * it. The first one has only the bucket for the code.
 */
function withoutFirstStack(entries: readonly Dirent[]): readonly Dirent[] {
  const hasUpdate = entries.some(({ name }) => name === 'cloudformation-template-update-stack.json');
  return hasUpdate
    ? entries.filter(({ name }) => name !== 'cloudformation-template-create-stack.json')
    : entries;
}

function entriesOf(directory: string, files: TemplateFiles): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    files.report({ file: directory, message: asUnreadable(error).message });
    return [];
  }
}

/** Returns true for a regular file. Reading a pipe or a device would block. */
function isFile(path: string, entry: Dirent, files: TemplateFiles): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  try {
    return statSync(path).isFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const broken = 'The target of this symbolic link does not exist. Fix or remove the link.';
    files.report({ file: path, message: code === 'ENOENT' ? broken : asUnreadable(error).message });
    return false;
  }
}

/** Returns the manifest of a cloud assembly. Other files have this name, too, and are ignored. */
function manifestIn(directory: string, files: TemplateFiles): JsonObject | undefined {
  const file = join(directory, MANIFEST);
  try {
    const { value } = parseJson(readText(file));
    if (isObject(value) && isObject(value.artifacts)) return value;
    if (value !== undefined || !isMarked(directory)) return undefined;
  } catch {
    if (!isMarked(directory)) return undefined;
  }
  files.readObject(file, 'The templates in this directory are read one by one. Synthesize the app again.');
  return undefined;
}

/** Returns true if a directory is a cloud assembly. */
export function isAssembly(directory: string): boolean {
  return manifestIn(directory, new TemplateFiles()) !== undefined;
}

/** Returns the cloud assembly that a file is in. */
export function assemblyAround(file: string): string | undefined {
  const folders = foldersAround(identityOf(dirname(resolve(file))));
  const found = folders.find((folder) => isMarked(folder) || isAssembly(folder));
  return found && (relative(process.cwd(), found) || '.');
}

function isMarked(directory: string): boolean {
  try {
    return statSync(join(directory, MARKER)).isFile();
  } catch {
    return false;
  }
}
