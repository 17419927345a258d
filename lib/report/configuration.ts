import { SEVERITIES, type Severity } from '../rules/rule';

/** The configuration that a report is made with, as all formats show it. */
export interface Configuration {
  /** The path of the configuration file in use. */
  readonly file?: string;
  /** The rules with another severity than their own. */
  readonly rules: readonly ConfiguredRule[];
  /** The lowest severity of findings that make the run fail. Undefined if findings never matter for the exit status. */
  readonly failOn?: Threshold;
}

/** A rule whose severity is configured. */
export interface ConfiguredRule {
  readonly ruleId: string;
  readonly severity: ConfiguredSeverity;
  readonly defaultSeverity: Severity;
}

/** The severity of a rule's findings, or `off` if the rule is not applied. */
export type ConfiguredSeverity = Severity | 'off';

/** The lowest severity of findings that make a run fail. */
export type Threshold = Severity | 'never';

export const THRESHOLDS: readonly Threshold[] = [...SEVERITIES, 'never'];

/** The threshold unless another is set. */
export const DEFAULT_THRESHOLD: Threshold = 'error';

/** True if findings of this severity make a run fail. */
export function reaches(severity: Severity, threshold: Threshold): boolean {
  return threshold !== 'never' && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}

/**
 * Describes a configuration in sentences. Empty if it has the effect of the defaults.
 *
 * @param acknowledged the number of acknowledged findings. The configuration may acknowledge them
 */
export function configurationText({ file, rules, failOn }: Configuration, acknowledged: number): string {
  const off = rules.filter(isOff).map(({ ruleId }) => ruleId);
  const others = rules
    .filter((rule) => !isOff(rule))
    .map(({ ruleId, severity, defaultSeverity }) => `${ruleId} (${severity} instead of ${defaultSeverity})`);
  const differences = [
    ...(off.length > 0 ? [`Rules turned off: ${off.join(', ')}.`] : []),
    ...(others.length > 0 ? [`Changed severities: ${others.join(', ')}.`] : []),
    ...(failOn !== undefined && failOn !== DEFAULT_THRESHOLD ? [FAILS[failOn]] : []),
  ];
  if (differences.length === 0 && acknowledged === 0) return '';
  return [...(file === undefined ? [] : [`Configuration: ${file}.`]), ...differences].join(' ');
}

function isOff({ severity }: ConfiguredRule): boolean {
  return severity === 'off';
}

const FAILS: Readonly<Record<Threshold, string>> = {
  error: 'Fails on errors.',
  warning: 'Fails on warnings and errors.',
  info: 'Fails on all findings.',
  never: 'Fails on no findings.',
};
