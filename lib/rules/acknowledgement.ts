import type { Rule } from './rule';

/** Reported by `checkModel`, which knows the findings of the other rules and the acknowledgements. */
export const ACKNOWLEDGEMENT: Rule = {
  id: 'LambdaXRay-Acknowledgement',
  title: 'Acknowledgements should have a reason and match a finding',
  problem: 'Acknowledgement without a reason or a finding',
  severity: 'warning',
  rationale:
    'An acknowledgement without a reason is ignored, and so is one that has expired. One that matches no finding is ' +
    'outdated, or names the wrong rule or resource.',
  fix: 'Add a reason, or remove the acknowledgement.',
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
    typescript: `const fn = new lambda.Function(this, 'Fn', { ...props, tracing: lambda.Tracing.PASS_THROUGH });
Validations.of(fn).acknowledge({
  id: 'LambdaXRay-ActiveTracing',
  reason: 'It is not worth it.',
});`,
    sam: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Metadata:
      cdk_nag: { rules_to_suppress: [{ id: LambdaXRay-ActiveTracing, reason: It is not worth it. }] }
    Properties:
      Tracing: PassThrough`,
  },
  check: () => [],
};
