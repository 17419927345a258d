import { basename } from 'node:path';
import type { CheckConfig } from '../checker/check';
import { type Config, SEVERITY_OPTIONS } from '../config/config';
import { sourceRoot } from '../config/config-file';
import type { Configuration, ConfiguredSeverity, Threshold } from '../report/configuration';
import type { Surroundings } from '../model/build-model';
import { isAbsolute, pathFromRoot, type SourceRoot } from '../report/location';
import { findRule, RULES, unknownRuleMessage } from '../rules';
import type { Rule } from '../rules/rule';
import { didYouMean } from '../text/printable';
import { UsageError } from './errors';

/**
 * Returns the configuration of the checks. `--rule` takes precedence over the configuration file.
 *
 * @throws UsageError if a value of `--rule` is invalid
 */
export function checkConfigFrom(
  config: Config,
  { rule = [] }: { readonly rule?: readonly string[] },
): CheckConfig {
  return {
    severities: { ...config.severities, ...severitiesOf(rule) },
    acknowledgements: config.acknowledgements,
    configuration: config.file,
    includeCdkFunctions: config.includeCdkFunctions,
  };
}

/** Returns the facts about the accounts that the options and the configuration file contain. */
export function surroundingsFrom(
  config: Config,
  { transactionSearch = config.transactionSearch }: { readonly transactionSearch?: boolean },
): Surroundings {
  return { transactionSearch };
}

/** Returns the configuration of the checks as reports show it. */
export function reportedConfiguration(
  { severities, configuration: file }: CheckConfig,
  failOn?: Threshold,
): Configuration {
  const rules = RULES.flatMap(({ id, severity: defaultSeverity }) => {
    const severity = severities?.[id] ?? defaultSeverity;
    return severity === defaultSeverity ? [] : { ruleId: id, severity, defaultSeverity };
  });
  return { file, rules, failOn };
}

/** Returns the rules that are not off. */
export function appliedRules({ severities }: CheckConfig): Rule[] {
  return RULES.filter(({ id }) => severities?.[id] !== 'off');
}

/**
 * Returns the value of `--max-warnings`.
 *
 * @throws UsageError if it is not a whole number
 */
export function maxWarningsOf({ maxWarnings }: { readonly maxWarnings?: string }): number | undefined {
  if (maxWarnings === undefined) return undefined;
  if (/^\d{1,9}$/.test(maxWarnings)) return Number(maxWarnings);
  throw new UsageError(`--max-warnings ${maxWarnings}: expected a whole number, such as 0.`);
}

/**
 * Returns the name of a run: the command and its paths, or the value of `--run-name`. Of many paths, a hash stands for the
 * rest. A path outside of the repository, such as a temporary folder, is shortened to its last name.
 *
 * @throws UsageError if `--run-name` is empty
 */
export function runNameOf(
  command: string,
  paths: readonly string[],
  { runName }: { readonly runName?: string },
): string {
  if (runName !== undefined) {
    if (runName.trim() === '') throw new UsageError('--run-name: expected a name, such as production.');
    return runName;
  }
  const root = sourceRoot();
  const names = paths.map((path) => {
    const fromRoot = pathFromRoot(path, root);
    if (fromRoot === root.root) return '.';
    return isAbsolute(fromRoot) ? basename(fromRoot) : fromRoot;
  });
  const [first, ...others] = [...new Set(names)].sort();
  if (others.length < MAX_NAMED_PATHS) return [command, [first, ...others].join(',')].join('/');
  // Loading it takes a tenth of the start.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hash = createHash('sha256').update(JSON.stringify(others)).digest('hex').slice(0, 12);
  return `${command}/${first},${hash}`;
}

const MAX_NAMED_PATHS = 5;

/**
 * Returns the folders that files in a report are relative to, and the URL of the files: from `--source-url`, or from the
 * variables of GitHub Actions or GitLab CI.
 *
 * @throws UsageError if `--source-url` is not a URL
 */
export function linkedSourceRoot(
  { sourceUrl }: { readonly sourceUrl?: string },
  env: NodeJS.ProcessEnv = process.env,
): SourceRoot {
  if (sourceUrl !== undefined && !isWebUrl(sourceUrl)) {
    throw new UsageError(
      `--source-url ${sourceUrl}: expected a URL, such as https://github.com/acme/orders/blob/main.`,
    );
  }
  const url = sourceUrl ?? urlFrom(env);
  return { ...sourceRoot(), ...(url !== undefined && { url }) };
}

/**
 * Returns the URL of the files at the revision ("Default environment variables", GitHub Docs; "Predefined CI/CD variables
 * reference", GitLab Docs).
 */
function urlFrom(env: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_SHA: sha } = env;
  if (server && repository && sha) return webUrl(`${server}/${repository}/blob/${sha}`);
  const { CI_PROJECT_URL: project, CI_COMMIT_SHA: commit } = env;
  return project && commit ? webUrl(`${project}/-/blob/${commit}`) : undefined;
}

function webUrl(url: string): string | undefined {
  return isWebUrl(url) ? url : undefined;
}

/** True for a URL that ends a link in Markdown only where it ends itself. */
function isWebUrl(url: string): boolean {
  return /^https?:\/\/[^\s()<>\\\p{Cc}]+$/u.test(url) && URL.canParse(url);
}

/**
 * Parses the values of `--rule`. The last value for a rule counts.
 *
 * @throws UsageError if a value is not of the form `ID=severity`
 */
function severitiesOf(options: readonly string[]): Record<string, ConfiguredSeverity> {
  return Object.fromEntries(options.map(severityOf));
}

function severityOf(option: string): [string, ConfiguredSeverity] {
  const [, name, written] = /^([^=]*)=(.*)$/s.exec(option) ?? [];
  if (name === undefined) {
    throw new UsageError(`--rule ${option}: expected ID=severity, for example ActiveTracing=off.`);
  }
  const rule = findRule(name);
  if (!rule) throw new UsageError(`--rule ${option}: ${unknownRuleMessage(name)}`);
  const severity = SEVERITY_OPTIONS.find((known) => known === written);
  if (!severity) {
    const expected = `expected ${SEVERITY_OPTIONS.join(', ')} instead of ${JSON.stringify(written)}`;
    throw new UsageError(`--rule ${option}: ${expected}.${didYouMean(written, SEVERITY_OPTIONS)}`);
  }
  return [rule.id, severity];
}
