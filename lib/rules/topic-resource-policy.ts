import { nameOf, type Resource } from '../cloudformation/template';
import type { Topic, XRayResourcePolicy } from '../model/tracing-model';
import { type Finding, findingOn, type Rule } from './rule';
import { topicPolicyFixes } from './template-fixes';

export const TOPIC_RESOURCE_POLICY: Rule = {
  id: 'LambdaXRay-TopicResourcePolicy',
  title: 'Topics with active tracing should be allowed to write to X-Ray',
  problem: 'Traced topic without permission to write to X-Ray',
  severity: 'warning',
  rationale:
    'SNS sends the segments of a topic with active tracing only if an X-Ray resource policy allows it. The ' +
    'console creates this policy; CloudFormation and CDK do not. Without it, the topic is missing from the ' +
    'trace, and no error is reported. An account can have five such policies in a region: the rule also ' +
    'reports further ones, as errors.',
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
    typescript: `const topic = new Topic(this, 'Topic', { tracingConfig: TracingConfig.ACTIVE });
topic.addSubscription(new LambdaSubscription(new lambda.Function(this, 'Fn', props)));
LambdaTracing.of(this).active({ callers: true }); // also adds the resource policy`,
  },
  repairs: ['suggested'],
  check: (model) => [...model.topics.flatMap(topicFindings), ...quotaFindings(model.xrayResourcePolicies)],
};

/** Reports a topic that SNS may not write traces for, under conditions that also make it Active. */
function topicFindings(topic: Topic): Finding[] {
  const { resource, isActiveWhen, permissions } = topic;
  const lacking = permissions.find(
    ({ value, when }) => value.state === 'missing' && isActiveWhen(when),
  )?.value;
  if (!lacking) return [];
  const name = nameOf(resource);
  const isAllowed = !lacking.obstacles.includes('not allowed');
  return [
    findingOn(resource, {
      property: 'TracingConfig',
      message: isAllowed
        ? `Topic '${name}' has active tracing, but an AWS::XRay::ResourcePolicy in these templates denies SNS the permission to write its traces.`
        : `Topic '${name}' has active tracing, but no AWS::XRay::ResourcePolicy in these templates allows SNS to write its traces.`,
      fix: [
        ...(isAllowed
          ? []
          : [
              `Add ${policyForTopic(`'${name}'`)}, or acknowledge this finding if the account already has one.`,
            ]),
        ...(lacking.obstacles.includes('denied')
          ? [
              'Remove xray:PutTraceSegments from the statement with Effect: Deny. No other policy can override a Deny.',
            ]
          : []),
      ].join(' '),
      fixes: topicPolicyFixes(topic),
    }),
  ];
}

/** Returns the resource policy to add for a topic. */
export function policyForTopic(topic: string): string {
  return `an AWS::XRay::ResourcePolicy that allows sns.amazonaws.com to call xray:PutTraceSegments, xray:GetSamplingRules and xray:GetSamplingTargets for ${topic}`;
}

/** "Each Amazon Web Services account can have a maximum of 5 resource policies" ("PutResourcePolicy", AWS X-Ray API Reference). */
const MAX_POLICIES = 5;

/** Reports the policies that exceed the maximum of their account and region. */
function quotaFindings(policies: readonly XRayResourcePolicy[]): Finding[] {
  return policies.flatMap(({ resource, earlier }) =>
    earlier.length >= MAX_POLICIES ? [quotaFinding(resource, earlier)] : [],
  );
}

function quotaFinding(resource: Resource, earlier: readonly Resource[]): Finding {
  return findingOn(resource, {
    property: 'PolicyDocument',
    severity: 'error',
    message: `'${nameOf(resource)}' is resource policy ${earlier.length + 1} of its account and region, but X-Ray allows ${MAX_POLICIES}, so its deployment fails.`,
    fix: 'Combine policies. A statement without aws:SourceArn, or with arn:<partition>:sns:<region>:<account>:*, is for all topics.',
    related: earlier,
  });
}
