import { Aspects, Aws, CfnParameter, Fn, type Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { activeLambda, app, CLUSTER_ARN, CODE, lambda, stackIn } from '../apps/app';
import { findings } from './callers';
import { modes, only } from './traced-stacks';

describe('a literal function name', () => {
  const kafka = (stack: Stack, functionName: string) =>
    new CfnEventSourceMapping(stack, 'Kafka', { functionName, eventSourceArn: CLUSTER_ARN });
  const env = (region: string) => ({ env: { account: '111122223333', region } });

  test.each(['orders', 'arn:aws:lambda:eu-west-1:111122223333:function:orders'])(
    'matches no function of another region: %s',
    (name) => {
      const root = app();
      const here = stackIn(root, 'Here', env('us-east-1'));
      new TracedFunction(here, 'Fn', { ...CODE, functionName: 'orders' });
      kafka(stackIn(root, 'There', env('eu-west-1')), name);
      expect(() => root.synth()).not.toThrow();
    },
  );

  test('matches the function of its own region among several', () => {
    const root = app();
    for (const region of ['eu-west-1', 'us-east-1']) {
      lambda(stackIn(root, `Fn-${region}`, env(region)), 'Fn', { functionName: 'orders' });
    }
    kafka(stackIn(root, 'Events', env('eu-west-1')), 'orders');
    LambdaTracing.of(root).active();
    const mode = (id: string) =>
      only(Template.fromStack(root.node.findChild(id) as Stack), 'AWS::Lambda::Function').TracingConfig;
    expect([mode('Fn-eu-west-1'), mode('Fn-us-east-1')]).toEqual([undefined, { Mode: 'Active' }]);
  });

  test('of an imported function is resolved', () => {
    const root = app();
    const fn = new TracedFunction(stackIn(root, 'Functions'), 'Fn', { ...CODE, functionName: 'orders' });
    const events = stackIn(root, 'Events');
    const { functionName } = TracedFunction.fromFunctionName(events, 'Imported', 'orders');
    kafka(events, functionName);
    expect(() => root.synth()).toThrow(`'${fn.node.path}' has active tracing`);
  });

  test('in an export of another stack is resolved', () => {
    const root = app();
    const functions = stackIn(root, 'Functions');
    const fn = new TracedFunction(functions, 'Fn', CODE);
    functions.exportValue(fn.functionName, { name: 'Orders' });
    kafka(stackIn(root, 'Events'), Fn.importValue('Orders'));
    expect(() => root.synth()).toThrow(/'Functions\/Fn' has active tracing/);
  });
});

describe('a name that is known only at deployment', () => {
  const mapTo = (stack: Stack, functionName: string) =>
    new CfnEventSourceMapping(stack, 'Kafka', { functionName, eventSourceArn: CLUSTER_ARN });
  const arn = (name: string) =>
    `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${name}`;
  const written: [string, (stack: Stack) => string, (stack: Stack) => string][] = [
    ['tokens in a string', () => `${Aws.STACK_NAME}-orders`, () => `${Aws.STACK_NAME}-orders`],
    [
      'Fn.join and tokens in a string',
      () => Fn.join('-', [Aws.STACK_NAME, 'orders']),
      () => `${Aws.STACK_NAME}-orders`,
    ],
    [
      'Fn.sub and Fn.join',
      () => Fn.sub('${AWS::StackName}-orders'),
      () => Fn.join('-', [Aws.STACK_NAME, 'orders']),
    ],
    [
      'a parameter',
      (stack) => `orders-${new CfnParameter(stack, 'Env').valueAsString}`,
      (stack) =>
        Fn.sub('orders-${env}', { env: Fn.ref((stack.node.findChild('Env') as CfnParameter).logicalId) }),
    ],
    ['an ARN with tokens', () => 'orders', () => arn('orders')],
    [
      'an ARN with tokens and a qualifier',
      () => `${Aws.STACK_NAME}-orders`,
      () => arn(`${Aws.STACK_NAME}-orders:live`),
    ],
  ];

  test.each(written)(
    'is the name of a function in the constructs and in the checks: %s',
    (_, name, reference) => {
      const stack = stackIn(app());
      lambda(stack, 'Fn', { functionName: name(stack) });
      mapTo(stack, reference(stack));
      LambdaTracing.of(stack).active();
      expect(modes(stack)).toEqual({ Fn: 'unset' });

      const checked = stackIn(app());
      activeLambda(checked, 'Fn', { functionName: name(checked) });
      mapTo(checked, reference(checked));
      expect(findings(checked, 'LambdaXRay-UnsupportedEventSource')).toHaveLength(1);
    },
  );

  test('does not match the name of another stack', () => {
    const root = app();
    const functions = stackIn(root, 'Functions');
    lambda(functions, 'Fn', { functionName: `${Aws.STACK_NAME}-orders` });
    mapTo(stackIn(root, 'Events'), `${Aws.STACK_NAME}-orders`);
    LambdaTracing.of(root).active();
    expect(modes(functions)).toEqual({ Fn: 'Active' });
  });
});

describe('a function', () => {
  test.each(['First', 'Third'])(
    'has the mappings that the aspects of the first stage add to the stage %s',
    (to) => {
      const root = app();
      const [first, second, third] = ['First', 'Second', 'Third'].map((id) => stackIn(new Stage(root, id)));
      lambda(second, 'Fn', { functionName: 'orders' });
      lambda(first);
      lambda(third);
      const target = to === 'First' ? first : third;
      let isAdded = false;
      Aspects.of(first).add(
        {
          visit: () => {
            if (isAdded) return;
            isAdded = true;
            new CfnEventSourceMapping(target, 'Kafka', {
              functionName: 'orders',
              eventSourceArn: CLUSTER_ARN,
            });
          },
        },
        // After the aspect of LambdaTracing.
        { priority: 300 },
      );
      LambdaTracing.of(root).active();
      root.synth();
      expect(modes(second)).toEqual({ Fn: 'unset' });
    },
  );

  test('has the properties that it is given between two syntheses', () => {
    const root = app();
    const stack = stackIn(root);
    lambda(stack, 'Fn', { functionName: 'orders' });
    const mapping = new CfnEventSourceMapping(stack, 'Kafka', {
      functionName: 'other',
      eventSourceArn: CLUSTER_ARN,
    });
    LambdaTracing.of(root).active({ overwrite: true });
    root.synth();
    expect(modes(stack)).toEqual({ Fn: 'Active' });
    mapping.functionName = 'orders';
    root.synth({ force: true });
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
  });
});
