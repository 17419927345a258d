import type { Resource } from '../cloudformation/template';
import { isMadeByCdk } from '../lambda/lambda-function';
import type { TracingModel } from '../model/tracing-model';
import { RULES } from '../rules';
import { ACKNOWLEDGEMENT } from '../rules/acknowledgement';
import { type Finding, highestSeverity, type Rule, SEVERITIES, type Severity } from '../rules/rule';
import { type Acknowledged, type Acknowledgement, Acknowledgements } from './acknowledgements';

/** The severities and acknowledgements to apply. */
export interface CheckConfig {
  /** Severities by rule ID; `off` skips the rule. @default - the rules' own severities */
  readonly severities?: Readonly<Record<string, Severity | 'off'>>;
  readonly acknowledgements?: readonly Acknowledgement[];
  /** The name of the configuration that has the acknowledgements, such as its file name. */
  readonly configuration?: string;
  /** The current day in UTC, such as `2027-01-31`. @default - from the clock */
  readonly today?: string;
  /** True to apply all rules to the functions that CDK makes for itself. @default false */
  readonly includeCdkFunctions?: boolean;
  /**
   * True if a part of the input could not be read. An acknowledgement without a finding may be for that part, so it is no
   * problem. @default false
   */
  readonly isIncomplete?: boolean;
}

/** A finding with its rule, severity and acknowledgement. */
export interface CheckedFinding extends Finding {
  readonly rule: Rule;
  readonly severity: Severity;
  /** Set when the finding is acknowledged. */
  readonly acknowledged?: Acknowledged;
  /** The findings with the same cause that it stands for. They are not reported themselves. */
  readonly sameCause?: readonly CheckedFinding[];
}

/**
 * Applies the rules to a model, and reports one finding per cause. Some rules don't report the functions that CDK makes for
 * itself. Acknowledgements that have no reason or match no finding are findings too.
 *
 * @param config the severities of the rules, and the acknowledgements
 */
export function checkModel(model: TracingModel, config: CheckConfig = {}): CheckedFinding[] {
  const acknowledgements = new Acknowledgements(
    model.resources,
    config.acknowledgements ?? [],
    config.configuration ?? 'configuration',
    config.today ?? new Date().toISOString().slice(0, 10),
  );
  const apply = (rule: Rule, check: () => Finding[]): CheckedFinding[] => {
    const severity = config.severities?.[rule.id];
    if (severity === 'off') return [];
    return check().map((finding) => {
      const acknowledged = acknowledgements.of(rule, finding);
      return {
        ...finding,
        rule,
        severity: severity ?? finding.severity ?? rule.severity,
        ...(acknowledged && { acknowledged }),
      };
    });
  };
  const isApplied = (ruleId: string) => config.severities?.[ruleId] !== 'off' && !mayLackInput(ruleId, model);

  const { includeCdkFunctions = false, isIncomplete = false } = config;
  // Findings that are left out match their acknowledgements nevertheless.
  const findings = onePerCause(
    RULES.flatMap((rule) => apply(rule, () => rule.check(model))).filter(
      (finding) => includeCdkFunctions || !isOnCdkFunction(finding),
    ),
  );
  // Last: only now is it known which acknowledgements match a finding.
  return [...findings, ...apply(ACKNOWLEDGEMENT, () => acknowledgements.problems(isApplied, isIncomplete))];
}

/**
 * True if a rule needs a baseline and there is none, or code, which not every run can read. An acknowledgement of it may match
 * a finding of another run.
 */
function mayLackInput(ruleId: string, { baseline }: TracingModel): boolean {
  const rule = RULES.find(({ id }) => id === ruleId);
  return rule?.readsCode === true || (rule?.comparesWithBaseline === true && baseline === undefined);
}

/** True if the rule of a finding does not report functions that CDK makes, and the finding is on one or its version. */
function isOnCdkFunction({ rule, resource, related }: CheckedFinding): boolean {
  return rule.skipsCdkFunctions === true && [resource, ...related].some(isMadeByCdk);
}

/**
 * Leaves out each finding that a finding of another rule on the same property stands for. A rule that is off has no
 * findings, so that the next rule stands. The remaining finding has the highest severity of those that are not acknowledged.
 * If it is acknowledged, that covers the others, unless they are more severe.
 */
function onePerCause(findings: readonly CheckedFinding[]): CheckedFinding[] {
  const byResource = new Map<Resource, CheckedFinding[]>();
  for (const finding of findings) {
    const others = byResource.get(finding.resource);
    if (others) others.push(finding);
    else byResource.set(finding.resource, [finding]);
  }
  const leftOut = new Set<CheckedFinding>();
  const merged = new Map<CheckedFinding, CheckedFinding>();
  // The rule that stands for the most others first.
  const candidates = findings
    .filter(({ rule }) => rule.standsFor)
    .sort((a, b) => b.rule.standsFor!.length - a.rule.standsFor!.length);
  for (const finding of candidates) {
    if (leftOut.has(finding)) continue;
    const sameCause = byResource
      .get(finding.resource)!
      .filter((other) => !leftOut.has(other) && standsFor(finding, other));
    if (sameCause.length === 0) continue;
    for (const other of sameCause) leftOut.add(other);
    const open = finding.acknowledged ? [] : sameCause.filter(({ acknowledged }) => !acknowledged);
    merged.set(finding, { ...finding, severity: highestSeverity([finding, ...open])!, sameCause });
  }
  return findings.filter((finding) => !leftOut.has(finding)).map((finding) => merged.get(finding) ?? finding);
}

function standsFor(
  { rule, property, severity, acknowledged }: CheckedFinding,
  other: CheckedFinding,
): boolean {
  if (property !== other.property || !rule.standsFor?.includes(other.rule.id)) return false;
  if (!acknowledged || other.acknowledged) return true;
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(other.severity);
}
