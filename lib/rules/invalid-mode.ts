import { nameOf } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { Finding, Rule } from './rule';

export const INVALID_MODE: Rule = {
  id: 'LambdaXRay-InvalidMode',
  title: "The tracing mode is one of Lambda's two",
  severity: 'error',
  rationale:
    'Lambda knows the modes Active and PassThrough, written so. CloudFormation fails on any ' +
    "other, at deployment. There is no mode that is disabled: SAM's Disabled, and CDK's, " +
    'leave the mode out.',
  fix: 'Write Active or PassThrough.',
  source: {
    title: 'AWS::Lambda::Function TracingConfig',
    url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-tracingconfig.html',
  },
  examples: {
    incorrect: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: active }`,
    correct: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }`,
  },
  check: (model) => model.functions.flatMap(findingOf),
};

function findingOf({ resource, modes, modeProperty }: LambdaFunction): Finding[] {
  const invalid = modes.flatMap(({ value }) => (typeof value === 'object' ? [value.invalid] : []));
  if (invalid.length === 0) return [];
  const [mode] = invalid;
  return [
    {
      resource,
      logicalId: resource.logicalId,
      property: modeProperty,
      message: `'${mode}' is not a tracing mode of Lambda, so that the function '${nameOf(resource)}' can't be deployed.`,
      fix: `Write ${meant(mode)}.`,
      related: [],
    },
  ];
}

function meant(mode: string): string {
  const [found] = ['Active', 'PassThrough'].filter(
    (known) => known.toLowerCase() === mode.toLowerCase().replace(/[^a-z]/g, ''),
  );
  return found ?? 'Active, or PassThrough for a function that records no traces';
}
