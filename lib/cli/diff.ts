import type { Baseline } from '../load/loaded-baseline';
import { buildTracingModel } from '../model/model-builder';
import { type Diff, diffOn } from '../report/diff/diff';
import { summaryLine } from '../report/diff/in-words';
import { count } from '../report/in-words';
import { judge, type Settings } from '../rules/judge';
import { DIFF_FORMATS } from './diff-formats';
import type { DiffOptions } from './diff-options';
import type { Input } from './input';
import { judging } from './judging';
import type { ProgressLine } from './progress-line';
import { appliedRules } from './settings';
import { TOOL } from './tool';

/**
 * `cdk-lambda-xray diff BASELINE [PATH...]`
 *
 * @returns the exit status
 * @throws UsageError if the options, the configuration or the output file are wrong
 */
export function diff(baseline: string, paths: readonly string[], options: DiffOptions): Promise<number> {
  return judging(paths, { ...options, baseline }, (input, settings, progress) => {
    const changes = compared(input, settings, progress);
    return {
      write: (how) => DIFF_FORMATS[options.format](changes, how),
      summary: summaryLine(changes),
      notes: [],
      errors: [...changes.before.errors, ...changes.after.errors],
      findings: changes.findings.new,
    };
  });
}

const NO_BASELINE: Baseline = { templates: [], errors: [], notes: [] };

/** From the templates to what there is to tell of their change. */
function compared(
  { loaded, baseline = NO_BASELINE }: Input,
  settings: Settings,
  progress: ProgressLine,
): Diff {
  progress.show(`Linking ${count(loaded.templates.length, 'template')}`);
  const model = buildTracingModel(loaded.templates, baseline.templates);
  progress.show(`Comparing ${count(model.functions.length, 'function')}`);
  return diffOn({
    tool: TOOL,
    before: { loaded: baseline, model: model.baseline!, findings: judge(model.baseline!, settings) },
    after: { loaded, model, findings: judge(model, settings) },
    rules: appliedRules(settings),
    notes: baseline.notes,
  });
}
