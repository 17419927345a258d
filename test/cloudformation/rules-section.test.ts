import { equality } from '../../lib/cloudformation/possible';
import { Resolver } from '../../lib/cloudformation/resolver';
import { stack } from '../rules/templates';

const Parameters = {
  Source: { Type: 'String', AllowedValues: ['kafka', 'sqs'] },
  Mode: { Type: 'String', AllowedValues: ['Active', 'PassThrough'] },
  Stage: { Type: 'String' },
  Stages: { Type: 'CommaDelimitedList' },
  Others: { Type: 'CommaDelimitedList' },
  Tier: { Type: 'CommaDelimitedList', AllowedValues: ['a, b', 'c'] },
  Subnets: { Type: 'List<AWS::EC2::Subnet::Id>' },
};
const [SOURCE, MODE, STAGE] = ['Source', 'Mode', 'Stage'].map((Ref) => ({ Ref }));
const equals = (left: unknown, right: unknown) => ({ 'Fn::Equals': [left, right] });
const not = (condition: unknown) => ({ 'Fn::Not': [condition] });
const rule = (condition: unknown, ...asserts: unknown[]) => ({
  ...(condition !== undefined && { RuleCondition: condition }),
  Assertions: asserts.map((Assert) => ({ Assert, AssertDescription: 'x' })),
});

/** Returns true if a deployment is possible with these values; `!` stands for any other value. */
function isPossible(values: Record<string, string>, Rules: object): boolean {
  const parameterValues = { Stages: 'a, b' };
  const resolver = Resolver.of([stack('t', {}, { sections: { Parameters, Rules }, parameterValues })]);
  const assumed = Object.entries(values).map(([name, value]) => [
    equality(`\${t#${name}}`, value.replace('!', '')),
    !value.startsWith('!'),
  ]);
  return resolver.isPossible(Object.fromEntries(assumed) as Record<string, boolean>);
}

const KAFKA_IS_PASS_THROUGH = { R: rule(equals(SOURCE, 'kafka'), equals(MODE, 'PassThrough')) };
const ACTIVE_WITH_KAFKA = { Source: 'kafka', Mode: 'Active' };

test.each<[what: string, can: boolean, values: Record<string, string>, rules: object]>([
  ['everything without rules', true, ACTIVE_WITH_KAFKA, {}],
  ['what no assertion forbids', true, { Source: 'kafka', Mode: '!Active' }, KAFKA_IS_PASS_THROUGH],
  [
    'what is forbidden under another condition',
    true,
    { Source: '!kafka', Mode: 'Active' },
    KAFKA_IS_PASS_THROUGH,
  ],
  ['what may satisfy the assertion', true, { Source: 'kafka' }, KAFKA_IS_PASS_THROUGH],
  ['what violates the assertion', false, ACTIVE_WITH_KAFKA, KAFKA_IS_PASS_THROUGH],
  [
    'what violates an assertion without condition',
    false,
    { Stage: '!prod' },
    { R: rule(undefined, equals(STAGE, 'prod')) },
  ],
  [
    'another value than the asserted one',
    false,
    { Stage: 'dev' },
    { R: rule(undefined, equals(STAGE, 'prod')) },
  ],
  [
    'what violates one of several assertions',
    false,
    ACTIVE_WITH_KAFKA,
    { R: rule(equals(SOURCE, 'kafka'), equals(STAGE, 'prod'), equals(MODE, 'PassThrough')) },
  ],
  [
    'what violates one of several rules',
    false,
    ACTIVE_WITH_KAFKA,
    { Other: rule(undefined, not(equals(STAGE, 'prod'))), ...KAFKA_IS_PASS_THROUGH },
  ],
  [
    'what is forbidden with and without an unknown condition',
    false,
    { Stage: '!prod' },
    {
      With: rule({ 'Fn::Other': [] }, equals(STAGE, 'prod')),
      Without: rule(not({ 'Fn::Other': [] }), equals(STAGE, 'prod')),
    },
  ],
  [
    'what two rules forbid together',
    false,
    { Mode: 'Active' },
    {
      Kafka: rule(equals(SOURCE, 'kafka'), equals(MODE, 'PassThrough')),
      Queue: rule(equals(SOURCE, 'sqs'), equals(MODE, 'PassThrough')),
    },
  ],
])('%s: %s', (_, can, values, rules) => {
  expect(isPossible(values, rules)).toBe(can);
});

