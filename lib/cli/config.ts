import type { CheckConfig } from '../checker/check';
import { type Config, SEVERITY_OPTIONS } from '../config/config';
import type { Configuration, ConfiguredSeverity, Threshold } from '../report/configuration';
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
