import { isInGlobals } from '../cloudformation/sam-globals';
import { nameOf } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import { type Finding, findingOn, type Rule } from './rule';
import { activePhrase, canBeActiveWhen, canHaveMode } from './wording';

export const EDGE_FUNCTION: Rule = {
  id: 'LambdaXRay-EdgeFunction',
  title: 'Lambda@Edge functions must not use active tracing',
  problem: 'Lambda@Edge function with active tracing',
  severity: 'error',
  rationale:
    "X-Ray can't trace a function that CloudFront runs at its edge locations. Setting such a function to " +
    'Active suggests traces that X-Ray never receives. The distribution can be in another region, outside of ' +
    'the templates: a function that nothing invokes, with a role of its own that only Lambda and ' +
    'edgelambda.amazonaws.com may assume, also runs at the edge.',
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
    typescript: `const fn = new lambda.Function(this, 'Fn', props); // without tracing
new Distribution(this, 'Site', {
  defaultBehavior: {
    origin: new HttpOrigin('example.com'),
    edgeLambdas: [{ eventType: LambdaEdgeEventType.VIEWER_REQUEST, functionVersion: fn.currentVersion }],
  },
});`,
    sam: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      AutoPublishAlias: live
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior:
          LambdaFunctionAssociations:
            - { EventType: viewer-request, LambdaFunctionARN: !Ref Fn.Version }`,
  },
  check: (model) => model.functions.flatMap(findingsFor),
};

function findingsFor(fn: LambdaFunction): Finding[] {
  const { resource, distributions, isEdgeFunction, modeProperty } = fn;
  const distribution = distributions.find(({ when }) => canBeActiveWhen(fn, when))?.value;
  const isOnlyAtEdge = isEdgeFunction && distributions.length === 0 && canHaveMode(fn, 'Active');
  if (!distribution && !isOnlyAtEdge) return [];
  const name = nameOf(resource);
  return [
    findingOn(resource, {
      property: modeProperty,
      message: distribution
        ? `Function '${name}' ${activePhrase(fn)}, but CloudFront distribution '${nameOf(distribution)}' runs it at the edge, where X-Ray can't trace it.`
        : `Function '${name}' ${activePhrase(fn)}, but it can only run at the edge, where X-Ray can't trace it: its role is for edgelambda.amazonaws.com, and nothing else invokes it.`,
      fix: isInGlobals(resource, [modeProperty])
        ? `Set ${modeProperty} of '${name}' to PassThrough. Without a mode of its own, it has the mode in Globals.`
        : `Remove ${modeProperty} from '${name}'.`,
      related: [...new Set(distributions.map(({ value }) => value))],
    }),
  ];
}
