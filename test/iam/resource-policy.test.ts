import {
  concat,
  type PartialString,
  partsOfSubPattern,
  unknownString,
} from '../../lib/cloudformation/partial-string';
import type { Tri } from '../../lib/iam/policy-document';
import { embeddedValues, matchesTopicArn, topicContributions } from '../../lib/iam/resource-policy';

/** Returns a string in which `${Name}` stands for a value that is known only at deployment. */
function partial(pattern: string): PartialString {
  return concat(
    ...partsOfSubPattern(pattern).map((piece, i) => (i % 2 === 0 ? [piece] : unknownString(piece))),
  );
}

const ACCOUNT = '111122223333';
const TOPIC = { account: ACCOUNT, region: 'eu-west-1', names: ['orders'] };
const ARN = `arn:aws:sns:eu-west-1:${ACCOUNT}:orders`;

describe('the ARN of a topic matches', () => {
  test.each<[pattern: string, expected: Tri]>([
    [ARN, 'yes'],
    [`arn:aws:sns:eu-west-1:${ACCOUNT}:billing`, 'no'],
    [`arn:aws:sns:eu-west-1:${ACCOUNT}:ord*`, 'yes'],
    [`arn:aws:sns:us-east-1:${ACCOUNT}:orders`, 'no'],
    ['arn:aws:sns:eu-west-1:444455556666:orders', 'no'],
    [`arn:aws-cn:sns:eu-west-1:${ACCOUNT}:orders`, 'no'],
    [`arn:aws:sqs:eu-west-1:${ACCOUNT}:orders`, 'no'],
    [`urn:aws:sns:eu-west-1:${ACCOUNT}:orders`, 'no'],
    ['arn:*:sns:*:*:orders', 'yes'],
    ['arn:*:sns:*:*:billing', 'no'],
    ['arn:aws:sns:${Region}:*:orders', 'unknown'],
    ['arn:aws:sns:${Region}:*:billing', 'no'],
    // A topic's ARN has six fields.
    [`${ARN}:subscription`, 'no'],
    ['arn:aws:sns:*:*:*:*', 'no'],
    ['arn:aws:sns', 'no'],
    ['', 'no'],
    ['orders', 'no'],
    // A wildcard can stand for several of them.
    ['*', 'yes'],
    ['arn:*', 'yes'],
    ['arn:aws:sns:*', 'yes'],
    ['arn:aws:sns:eu-*', 'yes'],
    ['arn:aws:sns:*:*', 'yes'],
    ['arn:aws:sqs:*', 'no'],
    ['arn:aws:sns:us-*', 'no'],
    ['arn:aws:sns:us-*:orders', 'no'],
    ['arn:aws:sns:eu-*:orders', 'unknown'],
    ['*:orders', 'unknown'],
    ['arn:aws:sns:*orders', 'unknown'],
    ['arn:*:eu-west-1:*', 'unknown'],
    ['arn:*:us-east-1:*', 'unknown'],
    ['arn:aws:sns:${Rest}', 'unknown'],
    ['${Arn}', 'unknown'],
    ['arn:aws:sqs:${Rest}', 'no'],
  ])('%s: %s', (pattern, expected) => {
    expect(matchesTopicArn(partial(pattern), TOPIC)).toBe(expected);
  });

  test.each<[what: string, pattern: string, parts: Partial<typeof TOPIC>, expected: Tri]>([
    ['an unknown account', ARN, { account: undefined }, 'unknown'],
    ['any account', 'arn:aws:sns:eu-west-1:*:orders', { account: undefined }, 'yes'],
    ['an unknown region', ARN, { region: undefined }, 'unknown'],
    ['any region and partition', `arn:*:sns:*:${ACCOUNT}:orders`, { region: undefined }, 'yes'],
    ['an unknown region, for another service', 'arn:aws:sqs:*', { region: undefined }, 'no'],
    ['a generated name', ARN, { names: [] }, 'no'],
    ['a generated name, by a prefix', 'arn:aws:sns:*:*:app-*', { names: [] }, 'unknown'],
    ['any name', 'arn:aws:sns:*:*:*', { names: [] }, 'yes'],
    ['an unknown name', ARN, { names: ['*'] }, 'unknown'],
    ['one of two names', ARN, { names: ['orders', 'billing'] }, 'unknown'],
    ['both names', 'arn:aws:sns:*:*:*s', { names: ['orders', 'bills'] }, 'yes'],
    ['neither name', ARN, { names: ['billing', 'bills'] }, 'no'],
  ])('with %s: %s', (_, pattern, parts, expected) => {
    expect(matchesTopicArn(partial(pattern), { ...TOPIC, ...parts })).toBe(expected);
  });
});

/** States if a statement lets SNS write the traces of the topic. */
function allows(statement: object): Tri {
  const document = { Statement: { Effect: 'Allow', Action: 'xray:*', Resource: '*', ...statement } };
  const isTopic = (arn: PartialString) => matchesTopicArn(arn, TOPIC);
  const [found] = topicContributions(document, embeddedValues(partial), isTopic, ACCOUNT);
  return found ? found.actions[0] : 'no';
}

