import type { TemplateSource } from '../../lib/cloudformation/template';
import { stack } from '../rules/templates';
import { estimated, sampled } from './estimates';
import { restApi } from './systems';

/** Returns a rule for all requests, with some properties replaced. */
function rule(properties: object) {
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
        ...properties,
      },
    },
  };
}

const API = restApi(['Fn']);
const HALF = [10, 5];
const BY_DEFAULT = [10, 1.45];

describe('a rule applies to the stage', () => {
  test.each<[object]>([
    [{}],
    [{ ServiceType: 'AWS::ApiGateway::Stage' }],
    [{ ServiceType: 'AWS::ApiGateway::*' }],
    [{ ServiceName: 'orders/prod' }],
    [{ ServiceName: 'ORDERS/*' }],
    [{ FixedRate: '0.5', ReservoirSize: '0' }],
    [{ Host: undefined }],
  ])('%j', (properties) => {
    expect(sampled({ default: 10 }, { ...API, Rule: rule(properties) })).toEqual({ 'Api (prod)': HALF });
  });
});

test.each<[string, (definition: object) => object]>([
  ['SamplingRuleRecord', (definition) => ({ SamplingRuleRecord: { SamplingRule: definition } })],
  ['SamplingRuleUpdate', (definition) => ({ SamplingRuleUpdate: definition })],
])('a rule in the older property %s applies', (_, propertiesWith) => {
  const { Type, Properties } = rule({});
  const template = { ...API, Rule: { Type, Properties: propertiesWith(Properties.SamplingRule) } };
  expect(sampled({ default: 10 }, template)).toEqual({ 'Api (prod)': HALF });
});

describe('a rule does not apply to the stage', () => {
  test.each<[object]>([
    [{ ServiceType: 'AWS::Lambda::Function' }],
    [{ ServiceType: 'AWS::StepFunctions::StateMachine' }],
    [{ ServiceName: 'payments/prod' }],
  ])('%j', (properties) => {
    const template = { ...API, Rule: rule(properties) };
    expect(sampled({ default: 10 }, template)).toEqual({ 'Api (prod)': BY_DEFAULT });
    expect(estimated({ default: 10 }, template).ignoredRules).toEqual([]);
  });
});

describe('a rule that can apply to the stage is ignored', () => {
  test.each<[string, object]>([
    ['with a path', { URLPath: '/orders/*' }],
    ['with a method', { HTTPMethod: 'GET' }],
    ['with attributes', { Attributes: { tier: 'gold' } }],
    ['with a rate known only at deployment', { FixedRate: { Ref: 'Rate' } }],
    ['without a priority', { Priority: undefined }],
    ['with a name known only at deployment', { ServiceName: { Ref: 'Name' } }],
  ])('%s', (_, properties) => {
    const template = { ...API, Rule: rule(properties) };
    expect(sampled({ default: 10 }, template)).toEqual({ 'Api (prod)': BY_DEFAULT });
    expect(estimated({ default: 10 }, template).ignoredRules.map(({ logicalId }) => logicalId)).toEqual([
      'Rule',
    ]);
  });

  test('for a stage with a name known only at deployment', () => {
    const template = {
      ...restApi(['Fn'], { stage: { StageName: { Ref: 'Stage' } } }),
      Rule: rule({ ServiceName: 'orders/prod' }),
    };
    expect(estimated({ default: 10 }, template).ignoredRules).toHaveLength(1);
  });
});

test('the rule with the lowest priority value applies', () => {
  const rules = { Later: rule({ Priority: 20, FixedRate: 1 }), Sooner: rule({ Priority: 10 }) };
  expect(sampled({ default: 10 }, { ...API, ...rules })).toEqual({ 'Api (prod)': HALF });
});

test('the reservoir is used before the rate applies', () => {
  expect(sampled({ default: 10 }, { ...API, Rule: rule({ ReservoirSize: 4 }) })).toEqual({
    'Api (prod)': [10, 7],
  });
});

test("sampling rules do not apply to Lambda's sampling", () => {
  expect(sampled({ default: 10 }, { ...restApi(['Fn'], { tracing: false }), Rule: rule({}) })).toEqual({
    Fn: BY_DEFAULT,
  });
});

test('a rule applies to its region', () => {
  const inRegion = (id: string, resources: object, region: string): TemplateSource =>
    stack(id, { ...resources }, { account: '111122223333', region });
  const ruleIn = (region: string) => [
    inRegion('api', API, 'eu-west-1'),
    inRegion('rules', { Rule: rule({}) }, region),
  ];
  expect(sampled({ default: 10 }, ...ruleIn('eu-west-1'))).toEqual({ 'Api (prod)': HALF });
  expect(sampled({ default: 10 }, ...ruleIn('eu-west-2'))).toEqual({ 'Api (prod)': BY_DEFAULT });
});
