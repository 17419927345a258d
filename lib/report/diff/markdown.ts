import {
  escapeMarkdown,
  findingTable,
  ICONS,
  markdownTable,
  MAX_COMMENT,
  notReadTable,
  ruleLink,
} from '../formats/markdown';
import { isOpen, type ReportedFinding } from '../report';
import { SEVERITIES } from '../severity';
import { displayName, locationInWords } from '../wording';
import { type Diff, isOfNote } from './diff';
import type { FunctionChange } from './function-changes';
import { detailsOf, modeInWords, numbersInWords, outcomeInWords } from './wording';

/** How much of a comment each part may take. */
const SHARES = { new: 0.35, functions: 0.3, gone: 0.15, notRead: 0.15, notes: 0.05 } as const;

/** For a comment on a pull request. */
export function diffMarkdown(diff: Diff): string {
  const { before, after, findings, notes } = diff;
  const functions = diff.functions.filter(isOfNote);
  const errors = [...before.errors, ...after.errors];
  const room = (part: keyof typeof SHARES) => MAX_COMMENT * SHARES[part];
  const blocks = [
    `### ${iconOf(diff)} AWS X-Ray tracing: ${lowerFirst(outcomeInWords(diff))}`,
    escapeMarkdown(numbersInWords(diff)),
    findings.new.length > 0 ? findingTable(findings.new, room('new')) : '',
    functions.length > 0
      ? markdownTable(
          ['Function', 'Where', 'Change', 'Tracing mode', 'Besides'],
          functions.map(functionRow),
          room('functions'),
        )
      : '',
    findings.gone.length > 0
      ? markdownTable(['Gone', 'Where', 'Rule'], findings.gone.map(goneRow), room('gone'))
      : '',
    errors.length > 0 ? notReadTable(errors, room('notRead')) : '',
    notes.length > 0
      ? markdownTable(
          ['To be known of the baseline'],
          notes.map((note) => [escapeMarkdown(note)]),
          room('notes'),
        )
      : '',
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** That of the gravest new finding. */
function iconOf({ findings, before, after }: Diff): string {
  if (before.errors.length > 0 || after.errors.length > 0) return ICONS.error;
  const open = findings.new.filter(isOpen);
  const gravest = SEVERITIES.find((severity) => open.some((finding) => finding.severity === severity));
  return gravest ? ICONS[gravest] : '✅';
}

function functionRow(change: FunctionChange): string[] {
  const details = detailsOf(change).map(({ words, tone }) =>
    tone === 'bad' ? `**${escapeMarkdown(words)}**` : escapeMarkdown(words),
  );
  return [
    escapeMarkdown(displayName(change)),
    escapeMarkdown(locationInWords(change)),
    change.change,
    escapeMarkdown(modeInWords(change)),
    details.join('<br>'),
  ];
}

function goneRow(finding: ReportedFinding): string[] {
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
