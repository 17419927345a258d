import { TOPIC_RESOURCE_POLICY } from '../../lib/rules/topic-resource-policy';
import { type Resources, ruleTester, stack } from './templates';

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

/** A policy with several statements on all resources. */
const statements = (...each: object[]) => ({
  Type: 'AWS::XRay::ResourcePolicy',
  Properties: {
    PolicyName: 'p',
    PolicyDocument: JSON.stringify({ Statement: each.map((one) => ({ Resource: '*', ...one })) }),
  },
});
const ALLOW_SNS = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'xray:*' };
const DENY_ALL = { Effect: 'Deny', Principal: '*', Action: 'xray:PutTraceSegments' };
const NAMED = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'orders', TracingConfig: 'Active' } };

const ENV = { account: '111122223333', region: 'eu-west-1' };
const STAGES = {
  sections: {
    Conditions: {
      Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      Test: { 'Fn::Not': [{ Condition: 'Prod' }] },
    },
  },
};
const ACTIVE_IN_PROD = {
  Type: 'AWS::SNS::Topic',
  Properties: { TracingConfig: { 'Fn::If': ['Prod', 'Active', 'PassThrough'] } },
};

/** Several policies for all topics. */
const policies = (count: number, condition?: (index: number) => string, start = 0): Resources =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `P${start + i}`,
      { ...policy(), ...(condition && { Condition: condition(i) }) },
    ]),
  );

