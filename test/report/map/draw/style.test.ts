import { contrast } from './contrast';
import { DARK, LIGHT, type Palette } from '../../../../lib/report/map/draw/style';

type Color = keyof Palette;

/** Text colors and their backgrounds. */
const TEXT: [Color, Color[]][] = [
  [
    'ink',
    ['ground', 'card', 'raised', 'silentTint', 'recordsTint', 'brokenTint', 'unknownTint', 'unsupportedTint'],
  ],
  ['muted', ['ground', 'card', 'raised', 'silentTint']],
  ['records', ['card', 'recordsTint']],
  ['broken', ['ground', 'card', 'brokenTint']],
  ['silent', ['card', 'silentTint']],
  ['unknown', ['card', 'unknownTint']],
  ['unsupported', ['card', 'unsupportedTint']],
  ['warning', ['card']],
  ['info', ['card']],
];

/** Colors of meaningful lines and their backgrounds. */
const LINES: [Color, Color[]][] = [
  ['line', ['ground', 'card']],
  ['records', ['ground']],
  ['broken', ['ground']],
  ['focus', ['ground', 'card', 'raised']],
];

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('%s: "Web Content Accessibility Guidelines" 2.2, level AA', (_, palette) => {
  const pairs = (list: typeof TEXT) =>
    list.flatMap(([color, grounds]) => grounds.map((ground): [Color, Color] => [color, ground]));

  test.each(pairs(TEXT))('%s on %s can be read', (color, ground) => {
    expect(contrast(palette[color], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });

  test.each(pairs(LINES))('%s on %s can be seen', (color, ground) => {
    expect(contrast(palette[color], palette[ground])).toBeGreaterThanOrEqual(3);
  });
});
