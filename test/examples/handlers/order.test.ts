import { parseOrderRequest } from '../../../examples/orders/handlers/order';

const items = [{ sku: 'tea', quantity: 2 }];

test('has a customer and items, and no other properties', () => {
  const body = JSON.stringify({ customer: 'c-1', items, shippedAt: 'now' });
  expect(parseOrderRequest(body)).toEqual({ customer: 'c-1', items });
});

test.each([
  ['no body', null],
  ['invalid JSON', 'tea'],
  ['null', 'null'],
  ['no customer', JSON.stringify({ items })],
  ['no items', JSON.stringify({ customer: 'c-1' })],
  ['an empty list of items', JSON.stringify({ customer: 'c-1', items: [] })],
  ['an item without SKU', JSON.stringify({ customer: 'c-1', items: [{ quantity: 2 }] })],
  ['an item with quantity 0', JSON.stringify({ customer: 'c-1', items: [{ sku: 'tea', quantity: 0 }] })],
  ['half an item', JSON.stringify({ customer: 'c-1', items: [{ sku: 'tea', quantity: 0.5 }] })],
])('is not %s', (_, body) => {
  expect(parseOrderRequest(body)).toBeUndefined();
});
