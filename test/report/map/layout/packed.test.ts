import fc from 'fast-check';
import { packed } from '../../../../lib/report/map/layout/layout';

test('packed boxes do not overlap and stay within the total size', () => {
  const side = fc.integer({ min: 1, max: 500 });
  fc.assert(
    fc.property(fc.array(fc.record({ width: side, height: side }), { maxLength: 30 }), (boxes) => {
      const { width, height, corners } = packed(boxes);
      const placed = corners.map((corner, i) => ({ ...corner, ...boxes[i] }));
      for (const [i, a] of placed.entries()) {
        expect(a.x + a.width).toBeLessThanOrEqual(width);
        expect(a.y + a.height).toBeLessThanOrEqual(height);
        for (const b of placed.slice(i + 1)) {
          const isApart =
            a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
          expect(isApart).toBe(true);
        }
      }
    }),
  );
});

test('fills the space beside a tall box', () => {
  const { corners } = packed([
    { width: 100, height: 300 },
    { width: 280, height: 100 },
    { width: 280, height: 100 },
  ]);
  expect(corners).toEqual([
    { x: 0, y: 0 },
    { x: 100, y: 0 },
    { x: 100, y: 100 },
  ]);
});
