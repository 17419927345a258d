import type { NagPackProps } from 'cdk-nag';
import type { RuleSeverity } from './rule-severity';

/**
 * Properties of `LambdaXRayChecks`: those of every cdk-nag pack, and how severe the rules are.
 */
export interface LambdaXRayChecksProps extends NagPackProps {
  /**
   * Severities other than the rules' own, by rule ID, with or without `LambdaXRay-`.
   *
   * @default - the severity of each rule
   */
  readonly severities?: { [ruleId: string]: RuleSeverity };
}
