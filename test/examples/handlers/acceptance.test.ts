import type { Answer } from './aws-stand-in';
import { invoke } from './invoke';

const onlyKnows =
  (known: string): Answer =>
  ({ input }) =>
    JSON.stringify(input.Key) === JSON.stringify({ id: { S: known } })
      ? {}
      : { __type: 'ConditionalCheckFailedException' };

const message = (messageId: string, body: string) => ({ messageId, body });

test('returns only the failed messages', async () => {
  const event = {
    Records: [
      message('known', '{"id":"o-1"}'),
      message('unknown', '{"id":"o-2"}'),
      message('no JSON', 'o-3'),
    ],
  };
  const { result } = await invoke('Orders/Acceptance', event, { answer: onlyKnows('o-1') });

  expect(result).toEqual({
    batchItemFailures: [{ itemIdentifier: 'unknown' }, { itemIdentifier: 'no JSON' }],
  });
});

test('marks the failed call in the trace', async () => {
  const event = { Records: [message('known', '{"id":"o-1"}'), message('unknown', '{"id":"o-2"}')] };
  const { subsegments } = await invoke('Orders/Acceptance', event, { answer: onlyKnows('o-1') });

  const handler = subsegments.find(({ name }) => name === '## index.handler');
  expect(handler).toMatchObject({ annotations: { failedMessages: 1 } });
  const failed = subsegments.filter(({ error }) => error === true);
  expect(failed).toMatchObject([
    { name: 'DynamoDB', parent_id: handler?.id, aws: { operation: 'UpdateItem' } },
  ]);
});

test('accepts an existing order', async () => {
  const event = { Records: [message('known', '{"id":"o-1"}')] };
  const { requests } = await invoke('Orders/Acceptance', event);

  expect(requests).toMatchObject([
    {
      target: 'DynamoDB_20120810.UpdateItem',
      input: {
        Key: { id: { S: 'o-1' } },
        ConditionExpression: 'attribute_exists(id)',
        UpdateExpression: 'SET acceptedAt = :acceptedAt',
      },
    },
  ]);
});
