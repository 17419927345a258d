import pc from 'picocolors';
import { columns } from '../columns';
import { nameOf } from '../in-words';
import { printable } from '../../printable';
import { notReadLines, type TextOptions } from '../text';
import { wrap } from '../wrap';
import type { EstimatedEntry, EstimateReport } from './estimate-report';
import { figure, usd } from './figures-in-words';
import { summaryLine } from './in-words';

export type EstimateTextOptions = Omit<TextOptions, 'quiet'>;

/** For people: where it is decided what is recorded, what has been assumed, and what it costs. */
export function estimateText(report: EstimateReport, { color, width }: EstimateTextOptions): string {
  const { entries, notes, errors } = report;
  const colors = pc.createColors(color);
  const [head, ...rows] = table(entries);
  const blocks = [
    ...(rows.length > 0 ? [[colors.dim(head), ...rows]] : []),
    ...(errors.length > 0 ? [notReadLines(errors, colors)] : []),
    notes.flatMap((note) => itemLines(printable(note), width)),
    [colors.bold(summaryLine(report))],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

const HEAD = ['Entry', 'Decides', 'Requests/s', 'Recorded/s', 'Recorded/month', 'USD'];
/** How many of the columns have words in them. */
const WORDS = 2;

function table(entries: readonly EstimatedEntry[]): string[] {
  const rows = [HEAD, ...entries.map(cellsOf)];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((cells) => cells[i].length)));
  return columns(rows.map((cells) => cells.map((cell, i) => (i < WORDS ? cell : cell.padStart(widths[i])))));
}

function cellsOf(entry: EstimatedEntry): string[] {
  const { requestsPerSecond, recordedPerSecond, recordedPerMonth, usdPerMonth } = entry;
  return [
    printable(nameOf(entry)),
    printable(deciderOf(entry)),
    figure(requestsPerSecond),
    figure(recordedPerSecond),
    figure(recordedPerMonth),
    usdPerMonth === undefined ? '?' : usd(usdPerMonth),
  ];
}

function deciderOf({ decidedBy, samplingRule }: EstimatedEntry): string {
  if (samplingRule) return `rule ${nameOf(samplingRule)}`;
  return decidedBy === 'lambda' ? 'Lambda' : 'default rule';
}

function itemLines(text: string, width = Number.MAX_SAFE_INTEGER): string[] {
  return wrap(text, width - 2).map((line, i) => `${i === 0 ? '-' : ' '} ${line}`);
}
