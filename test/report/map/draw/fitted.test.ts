import { fitted, nameLines, widthOf } from '../../../../lib/report/map/draw/cards';

test.each([
  ['Intake', 200, 'Intake'],
  ['OrdersPaymentsCaptureHandlerFunction', 150, 'Orders…dlerFunction'],
  ['a', 1, '…'],
  ['', 10, ''],
])('%j in %d pixels is %j', (text, width, expected) => {
  expect(fitted(text, width, 13)).toBe(expected);
});

test('a shortened text fits, whatever its characters', () => {
  for (const text of ['W'.repeat(100), '注文'.repeat(50), 'i'.repeat(1_000_000), '👩‍💻'.repeat(40)]) {
    expect(widthOf(fitted(text, 120, 12), 12)).toBeLessThanOrEqual(120);
  }
});

test.each([
  ['Intake', ['Intake']],
  ['ActiveConsumer/Function', ['ActiveConsumer/', 'Function']],
  ['TableUpdateFunction', ['TableUpdate', 'Function']],
  [
    'Orders/ReplayDeadLetters/Function/WithRetriesAndMetricsForTheNightlyReport',
    ['Orders/Replay', 'DeadL…lyReport'],
  ],
  ['nothingtobreakatbutverylongindeed', ['nothi…ngindeed']],
])('%s has the lines %j', (name, lines) => {
  expect(nameLines(name, 126)).toEqual(lines);
});
