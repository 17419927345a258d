import { CfnResource, type Stack, Token } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnRole, Role } from 'aws-cdk-lib/aws-iam';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { app, CODE, lambda, stackIn } from '../apps/app';
import { cfnFunction } from './traced-stacks';

/** Functions and their roles, as users define them. */
const FUNCTIONS: Record<string, (stack: Stack, id: string) => void> = {
  'functions of CDK': (stack, id) => void lambda(stack, id),
  TracedFunction: (stack, id) => void new TracedFunction(stack, id, CODE),
  'imported roles': (stack, id) => {
    lambda(stack, id, { role: Role.fromRoleName(stack, `${id}Role`, `role-of-${id}`) });
  },
  'L1 roles with managed policies': (stack, id) => {
    const role = new CfnRole(stack, `${id}Role`, { assumeRolePolicyDocument: {} });
    new CfnManagedPolicy(stack, `${id}Policy`, { policyDocument: DENIAL, roles: [role.ref] });
    cfnFunction(stack, role.attrArn, id);
  },
  'hand-written references': (stack, id) => {
    new CfnRole(stack, `${id}Role`, { assumeRolePolicyDocument: {} });
    new CfnResource(stack, `${id}Policy`, {
      type: 'AWS::IAM::ManagedPolicy',
      properties: { PolicyDocument: DENIAL, Roles: [{ Ref: `${id}Role` }] },
    });
    cfnFunction(stack, Token.asString({ 'Fn::GetAtt': [`${id}Role`, 'Arn'] }), id);
  },
};

const DENIAL = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'xray:*', Resource: '*' }],
};

test.each(Object.entries(FUNCTIONS))('%s: the app is not read again for each of them', (_, add) => {
  const readsWith = (functions: number): number => {
    const root = app();
    const stack = stackIn(root);
    const other = stackIn(root, 'Other');
    const reads = [
      jest.spyOn(root.node, 'findAll'),
      jest.spyOn(root.node, 'children', 'get'),
      jest.spyOn(other.node, 'children', 'get'),
    ];
    for (let i = 0; i < functions; i++) add(stack, `Fn${i}`);
    LambdaTracing.of(root).active({ callers: true, tieVersions: true });
    root.synth();
    return reads.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  };
  expect(readsWith(12)).toBe(readsWith(3));
});
