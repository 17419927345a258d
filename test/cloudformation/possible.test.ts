import {
  ALWAYS,
  type Assumptions,
  casesWithout,
  certainly,
  combineCases,
  flatMap,
  equality,
  inCases,
  CaseIndex,
  isPossible,
  type Possible,
  product,
  and,
  withCondition,
} from '../../lib/cloudformation/possible';

const is = (value: string, literal: string, holds = true): Assumptions => ({
  [equality(value, literal)]: holds,
});
const both = (...assumed: Assumptions[]): Assumptions => Object.assign({}, ...assumed) as Assumptions;

test.each<[what: string, a: Assumptions, b: Assumptions, agree: boolean]>([
  ['no assumptions', ALWAYS, { C: true }, true],
  ['one condition', { C: true }, { C: true }, true],
  ['one condition, and its opposite', { C: true }, { C: false }, false],
  ['two conditions', { C: true }, { D: false }, true],
  ['two conditions that hold', { C: true }, { CD: true }, true],
  ['one of several, and its opposite', { C: true, D: true }, { E: true, D: false }, false],
  ['a value that is one literal, and another', is('P', 'a'), is('P', 'b'), false],
  ['a value that is a literal, and not another', is('P', 'a'), is('P', 'b', false), true],
  ['a value that is neither of two', is('P', 'a', false), is('P', 'b', false), true],
  ['a value that is a literal, and no other', is('P', 'a'), both(is('P', 'b', false), is('P', 'a')), true],
  ['two values that are one literal each', is('P', 'a'), is('Q', 'b'), true],
  ['two values, one with the name of the other in its own', is('P', 'a'), is('PP', 'b'), true],
  ['a value with no name', is('', 'a'), is('', 'b'), false],
  ['a value besides a condition', both({ C: true }, is('P', 'a')), is('P', 'b'), false],
  ['a value, and a condition', is('P', 'a'), { C: true }, true],
  ['a value, and a condition of its name', is('P', 'a'), { P: true }, true],
])('combines assumptions: %s', (_, a, b, agree) => {
  expect(and(a, b)).toEqual(agree ? { ...a, ...b } : undefined);
  expect(and(b, a)).toEqual(agree ? { ...a, ...b } : undefined);
});

describe('the possible cases, where some are impossible', () => {
  const [A, B] = [is('P', 'a'), is('P', 'b')];
  const notA = is('P', 'a', false);

  test.each<[what: string, can: boolean, assumed: Assumptions, impossible: Assumptions[]]>([
    ['any, where none is impossible', true, A, []],
    ['an impossible one', false, A, [A]],
    ['a part of an impossible one', true, A, [both(A, { C: true })]],
    ['an impossible one and more', false, both(A, { C: true }), [A]],
    ['the opposite', true, notA, [A]],
    ['another value', true, B, [A]],
    ['another value than an impossible one must have', false, B, [notA]],
    ['two that leave nothing', false, A, [both(A, { C: true }), both(A, { C: false })]],
    ['two that leave a third', true, A, [both(A, { C: true }), both(A, { C: false, D: true })]],
    [
      'several that leave nothing',
      false,
      A,
      [
        { C: true, D: true },
        { C: true, D: false },
        { C: false, E: true },
        { C: false, E: false },
      ],
    ],
  ])('%s: %s', (_, can, assumed, impossible) => {
    expect(isPossible(assumed, impossible)).toBe(can);
  });

  test('ends the search when there is too much to try', () => {
    const impossible = Array.from({ length: 2 ** 10 }, (_, i): Assumptions =>
      Object.fromEntries(Array.from({ length: 10 }, (__, bit) => [`C${bit}`, ((i >> bit) & 1) === 1])),
    );
    expect(isPossible({}, impossible)).toBe(true);
    expect(isPossible({ C0: true, C1: true, C2: true, C3: true }, impossible)).toBe(false);
  });
});

test('finds the cases that have to do with assumptions, also through others', () => {
  const [stage, size, tier] = [
    is('Stage', 'dev'),
    both(is('Stage', 'prod'), is('Size', 'small')),
    is('Size', 'big'),
  ];
  const cases = new CaseIndex([stage, size, tier, is('Region', 'x'), { C: true, D: true }]);
  expect(cases.relatedTo(is('Stage', 'test', false))).toEqual([stage, size, tier]);
  expect(cases.relatedTo({ D: false })).toEqual([{ C: true, D: true }]);
  expect(cases.relatedTo({ E: true })).toEqual([]);
});

