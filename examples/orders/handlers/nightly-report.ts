import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { OrderProgress } from './order';

// The OpenTelemetry layer records the calls of the AWS SDK. The code needs no library.
const client = DynamoDBDocumentClient.from(new DynamoDBClient());
const TableName = process.env.TABLE_NAME;

/** Logs the number of orders by progress. */
export async function handler(): Promise<Record<'received' | 'accepted' | 'shipped', number>> {
  const report = { received: 0, accepted: 0, shipped: 0 };
  for await (const { acceptedAt, shippedAt } of scanProgress()) {
    report.received += 1;
    if (acceptedAt) report.accepted += 1;
    if (shippedAt) report.shipped += 1;
  }
  console.log(report);
  return report;
}

/** Returns the progress of each order. */
async function* scanProgress(): AsyncGenerator<OrderProgress> {
  const pages = paginateScan({ client }, { TableName, ProjectionExpression: 'acceptedAt, shippedAt' });
  for await (const { Items: items = [] } of pages) yield* items as OrderProgress[];
}
