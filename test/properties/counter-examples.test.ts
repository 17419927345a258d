import { checkModel } from '../../lib/checker/check';
import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, mapping, type Resources, stack } from '../rules/templates';

/** Returns the logical IDs of a rule's findings. */
function found(rule: string, ...sources: ReturnType<typeof stack>[]): string[] {
  return checkModel(buildTracingModel(sources))
    .filter((finding) => finding.rule.id === `LambdaXRay-${rule}`)
    .map(({ logicalId }) => logicalId);
}

const KAFKA = { EventSourceArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123' };
const WRITES = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';

const PERHAPS = { Conditions: { Perhaps: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } } };

function active(Role: unknown, ManagedPolicyArns: unknown[], more: object = {}): Resources {
  return {
    Fn: lambda('Active', { Role }),
    Role: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns, ...more } },
  };
}

describe('a condition with the same name in both branches', () => {
  const same = { 'Fn::If': ['Perhaps', 'orders', 'orders'] };

  test('of a function', () => {
    const resources = { Fn: lambda('Active', { FunctionName: same }), M: mapping(KAFKA, 'orders') };
    expect(found('UnsupportedEventSource', stack('t', resources, { sections: PERHAPS }))).toEqual(['M']);
  });

  test('of a role', () => {
    const resources = active('arn:aws:iam::111122223333:role/orders', [], { RoleName: same });
    expect(found('WritePermissions', stack('t', resources, { sections: PERHAPS }))).toEqual(['Fn']);
  });

  test('of an export', () => {
    const Outputs = { O: { Value: { Ref: 'Fn' }, Export: { Name: same } } };
    const from = stack('a', { Fn: lambda('Active') }, { sections: { ...PERHAPS, Outputs } });
    const to = stack('b', { M: mapping(KAFKA, { 'Fn::ImportValue': 'orders' }) });
    expect(found('UnsupportedEventSource', from, to)).toEqual(['M']);
  });
});

test.each([
  ['one', [WRITES]],
  ['several', [WRITES, 'arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess']],
])('a parameter has one of its allowed values: %s', (_, AllowedValues) => {
  const Parameters = { Policy: { Type: 'String', AllowedValues } };
  const resources = active({ 'Fn::GetAtt': ['Role', 'Arn'] }, [{ Ref: 'Policy' }]);
  expect(found('WritePermissions', stack('t', resources, { sections: { Parameters } }))).toEqual([]);
});

test('reports an allowed value without the permission', () => {
  const Parameters = { Policy: { Type: 'String', AllowedValues: [WRITES, 'arn:aws:iam::aws:policy/Other'] } };
  const resources = active({ 'Fn::GetAtt': ['Role', 'Arn'] }, [{ Ref: 'Policy' }]);
  expect(found('WritePermissions', stack('t', resources, { sections: { Parameters } }))).toEqual(['Fn']);
});

test("a version with PassThrough in its description matches SAM's Disabled", () => {
  const resources = {
    Fn: { Type: 'AWS::Serverless::Function', Properties: { Tracing: 'Disabled' } },
    Version: {
      Type: 'AWS::Lambda::Version',
      Properties: { FunctionName: { Ref: 'Fn' }, Description: 'Release 7 (X-Ray tracing: PassThrough)' },
    },
  };
  expect(found('UnpublishedMode', stack('t', resources))).toEqual([]);
});

test('a condition that is always true has only one branch', () => {
  const Always = { 'Fn::Or': [{ Condition: 'Perhaps' }, { 'Fn::Equals': ['a', 'a'] }] };
  const Alias = {
    Type: 'AWS::Lambda::Alias',
    Properties: {
      Name: 'live',
      FunctionName: { Ref: 'Fn' },
      FunctionVersion: { 'Fn::If': ['Always', '7', '8'] },
    },
  };
  const sections = { Conditions: { ...PERHAPS.Conditions, Always } };
  expect(found('UnpublishedMode', stack('t', { Fn: lambda('Active'), Alias }, { sections }))).toEqual([
    'Alias',
  ]);
});

describe('an export that is named by an import', () => {
  const named = (name: unknown, value: unknown) => ({ Value: value, Export: { Name: name } });

  const imported = (name: string) => ({ 'Fn::ImportValue': name });
  const Stage = named('stage', 'prod');
  const Name = named('name', { 'Fn::Join': ['-', [imported('stage'), 'fn']] });
  const Fn = named({ 'Fn::Sub': ['${Stage}-fn', { Stage: imported('stage') }] }, { Ref: 'Fn' });
  const FnByName = named(imported('name'), { Ref: 'Fn' });

  test.each<[string, object]>([
    ['after the one that names it', { Stage, Fn }],
    ['before the one that names it', { Fn, Stage }],
    ['after two that name it in a row', { Stage, Name, FnByName }],
    ['before two that name it in a row', { FnByName, Name, Stage }],
  ])('is found %s', (_, Outputs) => {
    const from = stack('a', { Fn: lambda('Active') }, { sections: { Outputs } });
    const to = stack('b', { M: mapping(KAFKA, imported('prod-fn')) });
    expect(found('UnsupportedEventSource', from, to)).toEqual(['M']);
    expect(found('UnsupportedEventSource', to, from)).toEqual(['M']);
  });

  test('is found if a parameter of a nested stack has the name', () => {
    const Outputs = { Fn: named({ 'Fn::Sub': '${Stage}-fn' }, { Ref: 'Fn' }) };
    const sections = { Outputs, Parameters: { Stage: { Type: 'String' } } };
    const child = stack(
      'child',
      { Fn: lambda('Active') },
      { nestedIn: { id: 'parent', logicalId: 'Child' }, sections },
    );
    const Child = {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { Parameters: { Stage: imported('stage') } },
    };
    const parent = stack('parent', { Child }, { sections: { Outputs: { Stage } } });
    const to = stack('b', { M: mapping(KAFKA, imported('prod-fn')) });
    for (const order of [
      [child, parent, to],
      [to, parent, child],
    ]) {
      expect(found('UnsupportedEventSource', ...order)).toEqual(['M']);
    }
  });

  test('ends for ever longer names, in any order', () => {
    const longer = (name: string) => ({ 'Fn::Sub': ['x${Before}', { Before: imported(name) }] });
    const Outputs = {
      A: named('x', 'x'),
      B: named(longer('x'), imported('xx')),
      C: named(longer('xx'), 'x'),
    };
    const Reversed = { C: Outputs.C, B: Outputs.B, A: Outputs.A };
    const to = stack('b', { M: mapping(KAFKA, imported('xx')), Fn: lambda('Active', { FunctionName: 'x' }) });
    const [one, other] = [Outputs, Reversed].map((outputs) =>
      found('UnsupportedEventSource', stack('a', {}, { sections: { Outputs: outputs } }), to),
    );
    expect(one).toEqual(other);
  });

  test('ends for an export that is named by itself', () => {
    const Outputs = { O: named({ 'Fn::ImportValue': 'orders' }, { Ref: 'Fn' }) };
    const from = stack('a', { Fn: lambda('Active') }, { sections: { Outputs } });
    const to = stack('b', { M: mapping(KAFKA, { 'Fn::ImportValue': 'orders' }) });
    expect(found('UnsupportedEventSource', from, to)).toEqual([]);
  });
});
