import { checkModel, type CheckConfig } from '../checker/check';
import type { Baseline } from '../input/baseline/baseline';
import { buildTracingModel } from '../model/build-model';
import { type Diff, diffOn } from '../report/diff/diff';
import { diffJson } from '../report/diff/json';
import { diffMarkdown } from '../report/diff/markdown';
import { diffText } from '../report/diff/text';
import { summaryLine } from '../report/diff/wording';
import type { TextOptions } from '../report/formats/text';
import { count } from '../report/wording';
import { TOOL } from '../version';
import { appliedRules } from './config';
import type { Input } from './input';
import type { DiffFormatName, DiffOptions } from './options';
import { runChecks } from './run-checks';
import type { ProgressLine } from './terminal';

/**
 * `cdk-lambda-xray diff BASELINE [PATH...]`
 *
 * @returns the exit status
 * @throws UsageError if the options, the configuration or the output file are wrong
 */
export function diff(baseline: string, paths: readonly string[], options: DiffOptions): Promise<number> {
  return runChecks(paths, { ...options, baseline }, (input, settings, progress) => {
    const changes = createDiff(input, settings, progress);
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
function createDiff(
  { loaded, baseline = NO_BASELINE }: Input,
  settings: CheckConfig,
  progress: ProgressLine,
): Diff {
  progress.show(`Linking ${count(loaded.templates.length, 'template')}`);
  const model = buildTracingModel(loaded.templates, baseline.templates);
  progress.show(`Comparing ${count(model.functions.length, 'function')}`);
  return diffOn({
    tool: TOOL,
    before: { loaded: baseline, model: model.baseline!, findings: checkModel(model.baseline!, settings) },
    after: { loaded, model, findings: checkModel(model, settings) },
    rules: appliedRules(settings),
    notes: baseline.notes,
  });
}

/** What `--format` may name. */
const DIFF_FORMATS: Readonly<Record<DiffFormatName, (diff: Diff, options: TextOptions) => string>> = {
  text: diffText,
  markdown: diffMarkdown,
  json: diffJson,
};
