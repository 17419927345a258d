import { type NestedStack, type Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { activeLambda, app, CLUSTER_ARN, lambda, stackIn } from '../apps/app';
import { modes } from './traced-stacks';

const NOTE = 'cdk-lambda-xray:unsupportedEventSource';

function kafka(scope: Stack | NestedStack, functionName: string, id = 'Kafka') {
  return new CfnEventSourceMapping(scope, id, {
    functionName,
    eventSourceArn: CLUSTER_ARN,
    topics: ['orders'],
    startingPosition: 'LATEST',
  });
}

describe('a function with only unsupported event sources', () => {
  test('becomes PassThrough, with a note that can be acknowledged', () => {
    const build = (before: (fn: IConstruct) => void = () => undefined) => {
      const stack = stackIn(app());
      const fn = lambda(stack);
      before(fn);
      kafka(stack, fn.addAlias('live').functionArn);
      LambdaTracing.of(stack).active();
      expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
      return Annotations.fromStack(stack).findInfo('/Stack/Fn', Match.stringLikeRegexp(NOTE));
    };
    expect(build()).toHaveLength(1);
    expect(build()[0].entry.data).toMatch(
      /'Stack\/Fn' is PassThrough.*does not support Amazon MSK as an event source.*no other caller/,
    );
    expect(build((fn) => Validations.of(fn).acknowledge({ id: NOTE, reason: 'Known.' }))).toHaveLength(0);
  });

  test('becomes PassThrough if the event source mapping is in another stack', () => {
    const root = app();
    const functions = stackIn(root, 'Functions');
    kafka(stackIn(root, 'Events'), lambda(functions).functionName);
    LambdaTracing.of(root).active();
    expect(modes(functions)).toEqual({ Fn: 'PassThrough' });
  });

  test.each<[string, (stack: Stack, fn: ReturnType<typeof lambda>) => unknown]>([
    ['it also has a queue', (stack, fn) => fn.addEventSource(new SqsEventSource(new Queue(stack, 'Queue')))],
    [
      'a service has permission to invoke it',
      (_, fn) => fn.grantInvoke(new ServicePrincipal('sns.amazonaws.com')),
    ],
    ['it has a URL', (_, fn) => fn.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM })],
  ])('is Active when %s', (_, build) => {
    const stack = stackIn(app());
    const fn = lambda(stack);
    kafka(stack, fn.functionName);
    build(stack, fn);
    LambdaTracing.of(stack).active();
    expect(modes(stack)).toEqual({ Fn: 'Active' });
  });

  test('is PassThrough even with override', () => {
    const stack = stackIn(app());
    kafka(stack, activeLambda(stack).functionName);
    LambdaTracing.of(stack).active({ override: true });
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
  });
});
