import type { PartialString } from '../../lib/cloudformation/partial-string';
import { Resolver } from '../../lib/cloudformation/resolver';
import { mayBeNameOf } from '../../lib/iam/role-names';
import { stack } from '../rules/templates';

const ROLE = 'OrdersRole';

/** Returns true if a name, in the template of the role or another one, can be the name of a role. */
function mayBe(
  name: string | object,
  { RoleName, from = 'other' }: { RoleName?: unknown; from?: 'own' | 'other' } = {},
): boolean {
  const sections = { Parameters: { Name: { Type: 'String' }, Suffix: { Type: 'String' } } };
  const resolver = Resolver.of([
    stack('own', { [ROLE]: { Type: 'AWS::IAM::Role', Properties: { RoleName } } }, { sections }),
    stack('other', { Ids: { Type: 'AWS::SSM::Parameter' } }, { sections }),
  ]);
  const [own, other] = resolver.templates;
  const template = from === 'own' ? own : other;
  const [{ value }] = resolver.strings(name, template);
  return mayBeNameOf(value as PartialString, template, own.resources.get(ROLE)!, resolver);
}

const sub = (text: string) => ({ 'Fn::Sub': text });

describe('the name of a role that CloudFormation generates', () => {
  test.each<[name: string | object, can: boolean]>([
    ['shop-OrdersRole-1ABCDEFGH2', true],
    ['shop-OrdersRole-12345678', true],
    ['shop-prod-OrdersRole-1ABCDEFGH2', true],
    // Long logical IDs are shortened.
    ['shop-OrdersRo-1ABCDEFGH2', true],
    ['OrdersRole-1ABCDEFGH2', true],
    ['shop-BillingRole-1ABCDEFGH2', false],
    ['shop-Role-1ABCDEFGH2', false],
    ['shop--1ABCDEFGH2', false],
    ['shop-OrdersRole-1234567', false],
    ['shop-OrdersRole-1ABC_DEFGH2', false],
    ['shop-OrdersRole-_1ABCDEFGH', false],
    ['shop-OrdersRole-1ABCDEFGH_', false],
    ['1ABCDEFGH2', false],
    ['imported-role', false],
    [{ Ref: 'Name' }, true],
    [sub('shop-${Name}'), true],
    [sub('${Name}-1ABCDEFGH2'), true],
    [sub('${Name}-OrdersRole-1ABCDEFGH2'), true],
    [sub('${Name}1ABCDEFGH2'), true],
    [sub('${Name}-imported-role'), false],
    [sub('${Name}-role'), false],
    // A word can look random.
    [sub('${Name}-imported'), true],
    [sub('${Name}-1ABCDEFGH2-role'), false],
    [{ 'Fn::ImportValue': 'role-name' }, true],
    [{ 'Fn::GetAtt': ['Ids', 'Value'] }, true],
  ])('%j: %s', (name, can) => {
    expect(mayBe(name)).toBe(can);
  });

  test.each<[what: string, name: string | object, can: boolean]>([
    ['is no parameter of its own stack, which exists before', { Ref: 'Name' }, false],
    ['is not made of such parameters', sub('${Name}${Suffix}'), false],
    ['can be a part of a text with such a parameter', sub('shop-${Name}'), true],
    ['can be an import', { 'Fn::ImportValue': 'role-name' }, true],
  ])('%s', (_, name, can) => {
    expect(mayBe(name, { from: 'own' })).toBe(can);
  });
});

test.each<[RoleName: unknown, name: string | object, can: boolean]>([
  ['orders', 'orders', true],
  ['orders', 'billing', false],
  ['orders', { Ref: 'Name' }, true],
  ['orders', sub('billing-${Name}'), false],
  [sub('${Name}-orders'), 'prod-orders', true],
  [sub('${Name}-orders'), 'prod-billing', false],
  [{ 'Fn::If': ['Prod', 'orders', { Ref: 'AWS::NoValue' }] }, 'orders', true],
  [{ 'Fn::If': ['Prod', 'orders', { Ref: 'AWS::NoValue' }] }, 'shop-OrdersRole-1ABCDEFGH2', true],
  [{ 'Fn::If': ['Prod', 'orders', 'other'] }, 'other', true],
  [{ 'Fn::If': ['Prod', 'orders', 'other'] }, 'shop-OrdersRole-1ABCDEFGH2', false],
])('the role with the name %j may be %j: %s', (RoleName, name, can) => {
  expect(mayBe(name, { RoleName })).toBe(can);
});
