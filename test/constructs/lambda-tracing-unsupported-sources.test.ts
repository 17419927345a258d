import { Aws, CfnCondition, CfnResource, Fn, type NestedStack, type Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CfnEventSourceMapping,
  FunctionUrlAuthType,
  type Function as LambdaFunction,
} from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracingPermissions } from '../../lib/constructs/tracing-props';
import { activeLambda, app, CLUSTER_ARN, lambda, stackIn } from '../apps/app';
import { findings, modes, warnings } from './traced-stacks';

const NOTE = 'cdk-lambda-xray:unsupportedEventSource';
const RULE = 'LambdaXRay-UnsupportedEventSource';

function kafka(scope: Stack | NestedStack, functionName: string, id = 'Kafka') {
  return new CfnEventSourceMapping(scope, id, {
    functionName,
    eventSourceArn: CLUSTER_ARN,
    topics: ['orders'],
    startingPosition: 'LATEST',
  });
}

describe('a function with only unsupported event sources', () => {
  test('keeps its default mode, with a note that can be acknowledged', () => {
    const build = (before: (fn: IConstruct) => void = () => undefined) => {
      const stack = stackIn(app());
      const fn = lambda(stack);
      before(fn);
      kafka(stack, fn.addAlias('live').functionArn);
      LambdaTracing.of(stack).active();
      expect(modes(stack)).toEqual({ Fn: 'unset' });
      return Annotations.fromStack(stack).findInfo('/Stack/Fn', Match.stringLikeRegexp(NOTE));
    };
    expect(build()).toHaveLength(1);
    expect(build()[0].entry.data).toMatch(
      /'Stack\/Fn' is PassThrough.*does not support Amazon MSK as an event source.*no other caller/,
    );
    expect(build((fn) => Validations.of(fn).acknowledge({ id: NOTE, reason: 'Known.' }))).toHaveLength(0);
  });

  test('keeps its default mode if the event source mapping is in another stack', () => {
    const root = app();
    const functions = stackIn(root, 'Functions');
    kafka(stackIn(root, 'Events'), lambda(functions).functionName);
    LambdaTracing.of(root).active();
    expect(modes(functions)).toEqual({ Fn: 'unset' });
  });

  test.each([false, true])('gets no policy unless it is asked for (%s)', (isAskedFor) => {
    const stack = stackIn(app());
    kafka(stack, lambda(stack).functionName);
    LambdaTracing.of(stack).active(
      isAskedFor ? { tracingPermissions: TracingPermissions.MANAGED_POLICY } : {},
    );
    expect(JSON.stringify(Template.fromStack(stack)).includes('AWSXRayDaemonWriteAccess')).toBe(isAskedFor);
  });

  test('becomes PassThrough if it is Active and overwrite is set', () => {
    const stack = stackIn(app());
    kafka(stack, activeLambda(stack).functionName);
    LambdaTracing.of(stack).active({ overwrite: true });
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
  });

  test('stays Active if it is Active, and the rule reports it', () => {
    const stack = stackIn(app());
    kafka(stack, activeLambda(stack).functionName);
    LambdaTracing.of(stack).active();
    expect(modes(stack)).toEqual({ Fn: 'Active' });
    expect(findings(stack, 'error')).toEqual([RULE]);
  });
});

