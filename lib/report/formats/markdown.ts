import type { LoadError } from '../../input/loaded-template';
import { printable } from '../../text/printable';
import { MODES } from '../function-summary';
import { isOpen, type Report, type ReportedFinding } from '../report';
import { helpUrlOf } from '../rule-docs';
import { summaryLine, locationInWords } from '../wording';
import { errorLine } from './text';

/** How grave a finding is, at a glance. */
export const ICONS = { error: '❌', warning: '⚠️', info: 'ℹ️' } as const;

/** For a comment on a pull request. */
export function markdown(report: Report): string {
  const { functions, byMode } = report.summary;
  const findings = report.findings.filter(isOpen);
  const modes = MODES.filter((mode) => byMode[mode] > 0).map((mode) => `${byMode[mode]} ${mode}`);
  const blocks = [
    '### AWS X-Ray tracing of Lambda functions',
    escapeMarkdown(summaryLine(report)),
    ...(findings.length > 0 ? [findingTable(findings, MAX_COMMENT / 2)] : []),
    ...(report.errors.length > 0 ? [notReadTable(report.errors, MAX_COMMENT / 2)] : []),
    ...(functions > 0 ? [`Functions: ${modes.join(', ')}.`] : []),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/**
 * Makes text of what may be markup. A comment after `@`, `#` and `GH-` keeps GitHub from taking what follows for a
 * user or an issue; the entities keep it from making links.
 */
export function escapeMarkdown(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]<>|~!&$]/g, '\\$&')
    .replace(/[@#]|\bGH-(?=\d)/gi, '$&<!-- -->')
    .replaceAll('://', '&#58;//')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}&#46;`);
}

/** Findings, as many as go into a length. */
export function findingTable(findings: readonly ReportedFinding[], maxLength: number): string {
  return markdownTable(
    ['', 'Where', 'Rule', 'What is wrong', 'How to mend it'],
    findings.map((finding) => [
      ICONS[finding.severity],
      escapeMarkdown(locationInWords(finding)),
      ruleLink(finding),
      escapeMarkdown(finding.message),
      escapeMarkdown(finding.acknowledged ? `Acknowledged: ${finding.acknowledged.reason}` : finding.fix),
    ]),
    maxLength,
  );
}

/** What could not be read, as much as goes into a length. */
export function notReadTable(errors: readonly LoadError[], maxLength: number): string {
  return markdownTable(
    ['Not read'],
    errors.map((error) => [escapeMarkdown(errorLine(error))]),
    maxLength,
  );
}

/** A rule, and the page to read about it. */
export function ruleLink({ rule }: ReportedFinding): string {
  return `[${escapeMarkdown(rule.id)}](${helpUrlOf(rule)})`;
}

/** How long a comment is to be at most: GitHub takes up to 65,536 characters. */
export const MAX_COMMENT = 60_000;

/**
 * A table in Markdown, and how many rows more there would be.
 *
 * @param rows what is in the cells, escaped
 * @param maxLength how long the rows may be together
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  maxLength: number,
): string {
  const lines = rows.map(lineOf);
  let length = 0;
  const fitting = lines.findIndex((line) => (length += line.length + 1) > maxLength);
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
