import pc from 'picocolors';
import type { LoadError } from '../load/loaded';
import type { Severity } from '../rules/rule';
import { columns } from './columns';
import { MODES } from './function-summary';
import { nameOf, summaryLine, whereabouts } from './in-words';
import { printable } from './printable';
import { byTemplate, isOpen, type Place, type Report, type ReportedFinding } from './report';
import { wrap } from './wrap';

export interface TextOptions {
  readonly color: boolean;
  /** Findings alone. */
  readonly quiet: boolean;
  /** How many characters go on a line; messages aren't broken where it isn't given. */
  readonly width?: number;
}

type Colors = ReturnType<typeof pc.createColors>;

const COLORS: Readonly<Record<Severity, 'red' | 'yellow' | 'cyan'>> = {
  error: 'red',
  warning: 'yellow',
  info: 'cyan',
};

/** For people: findings by template, and how many functions are in which mode. */
export function text(report: Report, { color, quiet, width }: TextOptions): string {
  const colors = pc.createColors(color ?? false);
  const groups = [...byTemplate(report.findings.filter(isOpen))];
  const blocks = [
    ...groups.map(([template, findings]) => groupOf(template, findings, colors, width)),
    ...(report.errors.length > 0 ? [errorsOf(report.errors, colors)] : []),
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
  const blocks = findings.map((finding) => linesOf(finding, colors, width));
  return [
    colors.underline(printable(template)),
    ...blocks.flatMap((lines, i) => (i > 0 ? ['', ...lines] : lines)),
  ];
}

function linesOf(finding: ReportedFinding, colors: Colors, width = Number.MAX_SAFE_INTEGER): string[] {
  const { severity, rule, message, fix, related } = finding;
  const head = [
    printable(whereabouts(finding)),
    colors[COLORS[severity]](severity),
    colors.bold(rule.id),
    printable(namesOf(finding)),
  ];
  const indented = (words: string) => wrap(printable(words), width - 4).map((line) => `    ${line}`);
  return [
    `  ${head.join('  ')}`.trimEnd(),
    ...indented(message),
    ...(related.length > 0 ? indented(`See: ${related.map(relatedTo).join(', ')}`) : []),
    ...indented(`Fix: ${fix}`),
  ];
}

function namesOf(place: Place): string {
  const name = nameOf(place);
  return name === place.logicalId || place.logicalId === '' ? name : `${name} (${place.logicalId})`;
}

function relatedTo(place: Place): string {
  return `${nameOf(place)} (${whereabouts(place)})`;
}

function errorsOf(errors: readonly LoadError[], colors: Colors): string[] {
  return [colors.underline('Not read'), ...errors.map((error) => `  ${errorLine(error)}`)];
}

function modesOf({ summary }: Report, colors: Colors): string[] {
  const [head, ...rows] = columns([
    ['Tracing', 'Functions'],
    ...MODES.map((mode) => [mode, String(summary.byMode[mode])]),
  ]);
  return [colors.dim(head), ...rows];
}
