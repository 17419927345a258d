import { didYouMean } from './did-you-mean';
import { type Level, LEVELS } from './levels';
import { noSuchRule, ruleNamed } from './rule-names';
import { UsageError } from './usage-error';

/**
 * Reads what was given to `--rule`, the last one for a rule winning.
 *
 * @throws UsageError if one isn't of the form `ID=severity`
 */
export function severitiesOf(options: readonly string[]): Record<string, Level> {
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
