import type { MapEnvironments, TracePart } from '../../../lib/report/map/document';
import { expectedTraceName, expectedTraceOf } from '../../../lib/report/map/expected-traces';
import type { Invocation } from '../../../lib/trace-map/trace-map';

const PLAIN: MapEnvironments = { snapStart: 'no', provisionedConcurrency: 'no' };

/** A part and what is in it: `Fn [Init, your own]`, a segment by its origin. */
function names(parts: readonly TracePart[]): string[] {
  return parts.map(
    ({ name, origin = '', parts: below }) =>
      `${name ?? origin}${below.length > 0 ? ` [${names(below).join(', ')}]` : ''}`,
  );
}

const RUN = 'AWS::Lambda::Function [Init, your own]';

test.each<[Invocation, string[]]>([
  ['synchronous', ['AWS::Lambda', RUN]],
  ['asynchronous', ['AWS::Lambda [Dwell Time, Attempt #1, Attempt #2]', RUN, RUN]],
  ['queue', ['AWS::Lambda', RUN]],
  ['stream', ['AWS::Lambda', RUN]],
])('%s, in the new form', (invocation, parts) => {
  expect(names(expectedTraceOf(invocation, PLAIN).newForm)).toEqual(parts);
});

test.each<[string, Partial<MapEnvironments>, string]>([
  ['nothing special', {}, 'Initialization'],
  ['SnapStart', { snapStart: 'yes' }, 'Restore'],
  ['SnapStart, perhaps', { snapStart: 'unknown' }, 'Initialization'],
  ['provisioned concurrency', { provisionedConcurrency: 'yes' }, 'Initialization'],
])('with %s, in the old form', (_, environments, starting) => {
  const { oldForm } = expectedTraceOf('synchronous', { ...PLAIN, ...environments });
  expect(names(oldForm)).toEqual([
    'AWS::Lambda',
    `AWS::Lambda::Function [${starting}, Invocation [your own], Overhead]`,
  ]);
});

test('the new form has the annotations that took the place of subsegments', () => {
  const [, run] = expectedTraceOf('synchronous', PLAIN).newForm;
  expect(Object.keys(run.annotations ?? {})).toEqual([
    'aws.responseLatency',
    'aws.responseDuration',
    'aws.runtimeOverhead',
    'aws.extensionOverhead',
  ]);
});

test('with provisioned concurrency, the initialization begins before the function is invoked', () => {
  const [, run] = expectedTraceOf('queue', { ...PLAIN, provisionedConcurrency: 'yes' }).oldForm;
  expect(run.parts[0].span[0]).toBeLessThan(run.span[0]);
});

test('what is in a segment of the function is within it otherwise', () => {
  for (const invocation of ['synchronous', 'asynchronous', 'queue', 'stream'] as const) {
    const { newForm, oldForm } = expectedTraceOf(invocation, PLAIN);
    for (const { origin, span, parts } of [...newForm, ...oldForm]) {
      if (origin === 'AWS::Lambda') continue;
      expect(parts.every((part) => part.span[0] >= span[0] && part.span[1] <= span[1])).toBe(true);
    }
  }
});

test('what differs has another name', () => {
  const all = (['yes', 'no', 'unknown'] as const).flatMap((snapStart) =>
    (['yes', 'no'] as const).map((provisionedConcurrency) =>
      expectedTraceName('stream', { snapStart, provisionedConcurrency }),
    ),
  );
  expect(new Set(all).size).toBe(all.length);
});
