import { isInGlobals } from '../cloudformation/sam-globals';
import { nameOf } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import { type Finding, findingOn, type Rule } from './rule';
import { canBeActiveWhen, activePhrase } from './wording';

export const EDGE_FUNCTION: Rule = {
  id: 'LambdaXRay-EdgeFunction',
  title: 'Lambda@Edge functions must not use active tracing',
  severity: 'error',
  rationale:
    "X-Ray can't trace a function that CloudFront runs at its edge locations. Setting such a function to " +
    'Active suggests traces that X-Ray never receives.',
  fix: 'Remove the tracing mode of the function.',
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
  check: (model) => model.functions.flatMap(findingsFor),
};

function findingsFor(fn: LambdaFunction): Finding[] {
  const { resource, distributions, modeProperty } = fn;
  const distribution = distributions.find(({ when }) => canBeActiveWhen(fn, when))?.value;
  if (!distribution) return [];
  const name = nameOf(resource);
  return [
    findingOn(resource, {
      property: modeProperty,
      message: `Function '${name}' ${activePhrase(fn)}, but CloudFront distribution '${nameOf(distribution)}' runs it at the edge, where X-Ray can't trace it.`,
      fix: isInGlobals(resource, [modeProperty])
        ? `Set ${modeProperty} of '${name}' to PassThrough. Without a mode of its own, it has the mode in Globals.`
        : `Remove ${modeProperty} from '${name}'.`,
      related: [...new Set(distributions.map(({ value }) => value))],
    }),
  ];
}
