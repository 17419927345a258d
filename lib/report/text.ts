import pc from 'picocolors';
import type { LoadError } from '../load/loaded';
import { apart } from './apart';
import { columns } from './columns';
import { type Colors, findingLines } from './finding-lines';
import { MODES } from './function-summary';
import { summaryLine } from './in-words';
import { printable } from '../printable';
import { byTemplate, isOpen, type Report, type ReportedFinding } from './report';

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
  return [colors.underline(printable(template)), ...apart(blocks)];
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
