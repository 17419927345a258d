import { ArnFormat } from 'aws-cdk-lib';
import {
  CfnRole,
  Effect,
  LazyRole,
  ManagedPolicy,
  PermissionsBoundary,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { lambda, stackIn } from '../apps/app';
import { wholeApps } from './whole-apps';

const ENV = { account: '111122223333', region: 'eu-west-1' };
const ASSUMED_BY = new ServicePrincipal('lambda.amazonaws.com');

wholeApps({
  'imported roles': (app) => {
    for (const id of ['Orders', 'Billing']) {
      const stack = stackIn(app, id, { env: ENV });
      const role = Role.fromRoleName(stack, 'Role', 'shared-role');
      lambda(stack, 'Fn', { role }).addToRolePolicy(
        new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }),
      );
    }
  },

  'imported functions': (app) => {
    const stack = stackIn(app, 'Stack', { env: ENV });
    const orders = LambdaFunction.fromFunctionName(stack, 'Orders', 'orders');
    const billing = LambdaFunction.fromFunctionAttributes(stack, 'Billing', {
      functionArn: stack.formatArn({
        service: 'lambda',
        resource: 'function',
        resourceName: 'billing',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
      role: Role.fromRoleName(stack, 'Role', 'billing-role'),
      sameEnvironment: true,
    });
    orders.grantInvoke(lambda(stack, 'Caller'));
    new Topic(stack, 'Invoices').addSubscription(new LambdaSubscription(billing));
  },

  'a permissions boundary for all roles': (app) => {
    const stack = stackIn(app);
    const boundary = new ManagedPolicy(stack, 'Boundary', {
      statements: [
        new PolicyStatement({ actions: ['logs:*', 'xray:*', 'sqs:*'], resources: ['*'] }),
        new PolicyStatement({ effect: Effect.DENY, actions: ['iam:*'], resources: ['*'] }),
      ],
    });
    PermissionsBoundary.of(app).apply(boundary);
    lambda(stack, 'Orders').addAlias('live');
  },

  'one role for many functions': (app) => {
    const stack = stackIn(app);
    const role = new Role(stack, 'Role', {
      assumedBy: ASSUMED_BY,
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole')],
    });
    for (const id of ['Create', 'Update', 'Delete']) lambda(stack, id, { role });
  },

  'functions and roles as L1 constructs': (app) => {
    const stack = stackIn(app);
    const role = new CfnRole(stack, 'Role', {
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      policies: [
        {
          policyName: 'Read',
          policyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: '*' }],
          },
        },
      ],
    });
    new CfnFunction(stack, 'Fn', {
      code: { zipFile: 'exports.handler = async () => {};' },
      handler: 'index.handler',
      role: role.attrArn,
      runtime: 'nodejs22.x',
    });
  },

  'roles that the CDK does not create': (app) => {
    const stack = stackIn(app, 'Stack', { env: ENV });
    Role.customizeRoles(stack, { usePrecreatedRoles: { 'Stack/Orders/ServiceRole': 'orders-role' } });
    lambda(stack, 'Orders');
  },

  'a role of another stack, and one that must not change': (app) => {
    const roles = stackIn(app, 'Roles', { env: ENV });
    const role = new Role(roles, 'Role', { assumedBy: ASSUMED_BY });
    const functions = stackIn(app, 'Functions', { env: ENV });
    lambda(functions, 'Orders', { role });
    lambda(functions, 'Billing', {
      role: Role.fromRoleArn(functions, 'Imported', 'arn:aws:iam::111122223333:role/billing', {
        mutable: false,
      }),
    });
    return ['Functions/Billing'];
  },

  'a role with ten managed policies': (app) => {
    const stack = stackIn(app);
    const role = new Role(stack, 'Role', { assumedBy: ASSUMED_BY });
    for (let i = 0; i < 10; i++) {
      role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName(`Example${i}`));
    }
    lambda(stack, 'Orders', { role });
  },

  'a role that is made when it is used': (app) => {
    const stack = stackIn(app);
    const role = new LazyRole(stack, 'Role', { assumedBy: ASSUMED_BY });
    lambda(stack, 'Orders', { role });
  },
});
