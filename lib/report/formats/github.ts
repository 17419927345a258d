import type { Severity } from '../../rules/rule';
import { printable } from '../../text/printable';
import { configurationText } from '../configuration';
import { pathFromRoot, positionsOf } from '../location';
import { isOpen, type Report } from '../report';
import { summaryLine, otherPositions } from '../wording';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/**
 * Returns workflow commands, which make GitHub Actions annotate files. Paths are relative to the root of the repository.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function github(report: Report, { quiet }: { readonly quiet: boolean }): string {
  const settings = configurationText(report.configuration, report.summary.acknowledged);
  const pathOf = (file: string) => printable(pathFromRoot(file, report.sourceRoot));
  const lines = [
    ...report.errors.map(({ file, line, column, message }) =>
      command('error', { file: pathOf(file), line, col: column, title: 'Not read' }, printable(message)),
    ),
    ...report.warnings.map(({ file, line, column, message }) =>
      command('warning', { file: pathOf(file), line, col: column, title: 'Template' }, printable(message)),
    ),
    ...report.findings.filter(isOpen).map((finding) => {
      const { severity, rule, message, fix } = finding;
      const [{ file, position }] = positionsOf(finding);
      const properties = {
        file: pathOf(file),
        line: position?.line,
        col: position?.column,
        title: rule.id,
      };
      const lines = [message, `Fix: ${fix}`, ...otherPositions(finding)];
      return command(COMMANDS[severity], properties, lines.map((line) => printable(line)).join('\n'));
    }),
    ...(quiet || settings === '' ? [] : [command('notice', { title: 'Configuration' }, printable(settings))]),
    ...(quiet ? [] : [...report.notes, summaryLine(report)]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function command(
  name: string,
  properties: Readonly<Record<string, string | number | undefined>>,
  message: string,
): string {
  const defined = Object.entries(properties).filter(([, value]) => value !== undefined);
  const list = defined.map(([key, value]) => `${key}=${escapeProperty(String(value))}`).join(',');
  return `::${name} ${list}::${escapeMessage(message)}`;
}

function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
