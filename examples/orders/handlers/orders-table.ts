import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Order, OrderProgress } from './order';
import { tracer } from './tracer';

const client = DynamoDBDocumentClient.from(tracer.captureAWSv3Client(new DynamoDBClient()));
const TableName = process.env.TABLE_NAME;

export async function putOrder(order: Order): Promise<void> {
  await client.send(new PutCommand({ TableName, Item: order }));
}

/**
 * Adds to an order.
 *
 * @throws ConditionalCheckFailedException if there is no such order
 */
export async function updateOrder(id: string, progress: OrderProgress): Promise<void> {
  const changes = Object.entries(progress);
  await client.send(
    new UpdateCommand({
      TableName,
      Key: { id },
      // DynamoDB would make an item of an update to none.
      ConditionExpression: 'attribute_exists(id)',
      UpdateExpression: `SET ${changes.map(([name]) => `${name} = :${name}`).join(', ')}`,
      ExpressionAttributeValues: Object.fromEntries(changes.map(([name, value]) => [`:${name}`, value])),
    }),
  );
}

/** How far each order has come. */
export async function* scanProgress(): AsyncGenerator<OrderProgress> {
  const pages = paginateScan({ client }, { TableName, ProjectionExpression: 'acceptedAt, shippedAt' });
  for await (const { Items: items = [] } of pages) yield* items as OrderProgress[];
}
