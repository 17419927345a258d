import pc from 'picocolors';
import { printable } from '../../text/printable';
import {
  type Colors,
  findingHead,
  findingLines,
  namesOf,
  notReadLines,
  type TextOptions,
} from '../formats/text';
import { byTemplate, type ReportedFinding } from '../report';
import { columnsApart, wrap } from '../text-layout';
import { locationInWords } from '../wording';
import { type Diff, isOfNote } from './diff';
import type { Change, FunctionChange } from './function-changes';
import { type Detail, detailsOf, modeInWords, summaryLine } from './wording';

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

/** For people: the functions that are not as they were, by template, then the findings. */
export function diffText(diff: Diff, { color, quiet, width = Number.MAX_SAFE_INTEGER }: TextOptions): string {
  const colors = pc.createColors(color);
  const { before, after, functions, findings, notes } = diff;
  const errors = [...before.errors, ...after.errors];
  const blocks = [
    ...[...byTemplate(functions.filter(isOfNote))].map(([template, changes]) => [
      // What nothing has come of is called by its file: its ID is there to be told from all others.
      colors.underline(printable(after.templates.includes(template) ? template : changes[0].file)),
      ...changes.flatMap((change) => functionLines(change, colors, width)),
    ]),
    below('New findings', columnsApart(findings.new.map((finding) => findingLines(finding, colors, width)))),
    below(
      'Findings that are gone',
      findings.gone.flatMap((finding) => goneLines(finding, colors, width)),
    ),
    errors.length > 0 ? notReadLines(errors, colors) : [],
    quiet ? [] : notes.flatMap((note) => wrap(printable(note), width)),
    quiet ? [] : [colors.bold(summaryLine(diff))],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');

  function below(heading: string, lines: readonly string[]): string[] {
    return lines.length > 0 ? [colors.underline(heading), ...lines] : [];
  }
}

function functionLines(change: FunctionChange, colors: Colors, width: number): string[] {
  const head = [
    printable(locationInWords(change)),
    colors[CHANGE_COLORS[change.change]](change.change),
    colors.bold(printable(namesOf(change))),
    printable(modeInWords(change)),
  ];
  return [
    `  ${head.join('  ')}`,
    ...detailsOf(change).flatMap(({ words, tone }) => {
      const lines = wrap(printable(words), width - 4);
      return lines.map((line) => `    ${colors[TONE_COLORS[tone]](line)}`);
    }),
  ];
}

function goneLines(finding: ReportedFinding, colors: Colors, width: number): string[] {
  const { acknowledged } = finding;
  const words = acknowledged ? wrap(printable(`Acknowledged: ${acknowledged.reason}`), width - 4) : [];
  return [findingHead(finding, colors), ...words.map((line) => `    ${line}`)];
}
