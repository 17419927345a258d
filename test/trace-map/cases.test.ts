import { ALWAYS, type Assumptions, and, includes } from '../../lib/cloudformation/possible';
import { Resolver } from '../../lib/cloudformation/resolver';
import { andCases } from '../../lib/trace-map/reachability';
import { stack } from '../rules/templates';

const is = (parameter: string, value: string) => ({ 'Fn::Equals': [{ Ref: parameter }, value] });
const CONDITIONS = {
  IsProd: is('Env', 'prod'),
  IsDev: is('Env', 'dev'),
  IsBig: is('Size', 'big'),
  IsNew: is('Url', 'https://example.com/?version=2'),
  IsMacro: { 'Fn::Transform': 'Decide' },
  IsNever: { 'Fn::Equals': ['a', 'b'] },
};
const RESOURCES = Object.fromEntries(
  Object.keys(CONDITIONS).map((Condition) => [Condition, { Type: 'X', Condition }] as const),
);
const RESOLVER = Resolver.of(
  ['orders', 'billing'].map((id) =>
    stack(id, { Always: { Type: 'X' }, ...RESOURCES }, { sections: { Conditions: CONDITIONS } }),
  ),
);

/** Returns the cases in which all resources are created, by template and condition: `orders.IsProd`. */
function cases(...names: readonly string[]): Assumptions[] {
  const resources = names.map((name) => {
    const [id, condition] = name.split('.');
    return RESOLVER.templates.find((template) => template.id === id)!.resources.get(condition)!;
  });
  return RESOLVER.casesOf(resources);
}

test.each<[what: string, names: string[], expected: Assumptions[]]>([
  ['no resource', [], [ALWAYS]],
  ['a resource without a condition', ['orders.Always', 'billing.Always'], [ALWAYS]],
  ['a resource with a condition', ['orders.Always', 'orders.IsProd'], cases('orders.IsProd')],
  ['a resource that is never created', ['orders.Always', 'orders.IsNever'], []],
  ['two resources that are never created together', ['orders.IsProd', 'orders.IsDev'], []],
])('returns the cases in which all resources are created: %s', (_, names, expected) => {
  expect(cases(...names)).toEqual(expected);
});

test('returns only cases that agree with the assumptions', () => {
  const [[isProd], [isDev]] = [cases('orders.IsProd'), cases('orders.IsDev')];
  const resources = [RESOLVER.templates[0].resources.get('IsProd')!];
  expect(RESOLVER.casesOf(resources, isProd)).toEqual([isProd]);
  expect(RESOLVER.casesOf(resources, isDev)).toEqual([]);
});

test.each<[what: string, a: string, b: string, isSure: boolean]>([
  ['two parameters', 'orders.IsProd', 'orders.IsBig', true],
  ['two values of a parameter', 'orders.IsProd', 'orders.IsDev', false],
  ['parameters of two templates', 'orders.IsProd', 'billing.IsProd', false],
  ['a parameter, and no condition in another template', 'orders.IsProd', 'billing.Always', true],
  ['a parameter, and a condition of a macro', 'orders.IsProd', 'orders.IsMacro', true],
  ['a parameter, and a condition of a macro in another template', 'orders.IsProd', 'billing.IsMacro', false],
  ['conditions of macros in two templates', 'orders.IsMacro', 'billing.IsMacro', false],
  ['a value with a question mark, and a parameter', 'orders.IsNew', 'orders.IsBig', true],
  ['a value with a question mark, and a condition of a macro', 'orders.IsNew', 'orders.IsMacro', true],
  ['values with question marks in two templates', 'orders.IsNew', 'billing.IsNew', false],
])('combines two cases: %s', (_, a, b, isSure) => {
  const [[inA], [inB]] = [cases(a), cases(b)];
  expect(andCases(inA, inB)).toEqual(isSure ? and(inA, inB) : undefined);
  expect(andCases(inB, inA)).toEqual(isSure ? and(inB, inA) : undefined);
});

test.each<[what: string, wider: Assumptions, narrower: Assumptions, expected: boolean]>([
  ['no assumptions, any case', ALWAYS, { A: true }, true],
  ['a case and itself', { A: true }, { A: true }, true],
  ['a case and a narrower one', { A: true }, { A: true, B: false }, true],
  ['a case and a wider one', { A: true, B: false }, { A: true }, false],
  ['a case and no assumptions', { A: true }, ALWAYS, false],
  ['a case and its opposite', { A: true }, { A: false }, false],
  ['a case and one that shares a part of it', { A: true, B: true }, { A: true, B: false }, false],
])('finds whether a case includes another: %s', (_, wider, narrower, expected) => {
  expect(includes(wider, narrower)).toBe(expected);
});
