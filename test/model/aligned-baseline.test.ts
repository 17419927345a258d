import { alignedBaseline } from '../../lib/model/aligned-baseline';
import type { TemplateSource } from '../../lib/model/template';

type Source = TemplateSource & { readonly file?: string };

/** What is known of a template, and the logical IDs of the functions in it. */
interface More extends Partial<Source> {
  readonly fn?: string | readonly string[];
}

/** A template with a function, by the function's logical ID, or with several. */
function template(id: string, { fn = 'Fn', ...others }: More = {}): Source {
  const functions = [fn].flat().map((logicalId) => [logicalId, { Type: 'AWS::Lambda::Function' }]);
  return { id, template: { Resources: Object.fromEntries(functions) as object }, ...others };
}

function stack(id: string, stackName: string, more: More = {}): Source {
  return template(id, { stackName, ...more });
}

/** Templates that were found below a directory. */
function below(group: string, ...paths: readonly string[]): Source[] {
  return paths.map((path) => template(`${group}/${path}`, { group }));
}

/** A template nested in another one, by the logical ID there. */
function nested(id: string, parent: string, logicalId: string, more: { readonly fn?: string } = {}): Source {
  return template(id, { nestedIn: { id: parent, logicalId }, ...more });
}

/** What has become of what, for each of the baseline's templates. */
function successors(baseline: readonly Source[], current: readonly Source[]): Record<string, string> {
  const { templates } = alignedBaseline(baseline, current);
  return Object.fromEntries(
    baseline.map((one) => {
      const renamed = templates.filter((other) => other.template === one.template);
      return [one.id, renamed.map(({ id }) => id).join(', ')];
    }),
  );
}

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
      'none counts for being left of several: one is gone, and one is new',
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
    const { templates, pairs, added, gone } = alignedBaseline(baseline, current);
    expect(templates.map(({ id, nestedIn }) => [id, nestedIn?.id])).toEqual([
      ['eu', undefined],
      ['us', undefined],
      ['eu#N', 'eu'],
      ['us#N', 'us'],
      ['baseline:old#Gone', 'eu'],
      ['baseline:baseline:old#Gone', 'us'],
    ]);
    expect(pairs[0].after.map(({ id }) => id)).toEqual(['eu', 'us']);
    expect([added, gone.map(({ id }) => id)]).toEqual([[], ['old#Gone']]);
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

describe('what is compared with nothing', () => {
  /** By the IDs. */
  function others(baseline: readonly Source[], current: readonly Source[]) {
    const { moved, unclear, gone, added } = alignedBaseline(baseline, current);
    const ids = (templates: readonly Source[]) => templates.map(({ id }) => id);
    return {
      moved: moved.map(({ before, after }) => ids([before, after])),
      unclear: unclear.map(({ before, after }) => [ids(before), ids(after)]),
      gone: ids(gone),
      added: ids(added),
    };
  }

  const NOTHING = { moved: [], unclear: [], gone: [], added: [] };

  test.each<[string, Source[], Source[], Partial<ReturnType<typeof others>>]>([
    ['is nothing if all is found', [stack('a', 'Orders')], [stack('b', 'Orders')], {}],
    [
      'is gone, or new',
      [stack('a', 'Orders'), stack('b', 'Billing')],
      [stack('c', 'Orders'), stack('d', 'Search')],
      { gone: ['b'], added: ['d'] },
    ],
    [
      'is told without what is nested in it',
      [stack('a', 'Orders'), stack('b', 'Billing'), nested('b1', 'b', 'N'), nested('a1', 'a', 'N')],
      [stack('c', 'Orders'), stack('d', 'Search'), nested('d1', 'd', 'N')],
      { gone: ['b', 'a1'], added: ['d'] },
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
      { gone: ['old/template.yaml'], added: ['a/template.yaml', 'b/template.yaml'] },
    ],
    [
      'is not unclear for a name that anything may have',
      below('d1', 'a/template.yaml', 'b/template.yaml'),
      below('d2', 'c/template.yaml', 'd/template.yaml'),
      {
        gone: ['d1/a/template.yaml', 'd1/b/template.yaml'],
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
    const { templates } = alignedBaseline(baseline, current);
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
  const ids = alignedBaseline(baseline, current).templates.map(({ id }) => id);
  expect(new Set([...ids, 'baseline:a', 'b']).size).toBe(5);
});

test('nothing else about a template changes, and none is left out', () => {
  const baseline = [stack('old', 'Orders', { region: 'eu-west-1', group: 'old' }), template('other')];
  expect(alignedBaseline(baseline, [stack('new', 'Orders')]).templates).toEqual([
    { ...baseline[0], id: 'new' },
    { ...baseline[1], id: 'baseline:other' },
  ]);
});

test('many templates of one name take no longer than they should', () => {
  const many = (folder: string, name = '') =>
    below(folder, ...Array.from({ length: 2_000 }, (_, i) => `services/${name}${i}/template.yaml`));
  const begin = Date.now();
  const { templates } = alignedBaseline(many('old'), many('new'));
  expect(templates.map(({ id }) => id)).toEqual(many('new').map(({ id }) => id));
  expect(alignedBaseline(many('old'), many('new', 'of-others-')).gone).toHaveLength(2_000);
  expect(Date.now() - begin).toBeLessThan(2_000);
});
