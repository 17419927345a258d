import { type Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  CfnManagedPolicy,
  type CfnRole,
  type IRole,
  LazyRole,
  ManagedPolicy,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { TracingPermissions } from '../../lib/constructs/tracing-props';
import { activeLambda, app, CODE, stackIn } from '../apps/app';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const WARNING = 'cdk-lambda-xray:permissionsNotGranted';
const OURS = {
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AWSXRayDaemonWriteAccess']],
};
const STATEMENT = {
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  Effect: 'Allow',
  Resource: '*',
};

/** Creates a stack with a function and its role. */
function traced(role?: (stack: Stack) => IRole, tracingPermissions?: TracingPermissions, functions = 1) {
  const stack = stackIn(app());
  const made = role?.(stack);
  for (let i = 0; i < functions; i++) {
    new TracedFunction(stack, `Fn${i}`, { ...CODE, role: made, tracingPermissions });
  }
  return { stack, template: Template.fromStack(stack) };
}

function role(stack: Stack, policies = 0): Role {
  return new Role(stack, 'Role', {
    assumedBy: LAMBDA,
    managedPolicies: Array.from({ length: policies }, (_, i) =>
      ManagedPolicy.fromAwsManagedPolicyName(`P${i}`),
    ),
  });
}

/** Counts the managed policy and the inline statement in the template. */
function granted(template: Template) {
  const roles = Object.values(template.findResources('AWS::IAM::Role')) as {
    Properties: { ManagedPolicyArns?: unknown[]; Policies?: unknown[] };
  }[];
  const inline = [
    template.findResources('AWS::IAM::Policy'),
    roles.map(({ Properties }) => Properties.Policies ?? []),
  ];
  const count = (haystack: unknown, needle: unknown) =>
    JSON.stringify(haystack).split(JSON.stringify(needle)).length - 1;
  return {
    managed: roles.reduce((sum, { Properties }) => sum + count(Properties.ManagedPolicyArns ?? [], OURS), 0),
    inline: count(inline, STATEMENT.Action),
  };
}

const MANAGED = { managed: 1, inline: 0 };
const INLINE = { managed: 0, inline: 1 };
const NOTHING = { managed: 0, inline: 0 };

describe('grants permissions', () => {
  test.each<[string, ((stack: Stack) => IRole) | undefined, TracingPermissions | undefined, object]>([
    ['by default', undefined, undefined, MANAGED],
    ['as a managed policy', undefined, TracingPermissions.MANAGED_POLICY, MANAGED],
    ['with least privilege', undefined, TracingPermissions.LEAST_PRIVILEGE, INLINE],
    ['without permissions', undefined, TracingPermissions.NONE, NOTHING],
    ['a specified role', role, undefined, MANAGED],
    ['a lazy role', (stack) => new LazyRole(stack, 'Role', { assumedBy: LAMBDA }), undefined, MANAGED],
    [
      'a role that already has the policy',
      (stack) => {
        const own = role(stack);
        own.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AWSXRayDaemonWriteAccess'));
        return own;
      },
      undefined,
      MANAGED,
    ],
    ['nine existing managed policies', (stack) => role(stack, 9), undefined, MANAGED],
    ['ten existing managed policies', (stack) => role(stack, 10), undefined, INLINE],
    [
      'nine existing managed policies and one that attaches itself',
      (stack) => {
        const own = role(stack, 9);
        new ManagedPolicy(stack, 'Tenth', {
          statements: [new PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] })],
          roles: [own],
        });
        return own;
      },
      undefined,
      INLINE,
    ],
    [
      'a raw override of the managed policies',
      (stack) => {
        const own = role(stack);
        (own.node.defaultChild as CfnRole).addPropertyOverride('ManagedPolicyArns', [
          'arn:aws:iam::aws:policy/A',
        ]);
        return own;
      },
      undefined,
      INLINE,
    ],
    [
      "CDK's own statement",
      (stack) => {
        const own = role(stack);
        activeLambda(stack, 'Other', { role: own });
        return own;
      },
      undefined,
      INLINE,
    ],
    ['an imported role', (stack) => imported(stack), undefined, INLINE],
    [
      'an imported role, least privilege',
      (stack) => imported(stack),
      TracingPermissions.LEAST_PRIVILEGE,
      INLINE,
    ],
    ['an imported role, without permissions', (stack) => imported(stack), TracingPermissions.NONE, NOTHING],
  ])('%s', (_, make, permissions, expected) => {
    const { template, stack } = traced(make, permissions);
    expect(granted(template)).toEqual(expected);
    expect(warnings(stack)).toEqual([]);
  });

  test.each<[string, (stack: Stack) => IRole, TracingPermissions | undefined, object]>([
    ['a role', role, undefined, MANAGED],
    ['a role, least privilege', role, TracingPermissions.LEAST_PRIVILEGE, INLINE],
    ['a full role', (stack) => role(stack, 10), undefined, INLINE],
    ['an imported role', imported, undefined, INLINE],
  ])('grants once if functions share %s', (_, make, permissions, expected) => {
    expect(granted(traced(make, permissions, 3).template)).toEqual(expected);
  });

  test('adds a statement with exactly the two actions', () => {
    const { template } = traced(undefined, TracingPermissions.LEAST_PRIVILEGE);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectEquals({ Version: '2012-10-17', Statement: [STATEMENT] }),
    });
  });

  test('changes a role in another stack', () => {
    const root = app();
    const roles = stackIn(root, 'Roles');
    const shared = role(roles);
    for (const id of ['A', 'B']) new TracedFunction(stackIn(root, id), 'Fn', { ...CODE, role: shared });
    expect(granted(Template.fromStack(roles))).toEqual(MANAGED);
  });

  test('uses the partition of the deployment', () => {
    traced().template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.arrayWith([OURS]) });
  });
});

