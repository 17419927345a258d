import { existsSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { type CheckConfig, checkModel } from '../checker/check';
import { type Config, ConfigError, type ConfiguredRates, NO_CONFIG } from '../config/config';
import {
  CONFIG_FILES,
  findConfig,
  foldersToSearch,
  IGNORE,
  readConfig,
  readConfigText,
} from '../config/config-file';
import { estimateOf } from '../estimate/estimate';
import { type Baseline, baselineSpec } from '../input/baseline/baseline-spec';
import type { GitRevision } from '../input/baseline/git-repository';
import { displayed, isFolder, repositoryAround, STDIN } from '../input/text-files';
import { buildTracingModel } from '../model/build-model';
import type { TracingModel } from '../model/tracing-model';
import { DEFAULT_THRESHOLD } from '../report/configuration';
import { diffOn } from '../report/diff/diff';
import { summaryLine } from '../report/diff/wording';
import { count } from '../report/wording';
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
import { DIFF_FORMATS, render } from './formats';
import { inputPathsOf, readInput, requestRates } from './input';
import type { DiffOptions } from './options';
import { exitStatus, writeResult } from './output';
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

/** The configuration of a baseline. */
interface BaselineConfig {
  /** Undefined if it is not known. */
  readonly config?: Config;
  readonly notes: readonly string[];
}

/** The text of a configuration file. */
interface ConfigText {
  readonly file: string;
  readonly text: string;
}

/** A file, `absent` if the baseline has none, or undefined if that is not known. */
type Found = ConfigText | 'absent' | undefined;

/**
 * Reads the configuration of a baseline: of a Git revision, or around a path. Deployed stacks have none.
 *
 * @param spec the source of the baseline
 * @param option the value of `--config`. The baseline has its file at the same path of the repository
 */
async function readBaselineConfig(spec: string, option: string | undefined): Promise<BaselineConfig> {
  const source = baselineSpec(spec);
  if (option === IGNORE || source.kind === 'deployed') return { notes: [] };
  try {
    const found =
      source.kind === 'git' ? await inRevision(source.revision, option) : around(source.path, option);
    if (found === undefined) return { notes: [] };
    if (found === 'absent') return { config: NO_CONFIG, notes: [] };
    const { parseConfig } = await import('../config/parse-config.js');
    return { config: parseConfig(found.text, found.file), notes: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const note = `The configuration of the baseline is invalid, so changes of the configuration are not shown. ${error.problems[0]}`;
    return { notes: [note] };
  }
}

async function inRevision(name: string, option: string | undefined): Promise<Found> {
  const { GitError, GitRevision } = await import('../input/baseline/git-repository.js');
  try {
    const revision = new GitRevision(name);
    const candidates =
      option === undefined
        ? foldersToSearch(process.cwd()).flatMap((folder) => CONFIG_FILES.map((name) => join(folder, name)))
        : [option];
    const paths = candidates.flatMap((path) => revision.pathOf(path) ?? []);
    if (paths.length === 0) return undefined;
    const files = revision.filesAt(paths);
    const nearest = paths.find((path) => files.some((file) => file.path === path));
    return nearest === undefined
      ? 'absent'
      : { file: `${name}:${nearest}`, text: textAt(revision, nearest) ?? '' };
  } catch (error) {
    // Reading the templates reports it.
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** The maximum number of links to follow, which may point to each other. */
const MAX_LINKS = 10;

/** Returns the text of a file of a revision. Follows links. */
function textAt(revision: GitRevision, path: string, links = MAX_LINKS): string | undefined {
  const file = revision.filesAt([path]).find((one) => one.path === path);
  if (!file) return undefined;
  const [[, content]] = revision.contentsOf([file]);
  const text = content.toString('utf-8');
  if (!file.isLink) return text;
  return links > 0 ? textAt(revision, posix.join(posix.dirname(path), text), links - 1) : undefined;
}

/** Without a file, a baseline in another repository has no configuration. A folder with copied templates may have lost it. */
function around(path: string, option: string | undefined): Found {
  if (path === STDIN) return undefined;
  const folder = isFolder(path) ? resolve(path) : dirname(resolve(path));
  const [root, ownRoot] = [repositoryAround(folder), repositoryAround(process.cwd())];
  const isOther = root !== undefined && root !== ownRoot;
  const file = option === undefined ? findConfig(folder) : isOther && samePath(option, ownRoot, root);
  if (!file || !existsSync(file)) return isOther ? 'absent' : undefined;
  return { file: displayed(file), text: readConfigText(file) };
}

/** Returns the path of a file in another copy of the repository. */
function samePath(path: string, ownRoot: string | undefined, root: string): string | undefined {
  const inside = relative(ownRoot ?? process.cwd(), resolve(path));
  return inside.startsWith('..') ? undefined : join(root, inside);
}
