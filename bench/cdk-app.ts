import { App, Stack } from 'aws-cdk-lib';
import {
  Alias,
  Code,
  EventSourceMapping,
  type Function,
  type FunctionProps,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';

/** Few enough for the 500 resources that CloudFormation allows in a stack, whatever comes with a function. */
const FUNCTIONS_PER_STACK = 60;

/** What the CDK CLI adds to what an app is told. */
const AS_THE_CLI = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };

type MakeFunction = (stack: Stack, id: string, props: FunctionProps) => Function;

/** An app of so many functions, in stacks of 60. */
export function appOf(functions: number, outdir: string, make: MakeFunction): App {
  const app = new App({ outdir, analyticsReporting: false, context: AS_THE_CLI });
  for (const [stack, id] of places(app, functions)) make(stack, id, PROPS);
  return app;
}

/**
 * The same with a version, an alias and an event source mapping to each function. The queue that a mapping reads is in the
 * stack before, so that what feeds a function is told by references across stacks.
 */
export function publishedAppOf(functions: number, outdir: string, make: MakeFunction): App {
  const app = new App({ outdir, analyticsReporting: false, context: AS_THE_CLI });
  let queues: Queue[] = [];
  let before: Stack | undefined;
  let made: Queue[] = [];
  for (const [stack, id] of places(app, functions)) {
    if (stack !== before) [queues, made, before] = [made, [], stack];
    const fn = make(stack, id, PROPS);
    const queue = new Queue(stack, `${id}Queue`);
    made.push(queue);
    const alias = new Alias(stack, `${id}Live`, { aliasName: 'live', version: fn.currentVersion });
    new EventSourceMapping(stack, `${id}Mapping`, {
      target: alias,
      eventSourceArn: (queues[made.length - 1] ?? queue).queueArn,
    });
  }
  return app;
}

const PROPS: FunctionProps = {
  code: Code.fromInline('exports.handler = () => {};'),
  handler: 'index.handler',
  runtime: Runtime.NODEJS_22_X,
};

function* places(app: App, functions: number): Generator<[stack: Stack, id: string]> {
  let stack!: Stack;
  for (let i = 0; i < functions; i++) {
    if (i % FUNCTIONS_PER_STACK === 0) stack = new Stack(app, `Stack${i / FUNCTIONS_PER_STACK}`);
    yield [stack, `Function${i}`];
  }
}
