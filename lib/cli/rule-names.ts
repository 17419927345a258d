import { RULES } from '../rules';
import { type Rule, RULE_PREFIX } from '../rules/rule';
import { didYouMean } from '../text/printable';

/** Returns a rule by its ID. The prefix `LambdaXRay-` is optional. */
export function findRule(name: string): Rule | undefined {
  return RULES.find(({ id }) => id === name || id === RULE_PREFIX + name);
}

/** Returns the message for an unknown rule ID, with a suggestion. */
export function unknownRuleMessage(name: string): string {
  const ids = RULES.map(({ id }) => id);
  const written = name.toLowerCase().startsWith(RULE_PREFIX.toLowerCase()) ? name : RULE_PREFIX + name;
  return `There is no rule ${JSON.stringify(name)}.${didYouMean(written, ids)} Run cdk-lambda-xray rules for a list of all rules.`;
}