test.each<[principal: object, expected: Tri]>([
  [{ Principal: '*' }, 'yes'],
  [{ Principal: { AWS: '*' } }, 'yes'],
  [{ Principal: { Service: 'sns.amazonaws.com' } }, 'yes'],
  [{ Principal: { Service: ['s3.amazonaws.com', 'sns.amazonaws.com'] } }, 'yes'],
  [{ Principal: { Service: 's3.amazonaws.com' } }, 'no'],
  [{ Principal: { Service: 'sns.${Suffix}' } }, 'unknown'],
  [{ Principal: { Service: 's3.${Suffix}' } }, 'no'],
  [{ Principal: { Service: 'my.sns.${Suffix}' } }, 'no'],
  [{ Principal: { Service: '${Service}.amazonaws.com' } }, 'unknown'],
  [{ Principal: { Ref: 'Principal' } }, 'unknown'],
  [{ NotPrincipal: { Service: 'sns.amazonaws.com' } }, 'no'],
  [{ NotPrincipal: { Service: 's3.amazonaws.com' } }, 'yes'],
])('a statement with %j applies to SNS: %s', (principal, expected) => {
  expect(allows(principal)).toBe(expected);
});

test.each<[condition: unknown, expected: Tri]>([
  [undefined, 'yes'],
  [{ ArnEquals: { 'aws:SourceArn': ARN } }, 'yes'],
  [{ ArnEquals: { 'AWS:SOURCEARN': 'arn:aws:sns:*:*:billing' } }, 'no'],
  // The ARN operators accept wildcards, the exact comparison of strings does not.
  [{ ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:*:*:ord*' } }, 'yes'],
  [{ ArnNotEquals: { 'aws:SourceArn': 'arn:aws:sns:*:*:ord*' } }, 'no'],
  [{ StringLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:ord*' } }, 'yes'],
  [{ StringEquals: { 'aws:SourceArn': 'arn:aws:sns:*:*:ord*' } }, 'no'],
  [{ StringEqualsIgnoreCase: { 'aws:SourceArn': 'arn:aws:sns:*:*:ord*' } }, 'no'],
  [{ StringEquals: { 'aws:SourceArn': 'arn:aws:sns:${Region}:*:orders' } }, 'no'],
  [{ StringEquals: { 'aws:SourceArn': 'arn:aws:sns:${Region}:111122223333:orders' } }, 'unknown'],
  [{ StringEquals: { 'aws:SourceAccount': ACCOUNT } }, 'yes'],
  [{ StringEquals: { 'aws:SourceAccount': ['444455556666', ACCOUNT] } }, 'yes'],
  [{ StringEquals: { 'aws:SourceAccount': '444455556666' } }, 'no'],
  [{ StringNotEquals: { 'aws:SourceAccount': '444455556666' } }, 'yes'],
  [{ StringEquals: { 'aws:SourceAccount': '${AWS::AccountId}' } }, 'yes'],
  [{ StringEquals: { 'aws:SourceAccount': '${Account}' } }, 'unknown'],
  [{ StringEquals: { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': 'arn:aws:sns:*:*:billing' } }, 'no'],
  [{ Null: { 'aws:SourceArn': 'false' } }, 'yes'],
  [{ Null: { 'aws:SourceArn': 'true' } }, 'no'],
  [{ Null: { 'aws:SourceArn': '${IsMissing}' } }, 'unknown'],
  [{ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }, 'unknown'],
  [{ NumericEquals: { 'aws:SourceAccount': ACCOUNT } }, 'unknown'],
  [{ Ref: 'Condition' }, 'unknown'],
  ['malformed', 'unknown'],
  [{ StringEquals: { Ref: 'Keys' } }, 'unknown'],
  [{ StringEquals: null }, 'unknown'],
])('a statement with the condition %j applies to the topic: %s', (Condition, expected) => {
  expect(allows({ Principal: '*', ...(Condition !== undefined && { Condition }) })).toBe(expected);
});

test('the account of a topic can be unknown', () => {
  const Condition = { StringEquals: { 'aws:SourceAccount': ACCOUNT } };
  const isTopic = (): Tri => 'yes';
  const document = { Statement: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition } };
  const [{ actions }] = topicContributions(document, embeddedValues(partial), isTopic, undefined);
  expect(actions[0]).toBe('unknown');
});

test.each<[what: string, statement: object]>([
  ['another action', { Action: 's3:GetObject' }],
  ['another resource', { Resource: 'arn:aws:xray:*:*:group/x' }],
  ['another principal', { Principal: { Service: 's3.amazonaws.com' } }],
  ['a misspelt effect', { Effect: 'allow' }],
])('a statement on %s has no effect', (_, statement) => {
  const document = {
    Statement: { Effect: 'Allow', Principal: '*', Action: 'xray:*', Resource: '*', ...statement },
  };
  expect(topicContributions(document, embeddedValues(partial), () => 'yes', ACCOUNT)).toEqual([]);
});
