import { alignBaseline } from '../../lib/baseline/align';
import type { TemplateSource } from '../../lib/cloudformation/template';

type Source = TemplateSource & { readonly file?: string };

/** A template with a function, by the function's logical ID. */
function template(id: string, more: Partial<Source> = {}, fn = 'Fn'): Source {
  return { id, template: { Resources: { [fn]: { Type: 'AWS::Lambda::Function' } } }, ...more };
}

function orders(id: string, more: Partial<Source> = {}): Source {
  return template(id, { stackName: 'Orders', ...more });
}

function nested(id: string, parent: string, logicalId: string): Source {
  return template(id, { nestedIn: { id: parent, logicalId } });
}

const [EU, US] = ['eu-west-1', 'us-east-1'].map((region) => ({ region }));
const ACCOUNT = { account: '111122223333' };

/** What has come of what, by the IDs; of several, those are in one string. */
function pairs(baseline: readonly Source[], current: readonly Source[]): Record<string, string> {
  const { pairs: found } = alignBaseline(baseline, current);
  return Object.fromEntries(
    found.map(({ before, after }) => [before.id, after.map(({ id }) => id).join(' ')]),
  );
}

describe('stacks of one name', () => {
  test.each<[string, Source[], Source[], Record<string, string>]>([
    [
      'are the same for what is said of both, before what may be',
      [orders('old', EU)],
      [orders('a', EU), orders('b')],
      { old: 'a' },
    ],
    [
      'are the same in a region each, whatever the account is',
      [orders('old1', EU), orders('old2', US)],
      [orders('new3', { ...EU, ...ACCOUNT }), orders('new4', { ...US, ...ACCOUNT })],
      { old1: 'new3', old2: 'new4' },
    ],
    [
      'are not told apart where one may be of more',
      [orders('old1'), orders('old2', US)],
      [orders('new3', { ...EU, ...ACCOUNT }), orders('new4', { ...US, ...ACCOUNT })],
      {},
    ],
  ])('%s', (_, baseline, current, expected) => {
    expect(pairs(baseline, current)).toEqual(expected);
  });
});

describe('where a name is known on one side only', () => {
  test.each<[string, Source[], Source[], Record<string, string>]>([
    ['a resource must be in common', [orders('old')], [template('new', {}, 'Other')], {}],
    ['a resource in common does', [orders('old')], [template('new')], { old: 'new' }],
    [
      'a path tells nothing that another has too, if that is found by its name',
      [orders('d1/orders.json', { group: 'd1' }), template('d1/template.yaml', { group: 'd1' })],
      [orders('d2/a/template.yaml', { group: 'd2' }), template('d2/c/template.yaml', { group: 'd2' })],
      { 'd1/orders.json': 'd2/a/template.yaml' },
    ],
  ])('%s', (_, baseline, current, expected) => {
    expect(pairs(baseline, current)).toEqual(expected);
  });
});

test('a nested stack that one of several has any more is of that one', () => {
  const { templates } = alignBaseline(
    [orders('old'), nested('old#N', 'old', 'N')],
    [orders('eu', { ...EU, ...ACCOUNT }), orders('us', { ...US, ...ACCOUNT }), nested('eu#N', 'eu', 'N')],
  );
  expect(templates.map(({ id, nestedIn }) => [id, nestedIn?.id])).toEqual([
    ['eu', undefined],
    ['us', undefined],
    ['eu#N', 'eu'],
    ['baseline:old#N', 'us'],
  ]);
});

describe('what is in another region', () => {
  test.each<[string, Source[], Source[], object]>([
    ['has moved, by its name', [orders('old', EU)], [orders('new', US)], { moved: ['old new'] }],
    [
      'has not, without a name',
      [template('old', EU)],
      [template('new', US)],
      { removed: ['old'], added: ['new'] },
    ],
    [
      'has not, where it may have been there before',
      [orders('a', EU), orders('b', EU), orders('c', US)],
      [orders('d', EU)],
      { unclear: ['a b d'], removed: ['c'] },
    ],
  ])('%s', (_, baseline, current, expected) => {
    const { moved, ambiguous, removed, added } = alignBaseline(baseline, current);
    const ids = (...templates: readonly Source[]) => templates.map(({ id }) => id).join(' ');
    expect({
      moved: moved.map(({ before, after }) => ids(before, after)),
      unclear: ambiguous.map(({ before, after }) => ids(...before, ...after)),
      removed: removed.map(({ id }) => id),
      added: added.map(({ id }) => id),
    }).toEqual({ moved: [], unclear: [], removed: [], added: [], ...expected });
  });
});
