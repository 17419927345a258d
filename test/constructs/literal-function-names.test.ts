import { Fn, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { app, CLUSTER_ARN, CODE, lambda, stackIn } from '../apps/app';
import { only } from './traced-stacks';

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
