import pc from 'picocolors';
import { pathOf as displayName } from '../../cloudformation/template';
import type { LoadError } from '../../input/loaded-template';
import type { Severity } from '../../rules/rule';
import { printable } from '../../text/printable';
import { configurationText } from '../configuration';
import { MODES } from '../function-summary';
import type { Location } from '../location';
import { byTemplate, isOpen, type Report, type ReportedFinding } from '../report';
import { columns, joinBlocks, wrap } from '../text-layout';
import { locationInWords, summaryLine, templateInWords } from '../wording';

export interface TextOptions {
  readonly color: boolean;
  /** Set to leave out everything but findings and errors. */
  readonly quiet: boolean;
  /**
   * The characters per line.
   *
   * @default - lines are not broken
   */
  readonly width?: number;
}

/** Returns a report for terminals: findings by template, and the number of functions by mode. */
export function text(report: Report, { color, quiet, width }: TextOptions): string {
  const colors = pc.createColors(color);
  const groups = [...byTemplate(report.findings.filter(isOpen))];
  const blocks = [
    ...groups.map(([template, findings]) => groupOf(template, findings, colors, width)),
    ...(report.errors.length > 0 ? [notReadLines(report.errors, colors)] : []),
    ...(quiet
      ? []
      : [
          ...modesOf(report, colors),
          configurationLines(report, width),
          ...report.notes.map((note) => wrap(note, width ?? Number.MAX_SAFE_INTEGER)),
          [colors.bold(summaryLine(report))],
        ]),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** Returns what differs from the default configuration. Empty if nothing does. */
export function configurationLines(
  { configuration, summary }: Report,
  width = Number.MAX_SAFE_INTEGER,
): string[] {
  const text = configurationText(configuration, summary.acknowledged);
  return text === '' ? [] : wrap(printable(text), width);
}

/** Returns an error such as `template.yaml:3:5: not a template`. */
export function errorLine({ file, line, column, message }: LoadError): string {
  const location = [file, line, column].filter((part) => part !== undefined).join(':');
  return printable(`${location}: ${message}`);
}

function groupOf(
  template: string,
  findings: readonly ReportedFinding[],
  colors: Colors,
  width: number | undefined,
): string[] {
  const blocks = findings.map((finding) => findingLines(finding, colors, width));
  return [colors.underline(printable(template)), ...joinBlocks(blocks)];
}

/** Returns the errors below a heading. */
export function notReadLines(errors: readonly LoadError[], colors: Colors): string[] {
  return [colors.underline('Not read'), ...errors.map((error) => `  ${errorLine(error)}`)];
}

/** Returns a table of the modes. Empty if nothing was read. */
function modesOf({ summary }: Report, colors: Colors): string[][] {
  if (summary.templates === 0) return [];
  if (summary.functions === 0) return [['The templates contain no Lambda functions.']];
  const [head, ...rows] = columns([
    ['Tracing', 'Functions'],
    ...MODES.map((mode) => [mode, String(summary.byMode[mode])]),
  ]);
  return [[colors.dim(head), ...rows]];
}

export type Colors = ReturnType<typeof pc.createColors>;

const COLORS: Readonly<Record<Severity, 'red' | 'yellow' | 'cyan'>> = {
  error: 'red',
  warning: 'yellow',
  info: 'cyan',
};

/** Returns a finding: location, message, related resources, and its fix or the reason of its acknowledgement. */
export function findingLines(
  finding: ReportedFinding,
  colors: Colors,
  width = Number.MAX_SAFE_INTEGER,
): string[] {
  const { message, fix, related, acknowledged } = finding;
  const indented = (paragraph: string) => wrap(printable(paragraph), width - 4).map((line) => `    ${line}`);
  return [
    findingHead(finding, colors),
    ...indented(message),
    ...(related.length > 0 ? indented(`See: ${related.map(relatedText).join(', ')}`) : []),
    ...indented(acknowledged ? `Acknowledged: ${acknowledged.reason}` : `Fix: ${fix}`),
    ...templateInWords(finding).flatMap(indented),
  ];
}

/** Returns the first line of a finding: location, severity, rule and name. */
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

/** Returns the construct path, followed by the logical ID if it differs. */
export function namesOf(location: Location): string {
  const { logicalId } = location;
  const name = displayName(location);
  return name === logicalId || logicalId === '' ? name : `${name} (${logicalId})`;
}

function relatedText(location: Location): string {
  return `${displayName(location)} (${locationInWords(location)})`;
}
