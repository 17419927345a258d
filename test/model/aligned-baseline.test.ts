import { alignedBaseline, isUnrelated } from '../../lib/model/aligned-baseline';
import type { TemplateSource } from '../../lib/model/template';

type Source = TemplateSource & { readonly file?: string };

/** A template with a function, by the function's logical ID. */
function template(id: string, more: Partial<Source> & { readonly fn?: string } = {}): Source {
  const { fn = 'Fn', ...others } = more;
  return { id, template: { Resources: { [fn]: { Type: 'AWS::Lambda::Function' } } }, ...others };
}

function stack(id: string, stackName: string, more: Partial<Source> & { readonly fn?: string } = {}): Source {
  return template(id, { stackName, ...more });
}

/** A template nested in another one, by the logical ID there. */
function nested(id: string, parent: string, logicalId: string, more: { readonly fn?: string } = {}): Source {
  return template(id, { nestedIn: { id: parent, logicalId }, ...more });
}

/** What has become of what, for each of the baseline's templates. */
function successors(baseline: readonly Source[], current: readonly Source[]): Record<string, string> {
  const aligned = alignedBaseline(baseline, current);
  return Object.fromEntries(baseline.map(({ id }, i) => [id, aligned[i].id]));
}

describe('the same stack', () => {
  test.each<[string, Source[], Source[], Record<string, string>]>([
    [
      'has the same ID in both',
      [template('a.yaml'), template('b.yaml')],
      [template('a.yaml'), template('c.yaml')],
      { 'a.yaml': 'a.yaml', 'b.yaml': 'c.yaml' },
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

describe('where a name is not known', () => {
  test.each<[string, Source[], Source[], Record<string, string>]>([
    [
      'the longest end of a path counts',
      [template('main:a/template.yaml'), template('main:b/template.yaml'), template('main:template.yaml')],
      [template('b/template.yaml'), template('template.yaml'), template('a/template.yaml')],
      {
        'main:a/template.yaml': 'a/template.yaml',
        'main:b/template.yaml': 'b/template.yaml',
        'main:template.yaml': 'template.yaml',
      },
    ],
    [
      'the file counts, not the ID',
      [template('1', { file: 'old/Orders.json' }), template('2', { file: 'old/Billing.json' })],
      [template('Billing', { file: 'new/Billing.json' }), template('Orders', { file: 'new/Orders.json' })],
      { 1: 'Orders', 2: 'Billing' },
    ],
    [
      'one side may know it',
      [template('snapshots/Orders.template.json'), template('snapshots/Billing.template.json')],
      [stack('cdk.out/Orders.template.json', 'orders'), stack('cdk.out/Billing.template.json', 'billing')],
      {
        'snapshots/Orders.template.json': 'cdk.out/Orders.template.json',
        'snapshots/Billing.template.json': 'cdk.out/Billing.template.json',
      },
    ],
    [
      'a path that may be of two is of none',
      [template('old/template.yaml')],
      [template('a/template.yaml'), template('b/template.yaml')],
      { 'old/template.yaml': 'baseline:old/template.yaml' },
    ],
    ['the only one counts that is left', [template('old')], [template('new')], { old: 'new' }],
    [
      'the only one counts that is left of several',
      [template('a.yaml'), template('old.yaml')],
      [template('new.yaml'), template('a.yaml')],
      { 'a.yaml': 'a.yaml', 'old.yaml': 'new.yaml' },
    ],
    [
      'none counts of two that are left',
      [template('old')],
      [template('a'), template('b')],
      { old: 'baseline:old' },
    ],
    [
      'a resource must be in common',
      [template('template.yaml', { fn: 'Orders' })],
      [template('template.yaml', { fn: 'Billing' })],
      { 'template.yaml': 'baseline:template.yaml' },
    ],
    [
      'a resource of another type is none in common',
      [{ id: 'a', template: { Resources: { Fn: { Type: 'AWS::SNS::Topic' } } } }],
      [template('b')],
      { a: 'baseline:a' },
    ],
    ['nothing may become anything', [{ id: 'a', template: { Resources: {} } }], [template('b')], { a: 'b' }],
    ['anything may become nothing', [template('a')], [{ id: 'b', template: null }], { a: 'b' }],
    [
      'regions that are known must agree',
      [template('old', { region: 'eu-west-1' })],
      [template('new', { region: 'us-east-1' })],
      { old: 'baseline:old' },
    ],
  ])('%s', (_, baseline, current, expected) => {
    expect(successors(baseline, current)).toEqual(expected);
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
    expect(alignedBaseline(baseline, current).map(({ id, nestedIn }) => [id, nestedIn])).toEqual([
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
  const ids = alignedBaseline(baseline, current).map(({ id }) => id);
  expect(new Set([...ids, 'baseline:a', 'b']).size).toBe(5);
});

test('nothing else about a template changes, and none is left out', () => {
  const baseline = [stack('old', 'Orders', { region: 'eu-west-1', group: 'old' }), template('other')];
  expect(alignedBaseline(baseline, [stack('new', 'Orders')])).toEqual([
    { ...baseline[0], id: 'new' },
    { ...baseline[1], id: 'baseline:other' },
  ]);
});

test('many templates of one name take no longer than they should', () => {
  const many = (folder: string) =>
    Array.from({ length: 2_000 }, (_, i) => template(`${folder}/services/${i}/template.yaml`));
  const begin = Date.now();
  const aligned = alignedBaseline(many('old'), many('new'));
  expect(aligned.map(({ id }) => id)).toEqual(many('new').map(({ id }) => id));
  expect(Date.now() - begin).toBeLessThan(2_000);
});

test.each<[string, Source[], Source[], boolean]>([
  ['another app', [stack('a', 'Orders')], [stack('b', 'Billing')], true],
  [
    'an app that has got another stack',
    [stack('a', 'Orders')],
    [stack('a', 'Orders'), stack('b', 'X')],
    false,
  ],
  ['an app that has lost a stack', [stack('a', 'Orders'), stack('b', 'X')], [stack('a', 'Orders')], false],
  ['nothing yet', [], [stack('b', 'Billing')], false],
  ['nothing any more', [stack('a', 'Orders')], [], false],
])('a baseline that is %s', (_, baseline, current, expected) => {
  expect(isUnrelated(alignedBaseline(baseline, current), current)).toBe(expected);
});
