import { Aws, CfnCondition, CfnParameter, CfnResource, Fn, Lazy, Mixins } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnRole, LazyRole, ManagedPolicy, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { TracingPermissions } from '../../lib/constructs/tracing-props';
import { WRITE_ACTIONS } from '../../lib/iam/managed-policies';
import { app, CODE, lambda, stackIn } from '../apps/app';
import { L1_CODE, LAMBDA, only, warnings } from './traced-stacks';

describe('the policies of an L1 role', () => {
  const traced = (
    props: Partial<ConstructorParameters<typeof CfnRole>[2]>,
    permissions?: TracingPermissions,
  ) => {
    const stack = stackIn(app());
    new CfnParameter(stack, 'Arns', { type: 'CommaDelimitedList' });
    const role = new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {}, ...props });
    new CfnFunction(stack, 'Fn', { ...L1_CODE, role: role.attrArn });
    LambdaTracing.of(stack).active({ tracingPermissions: permissions });
    return { template: Template.fromStack(stack), stack };
  };

  test('that are known only at deployment are kept, and the statement is added', () => {
    const { template } = traced({ managedPolicyArns: Fn.split(',', Fn.importValue('Arns')) });
    expect(only(template, 'AWS::IAM::Role')).toMatchObject({
      ManagedPolicyArns: { 'Fn::Split': [',', { 'Fn::ImportValue': 'Arns' }] },
      Policies: [{ PolicyName: 'WriteToXRay' }],
    });
  });

  test('of both kinds that are known only at deployment are kept, and a policy is added', () => {
    const policies = Fn.conditionIf('C', [], Aws.NO_VALUE);
    const { template, stack } = traced({
      managedPolicyArns: Fn.split(',', Fn.importValue('Arns')),
      policies,
    });
    expect(only(template, 'AWS::IAM::Role').Policies).toEqual({
      'Fn::If': ['C', [], { Ref: 'AWS::NoValue' }],
    });
    expect(only(template, 'AWS::IAM::Policy')).toMatchObject({
      PolicyDocument: { Statement: [{ Action: WRITE_ACTIONS, Effect: 'Allow', Resource: '*' }] },
      Roles: [{ Ref: 'Role' }],
    });
    template.hasResource('AWS::Lambda::Function', { DependsOn: [Match.stringLikeRegexp('^WriteToXRay')] });
    expect(warnings(stack)).toEqual([]);
  });

  test('that CloudFormation selects, of a role with a condition: the policy has the condition, too', () => {
    const stack = stackIn(app());
    const role = new CfnRole(stack, 'Role', {
      assumeRolePolicyDocument: {},
      policies: Fn.conditionIf('C', [], Aws.NO_VALUE),
    });
    role.cfnOptions.condition = new CfnCondition(stack, 'C');
    for (const id of ['A', 'B']) new CfnFunction(stack, id, { ...L1_CODE, role: role.attrArn });
    LambdaTracing.of(stack).active({ tracingPermissions: TracingPermissions.LEAST_PRIVILEGE });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Policy', 1);
    template.hasResource('AWS::IAM::Policy', { Condition: 'C' });
  });

  test.each([undefined, TracingPermissions.LEAST_PRIVILEGE])(
    'that a lazy list adds later are kept (%s)',
    (permissions) => {
      const [arns, policies]: [string[], CfnRole.PolicyProperty[]] = [[], []];
      const stack = stackIn(app());
      const role = new CfnRole(stack, 'Role', {
        assumeRolePolicyDocument: {},
        managedPolicyArns: Lazy.list({ produce: () => arns }, { omitEmpty: true }),
        policies: Lazy.any({ produce: () => policies }, { omitEmptyArray: true }),
      });
      for (const id of ['A', 'B']) new CfnFunction(stack, id, { ...L1_CODE, role: role.attrArn });
      Mixins.of(stack).apply(new LambdaTracing({ tracingPermissions: permissions }));
      arns.push('arn:aws:iam::aws:policy/Later');
      policies.push({ policyName: 'Later', policyDocument: {} });
      const isManaged = permissions === undefined;
      expect(only(Template.fromStack(stack), 'AWS::IAM::Role')).toMatchObject({
        ManagedPolicyArns: [
          'arn:aws:iam::aws:policy/Later',
          ...(isManaged ? [{ 'Fn::Join': expect.anything() as unknown }] : []),
        ],
        Policies: [{ PolicyName: 'Later' }, ...(isManaged ? [] : [{ PolicyName: 'WriteToXRay' }])],
      });
    },
  );

  test.each([undefined, TracingPermissions.LEAST_PRIVILEGE])(
    'in another stack are still imported (%s)',
    (permissions) => {
      const root = app();
      const shared = stackIn(root, 'Shared');
      const policy = new ManagedPolicy(shared, 'Policy', {
        statements: [new PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] })],
      });
      const stack = stackIn(root);
      const role = new CfnRole(stack, 'Role', {
        assumeRolePolicyDocument: {},
        managedPolicyArns: [policy.managedPolicyArn],
      });
      new CfnFunction(stack, 'Fn', { ...L1_CODE, role: role.attrArn });
      LambdaTracing.of(root).active({ tracingPermissions: permissions });
      root.synth();
      expect(JSON.stringify(only(Template.fromStack(stack), 'AWS::IAM::Role'))).toMatch(
        /"ManagedPolicyArns":\[\{"Fn::(ImportValue|GetStackOutput)"/,
      );
    },
  );

  test('can be extended afterwards', () => {
    const stack = stackIn(app());
    const role = new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {} });
    new CfnFunction(stack, 'Fn', { ...L1_CODE, role: role.attrArn }).with(new LambdaTracing());
    role.managedPolicyArns = [...(role.managedPolicyArns ?? []), 'arn:aws:iam::aws:policy/Other'];
    const { ManagedPolicyArns: arns } = only(Template.fromStack(stack), 'AWS::IAM::Role');
    expect(arns).toHaveLength(2);
  });

  test('in Fn::Sub and in both branches of Fn::If get the policy', () => {
    const stack = stackIn(app());
    for (const id of ['A', 'B']) new CfnRole(stack, id, { assumeRolePolicyDocument: {} });
    const fn = (id: string, role: object) =>
      new CfnResource(stack, id, { type: 'AWS::Lambda::Function', properties: { Role: role } });
    fn('Sub', { 'Fn::Sub': '${A.Arn}' });
    fn('If', { 'Fn::If': ['C', { 'Fn::GetAtt': ['A', 'Arn'] }, { 'Fn::GetAtt': ['B', 'Arn'] }] });
    LambdaTracing.of(stack).active();
    for (const role of Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))) {
      expect(JSON.stringify(role).split('AWSXRayDaemonWriteAccess')).toHaveLength(2);
    }
  });
});

