import { type App, CfnResource, Mixins, NestedStack, type Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracingPermissions } from '../../lib/constructs/tracing-props';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { app, stackIn } from '../apps/app';
import { invalidReferences, templatesOf } from '../apps/template-graph';
import { cfnFunction, role } from './traced-stacks';

const LEAST = { tracingPermissions: TracingPermissions.LEAST_PRIVILEGE };
/** A list of dependencies with a policy of that name. */
const withPolicy = (name = /DefaultPolicy/) =>
  expect.arrayContaining([expect.stringMatching(name) as string]) as string[];

/** Applies tracing to an app, and checks that its templates can be deployed and that the pack agrees. */
function trace(root: App, options: object = LEAST): void {
  LambdaTracing.of(root).active(options);
  expect(invalidReferences(root)).toEqual([]);
  const { violations } = new LambdaXRayChecks().validateScope(root);
  expect(violations.filter(({ severity }) => severity === 'error')).toEqual([]);
}

/** Returns what the resources of a type depend on, in all templates. */
function dependencies(root: App, type = 'AWS::Lambda::Function'): Record<string, unknown> {
  const resources = templatesOf(root).flatMap(({ Resources = {} }) => Object.entries(Resources));
  return Object.fromEntries(
    resources
      .filter(([, resource]) => resource.Type === type)
      .map(([id, { DependsOn }]) => [id.replace(/[0-9A-F]{8}$/, ''), DependsOn ?? []]),
  );
}

function invoke(fn: CfnFunction) {
  return new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.attrArn] });
}

describe('a user of an L2 role depends on the policy for tracing', () => {
  test.each<[string, (stack: Stack, roleArn: string) => CfnResource]>([
    ['an L1 function', cfnFunction],
    [
      'a bare resource',
      (stack, roleArn) =>
        new CfnResource(stack, 'Fn', { type: 'AWS::Lambda::Function', properties: { Role: roleArn } }),
    ],
    [
      'a SAM function',
      (stack, roleArn) =>
        new CfnServerlessFunction(stack, 'Fn', {
          inlineCode: 'x',
          handler: 'x',
          runtime: 'nodejs22.x',
          role: roleArn,
        }),
    ],
  ])('%s', (_, create) => {
    const root = app();
    const stack = stackIn(root);
    const { cfnResourceType } = create(stack, role(stack).roleArn);
    trace(root);
    expect(dependencies(root, cfnResourceType)).toEqual({ Fn: withPolicy() });
  });

  test('a function in a nested stack', () => {
    const root = app();
    const stack = stackIn(root);
    cfnFunction(new NestedStack(stack, 'Nested'), role(stack).roleArn);
    trace(root);
    expect(Object.values(dependencies(root, 'AWS::CloudFormation::Stack'))).toEqual([withPolicy()]);
  });

  test('a state machine that calls a function', () => {
    const root = app();
    const stack = stackIn(root);
    const fn = cfnFunction(stack, role(stack).roleArn);
    new CfnStateMachine(stack, 'Machine', {
      roleArn: new Role(stack, 'States', { assumedBy: new ServicePrincipal('states.amazonaws.com') }).roleArn,
      definitionString: JSON.stringify({ States: { Call: { Type: 'Task', Resource: '${Fn}' } } }),
      definitionSubstitutions: { Fn: fn.attrArn },
    });
    trace(root, { ...LEAST, callers: true });
    expect(dependencies(root, 'AWS::StepFunctions::StateMachine')).toEqual({
      Machine: withPolicy(/^StatesDefaultPolicy/),
    });
  });

  test('a function that is traced before the role gets other statements', () => {
    const root = app();
    const stack = stackIn(root);
    const own = role(stack);
    cfnFunction(stack, own.roleArn);
    Mixins.of(stack).apply(new LambdaTracing(LEAST));
    own.addToPolicy(new PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] }));
    expect(dependencies(root)).toEqual({ Fn: withPolicy() });
  });
});

test('a function does not depend on a role that has the managed policy', () => {
  const root = app();
  const stack = stackIn(root);
  cfnFunction(stack, role(stack).roleArn);
  trace(root, {});
  expect(dependencies(root)).toEqual({ Fn: [] });
});