const INCLUDE = { Name: 'AWS::Include', Parameters: { Location: 's3://bucket/policy' } };
const STACK = { Type: 'AWS::CloudFormation::Stack' };
const nestedIn = (id: string) => ({ nestedIn: { id, logicalId: 'Nested' } });
const ONE_OF_TWO = {
  Conditions: STAGES.sections.Conditions,
  Parameters: { Stage: { Type: 'String' }, Zone: { Type: 'String', AllowedValues: ['a', 'b'] } },
  Rules: {
    ProdInZoneA: {
      RuleCondition: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      Assertions: [{ Assert: { 'Fn::Equals': [{ Ref: 'Zone' }, 'a'] } }],
    },
  },
};
const inZoneB = {
  sections: {
    ...ONE_OF_TWO,
    Conditions: { ...ONE_OF_TWO.Conditions, ZoneB: { 'Fn::Equals': [{ Ref: 'Zone' }, 'b'] } },
  },
};

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
    ['a wildcard in the action', { T: TOPIC, P: policy(undefined, { Action: ['xray:PutTrace*'] }) }],
    [
      'a denial for another topic',
      {
        T: NAMED,
        P: statements(ALLOW_SNS, {
          ...DENY_ALL,
          Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:billing' } },
        }),
      },
    ],
    [
      'a denial for other accounts',
      stack(
        't',
        {
          T: TOPIC,
          P: statements(ALLOW_SNS, {
            ...DENY_ALL,
            Condition: { StringNotEquals: { 'aws:SourceAccount': ENV.account } },
          }),
        },
        ENV,
      ),
    ],
    [
      'a denial under an unknown condition',
      {
        T: TOPIC,
        P: statements(ALLOW_SNS, { ...DENY_ALL, Condition: { Bool: { 'aws:ViaAWSService': 'true' } } }),
      },
    ],
    [
      'tracing and a policy under the same condition',
      stack('t', { T: ACTIVE_IN_PROD, P: { ...policy(), Condition: 'Prod' } }, STAGES),
    ],
    ['five policies', { T: TOPIC, ...policies(5) }],
    [
      'six policies of which only five can be created',
      stack('t', { T: TOPIC, ...policies(5, (i) => (i === 0 ? 'Prod' : 'Test')), P: policy() }, STAGES),
    ],
    [
      'six policies of which Rules allow only five',
      stack('t', { ...policies(3, () => 'Prod'), ...policies(3, () => 'ZoneB', 3) }, inZoneB),
    ],
    [
      'a policy in a nested stack under the condition of the tracing',
      stack('t', { T: ACTIVE_IN_PROD, Nested: { ...STACK, Condition: 'Prod' } }, STAGES),
      stack('nested', { P: policy() }, nestedIn('t')),
    ],
    [
      'a sixth policy in a nested stack in the other case',
      stack('t', { T: TOPIC, ...policies(5, () => 'Prod'), Nested: { ...STACK, Condition: 'Test' } }, STAGES),
      stack('nested', { P5: policy() }, nestedIn('t')),
    ],
    [
      'six policies in two regions',
      stack('a', { T: TOPIC, ...policies(3) }, ENV),
      stack('b', policies(3), { ...ENV, region: 'us-east-1' }),
    ],
    ['six policies in templates that may be in several accounts', policies(3), policies(3)],
    [
      'six policies in an account, in regions that are not known',
      stack('a', policies(3), { account: ENV.account }),
      stack('b', policies(3), { account: ENV.account }),
    ],
    [
      'six policies in a region, in accounts that are not known',
      stack('a', policies(3), { region: ENV.region }),
      stack('b', policies(3), { region: ENV.region }),
    ],
    ['a template that includes resources', { T: TOPIC, 'Fn::Transform': INCLUDE }],
    ['a template with a macro', stack('t', { T: TOPIC }, { sections: { Transform: ['AddXRayPolicies'] } })],
    [
      'a macro in a template without resources',
      stack('t', { T: TOPIC }, ENV),
      stack('p', {}, { ...ENV, sections: { Transform: { Name: 'AddXRayPolicies' } } }),
    ],
    [
      'a policy whose properties a macro adds',
      { T: TOPIC, P: { Type: 'AWS::XRay::ResourcePolicy', Properties: { 'Fn::Transform': INCLUDE } } },
    ],
    [
      'a policy whose document a macro can replace',
      {
        T: TOPIC,
        P: {
          Type: 'AWS::XRay::ResourcePolicy',
          Properties: { PolicyDocument: '{"Statement": []}', 'Fn::Transform': INCLUDE },
        },
      },
    ],
    ['a resource that a macro adds', { T: TOPIC, P: { 'Fn::Transform': INCLUDE } }],
    [
      'a loop over an unknown list',
      { T: TOPIC, 'Fn::ForEach::Policies': ['Name', { Ref: 'Names' }, { 'P${Name}': policy() }] },
    ],
    ['a module', { T: TOPIC, M: { Type: 'Acme::Tracing::Policies::MODULE' } }],
    ['a module in another template', { T: TOPIC }, { M: { Type: 'Acme::Tracing::Policies::MODULE' } }],
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
    [
      'T TracingConfig',
      'a policy for another principal in one case',
      stack(
        't',
        {
          T: TOPIC,
          P: {
            Type: 'AWS::XRay::ResourcePolicy',
            Properties: {
              PolicyDocument: {
                Statement: {
                  ...ALLOW_SNS,
                  Resource: '*',
                  Principal: {
                    'Fn::If': ['Prod', { Service: 's3.amazonaws.com' }, { Service: 'sns.amazonaws.com' }],
                  },
                },
              },
            },
          },
        },
        STAGES,
      ),
    ],
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
    ['T TracingConfig', 'a denial in addition', { T: TOPIC, P: statements(ALLOW_SNS, DENY_ALL) }],
    ['T TracingConfig', 'a denial in another policy', { T: TOPIC, P: policy(), D: statements(DENY_ALL) }],
    [
      'T TracingConfig',
      'a denial for the topic, by a pattern',
      stack(
        't',
        {
          T: NAMED,
          P: statements(ALLOW_SNS, {
            ...DENY_ALL,
            Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:ord*' } },
          }),
        },
        ENV,
      ),
    ],
    [
      'T TracingConfig',
      'a policy in another region',
      stack('t', { T: TOPIC }, ENV),
      stack('p', { P: policy() }, { ...ENV, region: 'us-east-1' }),
    ],
    [
      'T TracingConfig',
      'a policy in the other case',
      stack('t', { T: ACTIVE_IN_PROD, P: { ...policy(), Condition: 'Test' } }, STAGES),
    ],
    ['P5 PolicyDocument', 'a sixth policy', { T: TOPIC, ...policies(6) }],
    ['P5 PolicyDocument, P6 PolicyDocument', 'more policies, and no topic', policies(7)],
    [
      'P5 PolicyDocument',
      'a sixth policy in another stack',
      stack('a', { T: TOPIC, ...policies(3) }, ENV),
      stack('b', policies(3, undefined, 3), ENV),
    ],
    [
      'P6 PolicyDocument',
      'a sixth policy in the second case',
      stack('t', { T: TOPIC, ...policies(6, (i) => (i === 0 ? 'Prod' : 'Test')), P6: policy() }, STAGES),
    ],
    [
      'P5 PolicyDocument',
      'a sixth policy in a nested stack of a nested stack',
      stack('a', { ...policies(5), Nested: STACK }),
      stack('b', { Nested: STACK }, nestedIn('a')),
      stack('c', { P5: policy() }, nestedIn('b')),
    ],
    [
      'P5 PolicyDocument',
      'a sixth policy in a nested stack whose account and region are those of its parent',
      stack('a', { Nested: STACK }, ENV),
      stack('b', policies(5), ENV),
      stack('c', { P5: policy() }, nestedIn('a')),
    ],
    [
      'P5 PolicyDocument',
      'a sixth policy next to a nested stack of a missing template',
      stack('b', policies(5), nestedIn('a')),
      stack('c', { P5: policy() }, nestedIn('a')),
    ],
    [
      'T TracingConfig',
      'a policy in a nested stack that is not always created',
      stack('t', { T: TOPIC, Nested: { ...STACK, Condition: 'Prod' } }, STAGES),
      stack('nested', { P: policy() }, nestedIn('t')),
    ],
    [
      'T TracingConfig',
      'transforms of AWS that add no policy',
      stack(
        't',
        { T: TOPIC },
        { sections: { Transform: ['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31'] } },
      ),
    ],
    [
      'T TracingConfig',
      'a macro in another region',
      stack('t', { T: TOPIC }, ENV),
      stack('p', {}, { ...ENV, region: 'us-east-1', sections: { Transform: 'AddXRayPolicies' } }),
    ],
    [
      'T TracingConfig',
      'a macro in another resource',
      { T: TOPIC, Q: { Type: 'AWS::SQS::Queue', 'Fn::Transform': INCLUDE } },
    ],
    ['T TracingConfig', 'a denial', { T: TOPIC, P: policy(undefined, { Effect: 'Deny' }) }],
  ],
});
