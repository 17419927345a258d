import pc from 'picocolors';
import { pathOf as displayName } from '../../cloudformation/template';
import { printable } from '../../text/printable';
import { notReadLines, type TextOptions } from '../formats/text';
import { columns, wrap } from '../text-layout';
import { formatNumber, formatUsd, unreadText } from '../wording';
import type { EstimatedEntry, EstimateReport } from './report';

export type EstimateTextOptions = Omit<TextOptions, 'quiet'>;

/** Formats a report for a terminal: the sampling points, the assumptions and the cost. */
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

const HEAD = ['Entry', 'Sampled by', 'Requests/s', 'Recorded/s', 'Recorded/month', 'USD'];
/** The number of columns with text. The others contain numbers and are aligned to the right. */
const TEXT_COLUMNS = 2;

function table(entries: readonly EstimatedEntry[]): string[] {
  const rows = [HEAD, ...entries.map(cellsOf)];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((cells) => cells[i].length)));
  return columns(
    rows.map((cells) => cells.map((cell, i) => (i < TEXT_COLUMNS ? cell : cell.padStart(widths[i])))),
  );
}

function cellsOf(entry: EstimatedEntry): string[] {
  const { requestsPerSecond, recordedPerSecond, recordedPerMonth, usdPerMonth } = entry;
  return [
    printable(displayName(entry)),
    printable(samplerOf(entry)),
    formatNumber(requestsPerSecond),
    formatNumber(recordedPerSecond),
    formatNumber(recordedPerMonth),
    usdPerMonth === undefined ? '?' : formatUsd(usdPerMonth),
  ];
}

function samplerOf({ sampledBy, samplingRule }: EstimatedEntry): string {
  if (samplingRule) return `rule ${displayName(samplingRule)}`;
  return sampledBy === 'lambda' ? 'Lambda' : 'default rule';
}

function itemLines(text: string, width = Number.MAX_SAFE_INTEGER): string[] {
  return wrap(text, width - 2).map((line, i) => `${i === 0 ? '-' : ' '} ${line}`);
}

/** Returns a summary: `9,066,600 traces recorded per month, 100,000 of them free, the rest at USD 5.00 per million: USD 44.83.` */
export function summaryLine(report: EstimateReport): string {
  const { templates, recordedPerMonth, freePerMonth, usdPerMonth, prices, errors } = report;
  const notRead = unreadText(errors.length);
  if (templates === 0) return `Nothing was estimated.${notRead}`;
  const [price, ...otherPrices] = prices;
  const rest =
    price && otherPrices.length === 0 ? `, the rest at USD ${formatUsd(price.recorded)} per million` : '';
  const free = freePerMonth > 0 ? `, ${formatNumber(freePerMonth)} of them free` : '';
  const amount = usdPerMonth === undefined ? '' : `: USD ${formatUsd(usdPerMonth)}`;
  const traces = `${formatNumber(recordedPerMonth)} ${recordedPerMonth === 1 ? 'trace' : 'traces'} recorded per month`;
  return `${traces}${free}${recordedPerMonth > freePerMonth ? rest : ''}${amount}.${notRead}`;
}
