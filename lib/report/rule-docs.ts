import pc from 'picocolors';
import { listAll } from '../text/printable';
import { RULES, standingRules } from '../rules';
import { helpUrlOf } from '../version';
import type { Rule } from '../rules/rule';
import { columns, wrap } from './text-layout';

const WIDTH = 80;

/** A section of the page of a rule, which has a title, text, code, or several of them. */
interface Section {
  readonly title: string;
  /** True for a section of the one before. */
  readonly isPart?: boolean;
  readonly text?: string;
  readonly code?: { readonly language: 'ts' | 'yaml'; readonly text: string };
}

/** Returns the sections of the page of a rule. */
function sectionsOf(rule: Rule): Section[] {
  const { id, rationale, fix, examples } = rule;
  const { baseline, incorrect, correct, typescript, sam, cloudFormation } = examples;
  const yaml = (text: string) => ({ language: 'yaml', text }) as const;
  const isSam = correct.includes('AWS::Serverless::');
  return [
    { title: 'Why', text: rationale },
    ...(baseline === undefined
      ? []
      : [{ title: 'Baseline', text: 'The previous template:', code: yaml(baseline) }]),
    { title: 'Incorrect', code: yaml(incorrect) },
    { title: 'Correct', code: yaml(correct) },
    { title: 'How to fix it', text: fix },
    { title: 'TypeScript', isPart: true, code: { language: 'ts', text: typescript } },
    {
      title: 'SAM',
      isPart: true,
      ...(sam === undefined
        ? { text: isSam ? 'See the correct template above.' : 'As in CloudFormation.' }
        : { code: yaml(sam) }),
    },
    {
      title: 'CloudFormation',
      isPart: true,
      ...(cloudFormation === undefined
        ? { text: 'See the correct template above.' }
        : { code: yaml(cloudFormation) }),
    },
    ...repairs(rule),
    ...reportedOnce(rule),
    ...(rule.skipsCdkFunctions ? [CDK_FUNCTIONS] : []),
    {
      title: 'If this is intentional',
      text: 'Acknowledge the finding and give the reason. In a CDK app:',
      code: {
        language: 'ts',
        text: `Validations.of(construct).acknowledge({ id: '${id}', reason: '...' });`,
      },
    },
    {
      title: 'In a template',
      isPart: true,
      text: 'On the resource:',
      code: yaml(`Metadata:
  cdk_nag:
    rules_to_suppress:
      - { id: ${id}, reason: ... }`),
    },
    {
      title: 'In the configuration of the command',
      isPart: true,
      text: 'In .cdk-lambda-xray.yaml, with the construct path of the resource:',
      code: yaml(`acknowledge:
  - { rule: ${id}, path: Stack/Function, reason: ... }`),
    },
  ];
}

const CDK_FUNCTIONS: Section = {
  title: 'Functions of CDK',
  text: 'Functions that CDK makes for itself, such as the handlers of its custom resources, are not reported. To include them, set includeCdkFunctions to true in .cdk-lambda-xray.yaml or in the props of LambdaXRayChecks.',
};

/** Returns the section on the fixes of the command, if there are any. */
function repairs({ repairs: safeties = [] }: Rule): Section[] {
  const isSafe = safeties.includes('safe');
  const isSuggested = safeties.includes('suggested');
  if (!isSafe && !isSuggested) return [];
  const option = isSafe ? '--fix' : '--fix-suggestions';
  const review = isSafe
    ? ' Fixes that need a review are applied with --fix-suggestions: they change more than tracing, or a setting that somebody wrote on purpose.'
    : ' Review the change: it affects more than tracing.';
  const text = `cdk-lambda-xray check ${option} edits templates in YAML and JSON.${isSuggested ? review : ''} For a CDK app, the command prints the code to write.`;
  return [{ title: 'By the command', isPart: true, text }];
}

/** Returns the section on rules that report the same cause, if there are any. */
function reportedOnce(rule: Rule): Section[] {
  const { standsFor = [] } = rule;
  const standing = standingRules(rule).map(({ id }) => id);
  const sentences = [
    ...(standsFor.length > 0
      ? [
          `If a resource also violates ${listAll(standsFor, 'or')}, the reports contain only this finding. Acknowledging it covers the same cause, unless the severity of the other rule is higher.`,
        ]
      : []),
    ...(standing.length > 0
      ? [
          `If a resource also violates ${listAll(standing, 'or')}, the reports contain only the finding of that rule.`,
        ]
      : []),
  ];
  return sentences.length > 0 ? [{ title: 'One finding per cause', text: sentences.join(' ') }] : [];
}

/** Returns the page of a rule, for the terminal. */
export function explanation(rule: Rule, { color }: { readonly color: boolean }): string {
  const { id, title, severity, source } = rule;
  const colors = pc.createColors(color);
  const indented = (text: string) =>
    text
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n');
  const blocks = [
    `${colors.bold(id)} (${severity})\n${title}.`,
    ...sectionsOf(rule).map((section) =>
      [
        colors.bold(section.title),
        ...(section.text === undefined ? [] : wrap(section.text, WIDTH)),
        ...(section.code ? [indented(section.code.text)] : []),
      ].join('\n'),
    ),
    `${colors.bold('Source')}\n${source.title}\n${source.url}`,
    `${colors.bold('Page')}\n${helpUrlOf(rule)}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Returns the list of rules for the terminal, one line per rule. */
export function ruleList(rules: readonly Rule[], { color }: { readonly color: boolean }): string {
  const [head, ...lines] = columns([
    ['Rule', 'Severity', 'Requirement'],
    ...rules.map(({ id, severity, title }) => [id, severity, title]),
  ]);
  return `${[pc.createColors(color).dim(head), ...lines].join('\n')}\n`;
}

/** Returns the list of rules as JSON. */
export function ruleListJson(rules: readonly Rule[]): string {
  const list = rules.map((rule) => ({ ...rule, check: undefined, helpUrl: helpUrlOf(rule) }));
  return `${JSON.stringify(list, undefined, 2)}\n`;
}

/** Returns the pages in docs/rules by file name: one per rule, and the list. */
export function rulePages(rules = RULES): Map<string, string> {
  return new Map([
    ['README.md', `# Rules\n\n${ruleTable(rules)}\n`],
    ...rules.map((rule): [string, string] => [`${rule.id}.md`, page(rule)]),
  ]);
}

/** Aligned, as the formatter writes tables. */
function ruleTable(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, severity, title }) => [`[${id}](${id}.md)`, severity, title]);
  const head = ['Rule', 'Severity', 'Requirement'];
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)));
  const [first, ...rest] = [head, ...rows].map((row) => row.map((cell, i) => cell.padEnd(widths[i])));
  return [first, widths.map((width) => '-'.repeat(width)), ...rest]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

function page(rule: Rule): string {
  const { id, title, severity, source } = rule;
  const blocks = sectionsOf(rule).flatMap((section) => [
    `${section.isPart ? '###' : '##'} ${section.title}`,
    ...(section.text === undefined ? [] : [section.text]),
    ...(section.title === 'Why' ? [`Source: [${source.title}](${source.url})`] : []),
    ...(section.code ? [`\`\`\`${section.code.language}\n${section.code.text}\n\`\`\``] : []),
  ]);
  return `# ${id}\n\n${title}. The default severity is \`${severity}\`.\n\n${blocks.join('\n\n')}\n`;
}
