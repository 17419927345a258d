import { Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { activeLambda, app, CODE, lambda, stackIn } from '../apps/app';
import { invalidReferences } from '../apps/template-graph';
import { only, warnings } from './traced-stacks';

const ARN = 'arn:aws:iam::111122223333:role/team/orders';
const UUID = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
/** The feature flag that makes CDK's own default policies unique. */
const FLAG = '@aws-cdk/aws-iam:importedRoleStackSafeDefaultPolicyName';

const imported = (stack: Stack, id = 'Role'): IRole => Role.fromRoleArn(stack, id, ARN);

function policies(stack: Stack) {
  return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).map(
    ({ Properties }) => Properties as { PolicyName: unknown; Roles: unknown },
  );
}

describe.each([true, false])('an imported role, with the feature flag %s', (isStackSafe) => {
  const root = () => app({ [FLAG]: isStackSafe });

  test('gets a policy whose name is unique for the stack', () => {
    const own = root();
    const stacks = ['A', 'B'].map((id) => stackIn(own, id));
    for (const stack of stacks) new TracedFunction(stack, 'Fn', { ...CODE, role: imported(stack) });
    // The UUID of the stack's ID also differs between regions, and between a deleted stack and a new one.
    const PolicyName = { 'Fn::Join': ['-', ['WriteToXRay', UUID]] };
    for (const stack of stacks) expect(policies(stack)).toMatchObject([{ PolicyName, Roles: ['orders'] }]);
    const { violations } = new LambdaXRayChecks().validateScope(own);
    expect(violations.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(invalidReferences(own)).toEqual([]);
  });

  test('gets no second policy if it is imported twice', () => {
    const stack = stackIn(root());
    for (const id of ['A', 'B']) lambda(stack, `Fn${id}`, { role: imported(stack, `Role${id}`) });
    LambdaTracing.of(stack).active();
    expect(policies(stack)).toHaveLength(1);
    expect(warnings(stack)).toEqual([]);
  });

  test("keeps the statement of CDK's own tracing and gets no other policy", () => {
    const stack = stackIn(root());
    const role = imported(stack);
    activeLambda(stack, 'A', { role });
    activeLambda(stack, 'B', { role });
    LambdaTracing.of(stack).active();
    expect(policies(stack)).toHaveLength(1);
    expect(only(Template.fromStack(stack), 'AWS::IAM::Policy').PolicyName).not.toHaveProperty('Fn::Join');
  });

  test('of another stack gets the policy in the stack of the function', () => {
    const own = root();
    const roles = stackIn(own, 'Roles');
    const role = imported(roles);
    const functions = ['A', 'B'].map((id) => stackIn(own, id));
    for (const stack of functions) lambda(stack, 'Fn', { role });
    LambdaTracing.of(own).active();
    own.synth();
    expect(policies(roles)).toEqual([]);
    for (const stack of functions) expect(policies(stack)).toHaveLength(1);
  });
});

test('roles with names known only at deployment get policies with different names', () => {
  const stack = stackIn(app());
  for (const id of ['A', 'B']) {
    const role = Role.fromRoleName(stack, `Role${id}`, `${Stack.of(stack).stackName}-${id}-${stack.region}`);
    lambda(stack, `Fn${id}`, { role });
  }
  LambdaTracing.of(stack).active();
  const names = policies(stack).map(({ PolicyName: name }) => JSON.stringify(name));
  expect(new Set(names).size).toBe(2);
});

test('the name of the policy is not longer than IAM allows', () => {
  const id = 'A'.repeat(200);
  const stack = stackIn(new Stage(app(), id), id, { stackName: 'S'.repeat(128) });
  lambda(stack, id, { role: Role.fromRoleName(stack, `${id}Role`, stack.region) });
  LambdaTracing.of(stack).active();
  const [{ PolicyName: name }] = policies(stack) as { PolicyName: { 'Fn::Join': [string, unknown[]] } }[];
  const parts = name['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : 'u'.repeat(36)));
  expect(parts.join('-').length).toBeLessThanOrEqual(128);
  expect(parts.join('-')).toMatch(/^[\w+=,.@-]+$/);
});

test('a function and a state machine with one role get a policy each', () => {
  const root = app();
  const stack = stackIn(root);
  const role = imported(stack);
  const invoke = new LambdaInvoke(stack, 'Invoke', { lambdaFunction: lambda(stack, 'Called') });
  lambda(stack, 'Fn', { role });
  new StateMachine(stack, 'Machine', { role, definitionBody: DefinitionBody.fromChainable(invoke) });
  LambdaTracing.of(root).active({ callers: true });
  const names = policies(stack).map(({ PolicyName: name }) => JSON.stringify(name).match(/\w+XRay/)?.[0]);
  expect(names.filter(Boolean).sort()).toEqual(['SampleByXRay', 'WriteToXRay']);
  expect(invalidReferences(root)).toEqual([]);
});

test('a function depends on the policy', () => {
  const stack = stackIn(app());
  lambda(stack, 'Fn', { role: imported(stack) });
  LambdaTracing.of(stack).active();
  const template = Template.fromStack(stack);
  const DependsOn = Object.keys(template.findResources('AWS::IAM::Policy'));
  expect(Object.values(template.findResources('AWS::Lambda::Function'))).toMatchObject([{ DependsOn }]);
});
