import { ALWAYS, type Assumptions, and } from '../../lib/cloudformation/possible';
import { Resolver } from '../../lib/cloudformation/resolver';
import { andCases, casesOf, includes } from '../../lib/trace-map/cases';
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

/** The cases in which all of some resources are created, by their templates and conditions: `orders.IsProd`. */
function cases(...names: readonly string[]): Assumptions[] {
  const resources = names.map((name) => {
    const [id, condition] = name.split('.');
    return RESOLVER.templates.find((template) => template.id === id)!.resources.get(condition)!;
  });
  return casesOf(resources, RESOLVER);
}

test.each<[what: string, names: string[], expected: Assumptions[]]>([
  ['nothing', [], [ALWAYS]],
  ['what is always there', ['orders.Always', 'billing.Always'], [ALWAYS]],
  ['one that is there in a case', ['orders.Always', 'orders.IsProd'], cases('orders.IsProd')],
  ['one that is never there', ['orders.Always', 'orders.IsNever'], []],
  ['two that are never there together', ['orders.IsProd', 'orders.IsDev'], []],
])('there is a case in which all are created: %s', (_, names, expected) => {
  expect(cases(...names)).toEqual(expected);
});

test('what is assumed besides leaves the cases that agree with it', () => {
  const [[isProd], [isDev]] = [cases('orders.IsProd'), cases('orders.IsDev')];
  const resources = [RESOLVER.templates[0].resources.get('IsProd')!];
  expect(casesOf(resources, RESOLVER, isProd)).toEqual([isProd]);
  expect(casesOf(resources, RESOLVER, isDev)).toEqual([]);
});

test.each<[what: string, a: string, b: string, isSure: boolean]>([
  ['two parameters', 'orders.IsProd', 'orders.IsBig', true],
  ['two values of a parameter', 'orders.IsProd', 'orders.IsDev', false],
  ['parameters of two templates', 'orders.IsProd', 'billing.IsProd', false],
  ['a parameter, and what is always so elsewhere', 'orders.IsProd', 'billing.Always', true],
  ['a parameter, and what a macro decides', 'orders.IsProd', 'orders.IsMacro', true],
  ['a parameter, and what a macro decides elsewhere', 'orders.IsProd', 'billing.IsMacro', false],
  ['what macros decide in two templates', 'orders.IsMacro', 'billing.IsMacro', false],
  ['a value with a question mark, and a parameter', 'orders.IsNew', 'orders.IsBig', true],
  ['a value with a question mark, and what a macro decides', 'orders.IsNew', 'orders.IsMacro', true],
  ['values with question marks in two templates', 'orders.IsNew', 'billing.IsNew', false],
])('there is a case that is both: %s', (_, a, b, isSure) => {
  const [[inA], [inB]] = [cases(a), cases(b)];
  expect(andCases(inA, inB)).toEqual(isSure ? and(inA, inB) : undefined);
  expect(andCases(inB, inA)).toEqual(isSure ? and(inB, inA) : undefined);
});

test.each<[what: string, wider: Assumptions, narrower: Assumptions, expected: boolean]>([
  ['always, any case', ALWAYS, { A: true }, true],
  ['a case, itself', { A: true }, { A: true }, true],
  ['a case, one of which more is assumed', { A: true }, { A: true, B: false }, true],
  ['a case, one of which less is assumed', { A: true, B: false }, { A: true }, false],
  ['a case, always', { A: true }, ALWAYS, false],
  ['a case, its opposite', { A: true }, { A: false }, false],
  ['a case, one that has but a part of it', { A: true, B: true }, { A: true, B: false }, false],
])('what holds in one case holds in another: %s', (_, wider, narrower, expected) => {
  expect(includes(wider, narrower)).toBe(expected);
});
