import { existsSync } from 'node:fs';
import { alignBaseline } from '../../baseline/align';
import { comparisonError, noStacksError, pairMessages, unmatchedMessages } from '../../baseline/messages';
import { load } from '../load';
import { nearestOf } from '../../text/printable';
import type { LoadedTemplate } from '../loaded-template';
import { STDIN } from '../text-files';
import { asBaselineError, type Baseline, type BaselineOptions, baselineSpec } from './baseline-spec';
import { readDeployedBaseline } from './deployed-baseline';
import { readGitBaseline } from './git-baseline';
import { GitError, GitRevision } from './git-repository';

/**
 * Reads the previous templates. Templates that can't be read are reported, and the others are still used.
 *
 * - `PATH`: a template, a directory, a cloud assembly.
 * - `git:REV[:PATH]`: files of a revision, by default at the checked paths. All paths are relative to the working
 *   directory.
 * - `deployed`: the templates that the checked stacks were last deployed with.
 * - `deployed:STACK`: the template of one stack, for a template without a stack name.
 *
 * @param spec one of these, as the user gives it
 * @param current the checked templates
 * @param paths the checked paths
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
  const problem = isEmpty ? noStacksError('The baseline') : comparisonError(aligned, 'The baseline');
  if (problem) return { templates: [], errors: [...errors, { file: spec, message: problem }], notes };
  // Stacks that are not deployed, and templates that can't be read, are already reported.
  const isReported = isDeployed || templates.length === 0 || current.length === 0;
  const others = isReported ? [] : unmatchedMessages(aligned, spec);
  return { templates: aligned.templates, errors, notes: [...notes, ...pairMessages(aligned), ...others] };
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
      return readGitBaseline(spec, source, paths, options);
    case 'deployed':
      return readDeployedBaseline(spec, source.stack, current, options);
  }
}

function readPath(
  path: string,
  checked: readonly string[],
  { onProgress, exclude }: BaselineOptions,
): Baseline {
  if (path === STDIN && checked.includes(STDIN)) {
    const message =
      'Standard input is already checked and can be read only once. Pass a file as the baseline.';
    return { templates: [], errors: [{ file: path, message }], notes: [] };
  }
  const intended = existsSync(path) ? undefined : intendedSpec(path);
  if (intended !== undefined) {
    const message = `No such file or directory. Did you mean ${intended}?`;
    return { templates: [], errors: [{ file: path, message }], notes: [] };
  }
  const { templates, errors } = load([path], {
    onProgress: (files) => onProgress?.(`Reading the baseline, file ${files}`),
    exclude,
  });
  return { templates, errors: errors.map(asBaselineError), notes: [] };
}

/** Returns the spec that a missing path was meant as: with a misspelled kind, or a revision without its kind. */
function intendedSpec(path: string): string | undefined {
  if (path === STDIN) return undefined;
  const [, kind, rest] = /^([^:./]+)(:.*)?$/s.exec(path) ?? [];
  const known =
    kind === undefined ? undefined : nearestOf(kind, rest === undefined ? ['deployed'] : ['git', 'deployed']);
  if (known !== undefined) return `${known}${rest ?? ''}`;
  try {
    return `git:${new GitRevision(rest?.slice(1) ?? path).name}`;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return undefined;
  }
}
