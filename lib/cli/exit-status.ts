import type { LoadError } from '../input/loaded-template';
import { isOpen, type ReportedFinding } from '../report/report';
import { reaches, type Threshold } from '../report/severity';

/** The threshold unless `--fail-on` or the configuration sets another. */
const DEFAULT_THRESHOLD: Threshold = 'error';

/** Returns 2 if input could not be read, 1 if a finding reaches the threshold and is not acknowledged, otherwise 0. */
export function exitStatus(
  errors: readonly LoadError[],
  findings: readonly ReportedFinding[],
  threshold: Threshold = DEFAULT_THRESHOLD,
): number {
  if (errors.length > 0) return 2;
  return findings.some((finding) => isOpen(finding) && reaches(finding.severity, threshold)) ? 1 : 0;
}
