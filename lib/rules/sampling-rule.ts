import { nameOf } from '../cloudformation/template';
import type { SamplingRule } from '../model/tracing-model';
import type { Finding, Rule } from './rule';

export const SAMPLING_RULE: Rule = {
  id: 'LambdaXRay-SamplingRule',
  title: "No sampling rule for Lambda's own sampling",
  severity: 'warning',
  rationale:
    'Lambda samples one request a second and 5 percent of the rest, and lets nobody change ' +
    'that for a function: a sampling rule for its service type has no effect. What can be set ' +
    'is the sampling of the service that calls it, whose decision the function follows.',
  fix:
    'Remove the rule, or write it for the service that calls the function, such as ' +
    'AWS::ApiGateway::Stage.',
  source: {
    title: 'Visualize Lambda function invocations using AWS X-Ray',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
  },
  examples: {
    incorrect: `Resources:
  Rule:
    Type: AWS::XRay::SamplingRule
    Properties:
      SamplingRule:
        RuleName: orders
        ServiceType: AWS::Lambda::Function
        FixedRate: 1`,
    correct: `Resources:
  Rule:
    Type: AWS::XRay::SamplingRule
    Properties:
      SamplingRule:
        RuleName: orders
        ServiceType: AWS::ApiGateway::Stage
        FixedRate: 1`,
  },
  check: (model) => model.samplingRules.flatMap(findingOf),
};

/** The origins of Lambda's two segments. */
const LAMBDA_TYPES = ['AWS::Lambda', 'AWS::Lambda::Function'];

function findingOf({ resource, serviceTypes }: SamplingRule): Finding[] {
  const ofLambda = serviceTypes.find(({ value }) => LAMBDA_TYPES.includes(value));
  if (!ofLambda) return [];
  return [
    {
      resource,
      logicalId: resource.logicalId,
      property: 'SamplingRule.ServiceType',
      message: `The sampling rule '${nameOf(resource)}' is for ${ofLambda.value}, but the sampling rate of a Lambda function can't be configured: it has no effect.`,
      fix: 'Remove the rule, or write it for the service that calls the function, such as AWS::ApiGateway::Stage.',
      related: [],
    },
  ];
}
