import type { Acknowledgement } from '../checker/acknowledgements';
import type { CheckConfig } from '../checker/check';
import { SEVERITIES, type Threshold } from '../report/severity';
import { RULES } from '../rules';
import type { Rule, Severity } from '../rules/rule';
import { UsageError } from './errors';
import type { ConfiguredRates } from './request-rates';
import { didYouMean, noSuchRule, ruleNamed } from './rule-names';

/** What a configuration file says. */
export interface Config {
  readonly severities: NonNullable<CheckConfig['severities']>;
  readonly acknowledgements: readonly Acknowledgement[];
  readonly failOn?: Threshold;
  readonly requestsPerSecond?: ConfiguredRates;
  /** The file that it is from. */
  readonly file?: string;
}

export const NO_CONFIG: Config = { severities: {}, acknowledgements: [] };

/**
 * How the rules are to be applied: as the configuration says, unless `--rule` says otherwise.
 *
 * @throws UsageError if what was given to `--rule` is wrong
 */
export function checkConfig(
  config: Config,
  { rule = [] }: { readonly rule?: readonly string[] },
): CheckConfig {
  return {
    severities: { ...config.severities, ...severitiesOf(rule) },
    acknowledgements: config.acknowledgements,
    configuration: config.file,
  };
}

/** The rules that are applied at all. */
export function appliedRules({ severities }: CheckConfig): Rule[] {
  return RULES.filter(({ id }) => severities?.[id] !== 'off');
}

/**
 * Reads what was given to `--rule`, the last one for a rule winning.
 *
 * @throws UsageError if one isn't of the form `ID=severity`
 */
function severitiesOf(options: readonly string[]): Record<string, SeverityOption> {
  return Object.fromEntries(options.map(severityOf));
}

function severityOf(option: string): [string, SeverityOption] {
  const [, name, written] = /^([^=]*)=(.*)$/s.exec(option) ?? [];
  if (name === undefined) {
    throw new UsageError(`--rule ${option}: write ID=severity, such as ActiveTracing=off.`);
  }
  const rule = ruleNamed(name);
  if (!rule) throw new UsageError(`--rule ${option}: ${noSuchRule(name)}`);
  const level = SEVERITY_OPTIONS.find((known) => known === written);
  if (!level) {
    throw new UsageError(
      `--rule ${option}: ${JSON.stringify(written)} is none of ${SEVERITY_OPTIONS.join(', ')}.${didYouMean(written, SEVERITY_OPTIONS)}`,
    );
  }
  return [rule.id, level];
}

/** How severe a rule's findings are to be; `off` for a rule that isn't applied. */
export type SeverityOption = Severity | 'off';

export const SEVERITY_OPTIONS: readonly SeverityOption[] = ['off', ...[...SEVERITIES].reverse()];
