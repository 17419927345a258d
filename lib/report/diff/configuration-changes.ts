import type { CheckedFinding } from '../../checker/check';
import { causeOf } from '../../rules';
import { SEVERITIES } from '../../rules/rule';
import { type Configuration, type ConfiguredSeverity, reaches, type Threshold } from '../configuration';
import { count } from '../wording';

/** A check that a deployment loosens in the configuration: a rule, or the threshold. */
export interface ConfigurationChange {
  /** Undefined for the threshold. */
  readonly ruleId?: string;
  readonly before: ConfiguredSeverity | Threshold;
  readonly after: ConfiguredSeverity | Threshold;
  /** The number of affected findings on the new templates, without acknowledged ones. */
  readonly findings: number;
  /** True if one of them makes the run fail with the configuration of the baseline, but not with the new one. */
  readonly fails: boolean;
}

/** A configuration, and the findings on the new templates with it. */
export interface ConfiguredFindings {
  readonly configuration: Configuration;
  readonly findings: readonly CheckedFinding[];
}

/** Returns the rules that a deployment turns off or lowers, and a looser threshold. */
export function configurationChanges(
  before: ConfiguredFindings,
  after: ConfiguredFindings,
): ConfigurationChange[] {
  const failing = after.findings.filter((finding) => fails(finding, after));
  const [same, causes] = [new Set(failing.map(keyOf)), failingCauses(failing)];
  const isLost = (finding: CheckedFinding) =>
    fails(finding, before) &&
    !same.has(keyOf(finding)) &&
    [...(causes.get(causeKeyOf(finding)) ?? [])].every((ruleId) => ruleId === finding.rule.id);
  const open = before.findings.filter(({ acknowledged }) => acknowledged === undefined);
  const rules = loosenedRules(before.configuration, after.configuration).map((change) => {
    const findings = open.filter((finding) => rulesOf(finding).includes(change.ruleId));
    return { ...change, findings: findings.length, fails: findings.some(isLost) };
  });
  const [old, now] = [before, after].map(thresholdOf);
  if (!SEVERITIES.some((severity) => reaches(severity, old) && !reaches(severity, now))) return rules;
  const others = open
    .filter((finding) => !rules.some(({ ruleId }) => rulesOf(finding).includes(ruleId)))
    .filter(isLost);
  return [...rules, { before: old, after: now, findings: others.length, fails: others.length > 0 }];
}

type LoosenedRule = Pick<ConfigurationChange, 'ruleId' | 'before' | 'after'>;

function loosenedRules(before: Configuration, after: Configuration): LoosenedRule[] {
  const defaults = [...before.rules, ...after.rules].map(
    ({ ruleId, defaultSeverity }) => [ruleId, defaultSeverity] as const,
  );
  return [...new Map(defaults)].flatMap(([ruleId, defaultSeverity]) => {
    const [old, now] = [before, after].map(
      ({ rules }) => rules.find((rule) => rule.ruleId === ruleId)?.severity ?? defaultSeverity,
    );
    return rankOf(now) > rankOf(old) ? { ruleId, before: old, after: now } : [];
  });
}

function rankOf(severity: ConfiguredSeverity): number {
  return severity === 'off' ? SEVERITIES.length : SEVERITIES.indexOf(severity);
}

function fails({ severity, acknowledged }: CheckedFinding, configured: ConfiguredFindings): boolean {
  return acknowledged === undefined && reaches(severity, thresholdOf(configured));
}

function thresholdOf({ configuration: { failOn = 'never' } }: ConfiguredFindings): Threshold {
  return failOn;
}

/** Returns the rules that report the cause of a finding. */
function rulesOf({ rule, sameCause = [] }: CheckedFinding): (string | undefined)[] {
  return [rule.id, ...sameCause.map((other) => other.rule.id)];
}

/** Returns the rules with a finding, by cause. If one does not report a cause any more, another one may. */
function failingCauses(findings: readonly CheckedFinding[]): Map<string, Set<string>> {
  const causes = new Map<string, Set<string>>();
  for (const finding of findings) {
    const key = causeKeyOf(finding);
    causes.set(key, (causes.get(key) ?? new Set()).add(finding.rule.id));
  }
  return causes;
}

function keyOf({ rule, resource, logicalId, property, message }: CheckedFinding): string {
  return JSON.stringify([rule.id, resource.template.id, logicalId, property, message]);
}

function causeKeyOf({ rule, resource, logicalId, property }: CheckedFinding): string {
  return JSON.stringify([causeOf(rule), resource.template.id, logicalId, property]);
}

/** Describes a change, and the way out if it makes the run fail. */
export function configurationChangeText(change: ConfigurationChange): string {
  const { ruleId, before, after, findings } = change;
  if (ruleId === undefined) {
    const lost = findings > 0 ? `, so ${count(findings, 'finding')} would no longer fail` : '';
    const advice = change.fails ? ` Restore it, or accept the change with --fail-on ${after}.` : '';
    return `The change loosens failOn from ${before} to ${after}${lost}.${advice}`;
  }
  const reported = findings > 0 ? count(findings, 'finding') : 'no findings';
  const advice = change.fails
    ? ` Acknowledge single findings instead, or accept the change with --rule ${ruleId}=${after}.`
    : '';
  return after === 'off'
    ? `The change turns off ${ruleId} (${before}), which reports ${reported}.${advice}`
    : `The change lowers ${ruleId}, which reports ${reported}, from ${before} to ${after}.${advice}`;
}
