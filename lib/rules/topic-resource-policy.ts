import { nameOf } from '../cloudformation/template';
import type { Topic } from '../model/tracing-model';
import { type Finding, findingOn, type Rule } from './rule';

export const TOPIC_RESOURCE_POLICY: Rule = {
  id: 'LambdaXRay-TopicResourcePolicy',
  title: 'Topics with active tracing should be allowed to write to X-Ray',
  severity: 'warning',
  rationale:
    'SNS sends the segments of a topic with active tracing only if an X-Ray resource policy allows it. The ' +
    'console creates this policy; CloudFormation and CDK do not. Without it, the topic is missing from the ' +
    'trace, and no error is reported.',
  fix:
    'Add an AWS::XRay::ResourcePolicy that allows sns.amazonaws.com to call xray:PutTraceSegments, ' +
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
  check: (model) => model.topics.flatMap(findingsFor),
};

function findingsFor({ resource, isActive, resourcePolicies }: Topic): Finding[] {
  if (!isActive.some(({ value }) => value) || resourcePolicies.length > 0) return [];
  const name = nameOf(resource);
  return [
    findingOn(resource, {
      property: 'TracingConfig',
      message: `Topic '${name}' has active tracing, but no AWS::XRay::ResourcePolicy in these templates allows SNS to write its traces.`,
      fix: `Add an AWS::XRay::ResourcePolicy that allows sns.amazonaws.com to call xray:PutTraceSegments for '${name}', or acknowledge this finding if the account already has one.`,
    }),
  ];
}
