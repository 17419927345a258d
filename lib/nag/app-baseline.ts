import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { alignBaseline } from '../baseline/align';
import { noStacksError, comparisonError } from '../baseline/messages';
import type { TemplateSource } from '../cloudformation/template';

/** The previous templates of an app, and the problems with reading them. */
export interface AppBaseline {
  readonly templates: readonly TemplateSource[];
  /** Each problem is a sentence. */
  readonly problems: readonly string[];
}

/** The exports of `lib/input/load` that are used here. */
interface Loading {
  readonly load: (paths: readonly string[]) => {
    readonly templates: readonly TemplateSource[];
    readonly errors: readonly { readonly file: string; readonly line?: number; readonly message: string }[];
  };
}

/**
 * Reads the previous templates of an app.
 *
 * @param path a cloud assembly, a template or a folder of templates
 * @param current the templates of the app
 * @param outdir the output folder of the current synthesis
 */
export function readBaseline(path: string, current: readonly TemplateSource[], outdir: string): AppBaseline {
  if (areOverlapping(path, outdir)) {
    const problem = `${path} is the output of this synthesis. Copy the previous output to another folder, and pass that folder.`;
    return { templates: [], problems: [problem] };
  }
  // Loaded only for a baseline: the build bundles this module with its dependencies.
  // oxlint-disable-next-line typescript/no-require-imports
  const { load } = require('../input/load') as Loading;
  const { templates, errors } = load([path]);
  const problems = errors.map(({ file, line, message }) => `${line ? `${file}:${line}` : file}: ${message}`);
  if (templates.length === 0 && problems.length === 0) return { templates, problems: [noStacksError(path)] };
  const aligned = alignBaseline(templates, current);
  const problem = comparisonError(aligned, path);
  return problem === undefined
    ? { templates: aligned.templates, problems }
    : { templates: [], problems: [...problems, problem] };
}

/** Returns true if one path is the same as the other or contains it, after following symbolic links. */
function areOverlapping(path: string, outdir: string): boolean {
  const [a, b] = [realPath(path), realPath(outdir)];
  return withParents(a).includes(b) || withParents(b).includes(a);
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}

/** Returns a path and all of its parent folders. */
function withParents(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...withParents(parent)];
}
