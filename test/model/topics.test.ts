import { equality } from '../../lib/cloudformation/possible';
import type { Topic } from '../../lib/model/tracing-model';
import { modelOf, PROD, when } from '../lambda/published';
import type { Resources } from '../rules/templates';

const SECTIONS = { ...PROD, Parameters: { Stage: {}, Name: { Type: 'String' } } };
const ARN = 'arn:aws:sns:eu-west-1:111122223333';

function topics(resources: Resources): readonly Topic[] {
  return modelOf(resources, SECTIONS).topics;
}

function topic(TopicName?: unknown, TracingConfig: unknown = 'Active') {
  return { Type: 'AWS::SNS::Topic', Properties: { TracingConfig, ...(TopicName ? { TopicName } : {}) } };
}

/** An X-Ray resource policy for SNS, with changes to its one statement. */
function policy(statement: object) {
  const written = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'xray:PutTraceSegments',
    Resource: '*',
    ...statement,
  };
  return {
    Type: 'AWS::XRay::ResourcePolicy',
    Properties: { PolicyDocument: { 'Fn::Sub': JSON.stringify({ Statement: written }) } },
  };
}

function ofSource(arn: unknown, others: object = {}) {
  return policy({ Condition: { StringLike: { 'aws:SourceArn': arn }, ...others } });
}

const SNS = 'sns.amazonaws.com';
const ORDERS = topic('orders');

/** A policy with another operator on the source. */
function source(operator: string, arns: unknown) {
  return policy({ Condition: { [operator]: { 'aws:SourceArn': arns } } });
}

