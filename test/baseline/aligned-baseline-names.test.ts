import { alignBaseline } from '../../lib/baseline/align';
import { below, type More, nested, type Source, stack, successors, template } from './baseline-templates';

describe('templates without a stack name', () => {
  test.each<[string, Source[], Source[], Record<string, string>]>([
    [
      'match by the longest common end of the path',
      [template('main:a/template.yaml'), template('main:b/template.yaml'), template('main:template.yaml')],
      [template('b/template.yaml'), template('template.yaml'), template('a/template.yaml')],
      {
        'main:a/template.yaml': 'a/template.yaml',
        'main:b/template.yaml': 'b/template.yaml',
        'main:template.yaml': 'template.yaml',
      },
    ],
    [
      'match by the file, not by the ID',
      [template('1', { file: 'old/Orders.json' }), template('2', { file: 'old/Billing.json' })],
      [template('Billing', { file: 'new/Billing.json' }), template('Orders', { file: 'new/Orders.json' })],
      { 1: 'Orders', 2: 'Billing' },
    ],
    [
      'match if one side has a stack name',
      [template('snapshots/Orders.template.json'), template('snapshots/Billing.template.json')],
      [stack('cdk.out/Orders.template.json', 'orders'), stack('cdk.out/Billing.template.json', 'billing')],
      {
        'snapshots/Orders.template.json': 'cdk.out/Orders.template.json',
        'snapshots/Billing.template.json': 'cdk.out/Billing.template.json',
      },
    ],
    [
      'do not match if two have the path',
      [template('old/template.yaml')],
      [template('a/template.yaml'), template('b/template.yaml')],
      { 'old/template.yaml': 'baseline:old/template.yaml' },
    ],
    ['match if there is one on each side', [template('old')], [template('new')], { old: 'new' }],
    [
      'do not match just because they are the last: one is removed, and one is new',
      [template('a.yaml'), template('old.yaml')],
      [template('new.yaml'), template('a.yaml')],
      { 'a.yaml': 'a.yaml', 'old.yaml': 'baseline:old.yaml' },
    ],
    [
      'do not match by a name that others have',
      below('d1', 'a/template.yaml', 'b/template.yaml'),
      below('d2', 'a/template.yaml', 'c/template.yaml'),
      { 'd1/a/template.yaml': 'd2/a/template.yaml', 'd1/b/template.yaml': 'baseline:d1/b/template.yaml' },
    ],
    [
      'do not match by a unique name in another folder',
      below('d1', 'a/app.yaml', 'b/template.yaml'),
      below('d2', 'a/app.yaml', 'c/template.yaml'),
      { 'd1/a/app.yaml': 'd2/a/app.yaml', 'd1/b/template.yaml': 'baseline:d1/b/template.yaml' },
    ],
    [
      'match by the path below the given folder',
      below('old', 'template.yaml', 'a/template.yaml', 'b/template.yaml'),
      below('new', 'b/template.yaml', 'template.yaml'),
      {
        'old/template.yaml': 'new/template.yaml',
        'old/a/template.yaml': 'baseline:old/a/template.yaml',
        'old/b/template.yaml': 'new/b/template.yaml',
      },
    ],
    [
      'match if the given folder contains the other one',
      below('../main', 'services/a/template.yaml', 'services/b/template.yaml'),
      [...below('a', 'template.yaml'), ...below('c', 'template.yaml')],
      {
        '../main/services/a/template.yaml': 'a/template.yaml',
        '../main/services/b/template.yaml': 'baseline:../main/services/b/template.yaml',
      },
    ],
    [
      'match in the same folder',
      below('../main', 'a.yaml', 'b.yaml'),
      below('.', 'b.yaml', 'a.yaml').map((one) => ({ ...one, file: one.id.slice(2) })),
      { '../main/a.yaml': './a.yaml', '../main/b.yaml': './b.yaml' },
    ],
    [
      'match by the path in a repository',
      ['a.yaml', 'x/a.yaml'].map((path) => template(`main:${path}`, { group: 'main:' })),
      ['x/a.yaml', 'a.yaml'].map((path) => template(path)),
      { 'main:a.yaml': 'a.yaml', 'main:x/a.yaml': 'x/a.yaml' },
    ],
    [
      'match by the name of a single template',
      [template('old/a.yaml')],
      [template('new/a.yaml'), template('new/b.yaml')],
      { 'old/a.yaml': 'new/a.yaml' },
    ],
    [
      'do not match if two are left',
      [template('old')],
      [template('a'), template('b')],
      { old: 'baseline:old' },
    ],
    [
      'must have a resource in common',
      [template('template.yaml', { fn: 'Orders' })],
      [template('template.yaml', { fn: 'Billing' })],
      { 'template.yaml': 'baseline:template.yaml' },
    ],
    [
      'do not match by the metadata of CDK',
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
      'do not match by a resource of another type',
      [{ id: 'a', template: { Resources: { Fn: { Type: 'AWS::SNS::Topic' } } } }],
      [template('b')],
      { a: 'baseline:a' },
    ],
    [
      'match if the previous one has no resources',
      [{ id: 'a', template: { Resources: {} } }],
      [template('b')],
      { a: 'b' },
    ],
    ['match if the current one has no resources', [template('a')], [{ id: 'b', template: null }], { a: 'b' }],
    [
      'must have the same region if it is known',
      [template('old', { region: 'eu-west-1' })],
      [template('new', { region: 'us-east-1' })],
      { old: 'baseline:old' },
    ],
  ])('%s', (_, baseline, current, expected) => {
    expect(successors(baseline, current)).toEqual(expected);
  });
});

