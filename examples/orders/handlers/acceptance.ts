import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { captureHandler } from './capture-handler';
import { updateOrder } from './orders-table';
import { tracer } from './tracer';

/** Accepts the orders of a batch. Only failed orders are retried. */
export const handler = captureHandler(async ({ Records: records }: SQSEvent): Promise<SQSBatchResponse> => {
  const failures = await Promise.all(records.map(accept));
  const batchItemFailures = failures.filter((failure) => failure !== undefined);
  tracer.putAnnotation('failedMessages', batchItemFailures.length);
  return { batchItemFailures };
});

async function accept({ messageId, body }: SQSRecord): Promise<SQSBatchItemFailure | undefined> {
  try {
    const { id } = JSON.parse(body) as { id: string };
    await updateOrder(id, { acceptedAt: new Date().toISOString() });
    return undefined;
  } catch (error) {
    console.error(`The order in message ${messageId} was not accepted:`, error);
    return { itemIdentifier: messageId };
  }
}
