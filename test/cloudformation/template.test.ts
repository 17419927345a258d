import { agree, nameOf, nearest, Template, type TemplateSource } from '../../lib/cloudformation/template';
import { stack } from '../rules/templates';

const QUEUE = { Type: 'AWS::SQS::Queue' };

describe('the resources of a template', () => {
  test('have a type', () => {
    const { resources } = new Template(
      stack('t', { Queue: QUEUE, Typeless: {}, Odd: { Type: 7 }, List: [QUEUE], Text: 'x', Null: null }),
    );
    expect([...resources.keys()]).toEqual(['Queue']);
  });

  test.each<[template: unknown]>([['text'], [null], [[]], [{}], [{ Resources: 'x' }]])(
    'of %j are none',
    (template) => {
      expect(new Template({ id: 't', template }).resources.size).toBe(0);
    },
  );

  test('have their declared properties, without malformed ones', () => {
    const { resources } = new Template(
      stack('t', {
        Full: { ...QUEUE, Properties: { DelaySeconds: 1 }, Metadata: { a: 1 }, Condition: 'C' },
        Odd: { ...QUEUE, Properties: 'x', Metadata: ['x'], Condition: { Ref: 'C' } },
      }),
    );
    expect(resources.get('Full')).toMatchObject({
      properties: { DelaySeconds: 1 },
      metadata: { a: 1 },
      condition: 'C',
    });
    expect(resources.get('Odd')).toMatchObject({ properties: {}, metadata: {}, condition: undefined });
  });
});

describe('a resource is called', () => {
  test.each<[name: string, resource: object, constructPaths?: Record<string, string>]>([
    ['Queue', QUEUE, undefined],
    ['Stack/Jobs', QUEUE, { Queue: 'Stack/Jobs/Resource' }],
    ['Stack/Resource/Jobs', QUEUE, { Queue: 'Stack/Resource/Jobs' }],
    ['Stack/Jobs', { ...QUEUE, Metadata: { 'aws:cdk:path': 'Stack/Jobs/Resource' } }, undefined],
    [
      'Stack/Jobs',
      { ...QUEUE, Metadata: { 'aws:cdk:path': 'Old/Path' } },
      { Queue: 'Stack/Jobs/Resource', Other: 'Stack/Other' },
    ],
    ['Queue', { ...QUEUE, Metadata: { 'aws:cdk:path': ['x'] } }, undefined],
    ['Queue', { ...QUEUE, Metadata: { path: 'Stack/Jobs' } }, undefined],
  ])('%s: %j', (name, resource, constructPaths) => {
    const { resources } = new Template(stack('t', { Queue: resource }, { constructPaths }));
    expect(nameOf(resources.get('Queue')!)).toBe(name);
  });
});

test.each([
  ['a', 'a', true],
  ['a', 'b', false],
  ['a', undefined, true],
  [undefined, 'a', true],
  [undefined, undefined, true],
])('the regions %s and %s may be the same: %s', (a, b, mayBe) => {
  expect(agree(a, b)).toBe(mayBe);
});

describe('nearest', () => {
  const from = new Template({ id: 'app/orders.json', template: {}, group: 'prod' });
  const named = (id: string, source: Partial<TemplateSource> = {}) => ({
    template: new Template({ id, template: {}, ...source }),
  });
  const [itself, beside, below, sibling] = [
    { template: from },
    named('app/users.json'),
    named('app/more/users.json'),
    named('application/users.json'),
  ];
  const [inGroup, alsoInGroup] = [
    named('other/a.json', { group: 'prod' }),
    named('other/b.json', { group: 'prod' }),
  ];

  test.each([
    ['in the same template', [beside, itself, inGroup], itself],
    ['in the same folder', [below, beside, inGroup, sibling], beside],
    ['in the same group', [below, inGroup, sibling], inGroup],
    ['anywhere', [below], below],
    ['neither of two in a folder', [beside, named('app/z.json'), inGroup], undefined],
    ['neither of two in a group', [inGroup, alsoInGroup, below], undefined],
    ['neither of two anywhere', [below, sibling], undefined],
    ['no candidates', [], undefined],
  ])('%s', (_, candidates, found) => {
    expect(nearest<{ template: Template }>(candidates, from)).toBe(found);
  });

  test('treats templates without folders as one folder', () => {
    const [a, b] = [named('a.json'), named('x/b.json')];
    expect(nearest([a, b], named('c.json').template)).toBe(a);
  });
});
