import { RULES } from '../rules/catalogue';
import type { Settings } from '../rules/judge';
import type { Rule } from '../rules/rule';
import type { Config } from './config';
import { severitiesOf } from './severity-options';

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
