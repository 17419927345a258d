import pc from 'picocolors';
import type { Rule } from '../rules/rule';
import { columns } from './columns';
import { helpUrlOf } from './help-url';

/** The catalogue for people: a line a rule. */
export function ruleList(rules: readonly Rule[], { color }: { readonly color: boolean }): string {
  const [head, ...lines] = columns([
    ['Rule', 'Severity', 'What it demands'],
    ...rules.map(({ id, severity, title }) => [id, severity, title]),
  ]);
  return `${[pc.createColors(color).dim(head), ...lines].join('\n')}\n`;
}

/** The catalogue for programs. */
export function ruleListJson(rules: readonly Rule[]): string {
  const list = rules.map((rule) => ({ ...rule, check: undefined, helpUrl: helpUrlOf(rule) }));
  return `${JSON.stringify(list, undefined, 2)}\n`;
}
