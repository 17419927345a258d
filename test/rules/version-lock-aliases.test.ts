import { buildTracingModel } from '../../lib/model/build-model';
import { VERSION_LOCK } from '../../lib/rules/version-lock';
import { lambda, type Resources, stack } from './templates';

const version = (Description?: string) => ({
  Type: 'AWS::Lambda::Version',
  Properties: { FunctionName: { Ref: 'Fn' }, Description },
});

/** A version number: a literal, or that of a version in the template. */
const of = (name: string) => (/^\d+$/.test(name) ? name : { 'Fn::GetAtt': [name, 'Version'] });

const IF = (then: unknown, otherwise: unknown) => ({ 'Fn::If': ['Prod', then, otherwise] });

/** An alias on a version, and for a tenth of its traffic on another. */
function alias(FunctionVersion: unknown, other?: unknown) {
  const AdditionalVersionWeights = [{ FunctionVersion: other, FunctionWeight: 0.1 }];
  return {
    Type: 'AWS::Lambda::Alias',
    Properties: {
      FunctionName: { Ref: 'Fn' },
      Name: 'live',
      FunctionVersion,
      RoutingConfig: other === undefined ? undefined : { AdditionalVersionWeights },
    },
  };
}

function findingsOf(after: Resources, before: Resources = {}) {
  const sections = {
    Conditions: {
      Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      NotProd: { 'Fn::Not': [{ Condition: 'Prod' }] },
      Never: { 'Fn::Equals': ['a', 'b'] },
    },
    Parameters: { Mode: { Type: 'String', AllowedValues: ['Active', 'PassThrough'] } },
  };
  const [now, old] = [after, before].map((resources) => stack('t', resources, { sections }));
  return VERSION_LOCK.check(buildTracingModel([now], [old]));
}

describe('an alias that splits traffic', () => {
  const VERSIONS = {
    Old: version('X-Ray tracing: PassThrough'),
    New: version('X-Ray tracing: Active'),
    Bare: version(),
  };
  const split = (mode: unknown, main: unknown, other: unknown) =>
    findingsOf({ Fn: lambda(mode), ...VERSIONS, A: alias(main, other) });

  test('is reported with the versions if the modes differ', () => {
    const [found, ...more] = split('Active', of('Old'), of('New'));
    expect(more).toEqual([]);
    expect(found).toMatchObject({ logicalId: 'A', property: 'RoutingConfig', severity: 'warning' });
    expect(found.message).toBe(
      "Alias 'A' splits traffic between versions with different tracing modes, PassThrough and Active. The " +
        'PassThrough version records no traces.',
    );
    expect(found.related.map(({ logicalId }) => logicalId)).toEqual(['Old', 'New']);
  });

  test('is related only to versions in the template', () => {
    const [found] = split('Active', IF(of('Old'), of('3')), of('New'));
    expect(found.related.map(({ logicalId }) => logicalId)).toEqual(['Old', 'New']);
  });

  test('is accepted if no traffic goes to the other version', () => {
    const idle = alias(of('New'), of('Old'));
    idle.Properties.RoutingConfig!.AdditionalVersionWeights[0].FunctionWeight = 0.0;
    expect(findingsOf({ Fn: lambda('Active'), ...VERSIONS, A: idle })).toEqual([]);
  });

  test.each<[string, unknown, unknown, unknown]>([
    ['are the same', 'Active', of('New'), of('Bare')],
    ['are not known, since one is published elsewhere', 'Active', of('3'), of('New')],
    ['are not known, since the other is', 'Active', of('New'), of('3')],
    ['are not known, since one may have either', IF('Active', 'PassThrough'), of('Bare'), of('Old')],
    ['are not known, since the other may', IF('Active', 'PassThrough'), of('Old'), of('Bare')],
  ])('is accepted if the modes %s', (_, mode, main, other) => {
    expect(split(mode, main, other)).toEqual([]);
  });
});

