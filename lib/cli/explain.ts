import { explanation, ruleList, ruleListJson } from '../report/rule-docs';
import { RULES } from '../rules';
import { UsageError } from './errors';
import { noSuchRule, ruleNamed } from './rule-names';
import { usesColor } from './terminal';

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

/** `cdk-lambda-xray rules` */
export function rules(options: { readonly format: 'text' | 'json'; readonly color: boolean }): number {
  const list =
    options.format === 'json' ? ruleListJson(RULES) : ruleList(RULES, { color: usesColor(options) });
  process.stdout.write(list);
  return 0;
}
