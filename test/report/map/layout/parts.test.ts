import fc from 'fast-check';
import { componentsOf, partsOf } from '../../../../lib/report/map/layout/groups';

test.each<[string, number, [number, number][], number, number[][]]>([
  ['nothing', 0, [], 3, []],
  ['what is alone goes together', 3, [], 3, [[0, 1, 2]]],
  ['as long as there is room', 4, [], 3, [[0, 1, 2], [3]]],
  ['what is connected stays together', 4, [[1, 2]], 2, [[0], [1, 2], [3]]],
  [
    'unless it is too much',
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

test('every item is in one part, and no part is too large', () => {
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
