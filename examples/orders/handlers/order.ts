import { isText, parseObject } from './json';

export interface OrderItem {
  readonly sku: string;
  readonly quantity: number;
}

/** The request of a customer. */
export interface OrderRequest {
  readonly customer: string;
  readonly items: readonly OrderItem[];
}

/** The progress of an order. Times are only added, so a message can arrive twice. */
export interface OrderProgress {
  readonly acceptedAt?: string;
  readonly shippedAt?: string;
  readonly trackingNumber?: string;
}

export interface Order extends OrderRequest, OrderProgress {
  readonly id: string;
  readonly receivedAt: string;
}

/**
 * @param body untrusted JSON
 * @returns the request without additional properties, or undefined if it is invalid
 */
export function parseOrderRequest(body: string | null): OrderRequest | undefined {
  const { customer, items } = parseObject(body);
  if (!isText(customer) || !Array.isArray(items) || items.length === 0 || !items.every(isItem))
    return undefined;
  return { customer, items: items.map(({ sku, quantity }) => ({ sku, quantity })) };
}

function isItem(value: unknown): value is OrderItem {
  const { sku, quantity } = Object(value) as Record<string, unknown>;
  return isText(sku) && Number.isInteger(quantity) && Number(quantity) > 0;
}
