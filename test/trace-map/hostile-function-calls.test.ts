import fc from 'fast-check';
import { buildTracingModel } from '../../lib/model/build-model';
import { lambda } from '../rules/templates';

const KEYS = [
  'Action',
  'Actions',
  'Arguments',
  'Branches',
  'Condition',
  'DeadLetterConfig',
  'Definition',
  'DefinitionString',
  'DefinitionSubstitutions',
  'Destination',
  'DestinationConfig',
  'Effect',
  'Entries',
  'Environment',
  'EventInvokeConfig',
  'FunctionName',
  'ItemProcessor',
  'ItemReader',
  'Iterator',
  'LambdaInvokePolicy',
  'ManagedPolicyArns',
  'Name',
  'OnSuccess',
  'Parameters',
  'Policies',
  'PolicyDocument',
  'QueueUrl',
  'RequestItems',
  'Resource',
  'Role',
  'RoleName',
  'Roles',
  'RoutingConfiguration',
  'SecretId',
  'StateMachineArn',
  'StateMachineVersionArn',
  'Statement',
  'States',
  'TargetArn',
  'Tracing',
  'TracingConfiguration',
  'Type',
  'Variables',
];

const TYPES = [
  'AWS::DynamoDB::Table',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Function',
  'AWS::Lambda::Url',
  'AWS::SQS::Queue',
  'AWS::SSM::Parameter',
  'AWS::SecretsManager::Secret',
  'AWS::SecretsManager::SecretTargetAttachment',
  'AWS::Serverless::Connector',
  'AWS::Serverless::Function',
  'AWS::Serverless::StateMachine',
  'AWS::StepFunctions::StateMachine',
  'AWS::StepFunctions::StateMachineAlias',
  'AWS::StepFunctions::StateMachineVersion',
];

const NAMES = ['A', 'B', 'C', '__proto__', 'constructor'];

const TEXTS = [
  ...[
    'Allow',
    'Deny',
    '*',
    'sqs:*',
    'lambda:Invoke*',
    '?',
    '',
    'A',
    'Task',
    'true',
    '${A}',
    '$.a',
    '{% a %}',
  ],
  ...[
    'arn:',
    'arn:aws',
    'arn:aws:sqs:*',
    'arn:aws:sqs:::*',
    'arn:aws:sqs:r:1:A',
    'arn:aws:ssm:r:1:parameter/',
  ],
  ...[
    'arn:aws:states:::lambda:invoke',
    'arn:aws:states:::events:putEvents',
    'arn:aws:states:::dynamodb:putItem',
  ],
  ...[
    '{',
    '{"States":',
    '{"States":{"A":{"Resource":',
    '}}}',
    '"',
    '\\',
    '\uE0000\uE001',
    'https://',
    'https:///',
  ],
];

const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(...TEXTS),
    fc.constantFrom(null, true, false, 0, -1, NaN),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.record({ Ref: fc.constantFrom(...NAMES) }),
    fc.record({ 'Fn::GetAtt': fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom('Arn', 'StreamArn')) }),
    fc.record({ 'Fn::Join': fc.tuple(fc.constant(''), fc.array(tie('value'), { maxLength: 4 })) }),
    fc.dictionary(fc.constantFrom('Fn::If', 'Fn::Join', 'Fn::Sub', 'Fn::ImportValue'), tie('value'), {
      maxKeys: 1,
    }),
    fc.dictionary(fc.constantFrom(...KEYS, ...NAMES), tie('value'), { maxKeys: 4 }),
  ),
})).value;

const resource = fc.record({
  Type: fc.constantFrom(...TYPES),
  Properties: fc.oneof(
    { weight: 9, arbitrary: fc.dictionary(fc.constantFrom(...KEYS), anything, { maxKeys: 8 }) },
    { weight: 1, arbitrary: anything },
  ),
  Connectors: anything,
});

test('builds a map from any policies and definitions, with each edge at both of its nodes', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...NAMES), resource), anything, (Resources, Globals) => {
      const { nodes, edges } = buildTracingModel([{ id: 't', template: { Resources, Globals } }]).traceMap;
      for (const edge of edges) {
        expect(nodes).toContain(edge.to);
        expect(edge.from.outgoing).toContain(edge);
        expect(edge.to.incoming).toContain(edge);
      }
      expect(nodes.map(({ name }) => name).join()).not.toMatch(/undefined|\[object/);
    }),
    { numRuns: 3000, seed: 42 },
  );
});

function edgesOf(Resources: object): number {
  return buildTracingModel([{ id: 't', template: { Resources } }]).traceMap.edges.length;
}

const FN = { 'Fn::GetAtt': ['Fn', 'Arn'] };

function machine(properties: object): object {
  return { Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: properties } };
}

describe('reads large and recursive definitions', () => {
  test('10,000 states', () => {
    const states = Array.from({ length: 10_000 }, (_, i) => `"S${i}":{"Type":"Task","Resource":"`);
    const items = states.flatMap((state, i) => [`${i === 0 ? '' : '"},'}${state}`, FN]);
    const DefinitionString = { 'Fn::Join': ['', ['{"States":{', ...items, '"}}}']] };
    expect(edgesOf({ Fn: lambda(), ...machine({ DefinitionString }) })).toBe(1);
  });

  test('5,000 nested states', () => {
    const deep = `${'{"States":{"A":{"Iterator":'.repeat(5000)}{}${'}}}'.repeat(5000)}`;
    expect(edgesOf(machine({ DefinitionString: deep }))).toBe(0);
  });

  test('a value that doubles with each step', () => {
    const inner = { States: { A: { Type: 'Task', Resource: FN } } };
    const Definition = Array.from({ length: 60 }).reduce<object>(
      (within) => ({ States: { A: { Branches: [within, within] } } }),
      inner,
    );
    expect(edgesOf({ Fn: lambda(), ...machine({ Definition }) })).toBe(1);
  });

  test('state machines that start each other', () => {
    const start = (other: string) => ({
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        Definition: {
          States: {
            A: {
              Resource: 'arn:aws:states:::states:startExecution',
              Parameters: { StateMachineArn: { Ref: other } },
            },
          },
        },
      },
    });
    expect(edgesOf({ A: start('B'), B: start('A') })).toBe(2);
  });

  test('aliases of themselves', () => {
    const Type = 'AWS::SecretsManager::SecretTargetAttachment';
    const Resources = {
      A: { Type, Properties: { SecretId: { Ref: 'B' } } },
      B: { Type, Properties: { SecretId: { Ref: 'A' } } },
      Fn: lambda('Active', { Environment: { Variables: { A: { Ref: 'A' } } } }),
    };
    expect(edgesOf(Resources)).toBe(0);
  });
});

test('a role of 1,000 functions is read once', () => {
  const queues = Array.from({ length: 100 }, (_, i) => `Queue${i}`);
  const Statement = queues.map((queue) => ({
    Effect: 'Allow',
    Action: ['sqs:SendMessage', 'dynamodb:*', 's3:*'],
    get Resource() {
      reads++;
      return { 'Fn::GetAtt': [queue, 'Arn'] };
    },
  }));
  const functions = Array.from({ length: 1000 }, (_, i): [string, object] => [
    `Fn${i}`,
    lambda('Active', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
  ]);
  let reads = 0;
  const Resources = {
    Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement } }] } },
    ...Object.fromEntries(queues.map((queue) => [queue, { Type: 'AWS::SQS::Queue' }])),
    ...Object.fromEntries(functions),
  };
  expect(edgesOf(Resources)).toBe(100_000);
  expect(reads).toBeLessThan(1000);
});
