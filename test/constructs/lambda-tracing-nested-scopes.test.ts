import { type App, type Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracingPermissions } from '../../lib/constructs/tracing-props';
import { app, lambda, stackIn } from '../apps/app';
import { only } from './traced-stacks';

describe('nested scopes', () => {
  const mode = (apply: (root: App, stack: Stack) => void) => {
    const root = app();
    const stack = stackIn(root);
    lambda(stack);
    apply(root, stack);
    return Template.fromStack(stack);
  };
  const tracing = (template: Template) => only(template, 'AWS::Lambda::Function').TracingConfig;

  test('the closest scope decides, in any order of the calls', () => {
    const inner = (_: App, stack: Stack) => LambdaTracing.of(stack).passThrough();
    const outer = (root: App) => LambdaTracing.of(root).active();
    expect(tracing(mode((root, stack) => (inner(root, stack), outer(root))))).toEqual({
      Mode: 'PassThrough',
    });
    expect(tracing(mode((root, stack) => (outer(root), inner(root, stack))))).toEqual({
      Mode: 'PassThrough',
    });
  });

  test('the last call on one scope decides', () => {
    const template = mode((root) => {
      LambdaTracing.of(root).active();
      LambdaTracing.of(root).passThrough();
    });
    expect(tracing(template)).toEqual({ Mode: 'PassThrough' });
  });

  test('the outer scope covers functions that the closest scope excludes', () => {
    const template = mode((root, stack) => {
      LambdaTracing.of(root).active();
      LambdaTracing.of(stack).passThrough({ exclude: [stack.node.findChild('Fn')] });
    });
    expect(tracing(template)).toEqual({ Mode: 'Active' });
  });

  test('a role gets only the permissions of the closest scope', () => {
    const template = mode((root, stack) => {
      LambdaTracing.of(root).active();
      LambdaTracing.of(stack).active({ tracingPermissions: TracingPermissions.LEAST_PRIVILEGE });
    });
    expect(JSON.stringify(only(template, 'AWS::IAM::Role'))).not.toContain('XRayDaemon');
    template.resourceCountIs('AWS::IAM::Policy', 1);
  });
});

describe('stages', () => {
  test('that are synthesized separately, as in a pipeline, are traced', () => {
    const root = app();
    LambdaTracing.of(root).active();
    const stage = new Stage(root, 'Prod');
    const stack = stackIn(stage);
    lambda(stack);
    stage.synth();
    expect(only(Template.fromStack(stack), 'AWS::Lambda::Function').TracingConfig).toEqual({
      Mode: 'Active',
    });
    expect(() => root.synth()).not.toThrow();
  });

  test('that are already synthesized cause an error with their path', () => {
    const root = app();
    const stage = new Stage(root, 'Prod');
    lambda(stackIn(stage));
    stage.synth();
    expect(() => LambdaTracing.of(root).active()).toThrow(
      /LambdaTracing\.of\(app\): the stage 'Prod' is already synthesized.*before that/,
    );
  });
});
