import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { OrdersApp } from '../../../examples/orders/orders-app';
import { ordersApp } from '../orders-app';

/** A function of the example app as deployed. */
export interface BundledFunction {
  /** The folder with the code that NodejsFunction bundled. */
  readonly code: string;
  readonly handler: string;
  /** Names of the environment variables. */
  readonly variables: readonly string[];
}

interface Properties {
  readonly Code: { readonly S3Key: string };
  readonly Handler: string;
  readonly Environment: { readonly Variables: object };
}

/**
 * Bundles the code of a function and of all others in its stack.
 *
 * @param path the construct path
 */
export function bundledFunction(path: string): BundledFunction {
  const app = bundledApp(path.split('/')[0]);
  const resource = app.node.findAll().find(({ node }) => node.path === `${path}/Resource`) as CfnFunction;
  const stack = Stack.of(resource);
  const { Resources: resources } = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, { Properties: Properties }>;
  };
  const logicalId = String(stack.resolve(resource.logicalId));
  const { Code: code, Handler: handler, Environment: environment } = resources[logicalId].Properties;
  return {
    code: join(app.outdir, `asset.${code.S3Key.replace(/\.zip$/, '')}`),
    handler,
    variables: Object.keys(environment.Variables),
  };
}

const apps = new Map<string, OrdersApp>();

/** Bundles each stack once, because bundling takes several seconds. */
function bundledApp(stack: string): OrdersApp {
  const app = apps.get(stack) ?? ordersApp({ 'aws:cdk:bundling-stacks': [stack] });
  apps.set(stack, app);
  return app;
}
