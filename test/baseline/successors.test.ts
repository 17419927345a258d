import { alignBaseline } from '../../lib/baseline/align';
import type { TemplateSource } from '../../lib/cloudformation/template';

type Source = TemplateSource & { readonly file?: string };

/** Returns a template with a function that has a logical ID. */
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

/** Returns the IDs of current templates, joined with spaces, by the IDs of the previous ones. */
function pairs(baseline: readonly Source[], current: readonly Source[]): Record<string, string> {
  const { pairs: found } = alignBaseline(baseline, current);
  return Object.fromEntries(
    found.map(({ before, after }) => [before.id, after.map(({ id }) => id).join(' ')]),
  );
}

describe('stacks with one name', () => {
  test.each<[string, Source[], Source[], Record<string, string>]>([
    [
      'match by a region that both have before an unknown one',
      [orders('old', EU)],
      [orders('a', EU), orders('b')],
      { old: 'a' },
    ],
    [
      'match by region if the account is unknown on one side',
      [orders('old1', EU), orders('old2', US)],
      [orders('new3', { ...EU, ...ACCOUNT }), orders('new4', { ...US, ...ACCOUNT })],
      { old1: 'new3', old2: 'new4' },
    ],
    [
      'do not match if one has several candidates',
      [orders('old1'), orders('old2', US)],
      [orders('new3', { ...EU, ...ACCOUNT }), orders('new4', { ...US, ...ACCOUNT })],
      {},
    ],
  ])('%s', (_, baseline, current, expected) => {
    expect(pairs(baseline, current)).toEqual(expected);
  });
});

describe('with a stack name on one side only', () => {
  test.each<[string, Source[], Source[], Record<string, string>]>([
    ['templates must have a resource in common', [orders('old')], [template('new', {}, 'Other')], {}],
    ['templates match with a resource in common', [orders('old')], [template('new')], { old: 'new' }],
    [
      'templates do not match by the path of a stack that matches by name',
      [orders('d1/orders.json', { group: 'd1' }), template('d1/template.yaml', { group: 'd1' })],
      [orders('d2/a/template.yaml', { group: 'd2' }), template('d2/c/template.yaml', { group: 'd2' })],
      { 'd1/orders.json': 'd2/a/template.yaml' },
    ],
  ])('%s', (_, baseline, current, expected) => {
    expect(pairs(baseline, current)).toEqual(expected);
  });
});

test('matches a nested stack that only one of several stacks still has', () => {
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

describe('a stack in another region', () => {
  test.each<[string, Source[], Source[], object]>([
    ['is listed as moved by its name', [orders('old', EU)], [orders('new', US)], { moved: ['old new'] }],
    [
      'is not listed as moved without a name',
      [template('old', EU)],
      [template('new', US)],
      { removed: ['old'], added: ['new'] },
    ],
    [
      'is not listed as moved if it may have been there before',
      [orders('a', EU), orders('b', EU), orders('c', US)],
      [orders('d', EU)],
      { ambiguousIds: ['a b d'], removed: ['c'] },
    ],
  ])('%s', (_, baseline, current, expected) => {
    const { moved, ambiguous, removed, added } = alignBaseline(baseline, current);
    const ids = (...templates: readonly Source[]) => templates.map(({ id }) => id).join(' ');
    expect({
      moved: moved.map(({ before, after }) => ids(before, after)),
      ambiguousIds: ambiguous.map(({ before, after }) => ids(...before, ...after)),
      removed: removed.map(({ id }) => id),
      added: added.map(({ id }) => id),
    }).toEqual({ moved: [], ambiguousIds: [], removed: [], added: [], ...expected });
  });
});
