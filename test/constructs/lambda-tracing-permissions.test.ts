import { type Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  CfnManagedPolicy,
  CfnRole,
  type CfnRoleProps,
  Effect,
  type IRole,
  ManagedPolicy,
  PermissionsBoundary,
  PolicyDocument,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { TracingPermissions } from '../../lib/constructs/tracing-props';
import { activeLambda, app, CODE, lambda, stackIn } from '../apps/app';
import { cfnFunction, findings, LAMBDA, modes, role, warnings } from './traced-stacks';

const NOT_GRANTED = 'cdk-lambda-xray:permissionsNotGranted';

describe('a role that the app cannot change', () => {
  const ARN = 'arn:aws:iam::111122223333:role/orders';
  const imported = (stack: Stack) => Role.fromRoleArn(stack, 'Role', ARN, { mutable: false });
  const withRole = (fnRole: (stack: Stack) => IRole) => (stack: Stack) =>
    lambda(stack, 'Fn', { role: fnRole(stack) });
  const ROLES: [string, (stack: Stack) => unknown][] = [
    ['without policy updates', withRole((stack) => role(stack).withoutPolicyUpdates())],
    ['imported as immutable', withRole(imported)],
    ['that is a literal ARN', (stack) => cfnFunction(stack, ARN)],
  ];

  test.each(ROLES)('%s: the function is not Active, and a warning names the way out', (_, build) => {
    const stack = stackIn(app());
    build(stack);
    LambdaTracing.of(stack).active();
    expect(modes(stack)).toEqual({ Fn: 'unset' });
    expect(warnings(stack)).toEqual([
      expect.stringMatching(
        /^'Stack\/Fn' is not set to Active, because this app can't change its execution role.*not known to allow xray:PutTraceSegments and xray:PutTelemetryRecords\. Attach the AWS managed policy AWSXRayDaemonWriteAccess.*TracingPermissions\.NONE.*exclude, or its path to excludePaths: \['Stack\/Fn'\]/,
      ),
    ]);
    expect(findings(stack, 'error')).toEqual([]);
  });

  test.each(ROLES)('%s: the warning can be acknowledged, or the function excluded', (_, build) => {
    const stack = stackIn(app());
    build(stack);
    const other = stackIn(stack.node.root, 'Other');
    build(other);
    Validations.of(stack).acknowledge({ id: NOT_GRANTED, reason: 'Not traced.' });
    LambdaTracing.of(stack.node.root).active({ excludePaths: ['Other/Fn'] });
    expect(warnings(stack)).toEqual([]);
    expect(warnings(other)).toEqual([]);
  });

  test.each(ROLES)('%s: the function is Active if the permissions are granted elsewhere', (_, build) => {
    const stack = stackIn(app());
    build(stack);
    LambdaTracing.of(stack).active({ tracingPermissions: TracingPermissions.NONE });
    expect(modes(stack)).toEqual({ Fn: 'Active' });
    expect(warnings(stack)).toEqual([]);
  });

  test.each<[string, (granting: Role) => void]>([
    [
      'the managed policy',
      (granting) =>
        granting.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AWSXRayDaemonWriteAccess')),
    ],
    [
      'the statement',
      (granting) =>
        granting.addToPolicy(
          new PolicyStatement({
            actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
            resources: ['*'],
          }),
        ),
    ],
  ])('with %s: the function is Active', (_, grant) => {
    const stack = stackIn(app());
    const granting = role(stack);
    grant(granting);
    lambda(stack, 'Fn', { role: granting.withoutPolicyUpdates() });
    LambdaTracing.of(stack).active();
    expect(modes(stack)).toEqual({ Fn: 'Active' });
    expect(warnings(stack)).toEqual([]);
    expect(findings(stack, 'error')).toEqual([]);
  });

  test('of a function that is Active: the function stays Active, with a warning', () => {
    const stack = stackIn(app());
    activeLambda(stack, 'Fn', { role: imported(stack) });
    LambdaTracing.of(stack).active();
    expect(modes(stack)).toEqual({ Fn: 'Active' });
    expect(warnings(stack)).toEqual([expect.stringContaining("can't be changed by this app")]);
  });
});

describe('a role that is prevented from writing to X-Ray', () => {
  const xray = (effect: Effect) => new PolicyStatement({ effect, actions: ['xray:*'], resources: ['*'] });
  const logs = new PolicyStatement({ actions: ['logs:*'], resources: ['*'] });
  const boundary = (stack: Stack, ...statements: PolicyStatement[]) =>
    new ManagedPolicy(stack, 'Boundary', { statements });
  const document = (...statements: PolicyStatement[]) => new PolicyDocument({ statements });
  const l1 = (stack: Stack, props: Partial<CfnRoleProps>) =>
    cfnFunction(stack, new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {}, ...props }).attrArn);

  const SAM = { inlineCode: 'x', handler: 'x', runtime: 'nodejs22.x' };

  const PREVENTED: [string, (stack: Stack) => unknown][] = [
    [
      'by the boundary of all roles of the app',
      (stack) => {
        lambda(stack);
        PermissionsBoundary.of(stack.node.root).apply(boundary(stack, logs));
      },
    ],
    [
      'by a boundary that denies',
      (stack) => {
        const own = role(stack);
        const all = new PolicyStatement({ actions: ['*'], resources: ['*'] });
        PermissionsBoundary.of(own).apply(boundary(stack, all, xray(Effect.DENY)));
        lambda(stack, 'Fn', { role: own });
      },
    ],
    [
      'by an AWS managed policy as boundary',
      (stack) =>
        lambda(stack, 'Fn', {
          role: new Role(stack, 'Role', {
            assumedBy: LAMBDA,
            permissionsBoundary: ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess'),
          }),
        }),
    ],
    ['by a statement of its default policy', (stack) => lambda(stack).addToRolePolicy(xray(Effect.DENY))],
    [
      'by an inline policy',
      (stack) =>
        lambda(stack, 'Fn', {
          role: new Role(stack, 'Role', {
            assumedBy: LAMBDA,
            inlinePolicies: { Deny: document(xray(Effect.DENY)) },
          }),
        }),
    ],
    [
      'by a managed policy of the app',
      (stack) =>
        lambda(stack).role!.addManagedPolicy(
          new ManagedPolicy(stack, 'Deny', { statements: [xray(Effect.DENY)] }),
        ),
    ],
    [
      'by an AWS managed policy',
      (stack) => lambda(stack).role!.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AWSDenyAll')),
    ],
    [
      'by a policy of an L1',
      (stack) =>
        l1(stack, { policies: [{ policyName: 'Deny', policyDocument: document(xray(Effect.DENY)) }] }),
    ],
    [
      'by the boundary of an L1',
      (stack) =>
        l1(stack, {
          permissionsBoundary: new CfnManagedPolicy(stack, 'Boundary', {
            policyDocument: document(logs),
          }).attrPolicyArn,
        }),
    ],
    [
      'by the boundary of the role that SAM generates',
      (stack) =>
        new CfnServerlessFunction(stack, 'Fn', {
          ...SAM,
          permissionsBoundary: boundary(stack, logs).managedPolicyArn,
        }),
    ],
    [
      'by a document in Policies of a SAM function',
      (stack) =>
        new CfnServerlessFunction(stack, 'Fn', {
          ...SAM,
          policies: [
            'AmazonS3ReadOnlyAccess',
            { statement: [{ Effect: 'Deny', Action: 'xray:*', Resource: '*' }] },
          ],
        }),
    ],
    [
      'by a name in Policies of a SAM function',
      (stack) => new CfnServerlessFunction(stack, 'Fn', { ...SAM, policies: ['AWSDenyAll'] }),
    ],
  ];

  test.each(PREVENTED)('%s: the function is not Active, with a warning', (_, build) => {
    const stack = stackIn(app());
    build(stack);
    LambdaTracing.of(stack.node.root).active();
    expect(modes(stack)).toEqual({ Fn: 'unset' });
    expect(warnings(stack)).toEqual([
      expect.stringMatching(
        /^'Stack\/Fn' is not set to Active, because a policy or the permissions boundary of its execution role prevents.*exclude/,
      ),
    ]);
    expect(findings(stack, 'error')).toEqual([]);
  });

  test.each(PREVENTED)('%s: the rule reports it if it is Active', (_, build) => {
    const stack = stackIn(app());
    build(stack);
    LambdaTracing.of(stack).active({ tracingPermissions: TracingPermissions.NONE });
    expect(findings(stack, 'error')).toEqual(['LambdaXRay-WritePermissions']);
  });

  test.each<[string, (stack: Stack) => unknown]>([
    [
      'a boundary that allows it',
      (stack) => {
        lambda(stack);
        PermissionsBoundary.of(stack).apply(boundary(stack, logs, xray(Effect.ALLOW)));
      },
    ],
    [
      'a boundary that is not in the app',
      (stack) => {
        lambda(stack);
        PermissionsBoundary.of(stack).apply(
          ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary'),
        );
      },
    ],
    [
      'a denial under a condition',
      (stack) => {
        const statement = xray(Effect.DENY);
        statement.addCondition('StringNotEquals', { 'aws:RequestedRegion': 'eu-west-1' });
        lambda(stack).addToRolePolicy(statement);
      },
    ],
  ])('not by %s: the function is Active', (_, build) => {
    const stack = stackIn(app());
    build(stack);
    LambdaTracing.of(stack).active();
    expect(modes(stack)).toEqual({ Fn: 'Active' });
    expect(findings(stack, 'error')).toEqual([]);
  });

  test('keeps statements that later code adds to', () => {
    const stack = stackIn(app());
    const fn = lambda(stack);
    const statement = new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] });
    fn.addToRolePolicy(statement);
    fn.with(new LambdaTracing());
    statement.addActions('s3:PutObject');
    expect(JSON.stringify(Template.fromStack(stack))).toContain('s3:PutObject');
  });
});

