import { type CheckConfig, checkModel } from '../checker/check';
import { baselineSpec, type Overlap, overlapOf } from '../input/baseline/baseline-spec';
import { buildTracingModel } from '../model/build-model';
import { DEFAULT_THRESHOLD } from '../report/configuration';
import { reportOn } from '../report/report';
import { count, summaryLine } from '../report/wording';
import { TOOL } from '../version';
import { acknowledgeAll, validateReason } from './acknowledge-all';
import {
  appliedRules,
  checkConfigFrom,
  linkedSourceRoot,
  maxWarningsOf,
  reportedConfiguration,
  runNameOf,
} from './config';
import { readConfig } from '../config/config-file';
import { UsageError } from './errors';
import { CHECK_FORMATS, render } from './formats';
import { inputPathsOf, readInput } from './input';
import type { CheckOptions } from './options';
import { exitStatus, writeNotes, writeResult } from './output';
import { ProgressLine, textOptions } from './terminal';

/**
 * Runs `cdk-lambda-xray check [PATH...]`.
 *
 * @returns the exit status
 * @throws UsageError if an option, the configuration or the output file is invalid
 */
export async function check(paths: readonly string[], options: CheckOptions): Promise<number> {
  validateReason(options.acknowledgeAll, options.config);
  const config = await readConfig(options.config);
  const checkConfig = checkConfigFrom(config, options);
  const failOn = options.failOn ?? config.failOn ?? DEFAULT_THRESHOLD;
  const maxWarnings = maxWarningsOf(options);
  refuseInputAsBaseline(options.baseline, inputPathsOf(paths));
  const root = linkedSourceRoot(options);
  const progress = new ProgressLine(process.stderr);
  try {
    const input = await readInput(paths, options, config, progress);
    const { loaded, baseline } = input;

    progress.show(`Linking ${count(loaded.templates.length, 'template')}`);
    const model = buildTracingModel(loaded.templates, baseline?.templates);

    progress.show(`Checking ${count(model.functions.length, 'function')}`);
    const errors = [...loaded.errors, ...(baseline?.errors ?? [])];
    const reportWith = (applied: CheckConfig) =>
      reportOn({
        tool: TOOL,
        loaded: { ...loaded, errors },
        model,
        findings: checkModel(model, applied),
        rules: appliedRules(applied),
        configuration: reportedConfiguration(applied, failOn),
        sourceRoot: root,
        runName: runNameOf('check', inputPathsOf(paths), options),
      });
    let report = reportWith(checkConfig);
    if (options.acknowledgeAll !== undefined) {
      progress.clear();
      const changed = await acknowledgeAll(report, config, options.acknowledgeAll, options);
      report = reportWith(checkConfigFrom(changed, options));
    }

    progress.show(`Reporting ${count(report.findings.length, 'finding')}`);
    const text = await render(CHECK_FORMATS[options.format], report, textOptions(options));

    progress.clear();
    writeNotes(baseline?.notes ?? [], options);
    writeResult(text, { summary: summaryLine(report), errors }, input, options);
    return exitStatus(errors, report.findings, { failOn, maxWarnings });
  } finally {
    progress.clear();
  }
}

/**
 * Refuses a baseline that overlaps the input: such a comparison never finds a change.
 *
 * @throws UsageError if it does
 */
function refuseInputAsBaseline(spec: string | undefined, paths: readonly string[]): void {
  if (spec === undefined) return;
  const baseline = baselineSpec(spec);
  const overlap = baseline.kind === 'path' ? overlapOf(baseline.path, paths) : undefined;
  if (!overlap || !('checked' in overlap)) return;
  throw new UsageError(`--baseline ${spec} ${overlapText(overlap)}. Pass a copy of the previous templates.`);
}

function overlapText({ kind, checked: input }: Extract<Overlap, { checked: string }>): string {
  switch (kind) {
    case 'same':
      return 'is the input itself';
    case 'part':
      return `is part of the input ${input}`;
    case 'around':
      return `contains the input ${input}`;
  }
}
