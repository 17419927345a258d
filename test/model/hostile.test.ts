import fc from 'fast-check';
import { checkModel } from '../../lib/checker/check';
import { buildTracingModel } from '../../lib/model/build-model';

/** A value that can be anywhere in a malformed template. */
const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      'Active',
      'PassThrough',
      'Fn',
      'A',
      'Role',
      'Other',
      '',
      'arn:aws:kafka:x:1:cluster/c',
      'AWS::NoValue',
    ),
    fc.constantFrom(null, true, 0, -1, 1e308, NaN),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        'Ref',
        'Fn::GetAtt',
        'Fn::If',
        'Fn::Join',
        'Fn::Sub',
        'Fn::Select',
        'Fn::Split',
        'Fn::FindInMap',
      ),
      tie('value'),
      { maxKeys: 1 },
    ),
    fc.dictionary(
      fc.constantFrom(
        'Fn::ImportValue',
        'Fn::GetStackOutput',
        'Condition',
        'Mode',
        'Statement',
        'Variables',
        '__proto__',
      ),
      tie('value'),
      { maxKeys: 2 },
    ),
  ),
})).value;

const properties = fc.dictionary(
  fc.constantFrom(
    'FunctionName',
    'TracingConfig',
    'Tracing',
    'Role',
    'Environment',
    'MemorySize',
    'Events',
    'Policies',
    'ManagedPolicyArns',
    'PermissionsBoundary',
    'PolicyDocument',
    'Roles',
    'RoleName',
    'EventSourceArn',
    'Topics',
    'Queues',
    'SourceAccessConfigurations',
    'DistributionConfig',
    'SamplingRule',
    'TargetFunctionArn',
    'Name',
    'AutoPublishAlias',
    'AssumeRolePolicyDocument',
    'Parameters',
  ),
  anything,
);

const resource = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      Type: fc.constantFrom(
        'AWS::Lambda::Function',
        'AWS::Serverless::Function',
        'AWS::Lambda::EventSourceMapping',
        'AWS::Lambda::Version',
        'AWS::Lambda::Alias',
        'AWS::Lambda::Permission',
        'AWS::Lambda::Url',
        'AWS::IAM::Role',
        'AWS::IAM::Policy',
        'AWS::IAM::ManagedPolicy',
        'AWS::IAM::RolePolicy',
        'AWS::CloudFront::Distribution',
        'AWS::SNS::Topic',
        'AWS::XRay::ResourcePolicy',
        'AWS::XRay::SamplingRule',
        'AWS::CloudFormation::Stack',
      ),
      Properties: fc.oneof({ weight: 9, arbitrary: properties }, { weight: 1, arbitrary: anything }),
      Condition: fc.oneof(fc.constant(undefined), fc.constantFrom('A', 'Fn')),
      Metadata: anything,
    }),
  },
  { weight: 1, arbitrary: anything },
);

const template = fc.record({
  Resources: fc.dictionary(fc.constantFrom('Fn', 'A', 'Role', 'Other', '__proto__', 'constructor'), resource),
  Parameters: fc.dictionary(fc.constantFrom('A', 'B'), anything),
  Conditions: fc.dictionary(fc.constantFrom('A', 'Fn'), anything),
  Mappings: anything,
  Outputs: fc.dictionary(fc.constantFrom('A', 'B'), anything),
  Globals: anything,
});

test('checks templates with any content', () => {
  fc.assert(
    fc.property(fc.array(template, { minLength: 1, maxLength: 3 }), (templates) => {
      const sources = templates.map((content, i) => ({
        id: `template${i}`,
        template: content,
        stackName: 'A',
        nestedIn: i > 0 ? { id: 'template0', logicalId: 'A' } : undefined,
      }));
      const findings = checkModel(buildTracingModel(sources));
      for (const { rule, message, fix } of findings) {
        expect(`${rule.id}${message}${fix}`).not.toMatch(/undefined|\[object/);
      }
    }),
    { numRuns: 2000, seed: 42 },
  );
});

test('circular references end', () => {
  const chain = Array.from({ length: 5000 }, (_, i) => [
    `A${i}`,
    { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: `A${i + 1}` } } },
  ]);
  const Resources = Object.fromEntries(chain) as object;
  expect(() => checkModel(buildTracingModel([{ id: 't', template: { Resources } }]))).not.toThrow();
});

test('follows values nested 200 deep', () => {
  const deep = Array.from({ length: 200 }).reduce<unknown>(
    (inner) => ({ 'Fn::Join': ['', [inner]] }),
    'Active',
  );
  const Resources = { Fn: { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: deep } } } };
  const [fn] = buildTracingModel([{ id: 't', template: { Resources } }]).functions;
  expect(fn.modes.map(({ value }) => value)).toEqual(['Active']);
});

describe('exponential growth ends', () => {
  const STEPS = Array.from({ length: 45 }, (_, i) => i);
  const steps = (make: (i: number) => [string, unknown]) => Object.fromEntries(STEPS.map(make)) as object;

  test.each<[string, object]>([
    [
      'conditions',
      {
        Conditions: steps((i) => [
          `C${i}`,
          { 'Fn::And': [{ Condition: `C${i + 1}` }, { Condition: `C${i + 1}` }] },
        ]),
      },
    ],
    [
      'exports',
      {
        Outputs: steps((i) => [
          `O${i}`,
          {
            Value: {
              'Fn::Join': ['', [{ 'Fn::ImportValue': `e${i + 1}` }, { 'Fn::ImportValue': `e${i + 1}` }]],
            },
            Export: { Name: `e${i}` },
          },
        ]),
      },
    ],
    [
      'exports by conditions',
      {
        Outputs: steps((i) => [
          `O${i}`,
          {
            Value: {
              'Fn::If': [`C${i}`, { 'Fn::ImportValue': `e${i + 1}` }, { 'Fn::ImportValue': `e${i + 1}` }],
            },
            Export: { Name: `e${i}` },
          },
        ]),
      },
    ],
    ['mappings', { Mappings: { M: { a: { b: { 'Fn::FindInMap': ['M', 'a', 'b'] } } } } }],
  ])('%s', (_, sections) => {
    const Resources = {
      Fn: {
        Type: 'AWS::Lambda::Function',
        Condition: 'C0',
        Properties: {
          Role: { 'Fn::ImportValue': 'e0' },
          TracingConfig: { Mode: { 'Fn::FindInMap': ['M', 'a', 'b'] } },
        },
      },
    };
    expect(() =>
      checkModel(buildTracingModel([{ id: 't', template: { Resources, ...sections } }])),
    ).not.toThrow();
  });

  test('aliases', () => {
    const alias = (i: number) => ({
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { 'Fn::If': [`C${i}`, { Ref: `A${i + 1}` }, { 'Fn::Sub': `\${A${i + 1}}` }] },
      },
    });
    const self = { 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Self' }] }] };
    const Resources = {
      ...steps((i) => [`A${i}`, alias(i)]),
      Self: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: self } },
      M: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: { Ref: 'A0' } } },
    };
    expect(() => checkModel(buildTracingModel([{ id: 't', template: { Resources } }]))).not.toThrow();
  });
});
