import { nameOf } from '../cloudformation/template';
import type { Topic } from '../model/tracing-model';
import type { Finding, Rule } from './rule';

export const TOPIC_RESOURCE_POLICY: Rule = {
  id: 'LambdaXRay-TopicResourcePolicy',
  title: 'A topic with active tracing may write to X-Ray',
  severity: 'warning',
  rationale:
    'SNS sends the segments of a topic with active tracing only where a resource policy of ' +
    'X-Ray lets it. The console makes one; CloudFormation and CDK do not. Without it the ' +
    'topic is missing from the trace, and nothing says so.',
  fix:
    'Add an AWS::XRay::ResourcePolicy that allows sns.amazonaws.com xray:PutTraceSegments, ' +
    'xray:GetSamplingRules and xray:GetSamplingTargets for the topic.',
  source: {
    title: 'Active tracing in Amazon SNS',
    url: 'https://docs.aws.amazon.com/sns/latest/dg/sns-active-tracing.html',
  },
  examples: {
    incorrect: `Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: { TracingConfig: Active }`,
    correct: `Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: { TracingConfig: Active }
  Policy:
    Type: AWS::XRay::ResourcePolicy
    Properties:
      PolicyName: orders-topic
      PolicyDocument: !Sub |
        { "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow",
              "Principal": { "Service": "sns.amazonaws.com" },
              "Action": ["xray:PutTraceSegments", "xray:GetSamplingRules", "xray:GetSamplingTargets"],
              "Resource": "*",
              "Condition": { "StringLike": { "aws:SourceArn": "\${Topic}" } } } ] }`,
  },
  check: (model) => model.topics.flatMap(findingOf),
};

function findingOf({ resource, isActive, resourcePolicies }: Topic): Finding[] {
  if (!isActive.some(({ value }) => value) || resourcePolicies.length > 0) return [];
  return [
    {
      resource,
      logicalId: resource.logicalId,
      property: 'TracingConfig',
      message: `The topic '${nameOf(resource)}' has active tracing, but no AWS::XRay::ResourcePolicy here lets SNS write its traces.`,
      fix: `Add an AWS::XRay::ResourcePolicy that allows sns.amazonaws.com xray:PutTraceSegments for '${nameOf(resource)}', or acknowledge this if the account has one.`,
      related: [],
    },
  ];
}
