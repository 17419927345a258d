import { nameOf } from '../cloudformation/template';
import type { SamplingRule } from '../model/tracing-model';
import { type Finding, findingOn, type Rule } from './rule';

export const SAMPLING_RULE: Rule = {
  id: 'LambdaXRay-SamplingRule',
  title: 'Sampling rules should not target Lambda functions',
  problem: 'Sampling rule that targets Lambda functions',
  severity: 'warning',
  rationale:
    "Lambda samples one request per second and 5 percent of additional requests. This rate can't be " +
    "configured, so an X-Ray sampling rule for Lambda's service type has no effect. You can configure the " +
    'sampling of the service that calls the function: the function follows its decision.',
  fix: 'Remove the rule, or apply it to the service that calls the function, such as AWS::ApiGateway::Stage.',
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
    typescript: `new CfnSamplingRule(this, 'Rule', {
  samplingRule: {
    ruleName: 'orders',
    serviceType: 'AWS::ApiGateway::Stage',
    serviceName: '*',
    host: '*',
    httpMethod: '*',
    urlPath: '*',
    resourceArn: '*',
    priority: 100,
    reservoirSize: 1,
    fixedRate: 1,
  },
});`,
  },
  check: (model) => model.samplingRules.flatMap(findingsFor),
};

/** The origins of Lambda's two segments. */
const LAMBDA_TYPES = ['AWS::Lambda', 'AWS::Lambda::Function'];

function findingsFor({ resource, path, serviceTypes }: SamplingRule): Finding[] {
  const lambdaType = serviceTypes.find(({ value }) => LAMBDA_TYPES.includes(value));
  if (!lambdaType) return [];
  return [
    findingOn(resource, {
      property: [...path, 'ServiceType'].join('.'),
      message: `Sampling rule '${nameOf(resource)}' is for ${lambdaType.value}, but X-Ray sampling rules don't change Lambda's sampling. It has no effect.`,
      fix: 'Remove the rule, or apply it to the service that calls the function, such as AWS::ApiGateway::Stage.',
    }),
  ];
}
