import pc from 'picocolors';
import { pathOf as displayName } from '../../cloudformation/template';
import { columns, printable, wrap } from '../../text/printable';
import { notReadLines, type TextOptions } from '../formats/text';
import { formatNumber, formatUsd, roundedNumber, unreadText } from '../wording';
import type { EstimatedEntry, EstimateReport } from './report';

export type EstimateTextOptions = Omit<TextOptions, 'quiet'>;

/** The number of entries without `--verbose`. */
const TOP = 10;

/** Formats a report for a terminal: the cost, the sampling points with the highest cost, and the assumptions. */
export function estimateText(report: EstimateReport, { color, width, verbose }: EstimateTextOptions): string {
  const { entries: all, notes, errors } = report;
  const entries = verbose === true ? all : all.slice(0, TOP);
  const more = all.length - entries.length;
  const colors = pc.createColors(color);
  const [head, ...rows] = table(entries);
  const blocks = [
    [colors.bold(summaryLine(report))],
    ...(rows.length > 0
      ? [[colors.dim(head), ...rows, ...(more > 0 ? [`${formatNumber(more)} more, see --verbose`] : [])]]
      : []),
    ...(errors.length > 0 ? [notReadLines(errors, colors)] : []),
    notes.flatMap((note) => itemLines(printable(note), width)),
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
  const { stack, requestsPerSecond, recordedPerSecond, recordedPerMonth, usdPerMonth, guesses } = entry;
  const name = displayName(entry);
  return [
    printable(stack === undefined ? name : `${stack}: ${name}`),
    printable(samplerOf(entry)),
    formatNumber(requestsPerSecond),
    formatNumber(recordedPerSecond),
    formatNumber(recordedPerMonth),
    usdPerMonth === undefined ? '?' : `${guesses.length > 0 ? '~' : ''}${formatUsd(usdPerMonth)}`,
  ];
}

const SAMPLERS = {
  lambda: 'Lambda',
  'default-rule': 'default rule',
  'sampling-rule': 'sampling rule',
  'transaction-search': 'not sampled',
} as const;

function samplerOf({ sampledBy, samplingRule }: EstimatedEntry): string {
  return samplingRule ? `rule ${displayName(samplingRule)}` : SAMPLERS[sampledBy];
}

function itemLines(text: string, width = Number.MAX_SAFE_INTEGER): string[] {
  return wrap(text, width - 2).map((line, i) => `${i === 0 ? '-' : ' '} ${line}`);
}

/**
 * Returns a summary: `USD 44.83 per month: 9,066,600 traces recorded, 100,000 of them free, the rest at USD 5.00 per million.`
 */
export function summaryLine(report: EstimateReport): string {
  const { templates, recordedPerMonth, usdPerMonth, transactionSearch, errors } = report;
  const notRead = unreadText(errors.length);
  if (templates === 0) return `Nothing was estimated.${notRead}`;
  const { on } = transactionSearch;
  const isGuess = on !== undefined || report.entries.some(({ guesses }) => guesses.length > 0);
  const amount =
    usdPerMonth === undefined
      ? 'Cost per month unknown'
      : `${isGuess ? 'About ' : ''}USD ${formatUsd(usdPerMonth)} per month`;
  const parts = [
    ...(recordedPerMonth > 0 || !on ? [tracesInWords(report)] : []),
    ...(on
      ? [`${roundedNumber(on.spans)} spans (${roundedNumber(on.gigabytes)} GB) with Transaction Search`]
      : []),
  ];
  return `${amount}: ${parts.join(', and ')}.${notRead}`;
}

function tracesInWords({ recordedPerMonth, freePerMonth, prices }: EstimateReport): string {
  const [price, ...otherPrices] = prices;
  const hasPrice = price && otherPrices.length === 0 && recordedPerMonth > freePerMonth;
  const rest = hasPrice ? `, the rest at USD ${formatUsd(price.recorded)} per million` : '';
  const free = freePerMonth > 0 ? `, ${formatNumber(freePerMonth)} of them free` : '';
  const traces = `${formatNumber(recordedPerMonth)} ${recordedPerMonth === 1 ? 'trace' : 'traces'} recorded`;
  return `${traces}${free}${rest}`;
}
