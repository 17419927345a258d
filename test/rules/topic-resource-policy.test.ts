import { TOPIC_RESOURCE_POLICY } from '../../lib/rules/topic-resource-policy';
import { ruleTester } from './templates';

const TOPIC = { Type: 'AWS::SNS::Topic', Properties: { TracingConfig: 'Active' } };
const policy = (condition?: object, statement: object = {}) => ({
  Type: 'AWS::XRay::ResourcePolicy',
  Properties: {
    PolicyName: 'p',
    PolicyDocument: {
      'Fn::Sub': JSON.stringify({
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'sns.amazonaws.com' },
            Action: ['xray:PutTraceSegments'],
            Resource: '*',
            ...(condition && { Condition: condition }),
            ...statement,
          },
        ],
      }),
    },
  },
});

ruleTester(TOPIC_RESOURCE_POLICY, {
  valid: [
    ['a topic without tracing', { T: { Type: 'AWS::SNS::Topic' } }],
    ['a policy for all topics', { T: TOPIC, P: policy() }],
    ['a policy for the topic', { T: TOPIC, P: policy({ ArnEquals: { 'aws:SourceArn': '${T}' } }) }],
    [
      'a policy for topics of the account',
      { T: TOPIC, P: policy({ StringLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } }) },
    ],
    [
      'a policy for the name',
      {
        T: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'orders', TracingConfig: 'Active' } },
        P: policy({ StringLike: { 'AWS:SourceArn': 'arn:aws:sns:${AWS::Region}:1:orders' } }),
      },
    ],
    ['a policy in another template', { T: TOPIC }, { P: policy() }],
    [
      'a policy that is not known',
      { T: TOPIC, P: { Type: 'AWS::XRay::ResourcePolicy', Properties: { PolicyDocument: { Ref: 'D' } } } },
    ],
    [
      'tracing that is not known',
      { T: { Type: 'AWS::SNS::Topic', Properties: { TracingConfig: { Ref: 'X' } } } },
    ],
  ],
  invalid: [
    ['T TracingConfig', 'no policy', { T: TOPIC }],
    [
      'T TracingConfig',
      'a policy for another topic',
      { T: TOPIC, O: { Type: 'AWS::SNS::Topic' }, P: policy({ ArnEquals: { 'aws:SourceArn': '${O}' } }) },
    ],
    [
      'T TracingConfig',
      'a policy for another name',
      { T: TOPIC, P: policy({ ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:1:x' } }) },
    ],
    [
      'T TracingConfig',
      'a policy for another service',
      { T: TOPIC, P: policy(undefined, { Principal: { Service: 'events.amazonaws.com' } }) },
    ],
    [
      'T TracingConfig',
      'a policy for another action',
      { T: TOPIC, P: policy(undefined, { Action: 'xray:GetSamplingRules' }) },
    ],
    ['T TracingConfig', 'a denial', { T: TOPIC, P: policy(undefined, { Effect: 'Deny' }) }],
  ],
});
