import { type Dirent, readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, normalize, sep } from 'node:path';
import { isObject, type JsonObject } from '../cloudformation/json';
import { parseJson } from './parse-json';
import { asUnreadable, identityOf, type Mention, readText, STDIN, TemplateFiles } from './template-files';

/** A file that may be a template, or a cloud assembly, as it was named or found. */
export type Input =
  | { readonly kind: 'file'; readonly file: string; readonly mention: Mention; readonly group?: string }
  | { readonly kind: 'assembly'; readonly directory: string; readonly manifest: JsonObject };

export const MANIFEST = 'manifest.json';

/** What the names of files end with that are looked into below a directory. */
export const TEMPLATE_EXTENSIONS = ['.json', '.yaml', '.yml', '.template'];

/** Directories with nothing that anyone deploys from there. */
const SKIPPED = ['node_modules', '.git'];

/** The file, by the name that the directory often has too, by which CDK marks its assemblies. */
export const MARKER = 'cdk.out';

/**
 * What a path that a user gives stands for. What is wrong with it is reported to the files.
 *
 * @param except what is left out of a directory, by its identity
 */
export function inputsOf(path: string, files: TemplateFiles, except?: string): Input[] {
  if (path === STDIN) return [{ kind: 'file', file: STDIN, mention: 'named' }];
  const normal = normalize(path);
  const named = normal.length > 1 && normal.endsWith(sep) ? normal.slice(0, -1) : normal;
  try {
    if (statSync(named).isDirectory()) return below(named, files, except);
  } catch (error) {
    files.report({ file: path, message: asUnreadable(error).message });
    return [];
  }
  const directory = dirname(named);
  const manifest = basename(named) === MANIFEST ? manifestIn(directory, files) : undefined;
  return manifest
    ? [{ kind: 'assembly', directory, manifest }]
    : [{ kind: 'file', file: named, mention: 'named' }];
}

/**
 * What is below a directory. Links to files are followed, links to directories aren't: what they lead to is either
 * below the directory anyway, or outside of what the user named.
 */
function below(root: string, files: TemplateFiles, except: string | undefined): Input[] {
  const inputs: Input[] = [];
  const directories = [root];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    if (except !== undefined && identityOf(directory) === except) continue;
    const entries = entriesOf(directory, files);
    const manifest = entries.some(({ name }) => name === MANIFEST) && manifestIn(directory, files);
    if (manifest) {
      inputs.push({ kind: 'assembly', directory, manifest });
      continue;
    }
    for (const entry of entries) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.includes(entry.name)) directories.push(path);
      } else if (TEMPLATE_EXTENSIONS.includes(extname(entry.name).toLowerCase())) {
        if (isFile(path, entry, files) && (except === undefined || identityOf(path) !== except)) {
          inputs.push({ kind: 'file', file: path, mention: 'found', group: root });
        }
      }
    }
  }
  return inputs;
}

function entriesOf(directory: string, files: TemplateFiles): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    files.report({ file: directory, message: asUnreadable(error).message });
    return [];
  }
}

/** Whether there is something to read: a pipe or a device would be waited for. */
function isFile(path: string, entry: Dirent, files: TemplateFiles): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  try {
    return statSync(path).isFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const broken = 'This is a symbolic link to what is not there: mend it, or remove it.';
    files.report({ file: path, message: code === 'ENOENT' ? broken : asUnreadable(error).message });
    return false;
  }
}

/** The manifest of a cloud assembly. Many a directory has a file of this name that is something else. */
function manifestIn(directory: string, files: TemplateFiles): JsonObject | undefined {
  const file = join(directory, MANIFEST);
  try {
    const { value } = parseJson(readText(file));
    if (isObject(value) && isObject(value.artifacts)) return value;
    if (value !== undefined || !isMarked(directory)) return undefined;
  } catch {
    if (!isMarked(directory)) return undefined;
  }
  files.readObject(file, 'The templates beside it are read one by one: synthesize the app again.');
  return undefined;
}

/** Whether a directory is a cloud assembly. */
export function isAssembly(directory: string): boolean {
  return manifestIn(directory, new TemplateFiles()) !== undefined;
}

function isMarked(directory: string): boolean {
  try {
    return statSync(join(directory, MARKER)).isFile();
  } catch {
    return false;
  }
}
