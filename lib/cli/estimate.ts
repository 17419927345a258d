import { estimateOf } from '../estimate/estimate';
import { buildTracingModel } from '../model/build-model';
import { createEstimateReport } from '../report/estimate/report';
import { summaryLine } from '../report/estimate/text';
import { count } from '../report/wording';
import { printable } from '../text/printable';
import { TOOL } from '../version';
import { readConfig } from '../config/config-file';
import { ESTIMATE_FORMATS, render } from './formats';
import { surroundingsFrom } from './config';
import { configuredRates, readInput, requestRates, unknownNames } from './input';
import type { EstimateOptions } from './options';
import { writeResult } from './output';
import { ProgressLine, textOptions } from './terminal';

/**
 * Runs `cdk-lambda-xray estimate [PATH...]`.
 *
 * @returns the exit status
 * @throws UsageError if the options, the configuration or the output file are invalid
 */
export async function estimate(paths: readonly string[], options: EstimateOptions): Promise<number> {
  const config = await readConfig(options.config);
  const rates = configuredRates(config.requestsPerSecond, options.rps);
  const progress = new ProgressLine(process.stderr);
  try {
    const input = await readInput(paths, {}, config, progress);
    progress.show(`Linking ${count(input.loaded.templates.length, 'template')}`);
    const model = buildTracingModel(input.loaded.templates, undefined, surroundingsFrom(config, options));
    const report = createEstimateReport({
      tool: TOOL,
      loaded: input.loaded,
      model,
      estimate: estimateOf(model, requestRates(rates)),
      configuration: config.requestsPerSecond ? { file: config.file } : {},
      region: options.region,
    });
    const text = await render(ESTIMATE_FORMATS[options.format], report, textOptions(options));
    progress.clear();
    for (const message of unknownNames(rates.named, model.functions)) {
      process.stderr.write(`${printable(message)}\n`);
    }
    writeResult(
      text,
      { summary: summaryLine(report), errors: report.errors, notes: input.loaded.notes },
      input,
      options,
    );
    return report.errors.length > 0 ? 2 : 0;
  } finally {
    progress.clear();
  }
}
