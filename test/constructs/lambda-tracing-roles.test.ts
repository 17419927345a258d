import { CfnResource, type Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracingPermissions } from '../../lib/constructs/tracing-props';
import { activeLambda, app, stackIn } from '../apps/app';
import { cfnFunction, cfnRole, role, warnings } from './traced-stacks';

describe('the role', () => {
  test("of a function with CDK's own tracing keeps its statement and gets no other permission", () => {
    const stack = stackIn(app());
    activeLambda(stack);
    LambdaTracing.of(stack).active();
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Policy', 1);
    expect(JSON.stringify(template.findResources('AWS::IAM::Role'))).not.toContain('XRay');
  });

  test.each<[string, TracingPermissions | undefined, number, string]>([
    ['gets the managed policy', undefined, 0, 'AWSXRayDaemonWriteAccess'],
    ['gets the statement when it is full', undefined, 10, 'xray:PutTelemetryRecords'],
    [
      'gets the statement for least privilege',
      TracingPermissions.LEAST_PRIVILEGE,
      0,
      'xray:PutTelemetryRecords',
    ],
  ])('of an L1 %s, once', (_, tracingPermissions, policies, granted) => {
    const stack = stackIn(app());
    const arns = Array.from({ length: policies }, (_policy, i) => `arn:aws:iam::aws:policy/P${i}`);
    const { attrArn } = cfnRole(stack, arns);
    cfnFunction(stack, attrArn, 'A');
    cfnFunction(stack, attrArn, 'B');
    LambdaTracing.of(stack).active({ tracingPermissions });
    const [found] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    expect(JSON.stringify(found).split(granted)).toHaveLength(2);
    for (const arn of arns) expect(JSON.stringify(found)).toContain(arn);
  });

  test('of an L1 in another stack gets the policy', () => {
    const root = app();
    const roles = stackIn(root, 'Roles');
    cfnFunction(stackIn(root, 'Functions'), cfnRole(roles).attrArn);
    LambdaTracing.of(root).active();
    Template.fromStack(roles).hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: [Match.objectLike({ 'Fn::Join': Match.anyValue() })],
    });
  });

  test.each<[string, (stack: Stack) => string]>([
    ['a literal ARN', () => 'arn:aws:iam::111122223333:role/orders'],
    ['a token', () => Token.asString({ 'Fn::ImportValue': 'Role' })],
  ])('that is %s causes a warning', (_, arn) => {
    const stack = stackIn(app());
    cfnFunction(stack, arn(stack));
    LambdaTracing.of(stack).active();
    expect(warnings(stack)).toEqual([expect.stringContaining('AWSXRayDaemonWriteAccess')]);
  });

  test('in a hand-written intrinsic function gets the policy', () => {
    const stack = stackIn(app());
    cfnRole(stack);
    new CfnResource(stack, 'Fn', {
      type: 'AWS::Lambda::Function',
      properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    });
    LambdaTracing.of(stack).active();
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Role'))).toContain('XRayDaemon');
    expect(warnings(stack)).toEqual([]);
  });

  test('of a SAM function is left to SAM unless it is specified', () => {
    const stack = stackIn(app());
    const props = { inlineCode: 'x', handler: 'x', runtime: 'nodejs22.x' };
    new CfnServerlessFunction(stack, 'Own', props);
    new CfnServerlessFunction(stack, 'Given', { ...props, role: role(stack).roleArn });
    LambdaTracing.of(stack).active();
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.anyValue() });
    template.hasResource('AWS::Serverless::Function', {
      Properties: { Role: Match.absent(), Tracing: 'Active' },
    });
  });
});