describe.each<[string, (stack: Stack, fn: LambdaFunction) => unknown]>([
  ['a queue', (stack, fn) => fn.addEventSource(new SqsEventSource(new Queue(stack, 'Queue')))],
  ['a service with permission', (_, fn) => fn.grantInvoke(new ServicePrincipal('sns.amazonaws.com'))],
  ['a URL', (_, fn) => fn.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM })],
  [
    'an event source that is not known',
    (stack, fn) =>
      new CfnEventSourceMapping(stack, 'Unknown', {
        functionName: fn.functionName,
        eventSourceArn: Fn.importValue('Source'),
      }),
  ],
])('a function with an unsupported event source and %s', (_, build) => {
  const mixed = (make: (stack: Stack) => LambdaFunction = lambda) => {
    const stack = stackIn(app());
    const fn = make(stack);
    const mapping = kafka(stack, fn.functionName);
    build(stack, fn);
    return { stack, fn, mapping };
  };

  test('is not traced: a warning names the loss and the way out, and no rule reports an error', () => {
    const { stack } = mixed();
    LambdaTracing.of(stack).active();
    expect(modes(stack)).toEqual({ Fn: 'unset' });
    expect(warnings(stack)).toEqual([
      expect.stringMatching(
        /'Stack\/Fn' is PassThrough instead of Active\. X-Ray does not support Amazon MSK .* no traces for its other callers either\. Move the event source to a separate function.* acknowledge LambdaXRay-UnsupportedEventSource on 'Stack\/Kafka'\./,
      ),
    ]);
    expect(findings(stack, 'error')).toEqual([]);
  });

  test('is PassThrough if it is Active and overwrite is set', () => {
    const { stack } = mixed(activeLambda);
    LambdaTracing.of(stack).active({ overwrite: true });
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
    expect(findings(stack, 'error')).toEqual([]);
  });

  test('has no warning if it is acknowledged', () => {
    const { stack, fn } = mixed();
    Validations.of(fn).acknowledge({ id: NOTE, reason: 'Known.' });
    LambdaTracing.of(stack).active();
    expect(warnings(stack)).toEqual([]);
  });

  test('is Active if the rule is acknowledged on the event source mapping', () => {
    const { stack, mapping } = mixed();
    Validations.of(mapping).acknowledge({ id: RULE, reason: 'The other caller is what we trace.' });
    LambdaTracing.of(stack).active();
    expect(modes(stack)).toEqual({ Fn: 'Active' });
    expect(warnings(stack)).toEqual([]);
  });
});

describe('a function with an unsupported event source and a permission', () => {
  const SNS = { Service: 'sns.amazonaws.com' };
  const denying = (scope: IConstruct, arn: string, statement: object = {}) =>
    new CfnResource(scope, 'Denial', {
      type: 'AWS::Lambda::ResourcePolicy',
      properties: {
        ResourceArn: arn,
        PolicyDocument: {
          Statement: [
            { Effect: 'Deny', Action: 'lambda:InvokeFunction', Principal: SNS, Resource: arn, ...statement },
          ],
        },
      },
    });

  test.each<[what: string, warned: boolean, deny: (stack: Stack, fn: LambdaFunction) => unknown]>([
    [
      'that a resource policy denies has no other caller',
      false,
      (stack, fn) => denying(stack, fn.functionArn),
    ],
    [
      'that a resource policy denies to all has no other caller',
      false,
      (stack, fn) => denying(stack, fn.functionArn, { Principal: '*', Resource: '*' }),
    ],
    [
      'that is denied to another service has another caller',
      true,
      (stack, fn) => denying(stack, fn.functionArn, { Principal: { Service: 's3.amazonaws.com' } }),
    ],
    [
      'that is denied on another function has another caller',
      true,
      (stack) => denying(stack, lambda(stack, 'Other').functionArn),
    ],
    [
      'that is denied on an alias has another caller',
      true,
      (stack, fn) => denying(stack, fn.addAlias('live').functionArn),
    ],
    [
      'that is denied on a version by its number has another caller',
      true,
      (stack, fn) => denying(stack, `${fn.functionArn}:7`),
    ],
    [
      'that is denied in one case has another caller',
      true,
      (stack, fn) => {
        const expression = Fn.conditionEquals(Aws.REGION, 'eu-west-1');
        denying(stack, fn.functionArn).cfnOptions.condition = new CfnCondition(stack, 'Eu', { expression });
      },
    ],
  ])('%s', (_, warned, deny) => {
    const stack = stackIn(app());
    const fn = lambda(stack);
    kafka(stack, fn.functionName);
    fn.grantInvoke(new ServicePrincipal('sns.amazonaws.com'));
    deny(stack, fn);
    LambdaTracing.of(stack).active({
      exclude: stack.node.children.filter(({ node }) => node.id === 'Other'),
    });
    const other = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('its other callers'));
    expect(other).toHaveLength(warned ? 1 : 0);
    expect(findings(stack, 'error')).toEqual([]);
  });
});
