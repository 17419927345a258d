import { invoke } from './invoke';

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
