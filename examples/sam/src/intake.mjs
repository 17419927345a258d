import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const queue = new SQSClient();

/** Accepts an order, and leaves it in the queue. */
export async function handler({ body }) {
  await queue.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: body ?? '{}' }));
  return { statusCode: 202, body: '' };
}
