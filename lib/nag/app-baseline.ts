import { resolve } from 'node:path';
import { alignedBaseline, isUnrelated } from '../model/aligned-baseline';
import type { TemplateSource } from '../model/template';

/** The templates of before, and what kept them from being read. */
export interface AppBaseline {
  readonly templates: readonly TemplateSource[];
  /** A sentence each. */
  readonly problems: readonly string[];
}

/** What `lib/load/load` exports, as far as it is of use here. */
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
  if (resolve(path) === resolve(outdir)) {
    const problem = `${path} is where this synthesis has written to: keep a copy of the one before, and name that.`;
    return { templates: [], problems: [problem] };
  }
  // The build bundles it with what it needs, which apps without a baseline need not load.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { load } = require('../load/load') as Loading;
  const { templates, errors } = load([path]);
  const problems = errors.map(({ file, line, message }) => `${line ? `${file}:${line}` : file}: ${message}`);
  const aligned = alignedBaseline(templates, current);
  if (!isUnrelated(aligned, current)) return { templates: aligned, problems };
  const of = templates.map(({ stackName, id }) => stackName ?? id).join(', ');
  return {
    templates: [],
    problems: [...problems, `${path} is of another app: it has ${of}, and none of the stacks of this one.`],
  };
}