test.each<[string, object, object, boolean]>([
  ['for its name', ORDERS, ofSource(`${ARN}:orders`), true],
  ['for several names including its own', ORDERS, ofSource([`${ARN}:billing`, `${ARN}:orders`]), true],
  ['for another name', ORDERS, ofSource(`${ARN}:billing`), false],
  ['for another name, in any region', ORDERS, ofSource('arn:aws:sns:*:*:billing'), false],
  ['for another name, in the region of the stack', ORDERS, ofSource('arn:aws:sns:${AWS::Region}:*:x'), false],
  ['for a matching prefix', ORDERS, ofSource(`${ARN}:ord*`), true],
  ['for a matching pattern of the same length', ORDERS, ofSource(`${ARN}:order?`), true],
  ['for its name that is a parameter', topic({ Ref: 'Name' }), ofSource(`${ARN}:orders`), true],
  ['for a name that is a parameter of the policy', ORDERS, ofSource(`${ARN}:\${Name}`), true],
  ['for its name in one case', topic(when('Prod', 'orders', 'test')), ofSource(`${ARN}:orders`), true],
  ['for a name that the topic does not set', topic(), ofSource(`${ARN}:orders`), false],
  ['for itself', topic(), ofSource('${Orders}'), true],
  ['for itself among others', topic(), ofSource([`${ARN}:billing`, '${Orders}']), true],
  ['for others', topic(), ofSource(['${Other}', `${ARN}:billing`]), false],
  ['for an unreadable source', ORDERS, ofSource([{}]), true],
  [
    'for an account',
    ORDERS,
    policy({ Condition: { StringEquals: { 'aws:SourceAccount': ['111122223333', '444455556666'] } } }),
    true,
  ],
  ['for all other actions', ORDERS, policy({ Action: undefined, NotAction: 's3:*' }), true],
  ['for all but the action', ORDERS, policy({ Action: undefined, NotAction: 'xray:Put*' }), false],
  ['for actions by a wildcard', ORDERS, policy({ Action: ['xray:PutTrace*', 'xray:GetSampling*'] }), true],
  ['for a list of services', ORDERS, policy({ Principal: { Service: ['s3.amazonaws.com', SNS] } }), true],
  ['for all accounts', ORDERS, policy({ Principal: { AWS: '*' } }), true],
  [
    'for all other principals',
    ORDERS,
    policy({ Principal: undefined, NotPrincipal: { Service: SNS } }),
    false,
  ],
  ['for its ARN if the key is set', ORDERS, source('ArnLikeIfExists', `${ARN}:orders`), true],
  ['for another ARN if the key is set', ORDERS, source('ArnEqualsIfExists', `${ARN}:billing`), false],
  [
    'for one of several ARNs',
    ORDERS,
    source('ForAnyValue:StringLike', [`${ARN}:billing`, `${ARN}:o*`]),
    true,
  ],
  ['for all other ARNs', ORDERS, source('ArnNotLike', 'arn:*:sns:*:*:ord*'), false],
  ['for all ARNs but that of another', ORDERS, source('ArnNotLike', 'arn:*:sns:*:*:billing'), true],
  ['for all but itself', topic(), source('StringNotEquals', '${Orders}'), false],
  ['for a pattern that is compared as text', ORDERS, source('StringEquals', 'arn:aws:sns:*:*:*'), false],
  ['for an ARN of another service', ORDERS, ofSource('arn:aws:sqs:*'), false],
  ['for an ARN of another service, with fewer fields', ORDERS, ofSource('arn:aws:sqs:*:a'), false],
  ['for an ARN with fewer fields', ORDERS, ofSource('arn:aws:sns:*:orders'), true],
  ['for an ARN whose wildcard stands for the service', ORDERS, ofSource('arn:*:orders'), true],
  ['for an ARN whose service is a parameter', ORDERS, ofSource('arn:aws:${Name}:*:orders'), true],
  ['for requests with an ARN', ORDERS, source('Null', 'false'), true],
  ['for requests without an ARN', ORDERS, source('Null', 'true'), false],
  [
    'under an unknown condition',
    ORDERS,
    policy({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
    true,
  ],
  ['on a resource other than *', ORDERS, policy({ Resource: 'arn:aws:xray:*:*:group/x' }), false],
  ['for all principals', ORDERS, policy({ Principal: '*' }), true],
  ['for all actions', ORDERS, policy({ Action: '*' }), true],
  ['for all actions of X-Ray', ORDERS, policy({ Action: ['sns:Publish', 'xray:*'] }), true],
  ['for actions that write', ORDERS, policy({ Action: 'xray:Put*' }), true],
  [
    'for other actions',
    ORDERS,
    policy({ Action: ['xray:GetSamplingRules', 'xray:PutEncryptionConfig'] }),
    false,
  ],
])('a topic has a resource policy %s', (_, Orders, P, isCovered) => {
  const [{ resource, permissions }] = topics({ Orders, P, Other: topic() });
  expect(resource.logicalId).toBe('Orders');
  expect(permissions.map(({ value }) => value.state !== 'missing')).toEqual([isCovered]);
});

const [IN_PROD, ELSEWHERE] = [true, false].map((holds) => ({
  [equality('${t#Stage}', 'prod')]: holds,
}));

test.each<[string, unknown, inProd: boolean, elsewhere: boolean]>([
  ['Active', 'Active', true, true],
  ['PassThrough', 'PassThrough', false, false],
  ['nothing', { Ref: 'AWS::NoValue' }, false, false],
  ['a parameter', { Ref: 'Name' }, false, false],
  ['either', when('Prod', 'Active', 'PassThrough'), true, false],
])('reads the tracing mode of a topic in each case: %s', (_, tracing, ...expected) => {
  const resources = { Orders: topic('orders', tracing), Queue: { Type: 'AWS::SQS::Queue' } };
  const [{ isActiveWhen }] = topics(resources);
  expect([IN_PROD, ELSEWHERE].map(isActiveWhen)).toEqual(expected);
});

test('a topic is not Active in a case that Rules exclude', () => {
  const Assert = { 'Fn::Equals': [{ Ref: 'Stage' }, 'dev'] };
  const sections = { ...SECTIONS, Rules: { Dev: { Assertions: [{ Assert }] } } };
  const [{ isActiveWhen }] = modelOf({ Orders: ORDERS }, sections).topics;
  expect([IN_PROD, ELSEWHERE].map(isActiveWhen)).toEqual([false, true]);
});

test.each<[string, string, string]>([
  ['for its own ARN', '${Orders}', 'granted'],
  ['for an ARN that starts with its own', '${Orders}-more', 'unknown'],
  ['for the ARN of another topic', '${Other}', 'missing'],
  ['for the ARN of a resource that is no topic', '${Queue}', 'unknown'],
])('a resource policy %s', (_, arn, state) => {
  const others = { Other: topic(), Queue: { Type: 'AWS::SQS::Queue' } };
  const [{ permissions }] = topics({ Orders: topic(), ...others, P: ofSource(arn) });
  expect(permissions.map(({ value }) => value.state)).toEqual([state]);
});

test('a topic may have a resource policy whose document can not be read', () => {
  const P = { Type: 'AWS::XRay::ResourcePolicy', Properties: { PolicyDocument: 'no JSON' } };
  const [{ permissions }] = topics({ Orders: topic(), P });
  expect(permissions.map(({ value }) => value.state)).toEqual(['unknown']);
});

describe('a policy document in Fn::ToJsonString', () => {
  const json = (document: unknown) => ({
    Type: 'AWS::XRay::ResourcePolicy',
    Properties: { PolicyDocument: { 'Fn::ToJsonString': document } },
  });
  const document = (Service: string, SourceArn: unknown) => ({
    Statement: {
      Effect: 'Allow',
      Principal: { Service },
      Action: 'xray:PutTraceSegments',
      Resource: '*',
      Condition: { ArnEquals: { 'aws:SourceArn': SourceArn } },
    },
  });
  const own = document(SNS, { Ref: 'Orders' });

  test.each<[string, unknown, string[]]>([
    ['for the topic', own, ['granted']],
    ['for another topic', document(SNS, { Ref: 'Other' }), ['missing']],
    ['for another service', document('events.amazonaws.com', { Ref: 'Orders' }), ['missing']],
    ['for the topic in one case', when('Prod', own, {}), ['granted', 'missing']],
    ['that is not known', { Ref: 'Name' }, ['unknown']],
  ])('is read: %s', (_, written, expected) => {
    const [{ permissions }] = topics({ Orders: topic(), Other: topic(), P: json(written) });
    expect(permissions.map(({ value }) => value.state)).toEqual(expected);
  });
});
