import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { checkModel, type CheckConfig } from '../checker/check';
import { estimateOf } from '../estimate/estimate';
import { billFor } from '../estimate/pricing';
import { buildTracingModel } from '../model/build-model';
import type { TracingModel } from '../model/tracing-model';
import { errorLine } from '../report/formats/text';
import { mapDocumentOf } from '../report/map/build-document';
import type { Costs } from '../report/map/describe-function';
import type { MapDocument } from '../report/map/document';
import { traceMapJson } from '../report/map/json';
import { describeSummary } from '../report/map/wording';
import { count } from '../report/wording';
import { TOOL } from '../version';
import { checkConfig } from './config';
import { readConfig } from './config-file';
import { UsageError } from './errors';
import { type Input, readInput } from './input';
import type { MapFormatName, MapOptions } from './options';
import { writeResult } from './output';
import { requestRates, type ConfiguredRates } from './request-rates';
import { ProgressLine } from './terminal';

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
  const settings = checkConfig(config, {});
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
    const document = createDocument(input, settings, config.requestsPerSecond, progress);
    progress.show(`Drawing ${count(document.summary.nodes, 'node')}`);
    const written = await MAP_FORMATS[format](document);
    progress.clear();
    writeResult(written, { summary: describeSummary(document.summary), errors }, input, { format, output });
    if (open && output !== undefined) await openFile(output);
    return errors.length > 0 ? 2 : 0;
  } finally {
    progress.clear();
  }
}

/** From the templates to what there is to draw. */
function createDocument(
  { loaded }: Input,
  settings: CheckConfig,
  figures: ConfiguredRates | undefined,
  progress: ProgressLine,
): MapDocument {
  progress.show(`Linking ${count(loaded.templates.length, 'template')}`);
  const model = buildTracingModel(loaded.templates);
  progress.show(`Judging ${count(model.functions.length, 'function')}`);
  const costs = figures && costsOf(model, figures);
  return mapDocumentOf({ tool: TOOL, loaded, model, findings: checkModel(model, settings), costs });
}

function costsOf(model: TracingModel, figures: ConfiguredRates): Costs {
  const estimate = estimateOf(model, requestRates(figures));
  return { estimate, bill: billFor(estimate.samplingPoints) };
}

function refuseToOpen(format: MapFormatName, output: string | undefined): void {
  if (!SHOWN.includes(format)) {
    throw new UsageError(`--open is for what a browser shows: write --format ${SHOWN.join(' or ')}.`);
  }
  if (output === undefined) throw new UsageError('--open needs a file: name it with --output.');
}

type MapFormat = (document: MapDocument) => string | Promise<string>;

/** What `--format` may name. What needs the layout library is loaded only where it is asked for. */
const MAP_FORMATS: Readonly<Record<MapFormatName, MapFormat>> = {
  html: async (document) => (await import('../report/map/html.js')).html(document),
  svg: async (document) => (await import('../report/map/svg.js')).svg(document),
  mermaid: async (document) => (await import('../report/map/mermaid.js')).mermaid(document),
  dot: async (document) => (await import('../report/map/dot.js')).dot(document),
  json: traceMapJson,
};

/** What opens a file in the program that the system has for it. Of Windows' ways, Explorer needs no shell, which would read names. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'open', win32: 'explorer.exe' };
const OTHERWISE = 'xdg-open';

/** How long to listen for a failure, in milliseconds: what opens a file may go on as long as that is open. */
const PATIENCE = 1500;

/**
 * Opens a file in the browser, and doesn't wait for the reader to close it.
 *
 * @throws UsageError if there is nothing to open it with
 */
async function openFile(file: string): Promise<void> {
  const opener = OPENERS[process.platform] ?? OTHERWISE;
  const child = spawn(opener, [resolve(file)], { detached: true, stdio: 'ignore' });
  const hasFailed = await new Promise<boolean>((resolved) => {
    const timer = setTimeout(() => resolved(false), PATIENCE);
    child.once('error', () => resolved(true));
    // Explorer says that it has failed whenever another of its windows does the work.
    child.once('exit', (status) => resolved(status !== 0 && process.platform !== 'win32'));
    child.once('exit', () => clearTimeout(timer));
    child.once('error', () => clearTimeout(timer));
  });
  child.unref();
  if (hasFailed) {
    throw new UsageError(
      `${opener} can't open ${file} here. Open it in a browser yourself, or leave out --open.`,
    );
  }
}
