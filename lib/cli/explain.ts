import { explanation } from '../report/explanation';
import { usesColor } from './color';
import { noSuchRule, ruleNamed } from './rule-names';
import { UsageError } from './usage-error';

/**
 * `cdk-lambda-xray explain ID`
 *
 * @throws UsageError if there is no such rule
 */
export function explain(name: string, options: { readonly color: boolean }): number {
  const rule = ruleNamed(name);
  if (!rule) throw new UsageError(`${noSuchRule(name)} cdk-lambda-xray rules lists them all.`);
  process.stdout.write(explanation(rule, { color: usesColor(options) }));
  return 0;
}
