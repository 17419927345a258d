import { Aws, CfnCondition, CfnResource, Fn, type Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import {
  CfnManagedPolicy,
  CfnPolicy,
  CfnRole,
  Effect,
  ManagedPolicy,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import {
  CfnAlias,
  CfnEventSourceMapping,
  CfnPermission,
  type Function as LambdaFunction,
} from 'aws-cdk-lib/aws-lambda';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { app, CLUSTER_ARN, lambda, stackIn } from '../apps/app';
import { cfnFunction, findings, LAMBDA, modes, warnings } from './traced-stacks';

const inEu = (stack: Stack) =>
  new CfnCondition(stack, 'Eu', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });

/** A value in one case, and another or none in the other case. */
const If = (stack: Stack, value: unknown, otherwise: unknown = Fn.ref('AWS::NoValue')) => ({
  'Fn::If': [inEu(stack).logicalId, value, otherwise],
});

const POLICY = 'arn:aws:iam::aws:policy';
const WRITING = { actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] };
const DENIAL = { Effect: 'Deny', Action: 'xray:*', Resource: '*' };
const DENYING = { PolicyName: 'Deny', PolicyDocument: { Statement: [DENIAL] } };
const ALLOWING_LOGS = { Statement: [{ Effect: 'Allow', Action: 'logs:*', Resource: '*' }] };

/** An L1 function with an L1 role. */
function withRole(stack: Stack, properties: Record<string, unknown>) {
  const role = new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {} });
  for (const [name, value] of Object.entries(properties)) role.addPropertyOverride(name, value);
  return cfnFunction(stack, role.attrArn);
}

/** Puts the default policy of a role under a condition. */
function conditionalDefaultPolicy(stack: Stack, role: Role): void {
  const policy = role.node.findChild('DefaultPolicy').node.defaultChild as CfnPolicy;
  policy.cfnOptions.condition = inEu(stack);
}

/** Roles that can't write to X-Ray in one case. */
const PREVENTED: [what: string, build: (stack: Stack) => unknown][] = [
  ['a boundary', (stack) => withRole(stack, { PermissionsBoundary: If(stack, `${POLICY}/ReadOnlyAccess`) })],
  [
    'one of two boundaries',
    (stack) => {
      const arns = If(stack, `${POLICY}/PowerUserAccess`, `${POLICY}/ReadOnlyAccess`);
      return withRole(stack, { PermissionsBoundary: arns });
    },
  ],
  [
    'a boundary of the app',
    (stack) => {
      const { ref } = new CfnManagedPolicy(stack, 'Boundary', { policyDocument: ALLOWING_LOGS });
      return withRole(stack, { PermissionsBoundary: If(stack, Token.asAny(ref)) });
    },
  ],
  ['an inline policy', (stack) => withRole(stack, { Policies: [If(stack, DENYING)] })],
  ['the list of inline policies', (stack) => withRole(stack, { Policies: If(stack, [DENYING]) })],
  [
    'a statement',
    (stack) =>
      withRole(stack, {
        Policies: [{ PolicyName: 'P', PolicyDocument: { Statement: [If(stack, DENIAL)] } }],
      }),
  ],
  [
    'the effect of a statement',
    (stack) => {
      const Statement = [{ ...DENIAL, Effect: If(stack, 'Deny', 'Allow') }];
      return withRole(stack, { Policies: [{ PolicyName: 'P', PolicyDocument: { Statement } }] });
    },
  ],
  [
    'a managed policy of AWS',
    (stack) => withRole(stack, { ManagedPolicyArns: [If(stack, `${POLICY}/AWSDenyAll`)] }),
  ],
  [
    'a managed policy of the app',
    (stack) => {
      const deny = new PolicyStatement({ effect: Effect.DENY, actions: ['xray:*'], resources: ['*'] });
      const policy = new ManagedPolicy(stack, 'Deny', { statements: [deny] });
      lambda(stack).role!.addManagedPolicy(policy);
      (policy.node.defaultChild as CfnManagedPolicy).cfnOptions.condition = inEu(stack);
    },
  ],
  [
    'an L1 policy',
    (stack) => {
      const roles = [lambda(stack).role!.roleName];
      const props = { policyName: 'Deny', policyDocument: { Statement: [DENIAL] }, roles };
      new CfnPolicy(stack, 'Deny', props).cfnOptions.condition = inEu(stack);
    },
  ],
  [
    'an entry of Policies of a SAM function',
    (stack) =>
      new CfnResource(stack, 'Fn', {
        type: 'AWS::Serverless::Function',
        properties: {
          InlineCode: 'x',
          Handler: 'x',
          Runtime: 'nodejs22.x',
          Policies: [If(stack, 'AWSDenyAll')],
        },
      }),
  ],
];

test.each(PREVENTED)('a function is not Active if %s prevents writing in one case', (_, build) => {
  const stack = stackIn(app());
  build(stack);
  LambdaTracing.of(stack).active();
  expect(modes(stack)).toEqual({ Fn: 'unset' });
  expect(warnings(stack)).toEqual([expect.stringMatching(/^'Stack\/Fn' is not set to Active.*prevents it/)]);
  expect(findings(stack, 'error')).toEqual([]);
});

