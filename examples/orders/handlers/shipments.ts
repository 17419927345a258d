import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { MSKEvent } from 'aws-lambda';
import { isText, parseObject } from './json';
import { updateOrder } from './orders-table';

/**
 * Marks the orders as shipped that the warehouse names.
 *
 * Has no subsegment of its own: nothing records a trace that it could belong to.
 */
export async function handler({ records }: MSKEvent): Promise<void> {
  for (const { topic, partition, offset, value } of Object.values(records).flat()) {
    if (await ship(Buffer.from(value, 'base64').toString('utf-8'))) continue;
    // Lambda repeats the batch until it succeeds, so that an error would hold up the partition for good.
    console.error(`Skipped ${topic}-${partition} at ${offset}: it is not the shipment of an order.`);
  }
}

/** Whether the order is there, and so is now marked. */
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
