import pc from 'picocolors';
import { printable, wrap } from '../../text/printable';
import {
  adviceOn,
  type Colors,
  configurationLines,
  findingGroups,
  findingHead,
  namesOf,
  notReadLines,
  type TextOptions,
} from '../formats/text';
import { byTemplate, isOpen, type ReportedFinding } from '../report';
import { locationInWords } from '../wording';
import { callerChangeText, costChangeText, type Diff, isNoteworthy } from './diff';
import { configurationChangeText } from './configuration-changes';
import type { Change, FunctionChange } from './function-changes';
import { type Detail, detailsOf, modeText, summaryLine } from './wording';

const CHANGE_COLORS: Readonly<Record<Change, 'green' | 'red' | 'yellow' | 'dim'>> = {
  added: 'green',
  removed: 'red',
  changed: 'yellow',
  republished: 'dim',
};

const TONE_COLORS: Readonly<Record<Detail['tone'], 'green' | 'red' | 'dim'>> = {
  good: 'green',
  bad: 'red',
  neutral: 'dim',
};

/** Returns a report for terminals: changed functions by template, then new and resolved findings. */
export function diffText(
  diff: Diff,
  { color, quiet, width = Number.MAX_SAFE_INTEGER, verbose }: TextOptions,
): string {
  const colors = pc.createColors(color);
  const { before, after, functions, findings, notes } = diff;
  const errors = [...before.errors, ...after.errors];
  const blocks = [
    ...[...byTemplate(functions.filter(isNoteworthy))].map(([template, changes]) => [
      // A removed template has an artificial ID, so the heading is its file.
      colors.underline(printable(after.templates.includes(template) ? template : changes[0].file)),
      ...changes.flatMap((change) => functionLines(change, colors, width)),
    ]),
    section('Services', callerLines(diff, colors, width)),
    section(
      'New findings',
      findingGroups(findings.new, { colors, width: width - 2, verbose })
        .flat()
        .map((line) => `  ${line}`),
    ),
    section(
      'Loosened checks',
      diff.configurationChanges.flatMap((change) => {
        const lines = wrap(configurationChangeText(change), width - 2);
        return lines.map((line) => `  ${change.fails ? colors.red(line) : line}`);
      }),
    ),
    section(
      'Resolved findings',
      findings.resolved.flatMap((finding) => resolvedLines(finding, colors, width)),
    ),
    errors.length > 0 ? notReadLines(errors, colors) : [],
    quiet ? [] : configurationLines(after, width),
    quiet ? [] : notes.flatMap((note) => wrap(printable(note), width)),
    quiet
      ? []
      : [
          colors.bold(summaryLine(diff)),
          ...adviceOn(findings.new.filter(isOpen)).flatMap((line) => wrap(line, width)),
        ],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');

  function section(heading: string, lines: readonly string[]): string[] {
    return lines.length > 0 ? [colors.underline(heading), ...lines] : [];
  }
}

const CALLER_COLORS = { 'turned on': 'green', 'turned off': 'red', kept: 'dim' } as const;

function callerLines({ callers, cost }: Diff, colors: Colors, width: number): string[] {
  if (callers.length === 0) return [];
  return [
    ...callers.map((caller) => {
      const head = [
        printable(locationInWords(caller)),
        colors[CALLER_COLORS[caller.change]](callerChangeText(caller)),
        colors.bold(printable(namesOf(caller))),
        `${caller.service}, ${caller.property}`,
      ];
      return `  ${head.join('  ')}`;
    }),
    ...wrap(costChangeText(cost), width - 2).map((line) => `  ${line}`),
  ];
}

function functionLines(change: FunctionChange, colors: Colors, width: number): string[] {
  const head = [
    printable(locationInWords(change)),
    colors[CHANGE_COLORS[change.change]](change.change),
    colors.bold(printable(namesOf(change))),
    printable(modeText(change)),
  ];
  return [
    `  ${head.join('  ')}`,
    ...detailsOf(change).flatMap(({ text, tone }) => {
      const lines = wrap(printable(text), width - 4);
      return lines.map((line) => `    ${colors[TONE_COLORS[tone]](line)}`);
    }),
  ];
}

function resolvedLines(finding: ReportedFinding, colors: Colors, width: number): string[] {
  const { acknowledged } = finding;
  const reason = acknowledged ? wrap(printable(`Acknowledged: ${acknowledged.reason}`), width - 4) : [];
  return [findingHead(finding, colors), ...reason.map((line) => `    ${line}`)];
}
