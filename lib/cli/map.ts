import { billFor } from '../estimate/bill';
import { estimateOf } from '../estimate/estimate';
import { buildTracingModel } from '../model/model-builder';
import type { TracingModel } from '../model/tracing-model';
import { count } from '../report/in-words';
import type { Costs } from '../report/map/costs';
import type { MapDocument } from '../report/map/map-document';
import { mapDocumentOf } from '../report/map/map-document-of';
import { summaryInWords } from '../report/map/summary-in-words';
import { errorLine } from '../report/text';
import { judge, type Settings } from '../rules/judge';
import { readConfig } from './config-file';
import { deliver } from './deliver';
import type { GivenFigures } from './given-figures';
import { type Input, readInput } from './input';
import { MAP_FORMATS } from './map-formats';
import type { MapFormatName, MapOptions } from './map-options';
import { openFile } from './open-file';
import { ProgressLine } from './progress-line';
import { figuresOf } from './request-figures';
import { settingsOf } from './settings';
import { TOOL } from './tool';
import { UsageError } from './usage-error';

/** Where the page is written unless another file is named: it is to be looked at, and not read in a terminal. */
const PAGE = 'trace-map.html';

/** What a browser shows. */
const SHOWN: readonly MapFormatName[] = ['html', 'svg'];

/**
 * `cdk-lambda-xray map [PATH...]`
 *
 * @returns the exit status
 * @throws UsageError if the options, the configuration or the output file are wrong
 */
export async function map(paths: readonly string[], options: MapOptions): Promise<number> {
  const { format, open = false, output = format === 'html' ? PAGE : undefined } = options;
  if (open) refuseToOpen(format, output);
  const config = await readConfig(options.config);
  const settings = settingsOf(config, {});
  const progress = new ProgressLine(process.stderr);
  try {
    const input = await readInput(paths, {}, progress);
    const { errors, templates } = input.loaded;
    // An empty picture isn't worth that of before, which a mistyped path would cost.
    if (templates.length === 0 && errors.length > 0 && format !== 'json') {
      progress.clear();
      for (const error of errors) process.stderr.write(`${errorLine(error)}\n`);
      return 2;
    }
    const document = mapped(input, settings, config.requestsPerSecond, progress);
    progress.show(`Drawing ${count(document.summary.nodes, 'node')}`);
    const written = await MAP_FORMATS[format](document);
    progress.clear();
    deliver(written, { summary: summaryInWords(document.summary), errors }, input, { format, output });
    if (open && output !== undefined) await openFile(output);
    return errors.length > 0 ? 2 : 0;
  } finally {
    progress.clear();
  }
}

/** From the templates to what there is to draw. */
function mapped(
  { loaded }: Input,
  settings: Settings,
  figures: GivenFigures | undefined,
  progress: ProgressLine,
): MapDocument {
  progress.show(`Linking ${count(loaded.templates.length, 'template')}`);
  const model = buildTracingModel(loaded.templates);
  progress.show(`Judging ${count(model.functions.length, 'function')}`);
  const costs = figures && costsOf(model, figures);
  return mapDocumentOf({ tool: TOOL, loaded, model, findings: judge(model, settings), costs });
}

function costsOf(model: TracingModel, figures: GivenFigures): Costs {
  const estimate = estimateOf(model, figuresOf(figures));
  return { estimate, bill: billFor(estimate.deciders) };
}

function refuseToOpen(format: MapFormatName, output: string | undefined): void {
  if (!SHOWN.includes(format)) {
    throw new UsageError(`--open is for what a browser shows: write --format ${SHOWN.join(' or ')}.`);
  }
  if (output === undefined) throw new UsageError('--open needs a file: name it with --output.');
}
