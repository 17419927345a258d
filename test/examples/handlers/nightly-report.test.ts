import { isLayerInstalled, LAYER_ENVIRONMENT, RUNTIME_CLIENT } from '../../open-telemetry/layer';
import { FUNCTION_SEGMENT_ID, invoke, TRACE_ID } from './invoke';

test('counts the orders of all pages', async () => {
  const at = { S: '2026-03-01T12:00:00Z' };
  const { result } = await invoke(
    'Orders/NightlyReport/Function',
    {},
    {
      answer: ({ input }) =>
        input.ExclusiveStartKey
          ? { Items: [{}] }
          : {
              Items: [{ acceptedAt: at }, { acceptedAt: at, shippedAt: at }],
              LastEvaluatedKey: { id: { S: 'o-2' } },
            },
    },
  );

  expect(result).toEqual({ received: 3, accepted: 2, shipped: 1 });
});

const withLayer = isLayerInstalled ? test : test.skip;
const LAYER = { environment: LAYER_ENVIRONMENT, runtimeClient: RUNTIME_CLIENT };

withLayer(
  "sends its spans to the daemon, in the trace of Lambda, with AWS's OpenTelemetry package",
  async () => {
    const { result, requests, spans } = await invoke(
      'Orders/NightlyReport/Function',
      {},
      { answer: () => ({ Items: [{}] }), ...LAYER },
    );

    expect(result).toMatchObject({ received: 1 });
    const [, time, id] = TRACE_ID.split('-');
    expect(requests).toMatchObject([{ traceHeader: expect.stringContaining(`Root=${TRACE_ID}`) as string }]);
    const sent = Buffer.concat(spans);
    // The names of the spans, the trace, and the parent of the handler's span.
    expect(sent.includes('DynamoDB.Scan')).toBe(true);
    expect(sent.includes('@opentelemetry/instrumentation-aws-lambda')).toBe(true);
    expect(sent.includes(Buffer.from(`${time}${id}`, 'hex'))).toBe(true);
    expect(sent.includes(Buffer.from(FUNCTION_SEGMENT_ID, 'hex'))).toBe(true);
  },
);

withLayer('sends no spans if Lambda says that the request is not sampled', async () => {
  const { result, spans } = await invoke(
    'Orders/NightlyReport/Function',
    {},
    { answer: () => ({ Items: [{}] }), sampled: false, ...LAYER },
  );

  expect(result).toMatchObject({ received: 1 });
  expect(spans).toEqual([]);
});
