import type { Rule } from './rule';

/** Reported by `judge`, which alone knows what the other rules found and what was acknowledged of it. */
export const ACKNOWLEDGEMENT: Rule = {
  id: 'LambdaXRay-Acknowledgement',
  title: 'An acknowledgement has a reason, and matches a finding',
  severity: 'warning',
  rationale:
    'An acknowledgement without a reason is no evidence, and does not count. One that matches nothing is left ' +
    'over, or misspelt: what it is meant for is either mended or reported all the same.',
  fix: 'Give it a reason, or remove it.',
  source: {
    title: 'cdk-nag: Acknowledging a Rule',
    url: 'https://github.com/cdklabs/cdk-nag#acknowledging-a-rule',
  },
  examples: {
    incorrect: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Metadata:
      cdk_nag: { rules_to_suppress: [{ id: LambdaXRay-ActiveTracing, reason: It is not worth it. }] }
    Properties:
      TracingConfig: { Mode: Active }`,
    correct: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Metadata:
      cdk_nag: { rules_to_suppress: [{ id: LambdaXRay-ActiveTracing, reason: It is not worth it. }] }
    Properties:
      TracingConfig: { Mode: PassThrough }`,
  },
  check: () => [],
};
