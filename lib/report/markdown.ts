import { helpUrlOf } from './help-url';
import { MODES } from './function-summary';
import { summaryLine, whereabouts } from './in-words';
import { printable } from './printable';
import { isOpen, type Report, type ReportedFinding } from './report';
import { errorLine } from './text';

/** GitHub takes comments of up to 65,536 characters. */
const MAX_LENGTH = 60_000;

const ICONS = { error: '❌', warning: '⚠️', info: 'ℹ️' } as const;

/** For a comment on a pull request. */
export function markdown(report: Report): string {
  const { functions, byMode } = report.summary;
  const findings = report.findings.filter(isOpen);
  const modes = MODES.filter((mode) => byMode[mode] > 0).map((mode) => `${byMode[mode]} ${mode}`);
  const blocks = [
    '### AWS X-Ray tracing of Lambda functions',
    escapeMarkdown(summaryLine(report)),
    ...(findings.length > 0
      ? [table(['', 'Where', 'Rule', 'What is wrong', 'How to mend it'], findings.map(rowOf))]
      : []),
    ...(report.errors.length > 0
      ? [
          table(
            ['Not read'],
            report.errors.map((error) => [escapeMarkdown(errorLine(error))]),
          ),
        ]
      : []),
    ...(functions > 0 ? [`Functions: ${modes.join(', ')}.`] : []),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/**
 * Makes text of what may be markup. A comment after `@` and `#` keeps GitHub from taking what follows for a user or
 * an issue; the entities keep it from making links.
 */
export function escapeMarkdown(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]<>|~!&$]/g, '\\$&')
    .replace(/[@#]/g, '$&<!-- -->')
    .replaceAll('://', '&#58;//')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}&#46;`);
}

function rowOf(finding: ReportedFinding): string[] {
  const { severity, rule, message, fix } = finding;
  return [
    ICONS[severity],
    escapeMarkdown(whereabouts(finding)),
    `[${escapeMarkdown(rule.id)}](${helpUrlOf(rule)})`,
    escapeMarkdown(message),
    escapeMarkdown(fix),
  ];
}

/** As many rows as go into a comment. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = rows.map(lineOf);
  let length = 0;
  const fitting = lines.findIndex((line) => (length += line.length + 1) > MAX_LENGTH / 2);
  const shown = fitting === -1 ? lines : lines.slice(0, fitting);
  const more = lines.length - shown.length;
  return [
    lineOf(head),
    lineOf(head.map(() => '---')),
    ...shown,
    ...(more > 0 ? ['', `And ${more} more.`] : []),
  ].join('\n');
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
