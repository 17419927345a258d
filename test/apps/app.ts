import { App, Stack, type StackProps, type StageSynthesisOptions } from 'aws-cdk-lib';
import {
  Code,
  Function as LambdaFunction,
  type FunctionProps,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

export const CLUSTER_ARN = 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/01234567';

/** The required props of a Lambda function. */
export const CODE = {
  code: Code.fromInline('exports.handler = async () => {};'),
  handler: 'index.handler',
  runtime: Runtime.NODEJS_22_X,
};

/** Creates an app without output of its own, and without stack traces, which take long to collect. */
export function app(context: Readonly<Record<string, unknown>> = {}): App {
  return new App({
    analyticsReporting: false,
    context: { 'aws:cdk:disable-creation-stack-traces': true, ...context },
    stackTraces: false,
    treeMetadata: false,
  });
}

export function stackIn(scope: Construct, id = 'Stack', props?: StackProps): Stack {
  return new Stack(scope, id, props);
}

/** Creates a function with CDK's defaults. */
export function lambda(scope: Construct, id = 'Fn', props: Partial<FunctionProps> = {}): LambdaFunction {
  return new LambdaFunction(scope, id, { ...CODE, ...props });
}

/** Creates a function with CDK's own tracing. */
export function activeLambda(scope: Construct, id = 'Fn', props: Partial<FunctionProps> = {}) {
  return lambda(scope, id, { tracing: Tracing.ACTIVE, ...props });
}

/**
 * Synthesizes, and returns whether the validation plugins let it pass and what CDK says of it. Older versions of
 * CDK print, and set the exit status of the process, where newer ones throw.
 */
export function synthesize(app: App, options?: StageSynthesisOptions): { passes: boolean; output: string } {
  return quietly((printed) => {
    try {
      app.synth(options);
      return { passes: process.exitCode === undefined, output: printed.join('\n') };
    } catch (error) {
      return { passes: false, output: [...printed, (error as Error).message].join('\n') };
    }
  });
}

/** Runs something that prints errors and sets the exit status, which is undone. */
export function quietly<T>(run: (printed: readonly string[]) => T): T {
  const { exitCode } = process;
  const printed: string[] = [];
  const print = jest.spyOn(console, 'error').mockImplementation((...text) => printed.push(text.join(' ')));
  process.exitCode = undefined;
  try {
    return run(printed);
  } finally {
    process.exitCode = exitCode;
    print.mockRestore();
  }
}
