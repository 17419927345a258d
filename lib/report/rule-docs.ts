import pc from 'picocolors';
import { RULES } from '../rules';
import type { Rule } from '../rules/rule';
import { columns, wrap } from './text-layout';

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

/** The pages on the rules, by file name. */
export function rulePages(): Map<string, string> {
  return new Map([
    ['README.md', list()],
    ...RULES.map((rule): [string, string] => [`${rule.id}.md`, page(rule)]),
  ]);
}

function list(): string {
  const rows = RULES.map((rule) => `| [${rule.id}](${rule.id}.md) | ${rule.severity} | ${rule.title} |`);
  return `# Rules

| rule | severity | demands |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function page({ id, title, severity, rationale, fix, source, examples }: Rule): string {
  const baseline =
    examples.baseline === undefined
      ? ''
      : `## Before

What is deployed, or was:

\`\`\`yaml
${examples.baseline}
\`\`\`

`;
  return `# ${id}

${title}. Findings are of severity \`${severity}\` unless configured otherwise.

## Why

${rationale}

Source: [${source.title}](${source.url})

${baseline}## Incorrect

\`\`\`yaml
${examples.incorrect}
\`\`\`

## Correct

\`\`\`yaml
${examples.correct}
\`\`\`

## How to mend it

${fix}

Where it is meant so, acknowledge it with a reason, in a CDK app:

\`\`\`ts
Validations.of(construct).acknowledge({ id: '${id}', reason: '...' });
\`\`\`

in a template, on the resource:

\`\`\`yaml
Metadata:
  cdk_nag:
    rules_to_suppress:
      - { id: ${id}, reason: ... }
\`\`\`
`;
}

/** The page to read about a rule. */
export function helpUrlOf(rule: Rule): string {
  return rule.source.url;
}