const CHOICE: Possible<string>[] = [
  { value: 'then', when: { C: true } },
  { value: 'else', when: { C: false } },
];

test('keeps the possibilities that fit an assumption', () => {
  expect(withCondition(ALWAYS, CHOICE)).toEqual(CHOICE);
  expect(withCondition({ C: true }, CHOICE)).toEqual([CHOICE[0]]);
  expect(withCondition({ D: true }, CHOICE)).toEqual([
    { value: 'then', when: { C: true, D: true } },
    { value: 'else', when: { C: false, D: true } },
  ]);
});

test('keeps the possibilities of each case', () => {
  expect(inCases([], CHOICE)).toEqual([]);
  expect(inCases([{ C: false }, { D: true }], CHOICE)).toEqual([
    { value: 'else', when: { C: false } },
    { value: 'then', when: { C: true, D: true } },
    { value: 'else', when: { C: false, D: true } },
  ]);
});

test('maps each possible value and combines the assumptions', () => {
  const next = (value: string): Possible<string>[] =>
    CHOICE.map((other) => ({ ...other, value: value + other.value }));
  expect(flatMap(certainly('a-'), next)).toEqual([
    { value: 'a-then', when: { C: true } },
    { value: 'a-else', when: { C: false } },
  ]);
  expect(flatMap(CHOICE, next)).toEqual([
    { value: 'thenthen', when: { C: true } },
    { value: 'elseelse', when: { C: false } },
  ]);
  expect(flatMap([], next)).toEqual([]);
});

test('combines up to 64 possibilities of several lists', () => {
  const choices = (count: number) =>
    Array.from({ length: count }, (_, i): Possible<string>[] => [
      { value: 'then', when: { [`C${i}`]: true } },
      { value: 'else', when: { [`C${i}`]: false } },
    ]);
  expect(product(choices(1))).toEqual([
    { value: ['then'], when: { C0: true } },
    { value: ['else'], when: { C0: false } },
  ]);
  expect(product(choices(6))).toHaveLength(64);
  expect(product(choices(7))).toBeUndefined();
  expect(product([...choices(6), certainly('always')])).toHaveLength(64);
  expect(product([certainly('a'), certainly('b')])).toEqual(certainly(['a', 'b']));
});

const [PROD, DEV, NOT_PROD] = [is('Env', 'prod'), is('Env', 'dev'), is('Env', 'prod', false)];

test.each<[what: string, a: Assumptions[], b: Assumptions[], expected: Assumptions[]]>([
  ['no case', [], [ALWAYS], []],
  ['one case and any', [PROD], [ALWAYS], [PROD]],
  ['cases that exclude each other', [PROD], [DEV], []],
  ['cases that include others', [PROD, { C: true }], [PROD], [PROD]],
  ['a case that includes an earlier one', [both(PROD, { C: true }), PROD], [ALWAYS], [PROD]],
  ['a case that two others make', [{ C: true }, { D: true }], [{ C: true, D: true }], [{ C: true, D: true }]],
  ['independent cases', [PROD, DEV], [{ C: true }], [both(PROD, { C: true }), both(DEV, { C: true })]],
])('combines lists of cases: %s', (_, a, b, expected) => {
  expect(combineCases(a, b)).toEqual(expected);
});

test.each<[what: string, cases: Assumptions[], excluded: Assumptions[], expected: Assumptions[]]>([
  ['nothing', [PROD], [], [PROD]],
  ['everything', [PROD], [ALWAYS], []],
  ['one value of several', [ALWAYS], [PROD], [NOT_PROD]],
  ['a case that is itself excluded', [PROD], [PROD], []],
  ['a case that never meets the other', [DEV], [PROD], [both(DEV, NOT_PROD)]],
  ['one of two conditions', [ALWAYS], [{ C: true, D: true }], [{ C: false }, { D: false }]],
  ['both outcomes', [ALWAYS], [{ C: true }, { C: false }], []],
])('removes cases: %s', (_, cases, excluded, expected) => {
  expect(casesWithout(cases, excluded)).toEqual(expected);
});