test('a function in another stack has no dependency besides that of the stacks', () => {
  const root = app();
  const roles = stackIn(root, 'Roles');
  const stack = stackIn(root, 'Functions');
  cfnFunction(stack, role(roles).roleArn);
  trace(root);
  expect(dependencies(root)).toEqual({ Fn: [] });
  expect(stack.dependencies).toEqual([roles]);
});

describe('no dependency makes a cycle', () => {
  test.each<[string, (stack: Stack, own: Role, fn: CfnFunction) => void]>([
    ['the policy allows to invoke the function', (_, own, fn) => void own.addToPolicy(invoke(fn))],
    [
      'the role is changed after tracing is applied',
      (stack, own, fn) => {
        Mixins.of(stack).apply(new LambdaTracing(LEAST));
        own.addToPolicy(invoke(fn));
      },
    ],
    [
      'a resource between them needs the function',
      (stack, own, fn) => {
        const queue = new CfnResource(stack, 'Queue', { type: 'AWS::SQS::Queue' });
        queue.addPropertyOverride('Tags', [{ Key: 'fn', Value: { 'Fn::Sub': '${Fn.Arn}' } }]);
        own.addToPolicy(
          new PolicyStatement({ actions: ['sqs:*'], resources: [queue.getAtt('Arn').toString()] }),
        );
        void fn;
      },
    ],
    [
      'the policy depends on the function by construct',
      (stack, own, fn) => {
        own.addToPolicy(new PolicyStatement({ actions: ['s3:*'], resources: ['*'] }));
        own.node.findChild('DefaultPolicy').node.addDependency(fn);
        void stack;
      },
    ],
    [
      'the policy depends on the function by a raw override',
      (stack, own) => {
        own.addToPolicy(new PolicyStatement({ actions: ['s3:*'], resources: ['*'] }));
        (own.node.findChild('DefaultPolicy').node.defaultChild as CfnResource).addOverride('DependsOn', [
          'Fn',
        ]);
        void stack;
      },
    ],
    [
      'a nested stack gets the function, and the policy gets its output',
      (stack, own, fn) => {
        const nested = new NestedStack(stack, 'Nested');
        const queue = new CfnResource(nested, 'Queue', { type: 'AWS::SQS::Queue' });
        new CfnResource(nested, 'Other', { type: 'AWS::SQS::Queue', properties: { QueueName: fn.ref } });
        own.addToPolicy(
          new PolicyStatement({ actions: ['sqs:*'], resources: [queue.getAtt('Arn').toString()] }),
        );
      },
    ],
  ])('if %s', (_, connect) => {
    const root = app();
    const stack = stackIn(root);
    const own = role(stack);
    connect(stack, own, cfnFunction(stack, own.roleArn));
    trace(root);
    expect(dependencies(root)).toEqual({ Fn: [] });
  });

  test('between two functions that may invoke each other', () => {
    const root = app();
    const stack = stackIn(root);
    const roles = ['A', 'B'].map((id) => role(stack, `Role${id}`));
    const [a, b] = roles.map(({ roleArn }, i) => cfnFunction(stack, roleArn, `Fn${i}`));
    roles[0].addToPolicy(invoke(b));
    roles[1].addToPolicy(invoke(a));
    trace(root);
    expect(dependencies(root)).toEqual({ Fn0: [], Fn1: [] });
  });

  test('between a function in a nested stack and a policy that may invoke it', () => {
    const root = app();
    const stack = stackIn(root);
    const own = role(stack);
    own.addToPolicy(invoke(cfnFunction(new NestedStack(stack, 'Nested'), own.roleArn)));
    expect(() => {
      trace(root);
    }).not.toThrow();
  });

  test('and the other function of the role still depends on the policy', () => {
    const root = app();
    const stack = stackIn(root);
    const own = role(stack);
    own.addToPolicy(invoke(cfnFunction(stack, own.roleArn, 'A')));
    cfnFunction(stack, own.roleArn, 'B');
    trace(root);
    expect(dependencies(root)).toEqual({ A: [], B: withPolicy() });
  });
});
