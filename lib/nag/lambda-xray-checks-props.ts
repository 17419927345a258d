import type { NagPackProps } from 'cdk-nag';
import type { RuleSeverity } from './rule-severity';

/**
 * Properties of `LambdaXRayChecks`: those of every cdk-nag pack, how severe the rules are, and what to compare with.
 */
export interface LambdaXRayChecksProps extends NagPackProps {
  /**
   * Severities other than the rules' own, by rule ID, with or without `LambdaXRay-`.
   *
   * @default - the severity of each rule
   */
  readonly severities?: { [ruleId: string]: RuleSeverity };

  /**
   * What the app was synthesized to before: the path of a cloud assembly, a template, or a folder of templates. By
   * comparison with it, versions are found that would keep a tracing mode that their function no longer has
   * (LambdaXRay-VersionLock). One that can't be read, or is of another app, is an error among the findings.
   *
   * @default - nothing is compared
   */
  readonly baseline?: string;
}