describe('turning tracing off', () => {
  const hasPolicy = (stack: Stack) => /xray/i.test(JSON.stringify(Template.fromStack(stack)));

  test.each<[string, TracingPermissions | undefined, boolean]>([
    ['adds no permissions', undefined, false],
    ['adds permissions that are asked for', TracingPermissions.MANAGED_POLICY, true],
    ['adds a statement that is asked for', TracingPermissions.LEAST_PRIVILEGE, true],
  ])('%s', (_, tracingPermissions, expected) => {
    const stack = stackIn(app());
    lambda(stack);
    LambdaTracing.of(stack).passThrough({ tracingPermissions });
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
    expect(hasPolicy(stack)).toBe(expected);
  });

  test('with the mixin adds no permissions', () => {
    const stack = stackIn(app());
    lambda(stack).with(new LambdaTracing({ tracing: Tracing.PASS_THROUGH }));
    expect(modes(stack)).toEqual({ Fn: 'PassThrough' });
    expect(hasPolicy(stack)).toBe(false);
  });

  test('with TracedFunction adds permissions, because its code can send segments', () => {
    const stack = stackIn(app());
    new TracedFunction(stack, 'Fn', { ...CODE, tracing: Tracing.PASS_THROUGH });
    expect(hasPolicy(stack)).toBe(true);
  });

  test('for a function with Tracing.DISABLED keeps it untraced in a traced app', () => {
    const root = app();
    const stack = stackIn(root);
    const fn = lambda(stack, 'Fn', { tracing: Tracing.DISABLED });
    lambda(stack, 'Traced', { tracing: Tracing.DISABLED });
    fn.addAlias('live');
    LambdaTracing.of(root).active();
    LambdaTracing.of(fn).passThrough();
    expect(modes(stack)).toEqual({ Fn: 'unset', Traced: 'Active' });
  });
});

describe('a policy of another partition', () => {
  const CHINA = 'arn:aws-cn:iam::aws:policy';
  const inRegion = (region: string | undefined, props: Partial<CfnRoleProps>) => {
    const stack = stackIn(app(), 'Stack', { env: { region } });
    const own = new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {}, ...props });
    cfnFunction(stack, own.attrArn);
    LambdaTracing.of(stack).active();
    return stack;
  };

  test.each<[string | undefined, string]>([
    ['eu-west-1', 'unset'],
    ['cn-north-1', 'Active'],
    [undefined, 'Active'],
  ])('as the boundary, in %s: %s', (region, mode) => {
    const stack = inRegion(region, { permissionsBoundary: `${CHINA}/PowerUserAccess` });
    expect(modes(stack)).toEqual({ Fn: mode });
    expect(findings(stack, 'error')).toEqual([]);
  });

  test('does not grant the permission', () => {
    const stack = inRegion('eu-west-1', { managedPolicyArns: [`${CHINA}/AWSXRayDaemonWriteAccess`] });
    expect(modes(stack)).toEqual({ Fn: 'Active' });
    expect(findings(stack, 'error')).toEqual([]);
  });
});
