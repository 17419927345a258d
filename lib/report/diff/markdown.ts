import { pathOf as displayName } from '../../cloudformation/template';
import { highestSeverity } from '../../rules/rule';
import {
  commentMarker,
  configurationBlocks,
  escapeMarkdown,
  findingBlocks,
  foldedBlock,
  ICONS,
  locationLink,
  markdownTable,
  MAX_COMMENT,
  notReadTable,
  ruleLink,
  severityCell,
} from '../formats/markdown';
import { acceptanceOf } from '../formats/text';
import type { SourceRoot } from '../location';
import { isOpen, type Report, type ReportedFinding } from '../report';
import { count, locationInWords } from '../wording';
import { callerChangeText, costChangeText, type Diff, isNoteworthy } from './diff';
import { configurationChangeText } from './configuration-changes';
import type { FunctionChange } from './function-changes';
import { countsText, detailsOf, modeText, outcomeText } from './wording';

/** The share of the maximum length that each part may use. */
const SHARES = {
  new: 0.35,
  functions: 0.25,
  callers: 0.05,
  resolved: 0.1,
  loosened: 0.05,
  notRead: 0.15,
  notes: 0.05,
} as const;

/** The meaning of the modes, for readers of a comment who do not know them. */
const MODES =
  'An Active function records traces. A PassThrough function records none. The default of Lambda is PassThrough.';

/** Returns a report for a comment on a pull request. */
export function diffMarkdown(diff: Diff): string {
  const { before, after, findings, notes, configurationChanges: loosened } = diff;
  const { sourceRoot } = after;
  const functions = diff.functions.filter(isNoteworthy);
  const errors = [...before.errors, ...after.errors];
  const maxLength = (part: keyof typeof SHARES) => MAX_COMMENT * SHARES[part];
  const blocks = [
    commentMarker(after.runName),
    `### ${iconOf(diff)} AWS X-Ray tracing: ${lowerFirst(outcomeText(diff))}`,
    escapeMarkdown(countsText(diff)),
    ...findingBlocks(findings.new, maxLength('new'), sourceRoot),
    findings.new.some(isOpen) ? escapeMarkdown(acceptanceOf(findings.new.filter(isOpen))) : '',
    loosened.length > 0
      ? markdownTable(
          ['Severity', 'Loosened check'],
          loosened.map((change) => [
            severityCell(change.fails ? 'error' : 'warning'),
            escapeMarkdown(configurationChangeText(change)),
          ]),
          maxLength('loosened'),
        )
      : '',
    ...callerBlocks(diff, maxLength('callers')),
    functions.length > 0
      ? markdownTable(
          ['Function', 'Change'],
          functions.map((change) => functionRow(change, sourceRoot)),
          maxLength('functions'),
        )
      : '',
    functions.some(({ change }) => change === 'changed' || change === 'added') ? MODES : '',
    findings.resolved.length > 0
      ? foldedBlock(
          `${findings.resolved.every(isOpen) ? 'Resolved' : 'Resolved or acknowledged'}: ${count(findings.resolved.length, 'finding')}`,
          markdownTable(
            ['Severity', 'Resolved finding'],
            findings.resolved.map((finding) => resolvedRow(finding, after)),
            maxLength('resolved'),
          ),
        )
      : '',
    ...configurationBlocks(after),
    errors.length > 0 ? notReadTable(errors, maxLength('notRead')) : '',
    notes.length > 0
      ? markdownTable(
          ['Notes'],
          notes.map((note) => [escapeMarkdown(note)]),
          maxLength('notes'),
        )
      : '',
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** Returns the icon of the highest severity among the new findings. */
function iconOf({ findings, before, after, configurationChanges: loosened }: Diff): string {
  if (before.errors.length > 0 || after.errors.length > 0) return ICONS.error;
  if (loosened.some(({ fails }) => fails)) return ICONS.error;
  const highest = highestSeverity(findings.new.filter(isOpen));
  return ICONS[highest ?? (loosened.length > 0 ? 'warning' : 'none')];
}

function callerBlocks({ callers, cost, after }: Diff, maxLength: number): string[] {
  if (callers.length === 0) return [];
  const rows = callers.map((caller) => [
    cell(`**${escapeMarkdown(displayName(caller))}**`, locationLink(caller, after.sourceRoot)),
    cell(escapeMarkdown(callerChangeText(caller)), escapeMarkdown(`${caller.service}, ${caller.property}`)),
  ]);
  return [markdownTable(['Service', 'Tracing'], rows, maxLength), escapeMarkdown(costChangeText(cost))];
}

function functionRow(change: FunctionChange, root: SourceRoot): string[] {
  const details = detailsOf(change).map(({ text: words, tone }) =>
    tone === 'bad' ? `**${escapeMarkdown(words)}**` : escapeMarkdown(words),
  );
  // The file of a removed function need not exist at the new revision.
  const location =
    change.change === 'removed' ? escapeMarkdown(locationInWords(change)) : locationLink(change, root);
  return [
    cell(`**${escapeMarkdown(displayName(change))}**`, location),
    cell(
      `${change.change === 'changed' ? '' : `${change.change}: `}${escapeMarkdown(modeText(change))}`,
      ...details,
    ),
  ];
}

/** A finding that is acknowledged now is on the new templates, others on the baseline. */
function resolvedRow(finding: ReportedFinding, after: Report): string[] {
  const { severity, message, acknowledged } = finding;
  const location = isOpen(finding)
    ? escapeMarkdown(locationInWords(finding))
    : locationLink(finding, after.sourceRoot);
  return [
    severityCell(severity),
    cell(
      escapeMarkdown(message),
      ...(acknowledged ? [escapeMarkdown(`Acknowledged: ${acknowledged.reason}`)] : []),
      `${location} · ${ruleLink(finding)}`,
    ),
  ];
}

/** Returns the content of a cell with several lines. */
function cell(...lines: readonly string[]): string {
  return lines.join('<br>');
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
