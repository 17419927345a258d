import { ruleList, ruleListJson } from '../report/rule-list';
import { RULES } from '../rules/catalogue';
import { usesColor } from './color';

/** `cdk-lambda-xray rules` */
export function rules(options: { readonly format: 'text' | 'json'; readonly color: boolean }): number {
  const list =
    options.format === 'json' ? ruleListJson(RULES) : ruleList(RULES, { color: usesColor(options) });
  process.stdout.write(list);
  return 0;
}
