import type { LoadError } from '../../input/loaded-template';
import { helpUrlOf } from '../../version';
import { highestSeverity, SEVERITIES, type Severity } from '../../rules/rule';
import { printable } from '../../text/printable';
import { countBy } from '../collections';
import { configurationText } from '../configuration';
import { modeCounts, unprovenPermissions } from '../function-summary';
import { editedFiles, unifiedDiff } from '../edited-texts';
import { type Location, pathFromRoot, type SourceRoot, urlOf } from '../location';
import { isOpen, type Report, type ReportedFinding } from '../report';
import { count, locationInWords, severityCounts, summaryLine, templateInWords } from '../wording';
import { acceptanceOf, errorLine } from './text';

/** The icon of a severity, or of no findings. */
export const ICONS = { error: '❌', warning: '⚠️', info: 'ℹ️', none: '✅' } as const;

/** The number of warnings that are shown without a click. */
const MAX_SHOWN_WARNINGS = 10;

/** Returns a report for a comment on a pull request. */
export function markdown(report: Report): string {
  const { summary, errors, warnings, sourceRoot } = report;
  const findings = report.findings.filter(isOpen);
  const blocks = [
    commentMarker(report.runName),
    `### ${headingIcon(report)} AWS X-Ray tracing of Lambda functions`,
    escapeMarkdown(summaryLine(report)),
    ...findingBlocks(findings, MAX_COMMENT / 2, sourceRoot),
    ...(findings.length > 0 ? [escapeMarkdown(acceptanceOf(findings))] : []),
    ...editBlocks(findings, report),
    ...(errors.length > 0 ? [notReadTable(errors, MAX_COMMENT / 4)] : []),
    ...(warnings.length > 0 ? [errorTable('Warnings', warnings, MAX_COMMENT / 8)] : []),
    ...configurationBlocks(report),
    ...report.notes.map(escapeMarkdown),
    ...(summary.functions > 0
      ? [
          `Functions: ${modeCounts(summary.byMode).join(', ')}. ${unprovenPermissions(report.functions)}`.trimEnd(),
        ]
      : []),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Returns a comment that does not show. A program finds the comment of an earlier run with it, and updates that one. */
export function commentMarker(runName: string): string {
  // `>` and `--` can end a comment.
  const name = printable(runName)
    .replaceAll(/[<>]/g, '_')
    .replaceAll(/-(?=-)/g, '_');
  return `<!-- cdk-lambda-xray ${name} -->`;
}

/** Returns the icon of the highest severity, or of the errors. */
function headingIcon({ findings, errors }: Report): string {
  if (errors.length > 0) return ICONS.error;
  return ICONS[highestSeverity(findings.filter(isOpen)) ?? 'none'];
}

/** Returns a block that shows its content after a click. */
export function foldedBlock(summary: string, content: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${content}\n\n</details>`;
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
    .replace(/\bwww\./gi, (www) => `${www.slice(0, -1)}&#46;`)
    .replace(LONG_WORD, (word) => word.replaceAll('/', '/<wbr>'));
}

/** Matches a word, such as a path, that would make a table wider than a comment unless it can be broken. */
const LONG_WORD = /\S{40,}/g;

/**
 * Returns a table of the errors and warnings, shortened to a length, and one below it that is shown after a click: of the
 * other findings, and of the warnings if there are many.
 */
export function findingBlocks(
  findings: readonly ReportedFinding[],
  maxLength: number,
  root: SourceRoot,
): string[] {
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  const isShown = ({ severity }: ReportedFinding) =>
    severity === 'error' || (severity === 'warning' && warnings <= MAX_SHOWN_WARNINGS);
  const shown = findings.filter(isShown);
  const folded = findings.filter((finding) => !isShown(finding));
  return [
    ...(shown.length > 0 ? [findingTable(shown, maxLength / 2, root)] : []),
    ...(folded.length > 0 ? [foldedBlock(countsOf(folded), findingTable(folded, maxLength / 2, root))] : []),
  ];
}

function countsOf(findings: readonly ReportedFinding[]): string {
  return severityCounts(countBy(SEVERITIES, ({ severity }) => severity, findings)).join(', ');
}

/**
 * Returns the edits of the findings as diffs that show after a click. GitHub applies the blocks of the language `suggestion`
 * only in reviews, and not in comments ("Incorporating feedback in your pull request").
 */
function editBlocks(findings: readonly ReportedFinding[], report: Report): string[] {
  const safe = findings.filter(({ fixes = [] }) => fixes.every(({ safety }) => safety === 'safe'));
  const suggested = findings.filter((finding) => !safe.includes(finding));
  return [
    ...editBlock('Edits of <code>check --fix</code>', safe, report),
    ...editBlock('Further edits of <code>check --fix-suggestions</code>, to be reviewed', suggested, report),
  ];
}

function editBlock(summary: string, findings: readonly ReportedFinding[], report: Report): string[] {
  let free = MAX_COMMENT / 24;
  let more = 0;
  const shown: string[] = [];
  for (const { file, before, after } of editedFiles(findings, report)) {
    // The edits of many templates need not be computed for a comment that has no space for them.
    const diff = free > 0 ? unifiedDiff(pathFromRoot(file, report.sourceRoot), before, after()) : undefined;
    if (diff === '') continue;
    if (diff !== undefined && diff.length < free) shown.push(diff);
    else more++;
    free -= diff?.length ?? 0;
  }
  if (shown.length + more === 0) return [];
  const others = `${count(more, shown.length > 0 ? 'more file' : 'file')}: \`check --fix-dry-run\` prints the edits.`;
  const blocks = [
    ...(shown.length > 0 ? [codeBlock('diff', shown.join(''))] : []),
    ...(more > 0 ? [others] : []),
  ];
  return [foldedBlock(summary, blocks.join('\n\n'))];
}

/** Returns a block of code. Its fence is longer than those in the text. */
function codeBlock(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const lines = text.trimEnd().split(/\r?\n/);
  const shown = lines.map((line) => printable(line.replaceAll('\t', '    '))).join('\n');
  return `${fence}${language}\n${shown}\n${fence}`;
}

/** Returns a table of findings. It has two columns, because a comment is narrow. */
function findingTable(findings: readonly ReportedFinding[], maxLength: number, root: SourceRoot): string {
  return markdownTable(
    ['Severity', 'Finding'],
    findings.map((finding) => {
      const { severity, message, fix, acknowledged } = finding;
      return [
        severityCell(severity),
        [
          escapeMarkdown(message),
          acknowledged
            ? `**Acknowledged:** ${escapeMarkdown(acknowledged.reason)}`
            : `**Fix:** ${escapeMarkdown(fix)}`,
          [
            locationLink(finding, root),
            ruleLink(finding),
            ...templateInWords(finding).map(escapeMarkdown),
          ].join(' · '),
        ].join('<br>'),
      ];
    }),
    maxLength,
  );
}

/** Returns the icon of a severity and its name, on one line. */
export function severityCell(severity: Severity): string {
  return `${ICONS[severity]}&nbsp;${severity}`;
}

/** Returns a location as a link to its file, if the URL is known, and the position that the code there is called from. */
export function locationLink(location: Location, root: SourceRoot): string {
  const calledFrom = location.source?.calledFrom;
  const url = urlOf(location, root);
  const text = escapeMarkdown(locationInWords(location));
  const link = url === undefined ? text : `[${text}](${escapeUrl(url)})`;
  return calledFrom
    ? `${link}, called from ${locationLink({ ...location, source: calledFrom }, root)}`
    : link;
}

/** Escapes the characters of a URL that end a link or a cell of a table. */
function escapeUrl(url: string): string {
  return url.replace(
    /[()|\\<>*_~`]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
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
