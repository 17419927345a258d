import { TOOL } from '../version';
import type { Rule } from './rule';

/** Returns the URL of the page of a rule, which `docs/rules` of the package contains, too. */
export function helpUrlOf({ id }: Pick<Rule, 'id'>): string {
  return `${TOOL.homepage}/blob/main/docs/rules/${id}.md`;
}
