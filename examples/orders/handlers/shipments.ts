import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { MSKEvent } from 'aws-lambda';
import { isText, parseObject } from './json';
import { updateOrder } from './orders-table';

/**
 * Marks orders as shipped.
 *
 * Has no subsegment, because the function is not traced.
 */
export async function handler({ records }: MSKEvent): Promise<void> {
  for (const { topic, partition, offset, value } of Object.values(records).flat()) {
    if (await ship(Buffer.from(value, 'base64').toString('utf-8'))) continue;
    // Lambda retries the batch until it succeeds, so an error would block the partition.
    console.error(`Skipped ${topic}-${partition} at ${offset}: it is not the shipment of an order.`);
  }
}

/** Marks an order as shipped. Returns false if the shipment is invalid or the order does not exist. */
async function ship(shipment: string): Promise<boolean> {
  const { orderId, shippedAt, trackingNumber } = parseObject(shipment);
  if (!isText(orderId) || !isText(shippedAt) || !isText(trackingNumber)) return false;
  try {
    await updateOrder(orderId, { shippedAt, trackingNumber });
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
