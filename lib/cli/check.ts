import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { load } from '../load/load';
import { buildTracingModel } from '../model/tracing-model';
import { count, summaryLine } from '../report/in-words';
import { isOpen, type Report, reportOn } from '../report/report';
import { reaches, type Threshold } from '../report/severities';
import { errorLine } from '../report/text';
import { RULES } from '../rules/catalogue';
import { judge, type Settings } from '../rules/judge';
import { HOMEPAGE, VERSION } from '../version';
import type { CheckOptions } from './check-options';
import { usesColor } from './color';
import type { Config } from './config';
import { readConfig } from './config-file';
import { FORMATS } from './formats';
import { writeOutput } from './output-file';
import { ProgressLine } from './progress-line';
import { severitiesOf } from './severity-options';
import { UsageError } from './usage-error';

const TOOL = { name: 'cdk-lambda-xray', version: VERSION, homepage: HOMEPAGE };

const DEFAULT_PATH = 'cdk.out';
const DEFAULT_THRESHOLD: Threshold = 'error';
const MAX_WIDTH = 120;

/**
 * `cdk-lambda-xray check [PATH...]`
 *
 * @returns the exit status
 * @throws UsageError if the options, the configuration or the output file are wrong
 */
export async function check(paths: readonly string[], options: CheckOptions): Promise<number> {
  const config = await readConfig(options.config);
  const settings = settingsOf(config, options);
  const { format, output, quiet = false } = options;
  const progress = new ProgressLine(process.stderr);
  try {
    const report = judged(paths.length > 0 ? paths : [defaultPath()], settings, progress);
    const written = await FORMATS[format](report, {
      quiet,
      color: output === undefined && usesColor(options),
      width: output === undefined ? widthOf(process.stdout) : undefined,
    });
    progress.clear();
    deliver(written, report, options);
    return statusOf(report, options.failOn ?? config.failOn ?? DEFAULT_THRESHOLD);
  } finally {
    progress.clear();
  }
}

/** From the templates to what there is to tell of them. */
function judged(paths: readonly string[], settings: Settings, progress: ProgressLine): Report {
  const loaded = load(paths, { onProgress: (files) => progress.show(`${count(files, 'file')} read`) });
  progress.show(`Linking ${count(loaded.templates.length, 'template')}`);
  const model = buildTracingModel(loaded.templates);
  progress.show(`Judging ${count(model.functions.length, 'function')}`);
  const findings = judge(model, settings);
  progress.show(`Reporting ${count(findings.length, 'finding')}`);
  const rules = RULES.filter(({ id }) => settings.severities?.[id] !== 'off');
  return reportOn({ tool: TOOL, loaded, model, findings, rules });
}

/** What could not be read goes to standard error too, unless it is in a report that is read there and then. */
function deliver(written: string, report: Report, { format, output, quiet }: CheckOptions): void {
  if (output === undefined) {
    process.stdout.write(written);
  } else {
    refuseToOverwrite(output, report);
    writeOutput(output, written);
    if (!quiet) process.stdout.write(`${summaryLine(report)} Written to ${output}.\n`);
  }
  if (output !== undefined || format !== 'text') {
    for (const error of report.errors) process.stderr.write(`${errorLine(error)}\n`);
  }
}

function refuseToOverwrite(output: string, { files }: Report): void {
  if (files.some((file) => resolve(file) === resolve(output))) {
    throw new UsageError(`${output} is what was to be judged. Name another file with --output.`);
  }
}

function statusOf({ errors, findings }: Report, threshold: Threshold): number {
  if (errors.length > 0) return 2;
  return findings.some((finding) => isOpen(finding) && reaches(finding.severity, threshold)) ? 1 : 0;
}

function settingsOf(config: Config, { rule = [] }: CheckOptions): Settings {
  return {
    severities: { ...config.severities, ...severitiesOf(rule) },
    acknowledgements: config.acknowledgements,
    configuration: config.file,
  };
}

function defaultPath(): string {
  if (existsSync(DEFAULT_PATH)) return DEFAULT_PATH;
  throw new UsageError(
    `There is no ${DEFAULT_PATH} here. Run cdk synth first, or name a template: cdk-lambda-xray check template.yaml`,
  );
}

function widthOf({ isTTY, columns }: NodeJS.WriteStream): number | undefined {
  return isTTY && columns ? Math.min(columns, MAX_WIDTH) : undefined;
}
