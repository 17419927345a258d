import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OrdersApp } from '../../examples/orders/orders-app';

const CDK_JSON = join(__dirname, '..', '..', 'cdk.json');

/**
 * Creates the example app with the context of `cdk.json`.
 *
 * @param context additional context; by default, no code is bundled
 * @param outdir the folder of the assembly; by default, a new temporary folder
 */
export function ordersApp(context: Record<string, unknown> = {}, outdir?: string): OrdersApp {
  const { context: own } = JSON.parse(readFileSync(CDK_JSON, 'utf-8')) as { context: object };
  return new OrdersApp({ outdir, context: { ...own, 'aws:cdk:bundling-stacks': [], ...context } });
}
