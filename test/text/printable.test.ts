import { listNames } from '../../lib/text/printable';

test.each<[names: string, written: string]>([
  ['', ''],
  ['a', 'a'],
  ['abcde', 'a, b, c, d, e'],
  ['abcdef', 'a, b, c, d, e, 1 more'],
  ['abcdefgh', 'a, b, c, d, e, 3 more'],
])('"%s"', (names, written) => {
  expect(listNames([...names])).toBe(written);
});
