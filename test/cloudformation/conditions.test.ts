import { Conditions } from '../../lib/cloudformation/conditions';
import type { Assumptions } from '../../lib/cloudformation/possible';
import { Resolver } from '../../lib/cloudformation/resolver';
import { stack } from '../rules/templates';

/** Returns when the condition `It` is true, and when it is false: the assumptions of each case, joined by `or`. */
function outcome(conditions: object): { holds: string; fails: string } {
  const Parameters = {
    P: { Type: 'String', AllowedValues: ['a', 'b'] },
    Q: { Type: 'String' },
    R: { Type: 'String' },
  };
  const sections = { Parameters, Conditions: { IsA: equals({ Ref: 'P' }, 'a'), IsX: X, ...conditions } };
  const resolver = Resolver.of([stack('t', {}, { sections })]);
  const [template] = resolver.templates;
  const found = new Conditions((value, from) => resolver.strings(value, from)).outcome('It', template);
  return { holds: words(found.holds), fails: words(found.fails) };
}

function words(cases: readonly Assumptions[]): string {
  const written = cases.map((assumed) => {
    const all = Object.entries(assumed).map(([key, holds]) => `${holds ? '' : 'not '}${key}`);
    return (
      all
        .join(' and ')
        .replaceAll('\u0000', '')
        .replace(/\$\{t#(\w)\}/g, '$1') || 'always'
    );
  });
  return written.join(' or ') || 'never';
}

const equals = (left: unknown, right: unknown) => ({ 'Fn::Equals': [left, right] });
const not = (condition: unknown) => ({ 'Fn::Not': [condition] });
const and = (...conditions: unknown[]) => ({ 'Fn::And': conditions });
const or = (...conditions: unknown[]) => ({ 'Fn::Or': conditions });
const named = (name: string) => ({ Condition: name });
const [P, Q, R] = ['P', 'Q', 'R'].map((name) => ({ Ref: name }));
const X = equals(Q, 'x');
const Y = equals(R, 'y');

test.each<[what: string, condition: unknown, holds: string, fails: string]>([
  ['a parameter and a value', X, 'Q=x', 'not Q=x'],
  ['a value and a parameter', equals('x', Q), 'Q=x', 'not Q=x'],
  ['two values', equals('x', 'y'), 'never', 'always'],
  ['a value and itself', equals('x', 'x'), 'always', 'never'],
  ['a number and its digits', equals(1, '1'), 'always', 'never'],
  ['a parameter and itself', equals(Q, Q), 'always', 'never'],
  ['two parameters', equals(Q, R), 'Q equals R', 'not Q equals R'],
  ['two parameters, the other way round', equals(R, Q), 'Q equals R', 'not Q equals R'],
  ['a parameter and one that it may be', equals(P, 'b'), 'not P=a', 'P=a'],
  ['a parameter and one that it may not be', equals(P, 'c'), 'never', 'P=a or not P=a'],
  [
    'two that depend on one parameter',
    equals({ 'Fn::Sub': '${P}-${Q}' }, { 'Fn::Sub': '${P}-${R}' }),
    'P=a and Q equals R or not P=a and Q equals R',
    'P=a and not Q equals R or not P=a and not Q equals R',
  ],
  ['a text with a parameter, and its value', equals({ 'Fn::Sub': '${Q}-api' }, 'x-api'), 'Q=x', 'not Q=x'],
  ['a value, and a text that ends otherwise', equals('x-web', { 'Fn::Sub': '${Q}-api' }), 'never', 'always'],
  [
    'a text around a parameter, and one too short',
    equals({ 'Fn::Sub': 'ab${Q}bc' }, 'abc'),
    'never',
    'always',
  ],
  ['a text around a parameter, and an empty one', equals({ 'Fn::Sub': 'ab${Q}bc' }, 'abbc'), 'Q=', 'not Q='],
  [
    'texts that differ by a parameter',
    equals({ 'Fn::Sub': 'api-${Q}-eu' }, { 'Fn::Sub': 'api-${R}-eu' }),
    'Q equals R',
    'not Q equals R',
  ],
  [
    'a text with two parameters, and a value',
    equals({ 'Fn::Sub': 'a-${Q}-${R}' }, 'a-x-y'),
    'Q-R=x-y',
    'not Q-R=x-y',
  ],
  ['one that is already known to be true', equals({ 'Fn::If': ['IsX', Q, 'z'] }, 'x'), 'Q=x', 'not Q=x'],
  [
    'two that depend on one condition',
    equals({ 'Fn::If': ['IsA', Q, 'z'] }, { 'Fn::If': ['IsA', 'w', R] }),
    'P=a and Q=w or not P=a and R=z',
    'P=a and not Q=w or not P=a and not R=z',
  ],
  [
    'one that is already known to be false',
    equals({ 'Fn::If': ['IsX', 'z', Q] }, 'x'),
    'never',
    'Q=x or not Q=x',
  ],
])('Fn::Equals of %s', (_, It, holds, fails) => {
  expect(outcome({ It })).toEqual({ holds, fails });
});

test.each<[what: string, condition: unknown, holds: string, fails: string]>([
  ['Fn::Not', not(X), 'not Q=x', 'Q=x'],
  ['Fn::Not of Fn::Not', not(not(X)), 'Q=x', 'not Q=x'],
  ['Fn::And', and(X, Y), 'Q=x and R=y', 'not Q=x or not R=y'],
  ['Fn::And of the same', and(X, X), 'Q=x', 'not Q=x'],
  ['Fn::And of contradicting conditions', and(X, equals(Q, 'z')), 'never', 'not Q=x or not Q=z'],
  ['Fn::And of a condition and its opposite', and(X, not(X)), 'never', 'not Q=x or Q=x'],
  ['Fn::And with a condition that is always true', and(equals(1, 1), X), 'Q=x', 'not Q=x'],
  ['Fn::And with a condition that is never true', and(X, equals(1, 2)), 'never', 'always'],
  ['Fn::Or', or(X, Y), 'Q=x or R=y', 'not Q=x and not R=y'],
  ['Fn::Or of two values', or(X, equals(Q, 'z')), 'Q=x or Q=z', 'not Q=x and not Q=z'],
  ['Fn::Or of all that there is', or(named('IsA'), equals(P, 'b')), 'P=a or not P=a', 'never'],
  ['Fn::Or with a condition that is always true', or(X, equals(1, 1)), 'always', 'never'],
  ['Fn::Or in Fn::And', and(or(X, Y), not(X)), 'R=y and not Q=x', 'not Q=x and not R=y or Q=x'],
  ['a condition by its name', named('IsX'), 'Q=x', 'not Q=x'],
  ['a condition by its name, in another', not(named('IsX')), 'not Q=x', 'Q=x'],
])('%s', (_, It, holds, fails) => {
  expect(outcome({ It })).toEqual({ holds, fails });
});

describe('is an assumption of its own', () => {
  test.each<[condition: unknown]>([
    ['text'],
    [{}],
    [true],
    [{ 'Fn::Contains': [['a'], 'a'] }],
    [{ 'Fn::Equals': 'x' }],
    [{ 'Fn::Not': 'IsX' }],
    [{ Condition: ['IsX'] }],
    [{ Ref: 'IsX' }],
  ])('%j', (It) => {
    const key = `t?${JSON.stringify(It)}`;
    expect(outcome({ It })).toEqual({ holds: key, fails: `not ${key}` });
  });

  test.each<[what: string, conditions: object]>([
    ['a name that there is not', { It: named('Missing') }],
    ['a name that there is not, though objects have it', { It: named('toString') }],
    ['its own name', { It: named('It') }],
    ['a circle', { It: named('Other'), Other: named('It') }],
  ])('%s', (_, conditions) => {
    const { holds, fails } = outcome(conditions);
    expect(holds).toMatch(/^t\?"\w+"$/);
    expect(fails).toBe(`not ${holds}`);
  });

  test('each undefined name', () => {
    const It = and(named('One'), not(named('Two')));
    expect(outcome({ It }).holds).toBe('t?"One" and not t?"Two"');
  });
});

describe('limits', () => {
  const values = (parameter: unknown, count: number) =>
    Array.from({ length: count }, (_, i) => equals(parameter, `v${i}`));
  const holds = (It: unknown) => outcome({ It }).holds.split(' or ').length;

  test('treats a condition with too many cases as known only at deployment', () => {
    expect([32, 33].map((count) => holds(or(...values(Q, count))))).toEqual([32, 1]);
    expect(holds(and(or(...values(Q, 5)), or(...values(R, 6))))).toBe(30);
    expect(holds(and(or(...values(Q, 6)), or(...values(R, 6))))).toBe(1);
    const It = not(or(...values(Q, 33)));
    expect(outcome({ It }).holds).toMatch(/^not t\?/);
  });

  test.each([
    [50, /^Q=x$/],
    [200, /^t\?"C\d+"$/],
  ])('evaluates a chain of %i conditions', (count, expected) => {
    const chain = Array.from(
      { length: count },
      (_, i) => [`C${i}`, i === 0 ? X : named(`C${i - 1}`)] as const,
    );
    const conditions = { ...Object.fromEntries(chain), It: named(`C${count - 1}`) };
    expect(outcome(conditions).holds).toMatch(expected);
  });
});
