import { type App, Lazy, type Stack } from 'aws-cdk-lib';
import { CfnEventSourceMapping, type CfnFunction, Tracing, Version } from 'aws-cdk-lib/aws-lambda';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { app, CLUSTER_ARN, CODE, lambda, stackIn } from '../apps/app';

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** Synthesizes the app of a stack again, and returns its resources of a type. */
function synthesizeAgain(stack: Stack, type: string): Resource['Properties'][] {
  const assembly = (stack.node.root as App).synth({ force: true });
  const { Resources } = assembly.getStackArtifact(stack.artifactId).template as {
    Resources: Record<string, Resource>;
  };
  return Object.values(Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
}

function modesOf(stack: Stack): unknown[] {
  return synthesizeAgain(stack, 'AWS::Lambda::Function').map(
    ({ TracingConfig }) => (TracingConfig as { Mode?: string } | undefined)?.Mode,
  );
}

const QUEUE_ARN = 'arn:aws:sqs:eu-west-1:111122223333:orders';

function mapping(scope: Stack, id: string, functionName: string, eventSourceArn: string) {
  return new CfnEventSourceMapping(scope, id, { functionName, eventSourceArn });
}

describe('a synthesis after a change', () => {
  test('traces a function that was added', () => {
    const stack = stackIn(app());
    lambda(stack, 'First');
    LambdaTracing.of(stack).active();
    expect(modesOf(stack)).toEqual(['Active']);
    lambda(stack, 'Second');
    expect(modesOf(stack)).toEqual(['Active', 'Active']);
  });

  test('follows an event source that was added', () => {
    const stack = stackIn(app());
    const { functionName } = lambda(stack);
    LambdaTracing.of(stack).active();
    expect(modesOf(stack)).toEqual(['Active']);
    mapping(stack, 'Kafka', functionName, CLUSTER_ARN);
    expect(modesOf(stack)).toEqual(['PassThrough']);
    mapping(stack, 'Queue', functionName, QUEUE_ARN);
    expect(modesOf(stack)).toEqual(['PassThrough']);
    stack.node.tryRemoveChild('Kafka');
    expect(modesOf(stack)).toEqual(['Active']);
  });

  test('follows an event source that was replaced or is rendered to another value', () => {
    const stack = stackIn(app());
    const { functionName } = lambda(stack);
    let arn = CLUSTER_ARN;
    const lazy = Lazy.uncachedString({ produce: () => arn });
    mapping(stack, 'Source', functionName, lazy);
    LambdaTracing.of(stack).active();
    expect(modesOf(stack)).toEqual([undefined]);
    arn = QUEUE_ARN;
    expect(modesOf(stack)).toEqual(['Active']);
    stack.node.tryRemoveChild('Source');
    mapping(stack, 'Broker', functionName, CLUSTER_ARN);
    expect(modesOf(stack)).toEqual(['PassThrough']);
  });

  test('keeps a mode that was set in code between the syntheses', () => {
    const stack = stackIn(app());
    const fn = lambda(stack).node.defaultChild as CfnFunction;
    LambdaTracing.of(stack).active();
    expect(modesOf(stack)).toEqual(['Active']);
    fn.tracingConfig = { mode: 'PassThrough' };
    expect(modesOf(stack)).toEqual(['PassThrough']);
    expect(modesOf(stack)).toEqual(['PassThrough']);
  });

  test('keeps a mode that was set by the mixin before', () => {
    const stack = stackIn(app());
    lambda(stack).with(new LambdaTracing({ tracing: Tracing.PASS_THROUGH }));
    LambdaTracing.of(stack).active();
    expect(modesOf(stack)).toEqual(['PassThrough']);
    expect(modesOf(stack)).toEqual(['PassThrough']);
  });

  test('ties a version that was added', () => {
    const stack = stackIn(app());
    const fn = lambda(stack);
    LambdaTracing.of(stack).active({ tieVersions: true });
    expect(modesOf(stack)).toEqual(['Active']);
    new Version(stack, 'Version', { lambda: fn });
    expect(synthesizeAgain(stack, 'AWS::Lambda::Version')).toMatchObject([
      { Description: 'X-Ray tracing: Active' },
    ]);
  });

  test('does not fail because of a version that was removed', () => {
    const stack = stackIn(app());
    const fn = new TracedFunction(stack, 'Fn', CODE);
    new Version(stack, 'Version', { lambda: fn });
    expect(modesOf(stack)).toEqual(['Active']);
    (fn.node.defaultChild as CfnFunction).tracingConfig = { mode: 'PassThrough' };
    expect(() => modesOf(stack)).toThrow(/'Stack\/Fn' was created with the mode Active/);
    stack.node.tryRemoveChild('Version');
    expect(modesOf(stack)).toEqual(['PassThrough']);
  });

  test('fails if a traced function gets an event source that X-Ray does not support', () => {
    const stack = stackIn(app());
    const { functionName } = new TracedFunction(stack, 'Fn', CODE);
    expect(modesOf(stack)).toEqual(['Active']);
    mapping(stack, 'Kafka', functionName, CLUSTER_ARN);
    expect(() => modesOf(stack)).toThrow(/'Stack\/Fn' has active tracing/);
  });
});
