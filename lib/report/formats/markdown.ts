import type { LoadError } from '../../input/loaded-template';
import { printable } from '../../text/printable';
import { configurationText } from '../configuration';
import { MODES } from '../function-summary';
import { isOpen, type Report, type ReportedFinding } from '../report';
import { summaryLine, locationInWords, templateInWords } from '../wording';
import { errorLine } from './text';
import { helpUrlOf } from '../../rules/help-url';

/** The icon of a severity. */
export const ICONS = { error: '❌', warning: '⚠️', info: 'ℹ️' } as const;

/** Returns a report for a comment on a pull request. */
export function markdown(report: Report): string {
  const { functions, byMode } = report.summary;
  const findings = report.findings.filter(isOpen);
  const modes = MODES.filter((mode) => byMode[mode] > 0).map((mode) => `${byMode[mode]} ${mode}`);
  const blocks = [
    '### AWS X-Ray tracing of Lambda functions',
    escapeMarkdown(summaryLine(report)),
    ...(findings.length > 0 ? [findingTable(findings, MAX_COMMENT / 2)] : []),
    ...(report.errors.length > 0 ? [notReadTable(report.errors, MAX_COMMENT / 2)] : []),
    ...(report.warnings.length > 0 ? [errorTable('Warnings', report.warnings, MAX_COMMENT / 8)] : []),
    ...configurationBlocks(report),
    ...report.notes.map(escapeMarkdown),
    ...(functions > 0 ? [`Functions: ${modes.join(', ')}.`] : []),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Returns what differs from the default configuration. Empty if nothing does. */
export function configurationBlocks({ configuration, summary }: Report): string[] {
  const text = configurationText(configuration, summary.acknowledged);
  return text === '' ? [] : [escapeMarkdown(text)];
}

/**
 * Escapes text that may contain markup. A comment after `@`, `#` and `GH-` keeps GitHub from linking a user or an
 * issue. The entities keep it from linking URLs.
 */
export function escapeMarkdown(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]<>|~!&$]/g, '\\$&')
    .replace(/[@#]|\bGH-(?=\d)/gi, '$&<!-- -->')
    .replaceAll('://', '&#58;//')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}&#46;`);
}

/** Returns a table of findings, shortened to a length. */
export function findingTable(findings: readonly ReportedFinding[], maxLength: number): string {
  return markdownTable(
    ['', 'Location', 'Rule', 'Problem', 'Fix'],
    findings.map((finding) => [
      ICONS[finding.severity],
      [locationInWords(finding), ...templateInWords(finding)].map(escapeMarkdown).join('<br>'),
      ruleLink(finding),
      escapeMarkdown(finding.message),
      escapeMarkdown(finding.acknowledged ? `Acknowledged: ${finding.acknowledged.reason}` : finding.fix),
    ]),
    maxLength,
  );
}

/** Returns a table of unreadable input, shortened to a length. */
export function notReadTable(errors: readonly LoadError[], maxLength: number): string {
  return errorTable('Not read', errors, maxLength);
}

function errorTable(title: string, errors: readonly LoadError[], maxLength: number): string {
  return markdownTable(
    [title],
    errors.map((error) => [escapeMarkdown(errorLine(error))]),
    maxLength,
  );
}

/** Returns the ID of a rule as a link to its documentation. */
export function ruleLink({ rule }: ReportedFinding): string {
  return `[${escapeMarkdown(rule.id)}](${helpUrlOf(rule)})`;
}

/** The maximum number of characters in a comment. GitHub allows 65,536. */
export const MAX_COMMENT = 60_000;

/**
 * Returns a table. If it is shortened, the number of omitted rows follows.
 *
 * @param rows the escaped text of the cells
 * @param maxLength the maximum number of characters of all rows
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  maxLength: number,
): string {
  const lines = rows.map(lineOf);
  let free = maxLength;
  // A row that is too long must not hide the rows after it.
  const shown = lines.filter((line) => {
    const fits = line.length < free;
    if (fits) free -= line.length + 1;
    return fits;
  });
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