describe('evaluates', () => {
  const PROD_OR_TEST = ['prod', 'test'];
  const inStages = (value: unknown) => ({ 'Fn::Contains': [PROD_OR_TEST, value] });

  test.each<[assertion: object, possible: string, impossible: string]>([
    [inStages(STAGE), 'prod', 'dev'],
    [not(inStages(STAGE)), 'dev', 'test'],
    [{ 'Fn::Or': [equals(STAGE, 'dev'), inStages(STAGE)] }, 'dev', 'beta'],
    [{ 'Fn::And': [not(equals(STAGE, 'prod')), inStages(STAGE)] }, 'test', 'prod'],
    [{ 'Fn::EachMemberIn': [[STAGE, 'prod'], PROD_OR_TEST] }, 'test', 'dev'],
    [{ 'Fn::EachMemberIn': [[STAGE], { Ref: 'Stages' }] }, 'b', 'c'],
    [{ 'Fn::EachMemberEquals': [[STAGE, 'prod'], 'prod'] }, 'prod', 'dev'],
    [{ 'Fn::Contains': [{ Ref: 'Stages' }, STAGE] }, 'a', 'c'],
  ])('%j', (assertion, possible, impossible) => {
    const rules = { R: rule(undefined, assertion) };
    expect(isPossible({ Stage: possible }, rules)).toBe(true);
    expect(isPossible({ Stage: impossible }, rules)).toBe(false);
  });
});

test.each<[what: string, rules: unknown]>([
  ['an unknown list', { R: rule(undefined, { 'Fn::Contains': [{ Ref: 'Others' }, 'prod'] }) }],
  [
    'all parameters of a type',
    { R: rule(undefined, { 'Fn::EachMemberIn': [{ 'Fn::RefAll': 'AWS::EC2::Subnet::Id' }, ['a']] }) },
  ],
  [
    'the attribute of a parameter',
    {
      R: rule(
        undefined,
        equals({ 'Fn::ValueOf': ['Subnets', 'VpcId'] }, { 'Fn::ValueOf': ['Stage', 'VpcId'] }),
      ),
    },
  ],
  [
    'the attributes of parameters',
    {
      R: rule(undefined, {
        'Fn::EachMemberEquals': [{ 'Fn::ValueOfAll': ['AWS::EC2::VPC::Id', 'Tags.Stage'] }, 'prod'],
      }),
    },
  ],
  ['an unknown function', { R: rule(undefined, { 'Fn::Other': [STAGE, 'prod'] }) }],
  ['an unknown condition', { R: rule({ 'Fn::Other': [STAGE] }, equals(STAGE, 'prod')) }],
  ['an assertion that never holds', { R: rule(undefined, equals('a', 'b')) }],
  [
    'an assertion that never holds, and another',
    { R: rule(undefined, equals('a', 'b')), S: rule(undefined, equals(STAGE, 'prod')) },
  ],
  [
    'assertions that contradict each other',
    { R: rule(undefined, equals(STAGE, 'prod'), not(equals(STAGE, 'prod'))) },
  ],
  [
    'a list that depends on the deployment',
    { R: rule(undefined, { 'Fn::Contains': [{ Ref: 'Tier' }, STAGE] }) },
  ],
  ['no assertions', { R: { RuleCondition: equals(STAGE, 'prod') } }],
  ['assertions that are no list', { R: { Assertions: { Assert: equals(STAGE, 'prod') } } }],
  ['an assertion that is no object', { R: { Assertions: ['x', null] } }],
  ['a rule that is no object', { R: 'x' }],
  ['a section that is no object', []],
])('%s excludes nothing', (_, rules) => {
  expect(isPossible({ Stage: 'dev', ...ACTIVE_WITH_KAFKA }, rules as object)).toBe(true);
});

describe('rules of a nested stack', () => {
  const parent = stack(
    'parent',
    {
      Nested: {
        Type: 'AWS::CloudFormation::Stack',
        Properties: { Parameters: { Stage: { Ref: 'ParentStage' } } },
      },
    },
    { sections: { Parameters: { ParentStage: { Type: 'String' } } } },
  );
  const isNotProd = (Rules: object) =>
    Resolver.of([
      parent,
      stack('t', {}, { nestedIn: { id: 'parent', logicalId: 'Nested' }, sections: { Parameters, Rules } }),
    ]).isPossible({
      [equality('${parent#ParentStage}', 'prod')]: false,
      [equality('${t#Mode}', 'Active')]: false,
    });

  test.each<[what: string, rules: object]>([
    ['that they are given', { R: rule(undefined, equals(STAGE, 'prod')) }],
    [
      'that they are given, together with their own',
      { R: rule(not(equals(MODE, 'Active')), equals(STAGE, 'prod')) },
    ],
  ])('exclude no value of the parent %s', (_, rules) => {
    expect(isNotProd(rules)).toBe(true);
  });
});
