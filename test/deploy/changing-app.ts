/**
 * Functions whose mode is the context value `tracing`, with three kinds of versions: published by `currentVersion`, tied
 * to the mode by this library, and not tied to it.
 */
import { App, Stack } from 'aws-cdk-lib';
import {
  Alias,
  Code,
  Function as LambdaFunction,
  Runtime,
  type Tracing,
  Version,
} from 'aws-cdk-lib/aws-lambda';
import { TracedFunction } from '../../lib/constructs/traced-function';

const app = new App();
const stack = new Stack(app, 'Changing');
const props = {
  runtime: Runtime.NODEJS_22_X,
  handler: 'index.handler',
  code: Code.fromInline('exports.handler = async () => undefined;'),
  tracing: app.node.getContext('tracing') as Tracing,
};

const current = new TracedFunction(stack, 'Current', props);
new Alias(stack, 'CurrentLive', { aliasName: 'live', version: current.currentVersion });

const tied = new TracedFunction(stack, 'Tied', { ...props, tieVersions: true });
new Alias(stack, 'TiedLive', {
  aliasName: 'live',
  version: new Version(stack, 'TiedVersion', { lambda: tied }),
});

const untied = new LambdaFunction(stack, 'Untied', props);
new Alias(stack, 'UntiedLive', {
  aliasName: 'live',
  version: new Version(stack, 'UntiedVersion', { lambda: untied }),
});
