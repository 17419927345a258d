import { checkModel, type CheckConfig } from '../checker/check';
import { baselineSpec, type Overlap, overlapOf } from '../input/baseline/baseline-spec';
import { buildTracingModel } from '../model/build-model';
import { github } from '../report/formats/github';
import { json } from '../report/formats/json';
import { markdown } from '../report/formats/markdown';
import { sarif } from '../report/formats/sarif';
import { text, type TextOptions } from '../report/formats/text';
import { type Report, reportOn } from '../report/report';
import { count, summaryLine } from '../report/wording';
import { TOOL } from '../version';
import { appliedRules } from './config';
import { UsageError } from './errors';
import { DEFAULT_PATH, type Input } from './input';
import type { CheckOptions, FormatName } from './options';
import { runChecks } from './run-checks';
import type { ProgressLine } from './terminal';

/**
 * `cdk-lambda-xray check [PATH...]`
 *
 * @returns the exit status
 * @throws UsageError if the options, the configuration or the output file are wrong
 */
export async function check(paths: readonly string[], options: CheckOptions): Promise<number> {
  refuseItself(options.baseline, paths.length > 0 ? paths : [DEFAULT_PATH]);
  return runChecks(paths, options, (input, settings, progress) => {
    const report = createReport(input, settings, progress);
    return {
      write: (how) => FORMATS[options.format](report, how),
      summary: summaryLine(report),
      notes: input.baseline?.notes ?? [],
      errors: report.errors,
      findings: report.findings,
    };
  });
}

/** From the templates to what there is to tell of them. */
function createReport({ loaded, baseline }: Input, settings: CheckConfig, progress: ProgressLine): Report {
  progress.show(`Linking ${count(loaded.templates.length, 'template')}`);
  const model = buildTracingModel(loaded.templates, baseline?.templates);
  progress.show(`Judging ${count(model.functions.length, 'function')}`);
  const findings = checkModel(model, settings);
  progress.show(`Reporting ${count(findings.length, 'finding')}`);
  const errors = [...loaded.errors, ...(baseline?.errors ?? [])];
  const rules = appliedRules(settings);
  return reportOn({ tool: TOOL, loaded: { ...loaded, errors }, model, findings, rules });
}

/** Nothing has changed by comparison with itself, whatever was meant. */
function refuseItself(spec: string | undefined, named: readonly string[]): void {
  if (spec === undefined) return;
  const source = baselineSpec(spec);
  const overlap = source.kind === 'path' ? overlapOf(source.path, named) : undefined;
  if (!overlap || !('checked' in overlap)) return;
  throw new UsageError(
    `${spec} ${inWords(overlap)}, and the baseline too: keep a copy of the one before, and name that.`,
  );
}

function inWords({ kind, checked }: Extract<Overlap, { checked: string }>): string {
  switch (kind) {
    case 'same':
      return 'is what is judged';
    case 'part':
      return `is a part of what is judged (${checked})`;
    case 'around':
      return `holds what is judged (${checked})`;
  }
}

type Format = (report: Report, options: TextOptions) => string | Promise<string>;

/** What `--format` may name. */
const FORMATS: Readonly<Record<FormatName, Format>> = {
  text,
  json,
  sarif,
  // Its library is half a megabyte: loaded only where it is asked for.
  junit: async (report: Report) => (await import('../report/formats/junit.js')).junit(report),
  markdown,
  github,
};
