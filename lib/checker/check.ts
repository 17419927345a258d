import type { TracingModel } from '../model/tracing-model';
import { RULES } from '../rules';
import { ACKNOWLEDGEMENT } from '../rules/acknowledgement';
import type { Finding, Rule, Severity } from '../rules/rule';
import { type Acknowledgement, Acknowledgements } from './acknowledgements';

/** The severities and acknowledgements to apply. */
export interface CheckConfig {
  /** Severities by rule ID; `off` skips the rule. @default - the rules' own severities */
  readonly severities?: Readonly<Record<string, Severity | 'off'>>;
  readonly acknowledgements?: readonly Acknowledgement[];
  /** The name of the configuration that has the acknowledgements, such as its file name. */
  readonly configuration?: string;
  /** The current day in UTC, such as `2027-01-31`. @default - from the clock */
  readonly today?: string;
}

/** A finding with its rule, severity and acknowledgement. */
export interface CheckedFinding extends Finding {
  readonly rule: Rule;
  readonly severity: Severity;
  /** Set when the finding is acknowledged. */
  readonly acknowledged?: { readonly reason: string };
}

/**
 * Applies the rules to a model. Acknowledgements that have no reason or match no finding are findings too.
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
      const reason = acknowledgements.reasonFor(rule, finding);
      return {
        ...finding,
        rule,
        severity: severity ?? finding.severity ?? rule.severity,
        ...(reason === undefined ? {} : { acknowledged: { reason } }),
      };
    });
  };
  const isApplied = (ruleId: string) =>
    config.severities?.[ruleId] !== 'off' && !lacksBaseline(ruleId, model);

  const findings = RULES.flatMap((rule) => apply(rule, () => rule.check(model)));
  // Last: only now is it known which acknowledgements match a finding.
  return [...findings, ...apply(ACKNOWLEDGEMENT, () => acknowledgements.problems(isApplied))];
}

/** True if a rule needs a baseline and there is none: an acknowledgement of it may still match a finding. */
function lacksBaseline(ruleId: string, { baseline }: TracingModel): boolean {
  return baseline === undefined && RULES.some((rule) => rule.id === ruleId && rule.comparesWithBaseline);
}
