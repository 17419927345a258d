import { App, Stack, Stage } from 'aws-cdk-lib';
import {
  Alias,
  Code,
  EventSourceMapping,
  type Function,
  type FunctionProps,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';

/** Keeps stacks below CloudFormation's limit of 500 resources. */
const FUNCTIONS_PER_STACK = 60;

/** Context that the CDK CLI adds. */
const CLI_CONTEXT = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };

type MakeFunction = (stack: Stack, id: string, props: FunctionProps) => Function;

/**
 * Creates an app with a number of functions, in stacks of at most 60.
 *
 * @param stages the number of stages that share the functions. Without it, the stacks are in the app.
 */
export function appOf(functions: number, outdir: string, make: MakeFunction, stages = 0): App {
  const app = new App({ outdir, analyticsReporting: false, context: CLI_CONTEXT });
  const scopes = stages === 0 ? [app] : Array.from({ length: stages }, (_, i) => new Stage(app, `Stage${i}`));
  const perScope = Math.ceil(functions / scopes.length);
  scopes.forEach((scope, i) => {
    const count = Math.min(perScope, functions - i * perScope);
    for (const [stack, id] of slots(scope, count)) make(stack, id, PROPS);
  });
  return app;
}

/**
 * Creates an app whose functions have a version, an alias and an event source mapping. The queue of a mapping is in the
 * previous stack, so event sources are cross-stack references.
 */
export function publishedAppOf(functions: number, outdir: string, make: MakeFunction): App {
  const app = new App({ outdir, analyticsReporting: false, context: CLI_CONTEXT });
  let queues: Queue[] = [];
  let before: Stack | undefined;
  let made: Queue[] = [];
  for (const [stack, id] of slots(app, functions)) {
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

function* slots(app: App | Stage, functions: number): Generator<[stack: Stack, id: string]> {
  let stack!: Stack;
  for (let i = 0; i < functions; i++) {
    if (i % FUNCTIONS_PER_STACK === 0) stack = new Stack(app, `Stack${i / FUNCTIONS_PER_STACK}`);
    yield [stack, `Function${i}`];
  }
}