test.each<[what: string, build: (stack: Stack) => unknown]>([
  [
    'a boundary that allows it',
    (stack) => withRole(stack, { PermissionsBoundary: If(stack, `${POLICY}/PowerUserAccess`) }),
  ],
  [
    'a boundary that is not known',
    (stack) => withRole(stack, { PermissionsBoundary: If(stack, `arn:aws:iam::111122223333:policy/own`) }),
  ],
  [
    'the permission in the default policy of its role',
    (stack) => {
      const role = lambda(stack).role as Role;
      role.addToPolicy(new PolicyStatement(WRITING));
      conditionalDefaultPolicy(stack, role);
    },
  ],
  [
    'a default policy of a role with nine managed policies',
    (stack) => {
      const role = lambda(stack).role as Role;
      for (let i = 0; i < 9; i++) role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName(`P${i}`));
      role.addToPolicy(new PolicyStatement({ actions: ['s3:*'], resources: ['*'] }));
      conditionalDefaultPolicy(stack, role);
    },
  ],
  [
    'the managed policy',
    (stack) => withRole(stack, { ManagedPolicyArns: [If(stack, `${POLICY}/AWSXRayDaemonWriteAccess`)] }),
  ],
  [
    'one of two roles',
    (stack) => {
      const [a, b] = ['A', 'B'].map((id) => new CfnRole(stack, id, { assumeRolePolicyDocument: {} }).attrArn);
      cfnFunction(stack, Token.asString(If(stack, a, b)));
    },
  ],
])('a function with %s in one case is Active and has the permission in each case', (_, build) => {
  const stack = stackIn(app());
  build(stack);
  LambdaTracing.of(stack).active();
  expect(modes(stack)).toEqual({ Fn: 'Active' });
  expect(warnings(stack)).toEqual([]);
  expect(findings(stack, 'error')).toEqual([]);
});

test.each<[what: string, build: (stack: Stack) => unknown]>([
  [
    'a role of another app',
    (stack) => {
      const { attrArn } = new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {} });
      cfnFunction(stack, Token.asString(If(stack, attrArn, 'arn:aws:iam::111122223333:role/orders')));
    },
  ],
  [
    'a permission that an immutable role has',
    (stack) => {
      const role = new Role(stack, 'Role', { assumedBy: LAMBDA });
      role.addToPolicy(new PolicyStatement(WRITING));
      conditionalDefaultPolicy(stack, role);
      lambda(stack, 'Fn', { role: role.withoutPolicyUpdates() });
    },
  ],
])('a function with %s in one case is not Active', (_, build) => {
  const stack = stackIn(app());
  build(stack);
  LambdaTracing.of(stack).active();
  expect(modes(stack)).toEqual({ Fn: 'unset' });
  expect(warnings(stack)).toEqual([expect.stringMatching(/can't change its execution role/)]);
  expect(findings(stack, 'error')).toEqual([]);
});

describe('a function that Kafka invokes in one case', () => {
  const kafka = (stack: Stack, functionName: string) =>
    new CfnEventSourceMapping(stack, 'Kafka', {
      functionName,
      eventSourceArn: CLUSTER_ARN,
      topics: ['orders'],
    });
  const messages = (stack: Stack) => [
    ...warnings(stack),
    ...Annotations.fromStack(stack)
      .findInfo('*', Match.anyValue())
      .map(({ entry }) => entry.data),
  ];
  const HEDGE = / The mode is the same if the condition of 'Stack\/Kafka' is false\./;

  test.each<[what: string, build: (stack: Stack, fn: LambdaFunction) => unknown, hedged: boolean]>([
    ['a mapping', (stack, fn) => (kafka(stack, fn.functionName).cfnOptions.condition = inEu(stack)), true],
    [
      'a mapping beside another caller',
      (stack, fn) => {
        fn.grantInvoke(LAMBDA);
        kafka(stack, fn.functionName).cfnOptions.condition = inEu(stack);
      },
      true,
    ],
    [
      'a mapping of one of two functions',
      (stack, fn) => kafka(stack, Token.asString(If(stack, fn.functionName, 'b'))),
      false,
    ],
    [
      'an alias',
      (stack, { functionName }) => {
        const alias = new CfnAlias(stack, 'Live', { functionName, functionVersion: '1', name: 'live' });
        alias.cfnOptions.condition = inEu(stack);
        kafka(stack, alias.ref).cfnOptions.condition = alias.cfnOptions.condition;
      },
      true,
    ],
  ])('by the condition of %s is not Active, and the message says so', (_, build, hedged) => {
    const stack = stackIn(app());
    build(stack, lambda(stack));
    LambdaTracing.of(stack).active();
    expect(modes(stack)).toEqual({ Fn: 'unset' });
    const message: unknown = hedged ? expect.stringMatching(HEDGE) : expect.not.stringMatching(HEDGE);
    expect(messages(stack)).toEqual([message]);
    expect(findings(stack, 'error')).toEqual([]);
  });

  test.each<[what: string, build: (stack: Stack, fn: LambdaFunction) => unknown]>([
    [
      'a permission',
      (stack, { functionName }) =>
        (new CfnPermission(stack, 'P', {
          action: 'lambda:InvokeFunction',
          functionName,
          principal: 'sns.amazonaws.com',
        }).cfnOptions.condition = inEu(stack)),
    ],
    [
      'a statement of a resource policy',
      (stack, { functionArn }) => {
        const allow = { Effect: 'Allow', Action: 'lambda:*', Principal: '*', Resource: functionArn };
        const PolicyDocument = { Statement: [If(stack, allow)] };
        new CfnResource(stack, 'P', {
          type: 'AWS::Lambda::ResourcePolicy',
          properties: { ResourceArn: functionArn, PolicyDocument },
        });
      },
    ],
  ])('counts another caller by %s that exists in one case', (_, build) => {
    const stack = stackIn(app());
    const fn = lambda(stack);
    kafka(stack, fn.functionName);
    build(stack, fn);
    LambdaTracing.of(stack).active();
    expect(warnings(stack)).toEqual([expect.stringContaining('no traces for its other callers')]);
  });
});
