import { alignBaseline } from '../../lib/baseline/align';
import { below, type More, nested, type Source, stack, successors, template } from './baseline-templates';

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
      'none counts for being left of several: one is removed, and one is new',
      [template('a.yaml'), template('old.yaml')],
      [template('new.yaml'), template('a.yaml')],
      { 'a.yaml': 'a.yaml', 'old.yaml': 'baseline:old.yaml' },
    ],
    [
      'nor for a name that others have, too',
      below('d1', 'a/template.yaml', 'b/template.yaml'),
      below('d2', 'a/template.yaml', 'c/template.yaml'),
      { 'd1/a/template.yaml': 'd2/a/template.yaml', 'd1/b/template.yaml': 'baseline:d1/b/template.yaml' },
    ],
    [
      'nor for a name that no other has, in another folder',
      below('d1', 'a/app.yaml', 'b/template.yaml'),
      below('d2', 'a/app.yaml', 'c/template.yaml'),
      { 'd1/a/app.yaml': 'd2/a/app.yaml', 'd1/b/template.yaml': 'baseline:d1/b/template.yaml' },
    ],
    [
      'a path counts as far as a directory was named around it',
      below('old', 'template.yaml', 'a/template.yaml', 'b/template.yaml'),
      below('new', 'b/template.yaml', 'template.yaml'),
      {
        'old/template.yaml': 'new/template.yaml',
        'old/a/template.yaml': 'baseline:old/a/template.yaml',
        'old/b/template.yaml': 'new/b/template.yaml',
      },
    ],
    [
      'a directory that was named may be one of those around the other',
      below('../main', 'services/a/template.yaml', 'services/b/template.yaml'),
      [...below('a', 'template.yaml'), ...below('c', 'template.yaml')],
      {
        '../main/services/a/template.yaml': 'a/template.yaml',
        '../main/services/b/template.yaml': 'baseline:../main/services/b/template.yaml',
      },
    ],
    [
      'it may be where it is judged',
      below('../main', 'a.yaml', 'b.yaml'),
      below('.', 'b.yaml', 'a.yaml').map((one) => ({ ...one, file: one.id.slice(2) })),
      { '../main/a.yaml': './a.yaml', '../main/b.yaml': './b.yaml' },
    ],
    [
      'a repository is a directory',
      ['a.yaml', 'x/a.yaml'].map((path) => template(`main:${path}`, { group: 'main:' })),
      ['x/a.yaml', 'a.yaml'].map((path) => template(path)),
      { 'main:a.yaml': 'a.yaml', 'main:x/a.yaml': 'x/a.yaml' },
    ],
    [
      'a single template is told by its name',
      [template('old/a.yaml')],
      [template('new/a.yaml'), template('new/b.yaml')],
      { 'old/a.yaml': 'new/a.yaml' },
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
      'what every stack of CDK has is none in common',
      [
        {
          id: 'a',
          template: { Resources: { A: { Type: 'T' }, CDKMetadata: { Type: 'AWS::CDK::Metadata' } } },
        },
      ],
      [
        {
          id: 'b',
          template: { Resources: { B: { Type: 'T' }, CDKMetadata: { Type: 'AWS::CDK::Metadata' } } },
        },
      ],
      { a: 'baseline:a' },
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

describe('a stack of another name', () => {
  const [before, now] = ['Orders-main', 'Orders-pr1'].map(
    (stackName) =>
      (more: More = {}) =>
        stack(stackName, stackName, { constructPath: 'Orders', fn: ['A', 'B', 'C'], ...more }),
  );
  const others = [stack('old/Net', 'Net'), stack('new/Net', 'Net')];

  test.each<[string, Source, Source, boolean]>([
    ['is the same if it is the same construct', before(), now(), true],
    ['is the same with most of the same resources', before(), now({ fn: ['A', 'B', 'D'] }), true],
    ['is the same while there is nothing in it', before(), now({ fn: [] }), true],
    ['is not with others', before(), now({ fn: ['A', 'D', 'E'] }), false],
    ['is not with many more', before(), now({ fn: ['A', 'B', 'C', 'D', 'E', 'F'] }), false],
    ['is not if it is another construct', before(), now({ constructPath: 'Billing' }), false],
    [
      'is not in another account',
      before({ account: '111111111111' }),
      now({ account: '222222222222' }),
      false,
    ],
    ['is not in another region', before({ region: 'eu-west-1' }), now({ region: 'us-east-1' }), false],
  ])('%s', (_, old, fresh, isSame) => {
    expect(successors([others[0], old], [fresh, others[1]])).toEqual({
      'old/Net': 'new/Net',
      'Orders-main': isSame ? 'Orders-pr1' : 'baseline:Orders-main',
    });
  });

  test('is not the same if there is one of the same name', () => {
    const kept = stack('new', 'Orders-main', { fn: ['A', 'B', 'C'] });
    expect(successors([before()], [now(), kept])).toEqual({ 'Orders-main': 'new' });
  });
});

describe('a stack that does not say its account and region', () => {
  const regional = (id: string, region: string, more: More = {}) =>
    stack(id, 'Orders', { account: '111122223333', region, ...more });

  test('is what each of the same name in its own has come of', () => {
    const baseline = [stack('old', 'Orders'), nested('old#N', 'old', 'N'), nested('old#Gone', 'old', 'Gone')];
    const current = [
      regional('eu', 'eu-west-1'),
      nested('eu#N', 'eu', 'N'),
      regional('us', 'us-east-1'),
      nested('us#N', 'us', 'N'),
    ];
    const { templates, pairs, added, removed } = alignBaseline(baseline, current);
    expect(templates.map(({ id, nestedIn }) => [id, nestedIn?.id])).toEqual([
      ['eu', undefined],
      ['us', undefined],
      ['eu#N', 'eu'],
      ['us#N', 'us'],
      ['baseline:old#Gone', 'eu'],
      ['baseline:baseline:old#Gone', 'us'],
    ]);
    expect(pairs[0].after.map(({ id }) => id)).toEqual(['eu', 'us']);
    expect([added, removed.map(({ id }) => id)]).toEqual([[], ['old#Gone']]);
  });

  test.each<[string, Source[], Source[], Record<string, string>]>([
    [
      'but not if they may be in one',
      [stack('old', 'Orders')],
      [regional('eu', 'eu-west-1'), stack('other', 'Orders', { region: 'eu-west-1' })],
      { old: 'baseline:old' },
    ],
    [
      'but not if there are two of it',
      [stack('a', 'Orders'), stack('b', 'Orders')],
      [regional('eu', 'eu-west-1'), regional('us', 'us-east-1')],
      { a: 'baseline:a', b: 'baseline:b' },
    ],
    [
      'and may not have come of several that do',
      [regional('eu', 'eu-west-1'), regional('us', 'us-east-1')],
      [stack('new', 'Orders')],
      { eu: 'baseline:eu', us: 'baseline:us' },
    ],
  ])('%s', (_, baseline, current, expected) => {
    expect(successors(baseline, current)).toEqual(expected);
  });
});
