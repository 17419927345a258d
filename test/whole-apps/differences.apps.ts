import { errorsIn } from './deployable';
import type { Resource, Template } from './assembly';
import { type Allowed, differencesBetween } from './differences';

const ALL: Allowed = { callers: true, tieVersions: true, managedPolicies: true };
const NONE: Allowed = { callers: false, tieVersions: false, managedPolicies: false };

const FN: Resource = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'orders' } };
const ROLE: Resource = { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: ['basic'] } };
const TOPIC: Resource = { Type: 'AWS::SNS::Topic' };
const VERSION: Resource = {
  Type: 'AWS::Lambda::Version',
  Properties: { FunctionName: { Ref: 'Fn' }, Description: 'Release 1' },
};
const BARE: Template = { Resources: { Fn: FN, Role: ROLE, Topic: TOPIC, Version: VERSION } };

function withProperties(resource: Resource, properties: object): Resource {
  return { ...resource, Properties: { ...resource.Properties, ...properties } };
}

function policy(Action: string, Resource: string): Resource {
  const Statement = [{ Effect: 'Allow', Action, Resource }];
  return { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement } } };
}

function differences(resources: Record<string, Resource | undefined>, allowed: Allowed): string[] {
  const changed = Object.entries({ ...BARE.Resources, ...resources }).filter(([, resource]) => resource);
  return differencesBetween(
    BARE,
    { Resources: Object.fromEntries(changed) as Template['Resources'] },
    allowed,
  );
}

describe('tracing may', () => {
  test.each<[string, Record<string, Resource>]>([
    ['set the mode', { Fn: withProperties(FN, { TracingConfig: { Mode: 'Active' } }) }],
    ['add dependencies', { Fn: { ...FN, DependsOn: ['Role'] } }],
    ['allow writing to X-Ray', { Policy: policy('xray:PutTraceSegments', '*') }],
  ])('%s', (_, resources) => {
    expect(differences(resources, NONE)).toEqual([]);
  });

  test.each<[string, Record<string, Resource>]>([
    ['trace a caller', { Topic: withProperties(TOPIC, { TracingConfig: 'Active' }) }],
    ['replace a version', { Version: withProperties(VERSION, { Description: 'X-Ray tracing: Active' }) }],
    [
      'attach the managed policy',
      { Role: withProperties(ROLE, { ManagedPolicyArns: ['basic', 'AWSXRayDaemonWriteAccess'] }) },
    ],
  ])('%s, only with the option', (_, resources) => {
    expect(differences(resources, ALL)).toEqual([]);
    expect(differences(resources, NONE)).not.toEqual([]);
  });
});

describe('tracing must not', () => {
  test.each<[string, Record<string, Resource | undefined>]>([
    ['remove a resource', { Topic: undefined }],
    ['add a resource', { Other: TOPIC }],
    ['replace a function', { Fn: withProperties(FN, { FunctionName: 'other' }) }],
    ['change another property', { Fn: withProperties(FN, { MemorySize: 256 }) }],
    ['remove a permission', { Role: withProperties(ROLE, { ManagedPolicyArns: [] }) }],
    ['attach another policy', { Role: withProperties(ROLE, { ManagedPolicyArns: ['basic', 'other'] }) }],
    ['allow other actions', { Policy: policy('s3:GetObject', '*') }],
    ['move a version to another function', { Version: withProperties(VERSION, { FunctionName: 'other' }) }],
  ])('%s', (_, resources) => {
    expect(differences(resources, ALL)).not.toEqual([]);
  });
});

test('finds circular dependencies', () => {
  const Resources = {
    A: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::Sub': '${B.Name}' } } },
    B: { Type: 'AWS::SNS::Topic', DependsOn: 'C' },
    C: { Type: 'AWS::SNS::Topic', Properties: { Tags: [{ Value: { 'Fn::GetAtt': ['A', 'TopicArn'] } }] } },
    D: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'A' } } },
  };
  expect(errorsIn({ Resources })).toEqual(['A', 'B', 'C'].map((id) => `${id} depends on itself`));
});

test('finds references to resources that may not exist', () => {
  const reference = { Ref: 'A' };
  const Resources = {
    A: { ...TOPIC, Condition: 'IsProd' },
    B: withProperties(TOPIC, { TopicName: reference }),
    C: { ...withProperties(TOPIC, { TopicName: reference }), Condition: 'IsProd' },
    D: withProperties(TOPIC, { TopicName: { 'Fn::If': ['IsProd', reference, 'other'] } }),
  };
  expect(errorsIn({ Resources })).toEqual(['B refers to A, and lacks its condition']);
});
