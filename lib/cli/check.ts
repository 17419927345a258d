import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { type CheckConfig, type CheckedFinding, checkModel } from '../checker/check';
import type { Config } from '../config/config';
import { CONFIG_FILES, IGNORE, readConfig, readConfigText } from '../config/config-file';
import { baselineSpec, type Overlap, overlapOf } from '../input/baseline/baseline-spec';
import { displayed, STDIN } from '../input/text-files';
import { buildTracingModel } from '../model/build-model';
import { DEFAULT_THRESHOLD } from '../report/configuration';
import { isOpen, type Report, reportOn } from '../report/report';
import { count, summaryLine } from '../report/wording';
import type { TemplateSource } from '../cloudformation/template';
import { ACKNOWLEDGEMENT } from '../rules/acknowledgement';
import { TOOL } from '../version';
import {
  appliedRules,
  checkConfigFrom,
  linkedSourceRoot,
  maxWarningsOf,
  reportedConfiguration,
  runNameOf,
  surroundingsFrom,
} from './config';
import { UsageError } from './errors';
import type { FixMode } from './fix-output';
import { CHECK_FORMATS, render } from './formats';
import { inputPathsOf, readInput } from './input';
import type { CheckOptions } from './options';
import { exitStatus, writeErrors, writeNotes, writeOutput, writeResult } from './output';
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
  const fixMode = fixModeOf(options);
  const inputPaths = inputPathsOf(paths);
  refuseInputAsBaseline(options.baseline, inputPaths);
  const root = linkedSourceRoot(options);
  const progress = new ProgressLine(process.stderr);
  try {
    const readAndCheck = async (texts?: ReadonlyMap<string, string>) => {
      const read = await readInput(paths, options, config, progress, texts);
      progress.show(`Linking ${count(read.loaded.templates.length, 'template')}`);
      const linked = buildTracingModel(
        read.loaded.templates,
        read.baseline?.templates,
        surroundingsFrom(config, options),
      );
      progress.show(`Checking ${count(linked.functions.length, 'function')}`);
      const checked = checkModel(linked, { ...checkConfig, isIncomplete: read.loaded.errors.length > 0 });
      return { input: read, loaded: read.loaded, model: linked, findings: checked };
    };
    const first = await readAndCheck();
    const fixes =
      fixMode && (await (await import('./fix-output.js')).applyFixes(first, readAndCheck, fixMode));
    const { input, loaded, model, findings } = fixes?.result ?? first;
    const { baseline } = input;
    const errors = [...loaded.errors, ...(baseline?.errors ?? []), ...(fixes?.errors ?? [])];
    const reportWith = (found: readonly CheckedFinding[], applied: CheckConfig) =>
      reportOn({
        tool: TOOL,
        loaded: { ...loaded, errors },
        model,
        findings: found,
        rules: appliedRules(applied),
        configuration: reportedConfiguration(applied, failOn),
        sourceRoot: root,
        runName: runNameOf('check', inputPaths, options),
      });
    let report = reportWith(findings, checkConfig);
    if (options.acknowledgeAll !== undefined) {
      progress.clear();
      const changed = await acknowledgeAll(report, loaded.templates, config, options.acknowledgeAll, options);
      const applied = checkConfigFrom(changed, options);
      report = reportWith(checkModel(model, { ...applied, isIncomplete: loaded.errors.length > 0 }), applied);
    }

    progress.show(`Reporting ${count(report.findings.length, 'finding')}`);
    const text = await render(CHECK_FORMATS[options.format], report, textOptions(options));

    progress.clear();
    writeNotes([...(baseline?.notes ?? []), ...(fixes?.notes ?? [])], options);
    if (fixes?.diff !== undefined) process.stdout.write(fixes.diff);
    if (fixes?.diff === undefined || options.output !== undefined) {
      writeResult(text, { summary: summaryLine(report), errors }, input, options);
    } else {
      writeErrors(errors);
    }
    return exitStatus(errors, report.findings, { failOn, maxWarnings });
  } finally {
    progress.clear();
  }
}

/**
 * Returns the options of a run that fixes findings. Undefined if it only reports them.
 *
 * @throws UsageError if another option contradicts them
 */
function fixModeOf(options: CheckOptions): FixMode | undefined {
  const {
    fix,
    fixSuggestions: suggestions = false,
    fixDryRun: isDryRun = false,
    baseline,
    acknowledgeAll: reason,
  } = options;
  if (!fix && !suggestions && !isDryRun) return undefined;
  if (baseline !== undefined || reason !== undefined) {
    const other = baseline === undefined ? '--acknowledge-all' : '--baseline';
    throw new UsageError(
      `--fix can't be used with ${other}, because it changes the templates. Fix the findings first, then run with ${other}.`,
    );
  }
  return { suggestions, isDryRun };
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

/**
 * Refuses `--acknowledge-all` without a reason or without a configuration file to write to.
 *
 * @param option the value of `--config`
 * @throws UsageError
 */
function validateReason(reason: string | undefined, option: string | undefined): void {
  if (reason === undefined) return;
  if (reason.trim() === '') {
    throw new UsageError('--acknowledge-all requires a reason: why the existing findings are acceptable.');
  }
  if (option === IGNORE) {
    throw new UsageError('--acknowledge-all writes to the configuration. Omit --config none.');
  }
}

/**
 * Acknowledges the open findings of a report in the configuration file, or in a new one in the working directory. Problems
 * with acknowledgements stay open.
 *
 * @returns the new configuration
 * @throws ConfigError if the file has no place for the entries
 * @throws UsageError if the file can't be written
 */
async function acknowledgeAll(
  report: Report,
  templates: readonly TemplateSource[],
  config: Config,
  reason: string,
  options: { readonly quiet?: boolean },
): Promise<Config> {
  const file = config.file ?? CONFIG_FILES[0];
  const open = report.findings.filter((finding) => isOpen(finding) && finding.rule !== ACKNOWLEDGEMENT);
  if (open.length === 0) {
    writeNotes(['There are no findings to acknowledge.'], options);
    return config;
  }
  const { entriesFor, withAcknowledgements } = await import('../config/add-acknowledgements.js');
  const { parseConfig } = await import('../config/parse-config.js');
  const entries = entriesFor(open, reason, templates, (template) => pathFrom(dirname(file), template));
  const text = config.file === undefined ? undefined : readConfigText(config.file);
  const changed = withAcknowledgements(text, entries, file);
  const parsed = parseConfig(changed, file);
  writeOutput(file, changed, { content: 'the configuration', option: '--config' });
  const findings = count(open.length, 'finding');
  writeNotes([`Added ${count(entries.length, 'acknowledgement')} of ${findings} to ${file}.`], options);
  return parsed;
}

/**
 * Returns the path of a template from the folder of the configuration, after `./`, so that it selects no other template. If
 * the template is elsewhere, returns the end of its path.
 */
function pathFrom(folder: string, template: string): string {
  const [path] = template.split('#');
  if (path === STDIN) return path;
  const inside = relative(folder, resolve(path));
  const isOutside = isAbsolute(inside) || inside.startsWith('..');
  return isOutside ? displayed(path).replace(/^(?:\.\.?\/)+/, '') : `./${displayed(inside)}`;
}
