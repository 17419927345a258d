import { isInGlobals } from '../cloudformation/sam-globals';
import { nameOf } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { Finding, Rule } from './rule';
import { canBeActiveWhen, activePhrase } from './wording';

export const EDGE_FUNCTION: Rule = {
  id: 'LambdaXRay-EdgeFunction',
  title: 'No active tracing on Lambda@Edge',
  severity: 'error',
  rationale:
    "X-Ray can't trace a function that CloudFront runs at its edge locations. A function that " +
    'is set to Active claims traces that never come.',
  fix: 'Leave the tracing mode of the function out.',
  source: {
    title: 'Restrictions on Lambda@Edge',
    url: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html',
  },
  examples: {
    incorrect: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn }
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior:
          LambdaFunctionAssociations:
            - { EventType: viewer-request, LambdaFunctionARN: !Ref Version }`,
    correct: `Resources:
  Fn:
    Type: AWS::Lambda::Function
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn }
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior:
          LambdaFunctionAssociations:
            - { EventType: viewer-request, LambdaFunctionARN: !Ref Version }`,
  },
  check: (model) => model.functions.flatMap(findingOf),
};

function findingOf(fn: LambdaFunction): Finding[] {
  const { resource, distributions, modeProperty } = fn;
  const [found] = distributions.filter(({ when }) => canBeActiveWhen(fn, when));
  if (!found) return [];
  return [
    {
      resource,
      logicalId: resource.logicalId,
      property: modeProperty,
      message: `The function '${nameOf(resource)}' ${activePhrase(fn)}, but the CloudFront distribution '${nameOf(found.value)}' runs it at the edge, where X-Ray can't trace it.`,
      fix: isInGlobals(resource, [modeProperty])
        ? `Set ${modeProperty} of '${nameOf(resource)}' to PassThrough: without one, it has that of Globals.`
        : `Remove the tracing mode of '${nameOf(resource)}'.`,
      related: [...new Set(distributions.map(({ value }) => value))],
    },
  ];
}
