import { createHash } from 'node:crypto';
import type { Severity } from '../../rules/rule';
import { printable } from '../../text/printable';
import { pathFromRoot, positionsOf } from '../location';
import { isOpen, type Report, type ReportedFinding } from '../report';
import { plainJson } from './json';

const SEVERITIES: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'minor', info: 'info' };

/**
 * Returns a code quality report for the widget of a merge request. Paths are relative to the root of the repository.
 * Input that could not be read is a problem of the file.
 *
 * @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export function gitlab(report: Report): string {
  const fingerprints = new Fingerprints();
  const pathOf = (file: string) => printable(pathFromRoot(file, report.sourceRoot));
  const findings = report.findings.filter(isOpen).map((finding) => {
    const { rule, severity, message, fix } = finding;
    const [{ file, position }] = positionsOf(finding);
    return {
      description: printable(`${message} Fix: ${fix}`),
      check_name: rule.id,
      fingerprint: fingerprints.of(finding),
      severity: SEVERITIES[severity],
      location: { path: pathOf(file), lines: { begin: position?.line ?? 1 } },
    };
  });
  const errors = report.errors.map(({ file, line, message }) => ({
    description: printable(message),
    check_name: NOT_READ,
    fingerprint: printable(`${NOT_READ}:${file}:${message}`),
    severity: 'blocker',
    location: { path: pathOf(file), lines: { begin: line ?? 1 } },
  }));
  return `${plainJson([...errors, ...findings], 2)}\n`;
}

/** The name of the check that all input can be read. */
const NOT_READ = 'LambdaXRay-NotRead';

/** Identifies findings across runs, even if their lines move. */
export class Fingerprints {
  private readonly seen = new Map<string, number>();

  /** Returns a text that is different for each finding of a run. */
  public of({ rule, template, logicalId, property, related }: ReportedFinding): string {
    const identity = [rule.id, template, logicalId, property, ...related.map((other) => other.logicalId)];
    const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
    const occurrence = (this.seen.get(hash) ?? 0) + 1;
    this.seen.set(hash, occurrence);
    return `${hash}:${occurrence}`;
  }
}
