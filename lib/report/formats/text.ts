import pc from 'picocolors';
import type { LoadError } from '../../input/loaded-template';
import { printable } from '../../text/printable';
import { configurationText } from '../configuration';
import { modeCounts } from '../function-summary';
import { isOpen, type Report, type ReportedFinding } from '../report';
import { wrap } from '../text-layout';
import { ACKNOWLEDGEMENT } from '../../rules/acknowledgement';
import { count, positionInWords, summaryLine } from '../wording';
import { type Colors, findingGroups, shortIdOf } from '../text-findings';

export interface TextOptions {
  readonly color: boolean;
  /** Set to leave out everything but findings and errors. */
  readonly quiet: boolean;
  /** Set to show all findings, with details such as related resources. */
  readonly verbose?: boolean;
  /**
   * The characters per line.
   *
   * @default - lines are not broken
   */
  readonly width?: number;
}

/** Returns a report for terminals: findings by file, and the number of functions by mode. */
export function text(report: Report, { color, quiet, width, verbose }: TextOptions): string {
  const colors = pc.createColors(color);
  const open = report.findings.filter(isOpen);
  const wrapped = (line: string) => wrap(line, width ?? Number.MAX_SAFE_INTEGER);
  const blocks = [
    ...findingGroups(open, { colors, width, verbose }),
    ...(report.errors.length > 0 ? [notReadLines(report.errors, colors)] : []),
    ...(quiet
      ? []
      : [
          configurationLines(report, width),
          ...report.notes.map(wrapped),
          [...modesOf(report), colors.bold(summaryLine(report)), ...adviceOn(open).flatMap(wrapped)],
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
export function errorLine(error: LoadError): string {
  return printable(`${positionInWords(error)}: ${error.message}`);
}

/** Returns the errors below a heading. */
export function notReadLines(errors: readonly LoadError[], colors: Colors): string[] {
  return [colors.underline('Not read'), ...errors.map((error) => `  ${errorLine(error)}`)];
}

/** Returns the number of functions by mode: `26 functions: 3 Active, 23 Unset.` Empty if nothing was read. */
function modesOf({ summary }: Report): string[] {
  if (summary.templates === 0) return [];
  if (summary.functions === 0) return ['The templates contain no Lambda functions.'];
  return [`${count(summary.functions, 'function')}: ${modeCounts(summary.byMode).join(', ')}.`];
}

/** Returns how to learn more about findings and how to accept one. Empty if there are none. */
export function adviceOn(findings: readonly ReportedFinding[]): string[] {
  if (findings.length === 0) return [];
  const name = shortIdOf(findings[0].rule);
  // A problem of the configuration has the path that its entry names.
  const onConstruct = findings.some(
    ({ rule, constructPath }) => rule !== ACKNOWLEDGEMENT && constructPath !== undefined,
  )
    ? ' or on its construct'
    : '';
  return [
    `For the reason of a finding, run cdk-lambda-xray explain ${name}. To accept a finding, acknowledge it in .cdk-lambda-xray.yaml${onConstruct}.`,
  ];
}
