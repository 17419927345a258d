import type { TracingModel } from '../model/tracing-model';
import { RULES } from '../rules';
import { ACKNOWLEDGEMENT } from '../rules/acknowledgement';
import type { Finding, Rule, Severity } from '../rules/rule';
import { type Acknowledgement, Acknowledgements } from './acknowledgements';

/** How the rules are to be applied. */
export interface CheckConfig {
  /** Severities other than the rules' own, by rule ID; `off` for a rule that isn't applied. */
  readonly severities?: Readonly<Record<string, Severity | 'off'>>;
  readonly acknowledgements?: readonly Acknowledgement[];
  /** What the configuration is called that the acknowledgements are from, such as its file name. */
  readonly configuration?: string;
}

/** A finding with what the settings and acknowledgements make of it. */
export interface CheckedFinding extends Finding {
  readonly rule: Rule;
  readonly severity: Severity;
  /** Why it is accepted, where it is. */
  readonly acknowledged?: { readonly reason: string };
}

/**
 * Applies the rules to a model. An acknowledgement that has no reason, or that matches nothing, is a finding too.
 *
 * @param settings which rules, how severe, and what is acknowledged
 */
export function checkModel(model: TracingModel, settings: CheckConfig = {}): CheckedFinding[] {
  const acknowledgements = new Acknowledgements(
    model.resources,
    settings.acknowledgements ?? [],
    settings.configuration ?? 'configuration',
  );
  const judged = (rule: Rule, findings: () => Finding[]): CheckedFinding[] => {
    const severity = settings.severities?.[rule.id];
    if (severity === 'off') return [];
    return findings().map((finding) => {
      const reason = acknowledgements.reasonFor(rule, finding);
      return {
        ...finding,
        rule,
        severity: severity ?? finding.severity ?? rule.severity,
        ...(reason === undefined ? {} : { acknowledged: { reason } }),
      };
    });
  };
  const found = RULES.flatMap((rule) => judged(rule, () => rule.check(model)));
  return [
    ...found,
    ...judged(ACKNOWLEDGEMENT, () =>
      acknowledgements.problems(
        (ruleId) => settings.severities?.[ruleId] !== 'off' && !isHeldBack(ruleId, model),
      ),
    ),
  ];
}

/** Whether a rule has nothing to compare with, so that nobody knows what an acknowledgement of it would match. */
function isHeldBack(ruleId: string, { baseline }: TracingModel): boolean {
  return baseline === undefined && RULES.some((rule) => rule.id === ruleId && rule.comparesWithBaseline);
}
