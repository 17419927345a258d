import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { oncePerRun } from '../../once-per-run';
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
  readonly Code: { readonly S3Key?: string };
  readonly Handler: string;
  readonly Environment?: { readonly Variables: object };
}

/**
 * Bundles the code of a function and of all others in its stack.
 *
 * @param path the construct path
 */
export async function bundledFunction(path: string): Promise<BundledFunction> {
  const [stack] = path.split('/');
  const functions = await oncePerRun(`code-of-${stack}`, (outdir) => bundledFunctions(stack, outdir));
  return functions[path];
}

/** Returns the functions of a stack, by construct path. */
function bundledFunctions(stackName: string, outdir: string): Record<string, BundledFunction> {
  const app = ordersApp({ 'aws:cdk:bundling-stacks': [stackName] }, outdir);
  const functions = app.node
    .findChild(stackName)
    .node.findAll()
    .filter((construct) => CfnFunction.isCfnFunction(construct));
  return Object.fromEntries(
    functions.flatMap((fn) => {
      const stack = Stack.of(fn);
      const { Resources: resources } = Template.fromStack(stack).toJSON() as {
        Resources: Record<string, { Properties: Properties }>;
      };
      const logicalId = String(stack.resolve(fn.logicalId));
      const { Code: code, Handler: handler, Environment: environment } = resources[logicalId].Properties;
      if (code.S3Key === undefined) return [];
      const bundled: BundledFunction = {
        code: join(app.outdir, `asset.${code.S3Key.replace(/\.zip$/, '')}`),
        handler,
        variables: Object.keys(environment?.Variables ?? {}),
      };
      return [[fn.node.path.replace(/\/Resource$/, ''), bundled]];
    }),
  );
}