describe('a role that cannot be changed', () => {
  const FROZEN: [string, (stack: Stack) => IRole][] = [
    ['withoutPolicyUpdates', (stack) => role(stack).withoutPolicyUpdates()],
    ['imported as immutable', (stack) => imported(stack, { mutable: false })],
    [
      'imported from another account',
      (stack) => Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::444455556666:role/r'),
    ],
    ['a plain IRole', (stack) => plain(imported(stack, { mutable: false }))],
  ];

  test.each(FROZEN)('%s: a warning names the policy to attach', (_, make) => {
    const stack = stackIn(app(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
    new TracedFunction(stack, 'Fn', { ...CODE, role: make(stack) });
    expect(granted(Template.fromStack(stack))).toEqual(NOTHING);
    Annotations.fromStack(stack).hasWarning(
      '/Stack/Fn',
      Match.stringLikeRegexp(`execution role of 'Stack/Fn'.*AWSXRayDaemonWriteAccess.*ack: .*${WARNING}`),
    );
  });

  test.each(FROZEN)('%s: the warning is acknowledged by its ID', (_, make) => {
    const stack = stackIn(app(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
    const fn = new TracedFunction(stack, 'Fn', { ...CODE, role: make(stack), tracing: Tracing.PASS_THROUGH });
    Validations.of(fn).acknowledge({ id: WARNING, reason: 'The platform team attaches it.' });
    expect(warnings(stack)).toEqual([]);
  });

  test('that already has the policy causes no warning', () => {
    const { stack } = traced((scope) => {
      const own = role(scope);
      own.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AWSXRayDaemonWriteAccess'));
      return own.withoutPolicyUpdates();
    });
    expect(warnings(stack)).toEqual([]);
  });

  test('causes no warning with TracingPermissions.NONE', () => {
    expect(
      warnings(traced((scope) => role(scope).withoutPolicyUpdates(), TracingPermissions.NONE).stack),
    ).toEqual([]);
  });
});

test('counts managed policies of an L1 that attach themselves', () => {
  const { template } = traced((stack) => {
    const own = role(stack, 9);
    new CfnManagedPolicy(stack, 'Tenth', { policyDocument: {}, roles: [own.roleName] });
    return own;
  });
  expect(granted(template)).toEqual(INLINE);
});

function imported(stack: Stack, options: { mutable?: boolean } = {}): IRole {
  return Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/orders', options);
}

/** Wraps a role and hides its class. */
function plain(role: IRole): IRole {
  return new Proxy(role, {});
}

function warnings(stack: Stack) {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue());
}