describe('a stack with another name', () => {
  const [before, now] = ['Orders-main', 'Orders-pr1'].map(
    (stackName) =>
      (more: More = {}) =>
        stack(stackName, stackName, { constructPath: 'Orders', fn: ['A', 'B', 'C'], ...more }),
  );
  const others = [stack('old/Net', 'Net'), stack('new/Net', 'Net')];

  test.each<[string, Source, Source, boolean]>([
    ['matches the same construct', before(), now(), true],
    ['matches with most resources in common', before(), now({ fn: ['A', 'B', 'D'] }), true],
    ['matches without resources', before(), now({ fn: [] }), true],
    ['does not match with other resources', before(), now({ fn: ['A', 'D', 'E'] }), false],
    ['does not match with many more resources', before(), now({ fn: ['A', 'B', 'C', 'D', 'E', 'F'] }), false],
    ['does not match another construct', before(), now({ constructPath: 'Billing' }), false],
    [
      'does not match in another account',
      before({ account: '111111111111' }),
      now({ account: '222222222222' }),
      false,
    ],
    [
      'does not match in another region',
      before({ region: 'eu-west-1' }),
      now({ region: 'us-east-1' }),
      false,
    ],
  ])('%s', (_, old, fresh, isSame) => {
    expect(successors([others[0], old], [fresh, others[1]])).toEqual({
      'old/Net': 'new/Net',
      'Orders-main': isSame ? 'Orders-pr1' : 'baseline:Orders-main',
    });
  });

  test('does not match if there is a stack with the same name', () => {
    const kept = stack('new', 'Orders-main', { fn: ['A', 'B', 'C'] });
    expect(successors([before()], [now(), kept])).toEqual({ 'Orders-main': 'new' });
  });
});

describe('a stack without account and region', () => {
  const regional = (id: string, region: string, more: More = {}) =>
    stack(id, 'Orders', { account: '111122223333', region, ...more });

  test('matches each stack with the same name in its own account and region', () => {
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
      'does not match if two may have the same',
      [stack('old', 'Orders')],
      [regional('eu', 'eu-west-1'), stack('other', 'Orders', { region: 'eu-west-1' })],
      { old: 'baseline:old' },
    ],
    [
      'does not match if there are two of it',
      [stack('a', 'Orders'), stack('b', 'Orders')],
      [regional('eu', 'eu-west-1'), regional('us', 'us-east-1')],
      { a: 'baseline:a', b: 'baseline:b' },
    ],
    [
      'does not match several with account and region',
      [regional('eu', 'eu-west-1'), regional('us', 'us-east-1')],
      [stack('new', 'Orders')],
      { eu: 'baseline:eu', us: 'baseline:us' },
    ],
  ])('%s', (_, baseline, current, expected) => {
    expect(successors(baseline, current)).toEqual(expected);
  });
});
