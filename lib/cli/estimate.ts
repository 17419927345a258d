import { estimateOf } from '../estimate/estimate';
import { buildTracingModel } from '../model/model-builder';
import { printable } from '../printable';
import { estimateReportOn } from '../report/estimate/estimate-report';
import { summaryLine } from '../report/estimate/in-words';
import { count } from '../report/in-words';
import { usesColor } from './color';
import { readConfig } from './config-file';
import { deliver } from './deliver';
import { ESTIMATE_FORMATS } from './estimate-formats';
import type { EstimateOptions } from './estimate-options';
import { readInput } from './input';
import { ProgressLine } from './progress-line';
import { figuresOf, givenFigures, unknownNames } from './request-figures';
import { terminalWidth } from './terminal-width';
import { TOOL } from './tool';

/**
 * `cdk-lambda-xray estimate [PATH...]`
 *
 * @returns the exit status
 * @throws UsageError if the options, the configuration or the output file are wrong
 */
export async function estimate(paths: readonly string[], options: EstimateOptions): Promise<number> {
  const { format, output, region } = options;
  const config = await readConfig(options.config);
  const figures = givenFigures(config.requestsPerSecond, options.rps);
  const progress = new ProgressLine(process.stderr);
  try {
    const input = await readInput(paths, {}, progress);
    progress.show(`Linking ${count(input.loaded.templates.length, 'template')}`);
    const model = buildTracingModel(input.loaded.templates);
    const report = estimateReportOn({
      tool: TOOL,
      loaded: input.loaded,
      model,
      estimate: estimateOf(model, figuresOf(figures)),
      region,
    });
    const written = ESTIMATE_FORMATS[format](report, {
      color: output === undefined && usesColor(options),
      width: output === undefined ? terminalWidth(process.stdout) : undefined,
    });
    progress.clear();
    for (const said of unknownNames(figures.named, model.functions))
      process.stderr.write(`${printable(said)}\n`);
    deliver(written, { summary: summaryLine(report), errors: report.errors }, input, options);
    return report.errors.length > 0 ? 2 : 0;
  } finally {
    progress.clear();
  }
}
