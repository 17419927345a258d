import type { Severity } from '../rules/rule';

/** All severities, starting with the highest. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** The lowest severity of findings that make a run fail. */
export type Threshold = Severity | 'never';

export const THRESHOLDS: readonly Threshold[] = [...SEVERITIES, 'never'];

/** The threshold unless another is set. */
export const DEFAULT_THRESHOLD: Threshold = 'error';

/** True if findings of this severity make a run fail. */
export function reaches(severity: Severity, threshold: Threshold): boolean {
  return threshold !== 'never' && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}
