import type { Acknowledgement } from '../checker/acknowledgements';
import type { Settings } from '../checker/check';
import { SEVERITIES, type Threshold } from '../report/severity';
import { RULES } from '../rules';
import type { Rule, Severity } from '../rules/rule';
import { UsageError } from './errors';
import type { GivenFigures } from './request-rates';
import { didYouMean, noSuchRule, ruleNamed } from './rule-names';

/** What a configuration file says. */
export interface Config {
  readonly severities: NonNullable<Settings['severities']>;
  readonly acknowledgements: readonly Acknowledgement[];
  readonly failOn?: Threshold;
  readonly requestsPerSecond?: GivenFigures;
  /** The file that it is from. */
  readonly file?: string;
}

export const NO_CONFIG: Config = { severities: {}, acknowledgements: [] };

/**
 * How the rules are to be applied: as the configuration says, unless `--rule` says otherwise.
 *
 * @throws UsageError if what was given to `--rule` is wrong
 */
export function settingsOf(config: Config, { rule = [] }: { readonly rule?: readonly string[] }): Settings {
  return {
    severities: { ...config.severities, ...severitiesOf(rule) },
    acknowledgements: config.acknowledgements,
    configuration: config.file,
  };
}

/** The rules that are applied at all. */
export function appliedRules({ severities }: Settings): Rule[] {
  return RULES.filter(({ id }) => severities?.[id] !== 'off');
}

/**
 * Reads what was given to `--rule`, the last one for a rule winning.
 *
 * @throws UsageError if one isn't of the form `ID=severity`
 */
function severitiesOf(options: readonly string[]): Record<string, Level> {
  return Object.fromEntries(options.map(severityOf));
}

function severityOf(option: string): [string, Level] {
  const [, name, written] = /^([^=]*)=(.*)$/s.exec(option) ?? [];
  if (name === undefined) {
    throw new UsageError(`--rule ${option}: write ID=severity, such as ActiveTracing=off.`);
  }
  const rule = ruleNamed(name);
  if (!rule) throw new UsageError(`--rule ${option}: ${noSuchRule(name)}`);
  const level = LEVELS.find((known) => known === written);
  if (!level) {
    throw new UsageError(
      `--rule ${option}: ${JSON.stringify(written)} is none of ${LEVELS.join(', ')}.${didYouMean(written, LEVELS)}`,
    );
  }
  return [rule.id, level];
}

/** How severe a rule's findings are to be; `off` for a rule that isn't applied. */
export type Level = Severity | 'off';

export const LEVELS: readonly Level[] = ['off', ...[...SEVERITIES].reverse()];
