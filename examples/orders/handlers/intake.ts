import { randomUUID } from 'node:crypto';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { captureHandler } from './capture-handler';
import { parseOrderRequest } from './order';
import { putOrder } from './orders-table';
import { tracer } from './tracer';

const sqs = tracer.captureAWSv3Client(new SQSClient());

/** Stores an order and sends it to the queue. */
export const handler = captureHandler(async ({ body }: APIGatewayProxyEvent) => {
  const request = parseOrderRequest(body);
  if (!request) {
    return respond(400, {
      message:
        "Not an order. Send JSON with a 'customer' and 'items', each with a 'sku' and a 'quantity' from 1.",
    });
  }

  const id = randomUUID();
  // Annotations are indexed for searching traces.
  tracer.putAnnotation('orderId', id);
  await putOrder({ id, receivedAt: new Date().toISOString(), ...request });
  await sqs.send(
    new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: JSON.stringify({ id }) }),
  );
  return respond(202, { id });
});

function respond(statusCode: number, body: object): APIGatewayProxyResult {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
