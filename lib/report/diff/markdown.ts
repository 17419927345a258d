import { pathOf as displayName } from '../../cloudformation/template';
import { SEVERITIES } from '../../rules/rule';
import {
  configurationBlocks,
  escapeMarkdown,
  findingTable,
  ICONS,
  markdownTable,
  MAX_COMMENT,
  notReadTable,
  ruleLink,
} from '../formats/markdown';
import { isOpen, type ReportedFinding } from '../report';
import { locationInWords } from '../wording';
import { callerChangeText, costChangeText } from './caller-changes';
import { configurationChangeText } from './configuration-changes';
import { type Diff, isNoteworthy } from './diff';
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

/** Returns a report for a comment on a pull request. */
export function diffMarkdown(diff: Diff): string {
  const { before, after, findings, notes, configurationChanges: loosened } = diff;
  const functions = diff.functions.filter(isNoteworthy);
  const errors = [...before.errors, ...after.errors];
  const maxLength = (part: keyof typeof SHARES) => MAX_COMMENT * SHARES[part];
  const blocks = [
    `### ${iconOf(diff)} AWS X-Ray tracing: ${lowerFirst(outcomeText(diff))}`,
    escapeMarkdown(countsText(diff)),
    findings.new.length > 0 ? findingTable(findings.new, maxLength('new')) : '',
    loosened.length > 0
      ? markdownTable(
          ['', 'Loosened checks'],
          loosened.map((change) => [
            change.fails ? ICONS.error : ICONS.warning,
            escapeMarkdown(configurationChangeText(change)),
          ]),
          maxLength('loosened'),
        )
      : '',
    ...callerBlocks(diff, maxLength('callers')),
    functions.length > 0
      ? markdownTable(
          ['Function', 'Location', 'Change', 'Tracing mode', 'Other changes'],
          functions.map(functionRow),
          maxLength('functions'),
        )
      : '',
    findings.resolved.length > 0
      ? markdownTable(
          ['Resolved', 'Location', 'Rule'],
          findings.resolved.map(resolvedRow),
          maxLength('resolved'),
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
  const open = findings.new.filter(isOpen);
  const highest = SEVERITIES.find((severity) => open.some((finding) => finding.severity === severity));
  if (highest) return ICONS[highest];
  return loosened.length > 0 ? ICONS.warning : '✅';
}

function callerBlocks({ callers, cost }: Diff, maxLength: number): string[] {
  if (callers.length === 0) return [];
  const rows = callers.map((caller) => [
    escapeMarkdown(displayName(caller)),
    escapeMarkdown(locationInWords(caller)),
    escapeMarkdown(`${caller.service}, ${caller.property}`),
    escapeMarkdown(callerChangeText(caller)),
  ]);
  return [
    markdownTable(['Service', 'Location', 'Property', 'Tracing'], rows, maxLength),
    escapeMarkdown(costChangeText(cost)),
  ];
}

function functionRow(change: FunctionChange): string[] {
  const details = detailsOf(change).map(({ text: words, tone }) =>
    tone === 'bad' ? `**${escapeMarkdown(words)}**` : escapeMarkdown(words),
  );
  return [
    escapeMarkdown(displayName(change)),
    escapeMarkdown(locationInWords(change)),
    change.change,
    escapeMarkdown(modeText(change)),
    details.join('<br>'),
  ];
}

function resolvedRow(finding: ReportedFinding): string[] {
  const { message, acknowledged } = finding;
  const words = [message, ...(acknowledged ? [`Acknowledged: ${acknowledged.reason}`] : [])];
  return [
    words.map(escapeMarkdown).join('<br>'),
    escapeMarkdown(locationInWords(finding)),
    ruleLink(finding),
  ];
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
