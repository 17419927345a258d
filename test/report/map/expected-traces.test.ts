import type { MapEnvironments, TracePart } from '../../../lib/report/map/document';
import { expectedTraceName, expectedTraceOf } from '../../../lib/report/map/expected-traces';
import type { Invocation } from '../../../lib/trace-map/trace-map';

const PLAIN: MapEnvironments = { snapStart: 'no', provisionedConcurrency: 'no' };

/** Returns names of parts with their children, such as `Fn [Init, your own]`. Segments are named by origin. */
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
  ['default settings', {}, 'Initialization'],
  ['SnapStart', { snapStart: 'yes' }, 'Restore'],
  ['unknown SnapStart', { snapStart: 'unknown' }, 'Initialization'],
  ['provisioned concurrency', { provisionedConcurrency: 'yes' }, 'Initialization'],
])('with %s, in the old form', (_, environments, starting) => {
  const { oldForm } = expectedTraceOf('synchronous', { ...PLAIN, ...environments });
  expect(names(oldForm)).toEqual([
    'AWS::Lambda',
    `AWS::Lambda::Function [${starting}, Invocation [your own], Overhead]`,
  ]);
});

test('with OpenTelemetry, the function has the handler and its calls', () => {
  const environments: MapEnvironments = { ...PLAIN, instrumentation: 'OpenTelemetry' };
  expect(names(expectedTraceOf('synchronous', environments).newForm)).toEqual([
    'AWS::Lambda',
    'AWS::Lambda::Function [Init, the handler [calls]]',
  ]);
  expect(expectedTraceName('synchronous', environments)).toBe('synchronous, OpenTelemetry');
});

test('the new form has annotations in place of subsegments', () => {
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

test('subsegments are within the span of their segment', () => {
  for (const invocation of ['synchronous', 'asynchronous', 'queue', 'stream'] as const) {
    const { newForm, oldForm } = expectedTraceOf(invocation, PLAIN);
    for (const { origin, span, parts } of [...newForm, ...oldForm]) {
      if (origin === 'AWS::Lambda') continue;
      expect(parts.every((part) => part.span[0] >= span[0] && part.span[1] <= span[1])).toBe(true);
    }
  }
});

test('different traces have different names', () => {
  const all = (['yes', 'no', 'unknown'] as const).flatMap((snapStart) =>
    (['yes', 'no'] as const).map((provisionedConcurrency) =>
      expectedTraceName('stream', { snapStart, provisionedConcurrency }),
    ),
  );
  expect(new Set(all).size).toBe(all.length);
});
