import { RULES } from '../rules/catalogue';
import type { Rule } from '../rules/rule';

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
