import { FUNCTION_SEGMENT_ID, invoke, TRACE_ID } from './invoke';

const order = { customer: 'c-1', items: [{ sku: 'tea', quantity: 2 }] };

test('adds its calls to DynamoDB and SQS to the trace of its caller', async () => {
  const { subsegments } = await invoke('Orders/Intake', { body: JSON.stringify(order) });

  const handler = subsegments.find(({ name }) => name === '## index.handler');
  expect(handler).toMatchObject({
    type: 'subsegment',
    trace_id: TRACE_ID,
    parent_id: FUNCTION_SEGMENT_ID,
    annotations: { ColdStart: true, Service: 'orders', orderId: expect.any(String) as string },
  });
  const calls = subsegments.filter(({ namespace }) => namespace === 'aws');
  expect(calls).toMatchObject([
    { name: 'DynamoDB', trace_id: TRACE_ID, parent_id: handler?.id, aws: { operation: 'PutItem' } },
    { name: 'SQS', trace_id: TRACE_ID, parent_id: handler?.id, aws: { operation: 'SendMessage' } },
  ]);
});

test('propagates the trace to the queue', async () => {
  const { subsegments, requests } = await invoke('Orders/Intake', { body: JSON.stringify(order) });

  const call = subsegments.find(({ name }) => name === 'SQS');
  const request = requests.find(({ target }) => target === 'AmazonSQS.SendMessage');
  expect(request?.traceHeader).toBe(`Root=${TRACE_ID};Parent=${String(call?.id)};Sampled=1`);
});

test('sends nothing to the daemon if the request is not sampled', async () => {
  const { result, subsegments } = await invoke(
    'Orders/Intake',
    { body: JSON.stringify(order) },
    { sampled: false },
  );

  expect(result).toMatchObject({ statusCode: 202 });
  expect(subsegments).toEqual([]);
});

test('stores the order and queues its ID', async () => {
  const { result, requests } = await invoke('Orders/Intake', { body: JSON.stringify(order) });

  const { statusCode, body } = result as { statusCode: number; body: string };
  const { id } = JSON.parse(body) as { id: string };
  expect(statusCode).toBe(202);
  expect(requests).toMatchObject([
    { target: 'DynamoDB_20120810.PutItem', input: { Item: { id: { S: id }, customer: { S: 'c-1' } } } },
    { target: 'AmazonSQS.SendMessage', input: { MessageBody: JSON.stringify({ id }) } },
  ]);
});

test('rejects an invalid order', async () => {
  const { result, requests } = await invoke('Orders/Intake', { body: '{}' });

  expect(result).toMatchObject({ statusCode: 400 });
  expect(requests).toEqual([]);
});
