import { invoke } from './invoke';

const shippedAt = '2026-03-01T12:00:00Z';
const record = (shipment: object) => ({ value: Buffer.from(JSON.stringify(shipment)).toString('base64') });

test('marks the orders of every partition as shipped', async () => {
  const { requests } = await invoke('Shipments/Consumer', {
    records: {
      'shipments-0': [record({ orderId: 'o-1', shippedAt, trackingNumber: 't-1' })],
      'shipments-1': [record({ orderId: 'o-2', shippedAt, trackingNumber: 't-2' })],
    },
  });

  expect(requests).toMatchObject([
    { input: { Key: { id: { S: 'o-1' } }, ExpressionAttributeValues: { ':trackingNumber': { S: 't-1' } } } },
    { input: { Key: { id: { S: 'o-2' } }, ExpressionAttributeValues: { ':trackingNumber': { S: 't-2' } } } },
  ]);
});

test('skips invalid shipments and unknown orders', async () => {
  const records = [record({}), record({ orderId: 'o-9', shippedAt, trackingNumber: 't-9' })];
  const invocation = invoke(
    'Shipments/Consumer',
    { records: { 'shipments-0': records } },
    { answer: () => ({ __type: 'ConditionalCheckFailedException' }) },
  );

  await expect(invocation).resolves.toMatchObject({ requests: [{}] });
});

test('fails if DynamoDB fails, so the batch is retried', async () => {
  const invocation = invoke(
    'Shipments/Consumer',
    { records: { 'shipments-0': [record({ orderId: 'o-1', shippedAt, trackingNumber: 't-1' })] } },
    { answer: () => ({ __type: 'AccessDeniedException' }) },
  );

  await expect(invocation).rejects.toThrow('AccessDeniedException');
});

test('sends nothing to the daemon, because Lambda says that the request is not sampled', async () => {
  const { subsegments } = await invoke(
    'Shipments/Consumer',
    { records: { 'shipments-0': [record({ orderId: 'o-1', shippedAt, trackingNumber: 't-1' })] } },
    { sampled: false },
  );

  expect(subsegments).toEqual([]);
});
