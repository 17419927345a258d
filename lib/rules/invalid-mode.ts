import { isInGlobals } from '../cloudformation/sam-globals';
import { nameOf } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import { invalidModeFixes } from './template-fixes';
import { type Finding, findingOn, type Rule } from './rule';

export const INVALID_MODE: Rule = {
  id: 'LambdaXRay-InvalidMode',
  title: 'The tracing mode must be Active or PassThrough',
  problem: 'Invalid tracing mode',
  severity: 'error',
  rationale:
    'Lambda accepts only the modes Active and PassThrough, as a string in this spelling. CloudFormation ' +
    'fails on any other value at deployment. Lambda has no mode that turns tracing off: SAM and CDK leave the mode out for ' +
    'Disabled.',
  fix: 'Set the mode to Active or PassThrough.',
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
    typescript: `new lambda.Function(this, 'Fn', { ...props, tracing: lambda.Tracing.ACTIVE });`,
    sam: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active`,
  },
  repairs: ['safe', 'suggested'],
  check: (model) => model.functions.flatMap(findingsFor),
};

function findingsFor(fn: LambdaFunction): Finding[] {
  const { resource, modes, modeProperty } = fn;
  const [mode] = modes.flatMap(({ value }) => (typeof value === 'object' ? [value] : []));
  if (!mode) return [];
  const { invalid, wrongType } = mode;
  const name = nameOf(resource);
  const [property] = modeProperty.split('.');
  const isInherited = resource.properties[property] === undefined && isInGlobals(resource, [property]);
  const setting = isInherited ? `Globals.Function.${modeProperty}` : `${modeProperty} of '${name}'`;
  return [
    findingOn(resource, {
      property: wrongType?.property ?? modeProperty,
      message: wrongType
        ? `${wrongType.property} of function '${name}' is not ${wrongType.expected}, so CloudFormation can't deploy the function.`
        : `'${invalid}' is not a valid tracing mode, so CloudFormation can't deploy function '${name}'.`,
      fix: `Set ${setting} to ${validModeFor(invalid)}.`,
      fixes: invalidModeFixes(fn),
    }),
  ];
}

/** Returns the mode that an invalid one is a misspelling of, or both modes. */
function validModeFor(mode: string): string {
  const letters = mode.toLowerCase().replace(/[^a-z]/g, '');
  return (
    ['Active', 'PassThrough'].find((valid) => valid.toLowerCase() === letters) ??
    'Active, or to PassThrough if it should not record traces'
  );
}
