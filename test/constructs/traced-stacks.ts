import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';

export const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');

/** The required properties of an L1 function. */
export const L1_CODE = {
  code: { zipFile: 'exports.handler = async () => {};' },
  handler: 'index.handler',
  runtime: 'nodejs22.x',
};

/** Returns the properties of the only resource of a type. */
export function only(template: Template, type: string): Record<string, unknown> {
  const [resource] = Object.values(template.findResources(type)) as { Properties: Record<string, unknown> }[];
  return resource.Properties;
}

/** Returns the mode of each function, by logical ID without CDK's hash. */
export function modes(stack: Stack): Record<string, unknown> {
  const resources = Object.entries(
    Template.fromStack(stack).toJSON().Resources as Record<string, FunctionJson>,
  );
  return Object.fromEntries(
    resources
      .filter(([, { Type }]) => /^AWS::(Lambda|Serverless)::Function$/.test(Type))
      .map(([id, { Properties: properties }]) => [
        id.replace(/[0-9A-F]{8}$/, ''),
        properties.TracingConfig?.Mode ?? properties.Tracing ?? 'unset',
      ]),
  );
}

interface FunctionJson {
  Type: string;
  Properties: { TracingConfig?: { Mode: unknown }; Tracing?: unknown; Role?: unknown };
}

export function role(scope: Stack, id = 'Role') {
  return new Role(scope, id, { assumedBy: LAMBDA });
}

export function cfnRole(scope: Stack, managedPolicyArns?: string[]) {
  return new CfnRole(scope, 'Role', { assumeRolePolicyDocument: {}, managedPolicyArns });
}

export function cfnFunction(scope: Stack, roleArn: string, id = 'Fn') {
  return new CfnFunction(scope, id, { ...L1_CODE, role: roleArn });
}

export function warnings(stack: Stack) {
  return Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => entry.data);
}

/** Returns the rules of the pack that report findings of a severity in the app of a construct. */
export function findings({ node: { root } }: IConstruct, severity: 'error' | 'warning'): string[] {
  return new LambdaXRayChecks()
    .validateScope(root)
    .violations.filter((violation) => violation.severity === severity)
    .map(({ ruleName }) => ruleName);
}
