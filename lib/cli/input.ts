import { existsSync } from 'node:fs';
import type { Baseline } from '../input/baseline/baseline';
import { baselineSpec, overlapOf } from '../input/baseline/baseline-spec';
import { load } from '../input/load';
import type { Loaded } from '../input/loaded-template';
import { count } from '../report/wording';
import { UsageError } from './errors';
import type { ProgressLine } from './terminal';

/** The options that say what is read besides the paths, as commander hands them over. */
export interface InputOptions {
  readonly baseline?: string;
  readonly region?: string;
  readonly profile?: string;
}

/** What a command works on. */
export interface Input {
  readonly loaded: Loaded;
  /** What that was before, if this was asked for. */
  readonly baseline?: Baseline;
}

/** What is meant where no path is given. */
export const DEFAULT_PATH = 'cdk.out';

/**
 * Reads what a command works on.
 *
 * @param paths as the user gives them; where there are none, `cdk.out` is meant
 * @throws UsageError if the options don't go together, or there is nothing to read
 */
export async function readInput(
  paths: readonly string[],
  { baseline: spec, region, profile }: InputOptions,
  progress: ProgressLine,
): Promise<Input> {
  if (region !== undefined) refuseUnlessDeployed('--region', spec);
  if (profile !== undefined) refuseUnlessDeployed('--profile', spec);
  const named = paths.length > 0 ? paths : [defaultPath()];
  const except = spec === undefined ? undefined : baselineBelow(spec, named);
  const loaded = load(named, {
    onProgress: (files) => progress.show(`${count(files, 'file')} read`),
    except,
  });
  if (spec === undefined) return { loaded };
  const { loadBaseline } = await import('../input/baseline/load-baseline.js');
  const baseline = await loadBaseline(spec, loaded.templates, named, {
    region,
    profile,
    onProgress: (what) => progress.show(what),
  });
  const left = except === undefined ? [] : [`${spec} is the baseline: it isn't judged.`];
  return { loaded, baseline: { ...baseline, notes: [...left, ...baseline.notes] } };
}

/** The baseline, where it is below a directory that is judged. */
function baselineBelow(spec: string, named: readonly string[]): string | undefined {
  const source = baselineSpec(spec);
  const overlap = source.kind === 'path' ? overlapOf(source.path, named) : undefined;
  return overlap?.kind === 'below' ? overlap.path : undefined;
}

function refuseUnlessDeployed(option: string, spec: string | undefined): void {
  if (spec !== undefined && baselineSpec(spec).kind === 'deployed') return;
  throw new UsageError(
    `${option} is for a baseline that is deployed: name deployed as the baseline, or leave ${option} out.`,
  );
}

function defaultPath(): string {
  if (existsSync(DEFAULT_PATH)) return DEFAULT_PATH;
  throw new UsageError(
    `There is no ${DEFAULT_PATH} here. Run cdk synth first, or name a template: cdk-lambda-xray check template.yaml`,
  );
}
