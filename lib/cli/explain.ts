import { explanation, NO_TRACES, noTraces, ruleList, ruleListJson } from '../report/explain';
import { findRule, RULES, unknownRuleMessage } from '../rules';
import { UsageError } from './errors';
import { usesColor } from './terminal';

/**
 * Runs `cdk-lambda-xray explain ID`.
 *
 * @returns the exit status
 * @throws UsageError if the rule does not exist
 */
export function explain(name: string, options: { readonly color: boolean }): number {
  const color = usesColor(options);
  const rule = findRule(name);
  if (!rule && name !== NO_TRACES) throw new UsageError(unknownRuleMessage(name));
  process.stdout.write(rule ? explanation(rule, { color }) : noTraces({ color }));
  return 0;
}

/**
 * Runs `cdk-lambda-xray rules`.
 *
 * @returns the exit status
 */
export function rules(options: { readonly format: 'text' | 'json'; readonly color: boolean }): number {
  const list =
    options.format === 'json' ? ruleListJson(RULES) : ruleList(RULES, { color: usesColor(options) });
  process.stdout.write(list);
  return 0;
}
