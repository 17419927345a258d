import { alignBaseline } from '../../lib/baseline/align';
import { below, nested, type Source, stack, successors, template } from './baseline-templates';
import { cpuTime } from '../cpu-time';

describe('a matching stack', () => {
  test.each<[string, Source[], Source[], Record<string, string>]>([
    [
      'has the same ID in both',
      [template('a.yaml'), template('b.yaml')],
      [template('a.yaml'), template('c.yaml')],
      { 'a.yaml': 'a.yaml', 'b.yaml': 'baseline:b.yaml' },
    ],
    ['has the same name', [stack('old/x', 'Orders')], [stack('new/y', 'Orders')], { 'old/x': 'new/y' }],
    [
      'may have completely different resources',
      [stack('old/x', 'Orders', { fn: 'A' })],
      [stack('new/y', 'Orders', { fn: 'B' })],
      { 'old/x': 'new/y' },
    ],
    [
      'has no other name, even with the same file',
      [stack('old/x', 'Orders')],
      [stack('new/x', 'Billing')],
      { 'old/x': 'baseline:old/x' },
    ],
    [
      'is in the same region',
      [
        stack('old/eu', 'Orders', { region: 'eu-west-1' }),
        stack('old/us', 'Orders', { region: 'us-east-1' }),
      ],
      [
        stack('new/us', 'Orders', { region: 'us-east-1' }),
        stack('new/ap', 'Orders', { region: 'ap-south-1' }),
      ],
      { 'old/eu': 'baseline:old/eu', 'old/us': 'new/us' },
    ],
    [
      'is in the same account, if both are known',
      [stack('old/a', 'Orders', { account: '111111111111' }), stack('old/b', 'Billing')],
      [
        stack('new/a', 'Orders', { account: '222222222222' }),
        stack('new/b', 'Billing', { account: '222222222222' }),
      ],
      { 'old/a': 'baseline:old/a', 'old/b': 'new/b' },
    ],
    [
      'matches by its file if several have the same name',
      [stack('main:beta/x.json', 'Orders'), stack('main:prod/x.json', 'Orders')],
      [stack('cdk.out/prod/x.json', 'Orders'), stack('cdk.out/beta/x.json', 'Orders')],
      { 'main:beta/x.json': 'cdk.out/beta/x.json', 'main:prod/x.json': 'cdk.out/prod/x.json' },
    ],
    [
      'does not match if several have the same name',
      [stack('old/a', 'Orders')],
      [stack('new/b', 'Orders'), stack('new/c', 'Orders')],
      { 'old/a': 'baseline:old/a' },
    ],
  ])('%s', (_, baseline, current, expected) => {
    expect(successors(baseline, current)).toEqual(expected);
  });
});

describe('a stack without a match', () => {
  /** Returns the IDs of stacks without a match. */
  function unmatched(baseline: readonly Source[], current: readonly Source[]) {
    const { moved, ambiguous, removed, added } = alignBaseline(baseline, current);
    const ids = (templates: readonly Source[]) => templates.map(({ id }) => id);
    return {
      moved: moved.map(({ before, after }) => ids([before, after])),
      ambiguousIds: ambiguous.map(({ before, after }) => [ids(before), ids(after)]),
      removed: ids(removed),
      added: ids(added),
    };
  }

  const NOTHING = { moved: [], ambiguousIds: [], removed: [], added: [] };

  test.each<[string, Source[], Source[], Partial<ReturnType<typeof unmatched>>]>([
    ['does not exist if all match', [stack('a', 'Orders')], [stack('b', 'Orders')], {}],
    [
      'is removed or new',
      [stack('a', 'Orders'), stack('b', 'Billing')],
      [stack('c', 'Orders'), stack('d', 'Search')],
      { removed: ['b'], added: ['d'] },
    ],
    [
      'is listed without its nested stacks',
      [stack('a', 'Orders'), stack('b', 'Billing'), nested('b1', 'b', 'N'), nested('a1', 'a', 'N')],
      [stack('c', 'Orders'), stack('d', 'Search'), nested('d1', 'd', 'N')],
      { removed: ['b', 'a1'], added: ['d'] },
    ],
    [
      'is in another account',
      [stack('a', 'Orders', { account: '111111111111' })],
      [stack('b', 'Orders', { account: '222222222222' })],
      { moved: [['a', 'b']] },
    ],
    [
      'is in an additional region',
      [stack('a', 'Orders', { region: 'eu-west-1' })],
      [stack('b', 'Orders', { region: 'eu-west-1' }), stack('c', 'Orders', { region: 'us-east-1' })],
      { added: ['c'] },
    ],
    [
      'may be one of several',
      below('main', 'services/a/template.yaml', 'services/b/template.yaml'),
      [template('template.yaml')],
      {
        ambiguousIds: [
          [['main/services/a/template.yaml', 'main/services/b/template.yaml'], ['template.yaml']],
        ],
      },
    ],
    [
      'may be one of several stacks with the same name',
      [stack('a', 'Orders', { region: 'eu-west-1' }), stack('b', 'Orders', { region: 'us-east-1' })],
      [stack('c', 'Orders')],
      { ambiguousIds: [[['a', 'b'], ['c']]] },
    ],
    [
      'may be the previous version of several',
      [template('old/template.yaml')],
      [template('a/template.yaml'), template('b/template.yaml')],
      { ambiguousIds: [[['old/template.yaml'], ['a/template.yaml', 'b/template.yaml']]] },
    ],
    [
      'is ambiguous only with a resource in common',
      [template('old/template.yaml', { fn: 'A' })],
      [template('a/template.yaml', { fn: 'B' }), template('b/template.yaml', { fn: 'C' })],
      { removed: ['old/template.yaml'], added: ['a/template.yaml', 'b/template.yaml'] },
    ],
    [
      'is not ambiguous because of a common file name',
      below('d1', 'a/template.yaml', 'b/template.yaml'),
      below('d2', 'c/template.yaml', 'd/template.yaml'),
      {
        removed: ['d1/a/template.yaml', 'd1/b/template.yaml'],
        added: ['d2/c/template.yaml', 'd2/d/template.yaml'],
      },
    ],
  ])('%s', (_, baseline, current, expected) => {
    expect(unmatched(baseline, current)).toEqual({ ...NOTHING, ...expected });
  });
});

