import { Aspects, CfnResource, Fn, NestedStack, type Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnManagedPolicy, CfnRole, ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { app, CODE, lambda, stackIn } from '../apps/app';
import { templatesOf } from '../apps/template-graph';
import { cfnFunction, LAMBDA } from './traced-stacks';

const NAME = 'orders-role';
const STATEMENTS = [new PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] })];

function l2Role(scope: Stack, policies: number): Role {
  const managedPolicies = Array.from({ length: policies }, (_, i) =>
    ManagedPolicy.fromAwsManagedPolicyName(`P${i}`),
  );
  return new Role(scope, 'Role', { assumedBy: LAMBDA, roleName: NAME, managedPolicies });
}

/** Ways to attach a managed policy to a role in another stack. */
const ATTACHING: Record<string, (stack: Stack, role: Role) => void> = {
  'a managed policy': (stack, role) => {
    new ManagedPolicy(stack, 'Policy', { statements: STATEMENTS, roles: [role] });
  },
  'a managed policy with an imported role': (stack) => {
    const roles = [Role.fromRoleName(stack, 'Imported', NAME)];
    new ManagedPolicy(stack, 'Policy', { statements: STATEMENTS, roles });
  },
  'a managed policy that is attached later': (stack, role) => {
    new ManagedPolicy(stack, 'Policy', { statements: STATEMENTS }).attachToRole(role);
  },
  'an L1': (stack, role) => {
    new CfnManagedPolicy(stack, 'Policy', { policyDocument: {}, roles: [role.roleName] });
  },
  'a bare resource with an imported name': (stack, role) => {
    role.stack.exportValue(role.roleName, { name: 'RoleName' });
    new CfnResource(stack, 'Policy', {
      type: 'AWS::IAM::ManagedPolicy',
      properties: { PolicyDocument: {}, Roles: [Fn.importValue('RoleName')] },
    });
  },
};

describe.each(Object.entries(ATTACHING))('%s in another stack', (_, attach) => {
  test.each([
    [7, true],
    [8, false],
    [9, false],
  ])('besides %s policies of the role: the managed policy is attached: %s', (policies, isAttached) => {
    const root = app();
    const roles = stackIn(root, 'Roles');
    const role = l2Role(roles, policies);
    attach(stackIn(root, 'Policies'), role);
    lambda(roles, 'Fn', { role });
    LambdaTracing.of(root).active();
    const { violations } = new LambdaXRayChecks().validateScope(root);
    expect(violations.filter(({ severity }) => severity === 'error')).toEqual([]);
    const templates = JSON.stringify(templatesOf(root));
    expect(templates.includes('AWSXRayDaemonWriteAccess')).toBe(isAttached);
    expect(templates.includes('xray:PutTelemetryRecords')).toBe(!isAttached);
  });
});

describe.each<[string, (root: ReturnType<typeof app>) => void, boolean]>([
  ['no other stack', () => undefined, true],
  ['a nested stack', (root) => void new NestedStack(root.node.findChild('Stack'), 'Nested'), true],
  ['another stack', (root) => void stackIn(root, 'Other'), false],
  ['a stack of another account', (root) => void stackIn(root, 'Other', { env: { account: '2' } }), true],
  ['a stack of a stage', (root) => void stackIn(new Stage(root, 'Stage'), 'Other'), true],
])('with %s, a role with nine policies', (_, add, isAttached) => {
  test.each(['L1', 'L2'])(`of an %s ${isAttached ? 'gets' : 'does not get'} the managed policy`, (kind) => {
    const root = app();
    const stack = stackIn(root, 'Stack', { env: { account: '1' } });
    const managedPolicyArns = Array.from({ length: 9 }, (_policy, i) => `arn:aws:iam::aws:policy/P${i}`);
    if (kind === 'L2') lambda(stack, 'Fn', { role: l2Role(stack, 9) });
    else {
      cfnFunction(
        stack,
        new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {}, managedPolicyArns }).attrArn,
      );
    }
    add(root);
    LambdaTracing.of(stack).active();
    expect(JSON.stringify(Template.fromStack(stack)).includes('AWSXRayDaemonWriteAccess')).toBe(isAttached);
  });
});

test('a policy that another stack gets after the first grant counts for the next', () => {
  const root = app();
  const stack = stackIn(root);
  const other = stackIn(root, 'Other');
  new TracedFunction(stack, 'First', CODE);
  const role = l2Role(stack, 8);
  new ManagedPolicy(other, 'Policy', { statements: STATEMENTS, roles: [role] });
  new TracedFunction(stack, 'Second', { ...CODE, role });
  const { ManagedPolicyArns: arns } = Object.entries(
    Template.fromStack(stack).findResources('AWS::IAM::Role'),
  ).find(([id]) => id.startsWith('Role'))![1].Properties as { ManagedPolicyArns: unknown[] };
  expect(arns).toHaveLength(8);
});

test('a policy that an aspect attaches to one role after the other counts for each', () => {
  const root = app();
  const stack = stackIn(root);
  const policy = new ManagedPolicy(stack, 'Policy', { statements: STATEMENTS });
  for (let i = 0; i < 3; i++) {
    const managedPolicies = Array.from({ length: 9 }, (_, j) =>
      ManagedPolicy.fromAwsManagedPolicyName(`P${j}`),
    );
    const role = new Role(stack, `Role${i}`, { assumedBy: LAMBDA, managedPolicies });
    lambda(stack, `Fn${i}`, { role });
  }
  Aspects.of(root).add({
    visit: (construct) => void (Role.isRole(construct) && policy.attachToRole(construct)),
  });
  LambdaTracing.of(root).active();
  const roles = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  expect(
    roles.map(({ Properties }) => (Properties as { ManagedPolicyArns: unknown[] }).ManagedPolicyArns.length),
  ).toEqual([9, 9, 9]);
});
