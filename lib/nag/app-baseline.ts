import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { alignBaseline } from '../baseline/align';
import { noStacksError, comparisonError } from '../baseline/messages';
import type { TemplateSource } from '../cloudformation/template';

/** The templates of before, and what kept them from being read. */
export interface AppBaseline {
  readonly templates: readonly TemplateSource[];
  /** A sentence each. */
  readonly problems: readonly string[];
}

/** What `lib/input/load` exports, as far as it is of use here. */
interface Loading {
  readonly load: (paths: readonly string[]) => {
    readonly templates: readonly TemplateSource[];
    readonly errors: readonly { readonly file: string; readonly line?: number; readonly message: string }[];
  };
}

/**
 * Reads what an app was synthesized to before.
 *
 * @param path a cloud assembly, a template, or a folder of templates
 * @param current the templates of the app
 * @param outdir where the app was synthesized to just now
 */
export function readBaseline(path: string, current: readonly TemplateSource[], outdir: string): AppBaseline {
  if (areOverlapping(path, outdir)) {
    const problem = `${path} is where this synthesis has written to: keep a copy of the one before, and name that.`;
    return { templates: [], problems: [problem] };
  }
  // The build bundles it with what it needs, which apps without a baseline need not load.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
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

/** Whether one is the other, or in it, whatever links lead there. */
function areOverlapping(path: string, outdir: string): boolean {
  const [a, b] = [realPath(path), realPath(outdir)];
  return foldersAround(a).includes(b) || foldersAround(b).includes(a);
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}

/** A path, and the folders that it is in. */
function foldersAround(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...foldersAround(parent)];
}