describe('nested stacks', () => {
  test('match by their parents and logical IDs', () => {
    const baseline = [
      nested('o2', 'o1', 'Inner', { fn: 'Other' }),
      stack('o', 'Orders'),
      nested('o1', 'o', 'Outer'),
      nested('gone', 'o', 'Gone'),
    ];
    const current = [
      stack('n', 'Orders'),
      nested('n1', 'n', 'Outer'),
      nested('n2', 'n1', 'Inner'),
      nested('new', 'n', 'New'),
    ];
    const { templates } = alignBaseline(baseline, current);
    expect(templates.map(({ id, nestedIn }) => [id, nestedIn])).toEqual([
      ['n2', { id: 'n1', logicalId: 'Inner' }],
      ['n', undefined],
      ['n1', { id: 'n', logicalId: 'Outer' }],
      ['baseline:gone', { id: 'n', logicalId: 'Gone' }],
    ]);
  });

  test('do not match if their parents do not match', () => {
    const baseline = [stack('old', 'Orders'), nested('nested.yaml', 'old', 'Nested')];
    const current = [stack('new', 'Billing'), nested('nested.yaml', 'new', 'Nested')];
    expect(successors(baseline, current)).toEqual({
      old: 'baseline:old',
      'nested.yaml': 'baseline:nested.yaml',
    });
  });

  test('match if they are checked without their parent', () => {
    const baseline = [template('main:parent.yaml'), nested('main:nested.yaml', 'main:parent.yaml', 'Nested')];
    expect(successors(baseline, [template('nested.yaml')])).toEqual({
      'main:parent.yaml': 'baseline:main:parent.yaml',
      'main:nested.yaml': 'nested.yaml',
    });
  });
});

test('gives a removed template an unused ID', () => {
  const current = [template('baseline:a', { fn: 'X' }), template('b', { fn: 'Y' })];
  const baseline = [template('a'), template('baseline:a'), template('c')];
  const ids = alignBaseline(baseline, current).templates.map(({ id }) => id);
  expect(new Set([...ids, 'baseline:a', 'b']).size).toBe(5);
});

test('keeps all templates, with all other properties', () => {
  const baseline = [stack('old', 'Orders', { region: 'eu-west-1', group: 'old' }), template('other')];
  expect(alignBaseline(baseline, [stack('new', 'Orders')]).templates).toEqual([
    { ...baseline[0], id: 'new' },
    { ...baseline[1], id: 'baseline:other' },
  ]);
});

test('matches many templates with one name in time that grows with their number', () => {
  const many = (length: number, folder: string, name = '') =>
    below(folder, ...Array.from({ length }, (_, i) => `services/${name}${i}/template.yaml`));
  const timeOf = (length: number) =>
    cpuTime(() => {
      const { templates } = alignBaseline(many(length, 'old'), many(length, 'new'));
      expect(templates.map(({ id }) => id)).toEqual(many(length, 'new').map(({ id }) => id));
      const { removed } = alignBaseline(many(length, 'old'), many(length, 'new', 'of-others-'));
      expect(removed).toHaveLength(length);
    });
  timeOf(100);
  // Eight times in linear time, 64 times in quadratic time.
  expect(timeOf(4_000) / timeOf(500)).toBeLessThan(32);
});
