import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { declaredParameters, isFile, withParameterValues } from '../cloudformation/template-selection';
import type { Config } from '../config/config';
import type { Exclusions } from '../input/find-files';
import { type Baseline, baselineSpec, overlapOf } from '../input/baseline/baseline-spec';
import { load } from '../input/load';
import type { Loaded, LoadedTemplate, LoadError } from '../input/loaded-template';
import { count } from '../report/wording';
import { didYouMean } from '../text/printable';
import { UsageError } from './errors';
import type { ProgressLine } from './terminal';

/** The options for reading input, as commander passes them. */
export interface InputOptions {
  readonly baseline?: string;
  readonly region?: string;
  readonly profile?: string;
  /** False with `--no-code`. */
  readonly code?: boolean;
}

/** The input of a command. */
export interface Input {
  readonly loaded: Loaded;
  /** The previous templates, if a baseline was requested. */
  readonly baseline?: Baseline;
}

/** The input if no path is given. */
export const DEFAULT_PATH = 'cdk.out';

/**
 * Reads the input of a command.
 *
 * @param paths the arguments of the command, `cdk.out` by default
 * @param config the configuration, which excludes files and sets parameters
 * @throws UsageError if the options contradict each other, or there are neither paths nor a `cdk.out`
 */
export async function readInput(
  paths: readonly string[],
  { baseline: spec, region, profile, code }: InputOptions,
  config: Config,
  progress: ProgressLine,
): Promise<Input> {
  if (region !== undefined) refuseUnlessDeployed('--region', spec);
  if (profile !== undefined) refuseUnlessDeployed('--profile', spec);
  const inputPaths = paths.length > 0 ? paths : [defaultPath()];
  const except = spec === undefined ? undefined : baselineBelow(spec, inputPaths);
  const exclude = exclusionsOf(config);
  const read = load(inputPaths, {
    onProgress: (files) => progress.show(`Read ${count(files, 'file')}`),
    except,
    exclude,
    code,
  });
  const warnings = [...(read.warnings ?? []), ...unknownParameters(config, read.templates)];
  const templates = withParameterValues(read.templates, config.parameters);
  const loaded = { ...read, templates, warnings };
  if (spec === undefined) return { loaded };
  const { loadBaseline } = await import('../input/baseline/load-baseline.js');
  const baseline = await loadBaseline(spec, loaded.templates, inputPaths, {
    region,
    profile,
    exclude,
    onProgress: (text) => progress.show(text),
  });
  const excluded = except === undefined ? [] : [`${spec} is the baseline. It is not checked itself.`];
  return {
    loaded,
    baseline: {
      ...baseline,
      templates: withParameterValues(baseline.templates, config.parameters),
      notes: [...excluded, ...baseline.notes],
    },
  };
}

function exclusionsOf({ exclude, file }: Config): Exclusions | undefined {
  return file === undefined ? undefined : { folder: dirname(resolve(file)), globs: exclude };
}

/** Returns a warning for each configured parameter that no template declares, if templates are selected. */
function unknownParameters(
  { parameters, file = '' }: Config,
  templates: readonly LoadedTemplate[],
): LoadError[] {
  return parameters.flatMap(({ template: selection, values, positions }) => {
    const selected = templates.filter((template) => isFile(template, selection));
    const names = declaredParameters(selected);
    const unknown = selected.length === 0 ? [] : Object.keys(values).filter((name) => !names.includes(name));
    return unknown.map((name) => {
      const message = `No template that matches "${selection}" has a parameter "${name}".${didYouMean(name, names)}`;
      return { file, ...positions[name], message };
    });
  });
}

/** Returns the path of the baseline if it is below an input folder. */
function baselineBelow(spec: string, paths: readonly string[]): string | undefined {
  const source = baselineSpec(spec);
  const overlap = source.kind === 'path' ? overlapOf(source.path, paths) : undefined;
  return overlap?.kind === 'below' ? overlap.path : undefined;
}

function refuseUnlessDeployed(option: string, spec: string | undefined): void {
  if (spec !== undefined && baselineSpec(spec).kind === 'deployed') return;
  throw new UsageError(
    `${option} requires deployed or deployed:STACK as the baseline. Pass one of them, or omit ${option}.`,
  );
}

function defaultPath(): string {
  if (existsSync(DEFAULT_PATH)) return DEFAULT_PATH;
  throw new UsageError(
    `${DEFAULT_PATH} does not exist in this folder. Run cdk synth first, or pass the path of a template.`,
  );
}