describe('a version that keeps its mode', () => {
  const related = (resources: Resources) => {
    const [before, after] = ['PassThrough', 'Active'].map((mode) => ({
      Fn: lambda(mode),
      V: version('first'),
      W: version('second'),
      ...resources,
    }));
    return findingsOf(after, before).map(
      (found) => `${found.logicalId}: ${found.related.map(({ logicalId }) => logicalId).join(', ')}`,
    );
  };

  test.each<[string, Resources, string[]]>([
    ['is reported with its aliases', { A: alias(of('V')), B: alias(of('W')) }, ['V: Fn, A', 'W: Fn, B']],
    [
      'is reported with aliases that route part of their traffic to it',
      { A: alias(of('V'), of('W')) },
      ['V: Fn, A', 'W: Fn, A'],
    ],
  ])('%s', (_, resources, expected) => {
    expect(related(resources)).toEqual(expected);
  });
});

test('a pinned alias is a warning if the mode depends on a parameter', () => {
  const [before, after] = ['PassThrough', { Ref: 'Mode' }].map((mode) => ({
    Fn: lambda(mode),
    A: alias('3'),
  }));
  expect(findingsOf(after, before)).toMatchObject([{ property: 'FunctionVersion', severity: 'warning' }]);
  const written = findingsOf({ ...after, Fn: lambda('Active') }, before);
  expect(written).toMatchObject([{ property: 'FunctionVersion', severity: undefined }]);
});

test.each<[string, string | undefined, string | undefined, string[]]>([
  ['in every case', undefined, undefined, ['A']],
  ['in the same case', 'Prod', 'Prod', ['A']],
  ['in every case before, and in one now', undefined, 'Prod', ['A']],
  ['in one case before, and in the other now', 'Prod', 'NotProd', []],
  ['never', 'Never', 'Never', []],
])('a pinned alias keeps its mode where it is created %s', (_, before, after, expected) => {
  const resources = (mode: string, Condition: string | undefined): Resources => ({
    Fn: lambda(mode),
    A: { ...alias('3'), ...(Condition && { Condition }) },
  });
  const found = findingsOf(resources('Active', after), resources('PassThrough', before));
  expect(found.map(({ logicalId }) => logicalId)).toEqual(expected);
});

test('an alias that is pinned to a number in each case is reported once', () => {
  const [before, after] = ['PassThrough', 'Active'].map((mode) => ({
    Fn: lambda(mode),
    A: alias(IF('3', '4')),
  }));
  expect(findingsOf(after, before).map(({ message }) => message)).toEqual([
    "The tracing mode of 'Fn' changes from PassThrough to Active. Alias 'A' stays on version 3 or 4, which keeps the mode that it was published with.",
  ]);
});

describe('the message describes the user of an alias as', () => {
  const LIVE = { Ref: 'A' };
  test.each<[string, string, object]>([
    ['event source mapping', 'AWS::Lambda::EventSourceMapping', { FunctionName: LIVE }],
    ['permission', 'AWS::Lambda::Permission', { FunctionName: LIVE }],
    ['function URL', 'AWS::Lambda::Url', { TargetFunctionArn: LIVE }],
    [
      'API method',
      'AWS::ApiGateway::Method',
      { Integration: { Uri: { 'Fn::Sub': 'arn:${A}/invocations' } } },
    ],
    ['API integration', 'AWS::ApiGatewayV2::Integration', { IntegrationUri: LIVE }],
    ['state machine', 'AWS::StepFunctions::StateMachine', { DefinitionSubstitutions: { Live: LIVE } }],
    ['subscription', 'AWS::SNS::Subscription', { Protocol: 'lambda', Endpoint: LIVE }],
    ['EventBridge rule', 'AWS::Events::Rule', { Targets: [{ Id: '0', Arn: LIVE }] }],
    ['Cognito UserPool', 'AWS::Cognito::UserPool', { LambdaConfig: { PreSignUp: LIVE } }],
  ])('%s', (kind, Type, Properties) => {
    const [before, after] = ['PassThrough', 'Active'].map((mode) => ({
      Fn: lambda(mode),
      A: alias('3'),
      User: { Type, Properties },
    }));
    const [{ message }] = findingsOf(after, before);
    expect(message).toContain(` This also affects the ${kind} 'User'.`);
  });
});
