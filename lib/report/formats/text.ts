import pc from 'picocolors';
import type { LoadError } from '../../input/loaded-template';
import type { Severity } from '../../rules/rule';
import { printable } from '../../text/printable';
import { MODES } from '../function-summary';
import type { Location } from '../location';
import { byTemplate, isOpen, type Report, type ReportedFinding } from '../report';
import { columnsApart, columns, wrap } from '../text-layout';
import { displayName, summaryLine, locationInWords } from '../wording';

export interface TextOptions {
  readonly color: boolean;
  /** Findings alone. */
  readonly quiet: boolean;
  /** How many characters go on a line; messages aren't broken where it isn't given. */
  readonly width?: number;
}

/** For people: findings by template, and how many functions are in which mode. */
export function text(report: Report, { color, quiet, width }: TextOptions): string {
  const colors = pc.createColors(color ?? false);
  const groups = [...byTemplate(report.findings.filter(isOpen))];
  const blocks = [
    ...groups.map(([template, findings]) => groupOf(template, findings, colors, width)),
    ...(report.errors.length > 0 ? [notReadLines(report.errors, colors)] : []),
    ...(quiet ? [] : [[...modesOf(report, colors), '', colors.bold(summaryLine(report))]]),
  ];
  return blocks.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

/** `template.yaml:3:5: not a template`. */
export function errorLine({ file, line, column, message }: LoadError): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return printable(`${place}: ${message}`);
}

function groupOf(
  template: string,
  findings: readonly ReportedFinding[],
  colors: Colors,
  width: number | undefined,
): string[] {
  const blocks = findings.map((finding) => findingLines(finding, colors, width));
  return [colors.underline(printable(template)), ...columnsApart(blocks)];
}

/** What could not be read, below a heading. */
export function notReadLines(errors: readonly LoadError[], colors: Colors): string[] {
  return [colors.underline('Not read'), ...errors.map((error) => `  ${errorLine(error)}`)];
}

function modesOf({ summary }: Report, colors: Colors): string[] {
  const [head, ...rows] = columns([
    ['Tracing', 'Functions'],
    ...MODES.map((mode) => [mode, String(summary.byMode[mode])]),
  ]);
  return [colors.dim(head), ...rows];
}

export type Colors = ReturnType<typeof pc.createColors>;

const COLORS: Readonly<Record<Severity, 'red' | 'yellow' | 'cyan'>> = {
  error: 'red',
  warning: 'yellow',
  info: 'cyan',
};

/** A finding for people: where it is, what is wrong, and how to mend it or why that isn't needed. */
export function findingLines(
  finding: ReportedFinding,
  colors: Colors,
  width = Number.MAX_SAFE_INTEGER,
): string[] {
  const { message, fix, related, acknowledged } = finding;
  const indented = (words: string) => wrap(printable(words), width - 4).map((line) => `    ${line}`);
  return [
    findingHead(finding, colors),
    ...indented(message),
    ...(related.length > 0 ? indented(`See: ${related.map(relatedTo).join(', ')}`) : []),
    ...indented(acknowledged ? `Acknowledged: ${acknowledged.reason}` : `Fix: ${fix}`),
  ];
}

/** The first of these lines: the place, the rule and the name. */
export function findingHead(finding: ReportedFinding, colors: Colors): string {
  const { severity, rule } = finding;
  const head = [
    printable(locationInWords(finding)),
    colors[COLORS[severity]](severity),
    colors.bold(rule.id),
    printable(namesOf(finding)),
  ];
  return `  ${head.join('  ')}`.trimEnd();
}

/** The construct, and the logical ID where that is another. */
export function namesOf(place: Location): string {
  const name = displayName(place);
  return name === place.logicalId || place.logicalId === '' ? name : `${name} (${place.logicalId})`;
}

function relatedTo(place: Location): string {
  return `${displayName(place)} (${locationInWords(place)})`;
}
