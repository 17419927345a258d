import { spawn } from 'node:child_process';
import { basename, join, resolve } from 'node:path';
import { checkModel } from '../checker/check';
import { estimateOf } from '../estimate/estimate';
import { billFor } from '../estimate/pricing';
import { currentRevision } from '../input/baseline/git-repository';
import { buildTracingModel } from '../model/build-model';
import type { TracingModel } from '../model/tracing-model';
import { errorLine } from '../report/formats/text';
import { mapDocumentOf } from '../report/map/build-document';
import type { Costs } from '../report/map/describe-function';
import type { PageOptions } from '../report/map/html';
import { describeSummary } from '../report/map/wording';
import { count } from '../report/wording';
import { TOOL } from '../version';
import type { ConfiguredRates } from '../config/config';
import { checkConfigFrom, reportedConfiguration } from './config';
import { readConfig } from '../config/config-file';
import { UsageError } from './errors';
import { EDITORS, MAP_FORMATS, type MapFormatName, render } from './formats';
import { readInput, requestRates } from './input';
import type { MapOptions } from './options';
import { writeResult } from './output';
import { ProgressLine } from './terminal';

/** The default file of the page, which is of no use on a terminal. */
const PAGE = 'trace-map.html';

const BROWSER_FORMATS: readonly MapFormatName[] = ['html', 'svg'];

/**
 * Runs `cdk-lambda-xray map [PATH...]`.
 *
 * @returns the exit status
 * @throws UsageError if an option, the configuration or the output file is invalid
 */
export async function map(paths: readonly string[], options: MapOptions): Promise<number> {
  const { format, open = false, output = format === 'html' ? PAGE : undefined } = options;
  if (open) refuseUnlessBrowserFile(format, output);
  const config = await readConfig(options.config);
  const progress = new ProgressLine(process.stderr);
  try {
    const input = await readInput(paths, {}, config, progress);
    const { templates, errors } = input.loaded;
    // After a mistyped path, an empty map must not replace the previous one.
    if (templates.length === 0 && errors.length > 0 && format !== 'json') {
      progress.clear();
      for (const error of errors) process.stderr.write(`${errorLine(error)}\n`);
      return 2;
    }

    progress.show(`Linking ${count(templates.length, 'template')}`);
    const model = buildTracingModel(templates);

    progress.show(`Checking ${count(model.functions.length, 'function')}`);
    const checkConfig = { ...checkConfigFrom(config, {}), isIncomplete: errors.length > 0 };
    const findings = checkModel(model, checkConfig);
    const costs = config.requestsPerSecond && costsOf(model, config.requestsPerSecond);
    const document = mapDocumentOf({
      tool: TOOL,
      loaded: input.loaded,
      model,
      findings,
      configuration: reportedConfiguration(checkConfig),
      costs,
    });

    progress.show(`Drawing ${count(document.summary.nodes, 'node')}`);
    const text = await render(MAP_FORMATS[format], document, pageOptions(options));

    progress.clear();
    writeResult(text, { summary: describeSummary(document), errors, notes: input.loaded.notes }, input, {
      format,
      output,
    });
    if (open && output !== undefined) await openFile(output);
    return errors.length > 0 ? 2 : 0;
  } finally {
    progress.clear();
  }
}

function pageOptions({ format, editor }: MapOptions): PageOptions {
  if (format !== 'html') return {};
  const folder = process.cwd();
  return {
    app: {
      name: basename(folder) || folder,
      revision: currentRevision(),
      date: new Date().toISOString().slice(0, 10),
    },
    ...(editor && { editor: { link: EDITORS[editor], folder: folder.replaceAll('\\', '/') } }),
  };
}

function costsOf(model: TracingModel, rates: ConfiguredRates): Costs {
  const estimate = estimateOf(model, requestRates(rates));
  return { estimate, bill: billFor(estimate.samplingPoints) };
}

function refuseUnlessBrowserFile(format: MapFormatName, output: string | undefined): void {
  if (!BROWSER_FORMATS.includes(format)) {
    throw new UsageError(`--open requires --format ${BROWSER_FORMATS.join(' or ')}.`);
  }
  if (output === undefined) throw new UsageError('--open requires a file. Pass one to --output.');
}

/**
 * The program that opens a file with its default application. On Windows, Explorer needs no shell, which would interpret
 * file names. Without its folder, Windows would prefer a program of that name in the working directory.
 */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'open',
  win32: join(process.env.SystemRoot ?? 'C:\\Windows', 'explorer.exe'),
};
const DEFAULT_OPENER = 'xdg-open';

/** Milliseconds to wait for a failure. Some openers run until the file is closed. */
const FAILURE_TIMEOUT = 1500;

/**
 * Opens a file in the browser, without waiting for the user to close it.
 *
 * @throws UsageError if the opener is missing or fails
 */
async function openFile(file: string): Promise<void> {
  const opener = OPENERS[process.platform] ?? DEFAULT_OPENER;
  const child = spawn(opener, [resolve(file)], { detached: true, stdio: 'ignore' });
  const hasFailed = await new Promise<boolean>((resolved) => {
    const timer = setTimeout(() => resolved(false), FAILURE_TIMEOUT);
    child.once('error', () => resolved(true));
    // Explorer reports a failure if another of its windows opens the file.
    child.once('exit', (status) => resolved(status !== 0 && process.platform !== 'win32'));
    child.once('exit', () => clearTimeout(timer));
    child.once('error', () => clearTimeout(timer));
  });
  child.unref();
  if (hasFailed) {
    throw new UsageError(`${opener} cannot open ${file}. Open it in a browser yourself, or omit --open.`);
  }
}
