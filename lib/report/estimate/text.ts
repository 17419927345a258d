import pc from 'picocolors';
import { printable } from '../../text/printable';
import { notReadLines, type TextOptions } from '../formats/text';
import { columns, wrap } from '../text-layout';
import { count, displayName } from '../wording';
import { formatNumber, formatUsd } from './figures';
import type { EstimatedEntry, EstimateReport } from './report';

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
    printable(displayName(entry)),
    printable(deciderOf(entry)),
    formatNumber(requestsPerSecond),
    formatNumber(recordedPerSecond),
    formatNumber(recordedPerMonth),
    usdPerMonth === undefined ? '?' : formatUsd(usdPerMonth),
  ];
}

function deciderOf({ sampledBy: decidedBy, samplingRule }: EstimatedEntry): string {
  if (samplingRule) return `rule ${displayName(samplingRule)}`;
  return decidedBy === 'lambda' ? 'Lambda' : 'default rule';
}

function itemLines(text: string, width = Number.MAX_SAFE_INTEGER): string[] {
  return wrap(text, width - 2).map((line, i) => `${i === 0 ? '-' : ' '} ${line}`);
}

/** Such as `9,066,600 traces recorded a month, 100,000 of them free, the others at USD 5.00 a million: USD 44.83.` */
export function summaryLine(report: EstimateReport): string {
  const { recordedPerMonth, freePerMonth, usdPerMonth, prices, errors } = report;
  const [price, ...otherPrices] = prices;
  const rate =
    price && otherPrices.length === 0 ? `, the others at USD ${formatUsd(price.recorded)} a million` : '';
  const free = freePerMonth > 0 ? `, ${formatNumber(freePerMonth)} of them free` : '';
  const amount = usdPerMonth === undefined ? '' : `: USD ${formatUsd(usdPerMonth)}`;
  const traces = `${formatNumber(recordedPerMonth)} ${recordedPerMonth === 1 ? 'trace' : 'traces'} recorded a month`;
  const unread = errors.length > 0 ? ` ${count(errors.length, 'part')} of the input could not be read.` : '';
  return `${traces}${free}${recordedPerMonth > freePerMonth ? rate : ''}${amount}.${unread}`;
}
