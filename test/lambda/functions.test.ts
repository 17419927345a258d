import type { LambdaFunction } from '../../lib/lambda/lambda-function';
import { ACTIVE_TRACING } from '../../lib/rules/active-tracing';
import { lambda, mapping, type Resources, stack, findingsIn } from '../rules/templates';
import { alias, functionIn, modelOf, PROD, sam, version, when } from './published';

const NO_VALUE = { Ref: 'AWS::NoValue' };
const KAFKA = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123';
const FN_ARN = { 'Fn::GetAtt': ['Fn', 'Arn'] };

const inStack = (resources: Resources): LambdaFunction =>
  functionIn(stack('t', resources, { sections: PROD }));

test.each<[string, unknown, [name: string, ...values: string[]][]]>([
  [
    'variables',
    { Variables: { AWS_A: '1', AWS_B: 2 } },
    [
      ['AWS_A', '1'],
      ['AWS_B', '2'],
    ],
  ],
  ['a variable set by a parameter', { Variables: { AWS_A: { Ref: 'Stage' } } }, [['AWS_A']]],
  ['a variable in each case', { Variables: { AWS_A: when('Prod', '1', '2') } }, [['AWS_A', '1', '2']]],
  ['a variable in one case', { Variables: { AWS_A: when('Prod', '1', NO_VALUE) } }, [['AWS_A', '1']]],
  ['a variable that is omitted', { Variables: { AWS_A: NO_VALUE } }, []],
  [
    'variables in each case',
    { Variables: when('Prod', { AWS_A: '1' }, { AWS_A: '2' }) },
    [['AWS_A', '1', '2']],
  ],
  ['variables set by a parameter', { Variables: { Ref: 'Variables' } }, []],
  [
    'variables that have nothing to do with tracing',
    { Variables: { TABLE: '1', AWS_A: '2' } },
    [['AWS_A', '2']],
  ],
  ['no variables', {}, []],
  ['a malformed environment', 'x', []],
])('reads the environment of a function with %s', (_, Environment, expected) => {
  const { environment } = inStack({ Fn: lambda('Active', { Environment }) });
  expect(environment.map(({ name, values }) => [name, ...values.map(({ value }) => value)])).toStrictEqual(
    expected,
  );
});

test.each<[string, unknown, (number | undefined)[]]>([
  ['nothing', NO_VALUE, [128]],
  ['a number', 512, [512]],
  ['a number in words', '512', [512]],
  ['a parameter', { Ref: 'Stage' }, [undefined]],
  ['no number', 'much', [undefined]],
  ['each case', when('Prod', 1024, NO_VALUE), [1024, 128]],
])('reads the memory of a function: %s', (_, MemorySize, expected) => {
  const { memory } = inStack({ Fn: lambda('Active', { MemorySize }) });
  expect(memory.map(({ value }) => value)).toStrictEqual(expected);
});

const BOUNDARY = {
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } },
};

test.each<[string, object, string[]]>([
  ['Active', { Tracing: 'Active' }, ['granted']],
  ['PassThrough', { Tracing: 'PassThrough' }, ['granted']],
  ['Disabled', { Tracing: 'Disabled' }, ['missing']],
  ['without a mode', {}, ['missing']],
  ['Active in one case', { Tracing: when('Prod', 'Active', NO_VALUE) }, ['granted']],
  ['Active, with a boundary', { Tracing: 'Active', PermissionsBoundary: { Ref: 'Boundary' } }, ['missing']],
  ['Active, with a role', { Tracing: 'Active', Role: { Ref: 'Role' } }, ['unknown']],
])('evaluates the role that SAM generates: %s', (_, properties, expected) => {
  const { writePermissions } = inStack({ Fn: sam(properties), Boundary: BOUNDARY });
  expect(writePermissions.map(({ value }) => value.state)).toStrictEqual(expected);
});

describe('a function with a Kafka event source', () => {
  const resources = { Fn: lambda(), Kafka: mapping({ EventSourceArn: KAFKA }) };
  const URL = { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: FN_ARN } };
  const PERMISSION = { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: { Ref: 'Fn' } } };

  test.each<[string, Resources, boolean]>([
    ['nothing', {}, false],
    ['a function URL', { Url: URL }, true],
    ['a permission', { Permission: PERMISSION }, true],
    [
      "another function's URL",
      { Other: lambda(), Url: { ...URL, Properties: { TargetFunctionArn: 'x' } } },
      false,
    ],
  ])('can be traced for %s besides', (_, more, isTraceable) => {
    const reported = findingsIn(ACTIVE_TRACING, { ...resources, ...more });
    expect(reported.includes('template0 Fn TracingConfig.Mode')).toBe(isTraceable);
  });
});

test('a SAM event invokes the function directly', () => {
  const Events = {
    Orders: { Type: 'SQS', Properties: { Queue: 'arn:aws:sqs:eu-west-1:111122223333:orders' } },
  };
  const [{ logicalId, path, targets }] = modelOf({ Fn: sam({ Events }) }).eventSourceMappings;
  expect([logicalId, path, targets.map(({ value }) => value.through)]).toStrictEqual([
    'FnOrders',
    ['Events', 'Orders'],
    [[]],
  ]);
});

test.each<[string, Resources]>([
  ['a version', { V: version({ FunctionName: { Ref: 'Gone' } }) }],
  ['an alias', { A: alias('1', { FunctionName: { Ref: 'Gone' } }) }],
  ['a mapping', { M: mapping({ EventSourceArn: KAFKA }, { Ref: 'Gone' }) }],
  [
    'a distribution',
    {
      D: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            DefaultCacheBehavior: { LambdaFunctionAssociations: [{ LambdaFunctionARN: { Ref: 'Gone' } }] },
          },
        },
      },
    },
  ],
])('%s of a function outside the templates belongs to no function', (_, resources) => {
  const { versions, aliases, eventSourceMappings, distributions } = inStack({ Fn: lambda(), ...resources });
  expect([versions, aliases, eventSourceMappings, distributions]).toStrictEqual([[], [], [], []]);
});

test.each<[string, unknown, string[]]>([
  ['a literal', 'AWS::Lambda::Function', ['AWS::Lambda::Function']],
  ['a parameter', { Ref: 'Stage' }, []],
  ['nothing', NO_VALUE, []],
  ['each case', when('Prod', '*', { Ref: 'Stage' }), ['*']],
])('reads the service type of a sampling rule: %s', (_, ServiceType, expected) => {
  const R = { Type: 'AWS::XRay::SamplingRule', Properties: { SamplingRule: { ServiceType } } };
  const [{ serviceTypes }] = modelOf({ R }, PROD).samplingRules;
  expect(serviceTypes.map(({ value }) => value)).toStrictEqual(expected);
});