test('a role that replaces the role of an L2 gets the policy', () => {
  const stack = stackIn(app());
  const fn = lambda(stack);
  const other = new Role(stack, 'Other', { assumedBy: LAMBDA });
  (fn.node.defaultChild as CfnFunction).role = other.roleArn;
  LambdaTracing.of(stack).active();
  const roles = Template.fromStack(stack).findResources('AWS::IAM::Role');
  const granted = Object.entries(roles).filter(([, role]) => JSON.stringify(role).includes('XRayDaemon'));
  expect(granted.map(([id]) => id)).toEqual([expect.stringMatching(/^Other/)]);
});

test.each([
  [9, 10],
  [10, 10],
])('a lazy role with %s managed policies has %s in the template', (before, after) => {
  const stack = stackIn(app());
  const managedPolicies = Array.from({ length: before }, (_, i) =>
    ManagedPolicy.fromAwsManagedPolicyName(`P${i}`),
  );
  const role = new LazyRole(stack, 'Role', { assumedBy: LAMBDA, managedPolicies });
  new TracedFunction(stack, 'Fn', { ...CODE, role });
  expect(only(Template.fromStack(stack), 'AWS::IAM::Role').ManagedPolicyArns).toHaveLength(after);
});

test('a policy document of an L1 role is not changed', () => {
  const stack = stackIn(app());
  const policyDocument = new PolicyDocument({
    statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })],
  });
  const role = new CfnRole(stack, 'Role', {
    assumeRolePolicyDocument: {},
    policies: [{ policyName: 'Read', policyDocument }],
  });
  new CfnFunction(stack, 'Fn', { ...L1_CODE, role: role.attrArn, tracingConfig: { mode: Tracing.ACTIVE } });
  LambdaTracing.of(stack).active({ tracingPermissions: TracingPermissions.LEAST_PRIVILEGE });
  expect(only(Template.fromStack(stack), 'AWS::IAM::Role').Policies).toMatchObject([
    { PolicyName: 'Read' },
    { PolicyName: 'WriteToXRay' },
  ]);
});
