import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  type CfnFunction,
  CfnVersion,
  type Function as LambdaFunction,
  Version,
} from 'aws-cdk-lib/aws-lambda';

export const ACTIVE = 'X-Ray tracing: Active';
export const PASS_THROUGH = 'X-Ray tracing: PassThrough';
export const NOT_TIED = 'cdk-lambda-xray:versionNotTied';

/** Returns the descriptions of a stack's versions. */
export function descriptions(stack: Stack): unknown[] {
  const versions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Version'));
  return (versions as { Properties: { Description?: unknown } }[]).map(
    ({ Properties: { Description: description } }) => description,
  );
}

export function warnings(stack: Stack): unknown[] {
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp(NOT_TIED))
    .map(({ entry }) => entry.data);
}

export function version(fn: LambdaFunction, description?: string, scope: Stack = fn.stack) {
  return new Version(scope, 'Version', { lambda: fn, description });
}

export function cfnVersion(functionName: string, scope: Stack, description?: string) {
  return new CfnVersion(scope, 'Version', { functionName, description });
}

export function resourceOf(fn: LambdaFunction) {
  return fn.node.defaultChild as CfnFunction;
}

/** The required properties of a SAM function. */
export const SAM = { inlineCode: 'x', handler: 'x', runtime: 'nodejs22.x' };
