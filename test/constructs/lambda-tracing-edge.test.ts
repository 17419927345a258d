import { type App, type Stack, Validations } from 'aws-cdk-lib';
import { CompositePrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { CfnFunction as CfnServerlessFunction, type CfnFunctionProps } from 'aws-cdk-lib/aws-sam';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { app, lambda, stackIn, synthesize } from '../apps/app';
import { findings, LAMBDA, modes, warnings } from './traced-stacks';

const EDGE = new ServicePrincipal('edgelambda.amazonaws.com');
const STATEMENT = (service: string) => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { Service: service },
});
const SAM = { inlineCode: 'x', handler: 'x', runtime: 'nodejs22.x', autoPublishAlias: 'live' };

function edgeRole(scope: Stack): Role {
  return new Role(scope, 'Role', { assumedBy: new CompositePrincipal(LAMBDA, EDGE) });
}

function sam(stack: Stack, props: Partial<CfnFunctionProps> = {}): CfnServerlessFunction {
  return new CfnServerlessFunction(stack, 'Fn', {
    ...SAM,
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [STATEMENT('lambda.amazonaws.com'), STATEMENT('edgelambda.amazonaws.com')],
    },
    ...props,
  });
}

/** Creates a stack of an app with the two lines of the README. */
function tracedStack(build: (stack: Stack) => unknown, region?: string): { root: App; stack: Stack } {
  const root = app();
  const stack = stackIn(root, 'Stack', region ? { env: { account: '111122223333', region } } : {});
  build(stack);
  LambdaTracing.of(root).active();
  Validations.of(root).addPlugins(new LambdaXRayChecks(root));
  return { root, stack };
}

describe('a function that nothing but CloudFront can run keeps its mode', () => {
  test.each<[string, (stack: Stack) => unknown]>([
    ['by the trust policy of its role', (stack) => lambda(stack, 'Fn', { role: edgeRole(stack) })],
    [
      'by the trust policy of a role in another stack',
      (stack) => lambda(stack, 'Fn', { role: edgeRole(stackIn(stack.node.root, 'Roles', { env: stack })) }),
    ],
    [
      'by the trust policy of its role, with a version',
      (stack) => lambda(stack, 'Fn', { role: edgeRole(stack) }).currentVersion,
    ],
    ['by the trust policy of the role that SAM generates', sam],
  ])('%s', (_, build) => {
    for (const region of [undefined, 'us-east-1']) {
      const { root, stack } = tracedStack(build, region);
      expect(synthesize(root).passes).toBe(true);
      expect(modes(stack)).toEqual({ Fn: 'unset' });
      expect(findings(root, 'error')).toEqual([]);
      expect(warnings(stack)).not.toContainEqual(expect.stringContaining('cdk-lambda-xray'));
    }
  });
});

describe('a function with such a role is Active', () => {
  test.each<[string, (stack: Stack) => unknown, string | undefined]>([
    [
      'in a region without Lambda@Edge',
      (stack) => lambda(stack, 'Fn', { role: edgeRole(stack) }),
      'eu-west-1',
    ],
    [
      'with a URL',
      (stack) =>
        lambda(stack, 'Fn', { role: edgeRole(stack) }).addFunctionUrl({
          authType: FunctionUrlAuthType.AWS_IAM,
        }),
      undefined,
    ],
    ['with a URL of SAM', (stack) => sam(stack, { functionUrlConfig: { authType: 'AWS_IAM' } }), undefined],
  ])('%s', (_, build, region = 'us-east-1') => {
    const { root, stack } = tracedStack(build, region);
    expect(synthesize(root).passes).toBe(true);
    expect(modes(stack)).toEqual({ Fn: 'Active' });
  });
});
