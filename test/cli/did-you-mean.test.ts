import { didYouMean } from '../../lib/text/printable';

test.each([
  ['rulez', ' Did you mean rules?'],
  ['Rules', ' Did you mean rules?'],
  ['failon', ' Did you mean failOn?'],
  ['aknowlege', ' Did you mean acknowledge?'],
  ['rulse', ' Did you mean rules?'],
  ['urlse', ''],
  ['format', ''],
  ['', ''],
  ['x'.repeat(100_000), ''],
])('suggests a name for %j', (written, advice) => {
  expect(didYouMean(written, ['rules', 'acknowledge', 'failOn'])).toBe(advice);
});
