import { nameOf } from '../cloudformation/template';
import type { Finding, Rule } from './rule';
import { alwaysHasMode } from './wording';

export const EXPLICIT_MODE: Rule = {
  id: 'LambdaXRay-ExplicitMode',
  title: 'The tracing mode is written out',
  severity: 'info',
  rationale:
    "A mode that is left out is PassThrough. Whoever reads the template can't tell whether " +
    'that is meant, and what X-Ray does for it has changed before.',
  fix: 'Write the tracing mode out: Active, or PassThrough.',
  source: {
    title: 'Visualize Lambda function invocations using AWS X-Ray',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
  },
  examples: {
    incorrect: `Resources:
  Fn:
    Type: AWS::Lambda::Function`,
    correct: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: PassThrough }`,
  },
  check: (model) =>
    model.functions
      .filter((fn) => alwaysHasMode(fn, 'unset') && !fn.isEdgeFunction)
      .map(({ resource, modeProperty }): Finding => ({
        resource,
        logicalId: resource.logicalId,
        property: modeProperty,
        message: `The function '${nameOf(resource)}' leaves its tracing mode to the default.`,
        fix: `Set ${modeProperty} of '${nameOf(resource)}' to Active or PassThrough.`,
        related: [],
      })),
};
