import { App, Aspects, Aws, CfnCondition, CfnResource, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction, TracedNodejsFunction } from '../../lib/constructs/traced-function';
import { TracingPermissions } from '../../lib/constructs/tracing-props';
import { app, CODE, lambda, stackIn } from '../apps/app';
import { make } from '../apps/default-entry/maker';
import { include } from '../apps/include';
import { L1_CODE, LAMBDA, only } from './traced-stacks';

describe('keeps a mode that depends on a condition', () => {
  const CONDITIONAL = { 'Fn::If': ['C', { Mode: 'PassThrough' }, { Mode: 'Active' }] };
  const FUNCTIONS: [string, (stack: Stack) => unknown][] = [
    [
      'in an L1',
      (stack) =>
        new CfnFunction(stack, 'Fn', {
          ...L1_CODE,
          role: 'arn:aws:iam::111122223333:role/r',
          tracingConfig: Fn.conditionIf('C', { Mode: 'PassThrough' }, { Mode: 'Active' }),
        }),
    ],
    [
      'in a bare resource',
      (stack) =>
        new CfnResource(stack, 'Fn', {
          type: 'AWS::Lambda::Function',
          properties: { TracingConfig: CONDITIONAL },
        }),
    ],
    [
      'by a raw override',
      (stack) =>
        (lambda(stack).node.defaultChild as CfnFunction).addPropertyOverride('TracingConfig', CONDITIONAL),
    ],
    [
      'in an include',
      (stack) =>
        include(stack, {
          Conditions: { C: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } },
          Resources: {
            Fn: {
              Type: 'AWS::Lambda::Function',
              Properties: { Code: { ZipFile: 'x' }, Role: 'r', TracingConfig: CONDITIONAL },
            },
          },
        }),
    ],
  ];
  const build = (make: (stack: Stack) => unknown, overwrite: boolean) => {
    const stack = stackIn(app());
    new CfnCondition(stack, 'C', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });
    make(stack);
    // The roles are outside of the app.
    LambdaTracing.of(stack).active({ overwrite, tracingPermissions: TracingPermissions.NONE });
    return only(Template.fromStack(stack), 'AWS::Lambda::Function').TracingConfig;
  };

  test.each(FUNCTIONS.slice(0, 3))('%s', (_, make) => {
    expect(build(make, false)).toEqual(CONDITIONAL);
    expect(build(make, true)).toEqual({ Mode: 'Active' });
  });

  test('in an include', () => {
    const stack = stackIn(app());
    FUNCTIONS[3][1](stack);
    LambdaTracing.of(stack).active();
    expect(only(Template.fromStack(stack), 'AWS::Lambda::Function').TracingConfig).toEqual(CONDITIONAL);
  });
});

test('keeps a mode in Globals of an included SAM template', () => {
  const stack = stackIn(app());
  include(stack, {
    Transform: 'AWS::Serverless-2016-10-31',
    Globals: { Function: { Tracing: 'PassThrough' } },
    Resources: { Fn: { Type: 'AWS::Serverless::Function', Properties: { Handler: 'x' } } },
  });
  LambdaTracing.of(stack).active();
  expect(only(Template.fromStack(stack), 'AWS::Serverless::Function')).toEqual({ Handler: 'x' });
});

describe('produces lazy values only when the template is written', () => {
  const ways: [string, (stack: Stack) => TracedFunction | void][] = [
    ['TracedFunction', () => undefined],
    ['the mixin', (stack) => void lambda(stack, 'Other').with(new LambdaTracing())],
  ];

  test.each(ways)('with %s', (_, use) => {
    const stack = stackIn(app());
    let value = 'early';
    const late = Lazy.string({ produce: () => value });
    new TracedFunction(stack, 'Fn', { ...CODE, environment: { VALUE: late } });
    new CfnEventSourceMapping(stack, 'Mapping', { functionName: late, eventSourceArn: late });
    use(stack);
    value = 'late';
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { VALUE: 'late' } },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionName: 'late',
      EventSourceArn: 'late',
    });
  });

  test('ignores a lazy value that is not ready yet', () => {
    const stack = stackIn(app());
    let ready = false;
    const late = Lazy.string({
      produce: () => {
        if (!ready) throw new Error('Not ready.');
        return 'ready';
      },
    });
    new TracedFunction(stack, 'Fn', { ...CODE, environment: { VALUE: late } });
    new CfnEventSourceMapping(stack, 'Mapping', { functionName: late });
    lambda(stack, 'Other').with(new LambdaTracing());
    ready = true;
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('lets users extend statements', () => {
    const stack = stackIn(app());
    const statement = new PolicyStatement({ actions: ['s3:GetObject'] });
    const role = new Role(stack, 'Role', { assumedBy: LAMBDA });
    role.addToPolicy(statement);
    new TracedFunction(stack, 'Fn', { ...CODE, role }).with(new LambdaTracing({ overwrite: true }));
    expect(() => statement.addResources('*')).not.toThrow();
  });
});

describe('the entry of a TracedNodejsFunction', () => {
  const unbundled = () => new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Stack');

  test('is by default next to the file that creates the function', () => {
    expect(make(unbundled(), 'intake')).toBeInstanceOf(TracedNodejsFunction);
  });

  test('that is missing causes an error of CDK', () => {
    expect(() => make(unbundled(), 'gone')).toThrow(/Cannot find handler file/);
  });
});

test('does not add constructs that aspects of users see', () => {
  const paths = (trace: boolean) => {
    const stack = stackIn(app());
    lambda(stack);
    if (trace) LambdaTracing.of(stack).active();
    const seen: string[] = [];
    Aspects.of(stack).add({ visit: (node: IConstruct) => void seen.push(node.node.path) });
    Template.fromStack(stack);
    return seen;
  };
  expect(paths(true)).toEqual(paths(false));
});
