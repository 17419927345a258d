import type { Severity } from '../rules/rule';

/** From the gravest. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** What makes a run fail: findings of this severity and graver ones. */
export type Threshold = Severity | 'never';

export const THRESHOLDS: readonly Threshold[] = [...SEVERITIES, 'never'];

export function reaches(severity: Severity, threshold: Threshold): boolean {
  return threshold !== 'never' && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}
