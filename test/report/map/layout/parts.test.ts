import fc from 'fast-check';
import { componentsOf, partsOf } from '../../../../lib/report/map/layout/groups';

test.each<[string, number, [number, number][], number, number[][]]>([
  ['no items', 0, [], 3, []],
  ['unconnected items share a part', 3, [], 3, [[0, 1, 2]]],
  ['a full part is followed by another', 4, [], 3, [[0, 1, 2], [3]]],
  ['connected items stay together', 4, [[1, 2]], 2, [[0], [1, 2], [3]]],
  [
    'a component that is too large is cut',
    4,
    [
      [0, 1],
      [1, 2],
      [2, 3],
    ],
    2,
    [
      [0, 1],
      [2, 3],
    ],
  ],
])('%s', (_, count, links, max, parts) => {
  expect(partsOf(count, links, max)).toEqual(parts);
});

test('every item is in exactly one part, and no part is too large', () => {
  const graph = fc.integer({ min: 1, max: 40 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      links: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1))),
      max: fc.integer({ min: 1, max: 10 }),
    }),
  );
  fc.assert(
    fc.property(graph, ({ count, links, max }) => {
      const parts = partsOf(count, links, max);
      expect(parts.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(max);
      expect(componentsOf(count, links).flat()).toHaveLength(count);
    }),
  );
});
