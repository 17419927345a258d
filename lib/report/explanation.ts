import pc from 'picocolors';
import type { Rule } from '../rules/rule';
import { wrap } from './wrap';

const WIDTH = 80;

/** Everything about a rule, for people. */
export function explanation(rule: Rule, { color }: { readonly color: boolean }): string {
  const { id, title, severity, rationale, fix, source, examples } = rule;
  const colors = pc.createColors(color);
  const paragraph = (words: string) => wrap(words, WIDTH).join('\n');
  const example = (template: string) =>
    template
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n');
  const blocks = [
    `${colors.bold(id)} (${severity})\n${title}.`,
    `${colors.bold('Why')}\n${paragraph(rationale)}`,
    `${colors.bold('Fix')}\n${paragraph(fix)}`,
    ...(examples.baseline === undefined ? [] : [`${colors.bold('Before')}\n${example(examples.baseline)}`]),
    `${colors.bold('Incorrect')}\n${example(examples.incorrect)}`,
    `${colors.bold('Correct')}\n${example(examples.correct)}`,
    `${colors.bold('Source')}\n${source.title}\n${source.url}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}
