import type { Rule } from '../rules/rule';

/** The page to read about a rule. */
export function helpUrlOf(rule: Rule): string {
  return rule.source.url;
}
