import { type CheckConfig, checkModel } from '../checker/check';
import { estimateOf } from '../estimate/estimate';
import type { Baseline } from '../input/baseline/baseline-spec';
import { buildTracingModel } from '../model/build-model';
import type { TracingModel } from '../model/tracing-model';
import { DEFAULT_THRESHOLD } from '../report/configuration';
import { diffOn } from '../report/diff/diff';
import { summaryLine } from '../report/diff/wording';
import { count } from '../report/wording';
import { TOOL } from '../version';
import type { ConfiguredRates } from '../config/config';
import { readBaselineConfig } from './baseline-config';
import {
  appliedRules,
  checkConfigFrom,
  linkedSourceRoot,
  maxWarningsOf,
  reportedConfiguration,
  runNameOf,
  surroundingsFrom,
} from './config';
import { readConfig } from '../config/config-file';
import { DIFF_FORMATS, render } from './formats';
import { inputPathsOf, readInput } from './input';
import type { DiffOptions } from './options';
import { exitStatus, writeResult } from './output';
import { requestRates } from './request-rates';
import { ProgressLine, textOptions } from './terminal';

const NO_BASELINE: Baseline = { templates: [], errors: [], notes: [] };

/**
 * Runs `cdk-lambda-xray diff BASELINE [PATH...]`.
 *
 * @returns the exit status
 * @throws UsageError if an option, the configuration or the output file is invalid
 */
export async function diff(spec: string, paths: readonly string[], options: DiffOptions): Promise<number> {
  const config = await readConfig(options.config);
  const checkConfig = checkConfigFrom(config, options);
  const failOn = options.failOn ?? config.failOn ?? DEFAULT_THRESHOLD;
  const maxWarnings = maxWarningsOf(options);
  const { config: oldConfig, notes } = await readBaselineConfig(spec, options.config);
  const { severities, acknowledgements } = checkConfigFrom(oldConfig ?? config, options);
  const root = linkedSourceRoot(options);
  const progress = new ProgressLine(process.stderr);
  try {
    const input = await readInput(paths, { ...options, baseline: spec }, config, progress);
    const { loaded, baseline = NO_BASELINE } = input;

    progress.show(`Linking ${count(loaded.templates.length, 'template')}`);
    const model = buildTracingModel(loaded.templates, baseline.templates, surroundingsFrom(config, options));
    const previous = model.baseline!;

    progress.show(`Comparing ${count(model.functions.length, 'function')}`);
    const applied: CheckConfig = { ...checkConfig, isIncomplete: loaded.errors.length > 0 };
    const findings = checkModel(model, applied);
    const changes = diffOn({
      tool: TOOL,
      before: {
        loaded: baseline,
        model: previous,
        findings: checkModel(previous, {
          ...checkConfig,
          acknowledgements,
          isIncomplete: baseline.errors.length > 0,
        }),
      },
      after: { loaded, model, findings },
      rules: appliedRules(checkConfig),
      configuration: reportedConfiguration(checkConfig, failOn),
      sourceRoot: root,
      runName: runNameOf('diff', inputPathsOf(paths), options),
      previous: oldConfig && {
        configuration: reportedConfiguration(
          { severities },
          options.failOn ?? oldConfig.failOn ?? DEFAULT_THRESHOLD,
        ),
        // Rules that are applied alike have the same findings.
        findings:
          JSON.stringify(severities) === JSON.stringify(checkConfig.severities)
            ? findings
            : checkModel(model, { ...applied, severities }),
      },
      ...(config.requestsPerSecond && {
        estimates: estimatesOf(previous, model, config.requestsPerSecond),
      }),
      notes: [...baseline.notes, ...notes],
    });
    const text = await render(DIFF_FORMATS[options.format], changes, textOptions(options));

    progress.clear();
    const errors = [...changes.before.errors, ...changes.after.errors];
    writeResult(text, { summary: summaryLine(changes), errors }, input, options);
    const status = exitStatus(errors, changes.findings.new, { failOn, maxWarnings });
    return status === 0 && changes.configurationChanges.some(({ fails }) => fails) ? 1 : status;
  } finally {
    progress.clear();
  }
}

function estimatesOf(previous: TracingModel, model: TracingModel, rates: ConfiguredRates) {
  const known = requestRates(rates);
  return { before: estimateOf(previous, known), after: estimateOf(model, known) };
}
