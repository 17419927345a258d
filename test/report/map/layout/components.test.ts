import fc from 'fast-check';
import { componentsOf } from '../../../../lib/report/map/layout/layout';

test.each<[string, number, [number, number][], number[][]]>([
  ['no items', 0, [], []],
  ['unconnected items are apart', 2, [], [[0], [1]]],
  [
    'connected items are together, in breadth-first order',
    4,
    [
      [2, 3],
      [0, 2],
    ],
    [[0, 2, 3], [1]],
  ],
])('%s', (_, count, links, components) => {
  expect(componentsOf(count, links)).toEqual(components);
});

test('every item is in exactly one component', () => {
  const graph = fc.integer({ min: 1, max: 40 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      links: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1))),
    }),
  );
  fc.assert(
    fc.property(graph, ({ count, links }) => {
      const items = componentsOf(count, links).flat();
      expect(items.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    }),
  );
});
