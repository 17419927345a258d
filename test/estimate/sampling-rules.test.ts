import type { TemplateSource } from '../../lib/cloudformation/template';
import { stack } from '../rules/templates';
import { decided, estimated } from './estimates';
import { restApi } from './systems';

/** A rule that is for all requests, but for what is given. */
function rule(given: object) {
  return {
    Type: 'AWS::XRay::SamplingRule',
    Properties: {
      SamplingRule: {
        Priority: 100,
        ReservoirSize: 0,
        FixedRate: 0.5,
        ServiceName: '*',
        ServiceType: '*',
        Host: '*',
        HTTPMethod: '*',
        URLPath: '*',
        ResourceARN: '*',
        ...given,
      },
    },
  };
}

const API = restApi(['Fn']);
const HALF = [10, 5];
const BY_DEFAULT = [10, 1.45];

describe('is for the stage', () => {
  test.each<[object]>([
    [{}],
    [{ ServiceType: 'AWS::ApiGateway::Stage' }],
    [{ ServiceType: 'AWS::ApiGateway::*' }],
    [{ ServiceName: 'orders/prod' }],
    [{ ServiceName: 'ORDERS/*' }],
    [{ FixedRate: '0.5', ReservoirSize: '0' }],
    [{ Host: undefined }],
  ])('%j', (given) => {
    expect(decided({ default: 10 }, { ...API, Rule: rule(given) })).toEqual({ Prod: HALF });
  });
});

describe('is not for the stage', () => {
  test.each<[object]>([
    [{ ServiceType: 'AWS::Lambda::Function' }],
    [{ ServiceType: 'AWS::StepFunctions::StateMachine' }],
    [{ ServiceName: 'payments/prod' }],
  ])('%j', (given) => {
    const template = { ...API, Rule: rule(given) };
    expect(decided({ default: 10 }, template)).toEqual({ Prod: BY_DEFAULT });
    expect(estimated({ default: 10 }, template).ignoredRules).toEqual([]);
  });
});

describe('may be for the stage, and is left out', () => {
  test.each<[string, object]>([
    ['some paths', { URLPath: '/orders/*' }],
    ['some methods', { HTTPMethod: 'GET' }],
    ['some requests', { Attributes: { tier: 'gold' } }],
    ['a rate that only deployment tells', { FixedRate: { Ref: 'Rate' } }],
    ['a priority that is missing', { Priority: undefined }],
    ['a name that only deployment tells', { ServiceName: { Ref: 'Name' } }],
  ])('%s', (_, given) => {
    const template = { ...API, Rule: rule(given) };
    expect(decided({ default: 10 }, template)).toEqual({ Prod: BY_DEFAULT });
    expect(estimated({ default: 10 }, template).ignoredRules.map(({ logicalId }) => logicalId)).toEqual([
      'Rule',
    ]);
  });

  test('a stage whose name is not written out', () => {
    const template = {
      ...restApi(['Fn'], { stage: { StageName: { Ref: 'Stage' } } }),
      Rule: rule({ ServiceName: 'orders/prod' }),
    };
    expect(estimated({ default: 10 }, template).ignoredRules).toHaveLength(1);
  });
});

test('the rule with the lowest priority goes first', () => {
  const rules = { Later: rule({ Priority: 20, FixedRate: 1 }), Sooner: rule({ Priority: 10 }) };
  expect(decided({ default: 10 }, { ...API, ...rules })).toEqual({ Prod: HALF });
});

test('a reservoir is spent before the rate applies', () => {
  expect(decided({ default: 10 }, { ...API, Rule: rule({ ReservoirSize: 4 }) })).toEqual({ Prod: [10, 7] });
});

test("no rule is for Lambda's own sampling", () => {
  expect(decided({ default: 10 }, { ...restApi(['Fn'], { tracing: false }), Rule: rule({}) })).toEqual({
    Fn: BY_DEFAULT,
  });
});

test('a rule is for the region it is in', () => {
  const inRegion = (id: string, resources: object, region: string): TemplateSource =>
    stack(id, { ...resources }, { account: '111122223333', region });
  const ruleIn = (region: string) => [
    inRegion('api', API, 'eu-west-1'),
    inRegion('rules', { Rule: rule({}) }, region),
  ];
  expect(decided({ default: 10 }, ...ruleIn('eu-west-1'))).toEqual({ Prod: HALF });
  expect(decided({ default: 10 }, ...ruleIn('eu-west-2'))).toEqual({ Prod: BY_DEFAULT });
});
