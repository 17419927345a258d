import { alignBaseline } from '../../lib/baseline/align';
import { below, nested, type Source, stack, successors, template } from './baseline-templates';

describe('the same stack', () => {
  test.each<[string, Source[], Source[], Record<string, string>]>([
    [
      'has the same ID in both',
      [template('a.yaml'), template('b.yaml')],
      [template('a.yaml'), template('c.yaml')],
      { 'a.yaml': 'a.yaml', 'b.yaml': 'baseline:b.yaml' },
    ],
    ['has the same name', [stack('old/x', 'Orders')], [stack('new/y', 'Orders')], { 'old/x': 'new/y' }],
    [
      'may have had other resources altogether',
      [stack('old/x', 'Orders', { fn: 'A' })],
      [stack('new/y', 'Orders', { fn: 'B' })],
      { 'old/x': 'new/y' },
    ],
    [
      'has no other name, whatever its file is called',
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
      'is told from one of the same name by its file',
      [stack('main:beta/x.json', 'Orders'), stack('main:prod/x.json', 'Orders')],
      [stack('cdk.out/prod/x.json', 'Orders'), stack('cdk.out/beta/x.json', 'Orders')],
      { 'main:beta/x.json': 'cdk.out/beta/x.json', 'main:prod/x.json': 'cdk.out/prod/x.json' },
    ],
    [
      'is not told from one of the same name by nothing',
      [stack('old/a', 'Orders')],
      [stack('new/b', 'Orders'), stack('new/c', 'Orders')],
      { 'old/a': 'baseline:old/a' },
    ],
  ])('%s', (_, baseline, current, expected) => {
    expect(successors(baseline, current)).toEqual(expected);
  });
});

describe('what is compared with nothing', () => {
  /** By the IDs. */
  function others(baseline: readonly Source[], current: readonly Source[]) {
    const { moved, ambiguous, removed, added } = alignBaseline(baseline, current);
    const ids = (templates: readonly Source[]) => templates.map(({ id }) => id);
    return {
      moved: moved.map(({ before, after }) => ids([before, after])),
      unclear: ambiguous.map(({ before, after }) => [ids(before), ids(after)]),
      removed: ids(removed),
      added: ids(added),
    };
  }

  const NOTHING = { moved: [], unclear: [], removed: [], added: [] };

  test.each<[string, Source[], Source[], Partial<ReturnType<typeof others>>]>([
    ['is nothing if all is found', [stack('a', 'Orders')], [stack('b', 'Orders')], {}],
    [
      'is removed, or new',
      [stack('a', 'Orders'), stack('b', 'Billing')],
      [stack('c', 'Orders'), stack('d', 'Search')],
      { removed: ['b'], added: ['d'] },
    ],
    [
      'is told without what is nested in it',
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
      'is in one region more',
      [stack('a', 'Orders', { region: 'eu-west-1' })],
      [stack('b', 'Orders', { region: 'eu-west-1' }), stack('c', 'Orders', { region: 'us-east-1' })],
      { added: ['c'] },
    ],
    [
      'may be one of several',
      below('main', 'services/a/template.yaml', 'services/b/template.yaml'),
      [template('template.yaml')],
      { unclear: [[['main/services/a/template.yaml', 'main/services/b/template.yaml'], ['template.yaml']]] },
    ],
    [
      'may be one of several stacks of one name',
      [stack('a', 'Orders', { region: 'eu-west-1' }), stack('b', 'Orders', { region: 'us-east-1' })],
      [stack('c', 'Orders')],
      { unclear: [[['a', 'b'], ['c']]] },
    ],
    [
      'may be what one of several was',
      [template('old/template.yaml')],
      [template('a/template.yaml'), template('b/template.yaml')],
      { unclear: [[['old/template.yaml'], ['a/template.yaml', 'b/template.yaml']]] },
    ],
    [
      'has to have something in common to be unclear',
      [template('old/template.yaml', { fn: 'A' })],
      [template('a/template.yaml', { fn: 'B' }), template('b/template.yaml', { fn: 'C' })],
      { removed: ['old/template.yaml'], added: ['a/template.yaml', 'b/template.yaml'] },
    ],
    [
      'is not unclear for a name that anything may have',
      below('d1', 'a/template.yaml', 'b/template.yaml'),
      below('d2', 'c/template.yaml', 'd/template.yaml'),
      {
        removed: ['d1/a/template.yaml', 'd1/b/template.yaml'],
        added: ['d2/c/template.yaml', 'd2/d/template.yaml'],
      },
    ],
  ])('%s', (_, baseline, current, expected) => {
    expect(others(baseline, current)).toEqual({ ...NOTHING, ...expected });
  });
});

describe('nested stacks', () => {
  test('are the same if the stacks around them are, and their logical IDs', () => {
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

  test('are not the same if the stacks around them are not', () => {
    const baseline = [stack('old', 'Orders'), nested('nested.yaml', 'old', 'Nested')];
    const current = [stack('new', 'Billing'), nested('nested.yaml', 'new', 'Nested')];
    expect(successors(baseline, current)).toEqual({
      old: 'baseline:old',
      'nested.yaml': 'baseline:nested.yaml',
    });
  });

  test('may be judged without the stack around them', () => {
    const baseline = [template('main:parent.yaml'), nested('main:nested.yaml', 'main:parent.yaml', 'Nested')];
    expect(successors(baseline, [template('nested.yaml')])).toEqual({
      'main:parent.yaml': 'baseline:main:parent.yaml',
      'main:nested.yaml': 'nested.yaml',
    });
  });
});

test('what nothing has come of gets an ID of its own', () => {
  const current = [template('baseline:a', { fn: 'X' }), template('b', { fn: 'Y' })];
  const baseline = [template('a'), template('baseline:a'), template('c')];
  const ids = alignBaseline(baseline, current).templates.map(({ id }) => id);
  expect(new Set([...ids, 'baseline:a', 'b']).size).toBe(5);
});

test('nothing else about a template changes, and none is left out', () => {
  const baseline = [stack('old', 'Orders', { region: 'eu-west-1', group: 'old' }), template('other')];
  expect(alignBaseline(baseline, [stack('new', 'Orders')]).templates).toEqual([
    { ...baseline[0], id: 'new' },
    { ...baseline[1], id: 'baseline:other' },
  ]);
});

test('many templates of one name take no longer than they should', () => {
  const many = (folder: string, name = '') =>
    below(folder, ...Array.from({ length: 2_000 }, (_, i) => `services/${name}${i}/template.yaml`));
  const begin = Date.now();
  const { templates } = alignBaseline(many('old'), many('new'));
  expect(templates.map(({ id }) => id)).toEqual(many('new').map(({ id }) => id));
  expect(alignBaseline(many('old'), many('new', 'of-others-')).removed).toHaveLength(2_000);
  expect(Date.now() - begin).toBeLessThan(2_000);
});
