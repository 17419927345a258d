import { isText, parseObject } from './json';

export interface OrderItem {
  readonly sku: string;
  readonly quantity: number;
}

/** What a customer asks for. */
export interface OrderRequest {
  readonly customer: string;
  readonly items: readonly OrderItem[];
}

/** What becomes of an order on its way. Times only get added, so that a message may come twice. */
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
 * @param body JSON from outside
 * @returns the request, without what doesn't belong to it; nothing if it is none
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
