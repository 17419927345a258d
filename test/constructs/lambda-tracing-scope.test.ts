import { type App, Aspects, NestedStack, type Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnFunction, SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { app, CODE, lambda, stackIn } from '../apps/app';
import { modes } from './traced-stacks';

describe('the scope', () => {
  test('passThrough() sets the mode explicitly', () => {
    const stack = stackIn(app());
    lambda(stack);
    LambdaTracing.of(stack).passThrough();
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
  });

  test('includes functions that are added later', () => {
    const stack = stackIn(app());
    LambdaTracing.of(stack).active();
    lambda(stack);
    expect(modes(stack)).toEqual({ Fn: 'Active' });
  });

  test('includes nested stacks', () => {
    const nested = new NestedStack(stackIn(app()), 'Nested');
    lambda(nested);
    LambdaTracing.of(nested.node.root).active();
    expect(modes(nested)).toEqual({ Fn: 'Active' });
  });

  test.each<[string, (app: App, activate: () => void) => Stack]>([
    [
      'before',
      (root, activate) => {
        const stack = stackIn(new Stage(root, 'Prod'));
        activate();
        return stack;
      },
    ],
    [
      'after',
      (root, activate) => {
        activate();
        return stackIn(new Stage(root, 'Prod'));
      },
    ],
  ])('includes stages that are added %s', (_, build) => {
    const root = app();
    const stack = build(root, () => LambdaTracing.of(root).active());
    lambda(stack);
    root.synth();
    expect(modes(stack)).toEqual({ Fn: 'Active' });
  });

  test('does not change functions outside', () => {
    const root = app();
    const [inside, outside] = [stackIn(root, 'In'), stackIn(root, 'Out')];
    lambda(inside);
    lambda(outside);
    LambdaTracing.of(inside).active();
    expect(modes(outside)).toEqual({ Fn: 'unset' });
  });

  test('includes a singleton whose function is elsewhere in the stack', () => {
    const stack = stackIn(app());
    const singleton = new SingletonFunction(stack, 'Singleton', { ...CODE, uuid: 'ab' });
    LambdaTracing.of(singleton).active();
    expect(modes(stack)).toEqual({ SingletonLambdaab: 'Active' });
  });

  test('is visited before aspects that only read and after aspects with a lower priority', () => {
    const stack = stackIn(app());
    lambda(stack);
    const seen: unknown[] = [];
    const read = {
      visit: (node: IConstruct) => node instanceof CfnFunction && seen.push(node.tracingConfig),
    };
    Aspects.of(stack).add(read, { priority: 1000 });
    LambdaTracing.of(stack).active({ priority: 300 });
    Template.fromStack(stack);
    expect(seen).toEqual([{ mode: 'Active' }]);
  });
});
