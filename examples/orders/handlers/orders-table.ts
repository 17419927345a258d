import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Order, OrderProgress } from './order';
import { tracer } from './tracer';

const client = DynamoDBDocumentClient.from(tracer.captureAWSv3Client(new DynamoDBClient()));
const TableName = process.env.TABLE_NAME;

export async function putOrder(order: Order): Promise<void> {
  await client.send(new PutCommand({ TableName, Item: order }));
}

/**
 * Updates an order.
 *
 * @throws ConditionalCheckFailedException if the order does not exist
 */
export async function updateOrder(id: string, progress: OrderProgress): Promise<void> {
  const changes = Object.entries(progress);
  await client.send(
    new UpdateCommand({
      TableName,
      Key: { id },
      // Otherwise, DynamoDB creates a missing item.
      ConditionExpression: 'attribute_exists(id)',
      UpdateExpression: `SET ${changes.map(([name]) => `${name} = :${name}`).join(', ')}`,
      ExpressionAttributeValues: Object.fromEntries(changes.map(([name, value]) => [`:${name}`, value])),
    }),
  );
}
