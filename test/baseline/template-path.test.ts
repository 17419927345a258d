import { pathOf } from '../../lib/baseline/match-stacks';

/** Returns the part of a path that identifies the template. */
function own(id: string, group?: string, isBaseline = false): string {
  const { segments, own } = pathOf({ id, template: {}, group }, isBaseline);
  return segments.slice(-own).join('/');
}

test.each<[path: string, group: string | undefined, own: string]>([
  ['infra/orders/template.yaml', undefined, 'infra/orders/template.yaml'],
  // Where the user stands says nothing.
  ['../../infra/template.yaml', undefined, 'infra/template.yaml'],
  ['main:infra/template.yaml', undefined, 'main/infra/template.yaml'],
  // Of a folder, it's what is in it.
  ['infra/orders/template.yaml', 'infra', 'orders/template.yaml'],
  ['infra/orders/template.yaml', 'infra/', 'orders/template.yaml'],
  ['infra/orders/template.yaml', '.', 'infra/orders/template.yaml'],
  ['main:infra/template.yaml', 'main:', 'infra/template.yaml'],
  ['main:infra/template.yaml', 'main:infra', 'template.yaml'],
  ['infra/orders/template.yaml', 'inf', 'infra/orders/template.yaml'],
  ['infra/orders/template.yaml', 'orders', 'infra/orders/template.yaml'],
  ['/infra/template.yaml', '', '/infra/template.yaml'],
])('%s in %s is %s', (path, group, expected) => {
  expect(own(path, group)).toBe(expected);
});

test('a baseline has the name of its file, or the path in its folder', () => {
  expect(own('old/infra/template.yaml', undefined, true)).toBe('template.yaml');
  expect(own('old/infra/template.yaml', 'old', true)).toBe('infra/template.yaml');
  expect(own('../infra/template.yaml', '.', true)).toBe('../infra/template.yaml');
});

test('uses the file if the ID differs', () => {
  const template = { id: 'Orders', file: 'cdk.out/Orders.template.json', template: {} };
  expect(pathOf(template, false)).toEqual({ segments: ['cdk.out', 'Orders.template.json'], own: 2 });
});
