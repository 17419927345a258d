import { alignBaseline } from '../../baseline/align';
import { noStacks, notesOnOthers, notesOnPairs, whyNotCompared } from '../../baseline/messages';
import { load } from '../load';
import type { LoadedTemplate } from '../loaded-template';
import { STDIN } from '../template-files';
import type { Baseline, BaselineOptions } from './baseline';
import { baselineSpec, inBaseline } from './baseline-spec';
import { readDeployedBaseline } from './deployed-baseline';
import { templatesAt } from './git-baseline';

/**
 * Reads the templates that others are compared with. What can't be read is among the errors, and takes nothing from
 * what can be.
 *
 * - `PATH`: a template, a directory, a cloud assembly.
 * - `git:REV[:PATH]`: files as they were at a revision, by default those at the paths that are judged. The path is, as
 *   these are, relative to the working directory.
 * - `deployed`: what the stacks that are judged were deployed with last.
 * - `deployed:STACK`: what that stack was, for a template that doesn't say its stack's name.
 *
 * @param spec one of these, as the user has written it
 * @param current the templates that are judged
 * @param paths where these are from
 */
export async function loadBaseline(
  spec: string,
  current: readonly LoadedTemplate[],
  paths: readonly string[],
  options: BaselineOptions = {},
): Promise<Baseline> {
  const { templates, errors, notes } = await read(spec, current, paths, options);
  const isDeployed = baselineSpec(spec).kind === 'deployed';
  const aligned = alignBaseline(templates, current);
  const isEmpty = !isDeployed && templates.length === 0 && errors.length === 0;
  const problem = isEmpty ? noStacks('The baseline') : whyNotCompared(aligned, 'The baseline');
  if (problem) return { templates: [], errors: [...errors, { file: spec, message: problem }], notes };
  // Of stacks that aren't deployed, and of what can't be read, it is told already.
  const isTold = isDeployed || templates.length === 0 || current.length === 0;
  const others = isTold ? [] : notesOnOthers(aligned, spec);
  return { templates: aligned.templates, errors, notes: [...notes, ...notesOnPairs(aligned), ...others] };
}

function read(
  spec: string,
  current: readonly LoadedTemplate[],
  paths: readonly string[],
  options: BaselineOptions,
): Baseline | Promise<Baseline> {
  const source = baselineSpec(spec);
  switch (source.kind) {
    case 'path':
      return readPath(source.path, paths, options);
    case 'git':
      return templatesAt(spec, source, paths, options);
    case 'deployed':
      return readDeployedBaseline(spec, source.stack, current, options);
  }
}

function readPath(path: string, judged: readonly string[], { onProgress }: BaselineOptions): Baseline {
  if (path === STDIN && judged.includes(STDIN)) {
    const message = 'Standard input is what is judged, and can be read once: name a file as the baseline.';
    return { templates: [], errors: [{ file: path, message }], notes: [] };
  }
  const { templates, errors } = load([path], {
    onProgress: (files) => onProgress?.(`Reading the baseline, file ${files}`),
  });
  return { templates, errors: errors.map(inBaseline), notes: [] };
}
