import { RULES } from '../rules/catalogue';
import type { Rule } from '../rules/rule';
import { didYouMean } from './did-you-mean';

const PREFIX = 'LambdaXRay-';

/** The rule of that ID, which may be written without the prefix. */
export function ruleNamed(name: string): Rule | undefined {
  return RULES.find(({ id }) => id === name || id === PREFIX + name);
}

/** What to say where there is none. */
export function noSuchRule(name: string): string {
  const ids = RULES.map(({ id }) => id);
  const written = name.toLowerCase().startsWith(PREFIX.toLowerCase()) ? name : PREFIX + name;
  return `There is no rule ${JSON.stringify(name)}.${didYouMean(written, ids)}`;
}
