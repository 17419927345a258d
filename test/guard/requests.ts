/** Requests with the shapes of "Create Lambda functions to evaluate resources for Lambda Hooks". */

const STACK_ID =
  'arn:aws:cloudformation:us-west-2:123456789012:stack/Orders/1a2345b6-0000-00a0-a123-00abc0abc000';
const CHANGE_SET_ID =
  'arn:aws:cloudformation:us-west-2:123456789012:changeSet/Next/1a2345b6-0000-00a0-a123-00abc0abc000';

const SHARED = {
  clientRequestToken: 'f8da6d11-b23f-48f4-814c-0fb6a667f50e',
  awsAccountId: '123456789012',
  stackId: STACK_ID,
  hookTypeName: 'Private::LambdaXRay::Guard',
  hookTypeVersion: '00000008',
  hookModel: { LambdaFunction: 'arn:aws:lambda:us-west-2:123456789012:function:Guard' },
  requestContext: { invocation: 1, callbackContext: null },
};

export const PAYLOAD_URL = 'https://s3.us-west-2.amazonaws.com/payload?X-Amz-Signature=secret';

/** Returns the request for an operation on a stack. */
export function stackRequest(operation: 'CREATE' | 'UPDATE' | 'DELETE', payload = PAYLOAD_URL): object {
  return {
    ...SHARED,
    changeSetId: null,
    actionInvocationPoint: `${operation}_PRE_PROVISION`,
    requestData: { targetName: 'STACK', targetType: 'STACK', targetLogicalId: 'Orders', payload },
  };
}

/** Returns the request for a change set. */
export function changeSetRequest(payload = PAYLOAD_URL): object {
  return {
    ...SHARED,
    changeSetId: CHANGE_SET_ID,
    requestData: {
      targetName: 'CHANGE_SET',
      targetType: 'CHANGE_SET',
      targetLogicalId: CHANGE_SET_ID,
      payload,
    },
  };
}

/** Returns the request for a resource, which the guard does not check. */
export function resourceRequest(): object {
  return {
    ...SHARED,
    actionInvocationPoint: 'CREATE_PRE_PROVISION',
    requestData: {
      targetName: 'AWS::Lambda::Function',
      targetType: 'AWS::Lambda::Function',
      targetLogicalId: 'Fn',
      targetModel: { resourceProperties: { TracingConfig: { Mode: 'Active' } } },
    },
  };
}

/** Returns a template with functions by logical ID, each with its tracing mode or none. */
export function functions(modes: Readonly<Record<string, string | undefined>>, more: object = {}): string {
  const resources = Object.entries(modes).map(([logicalId, mode]): [string, object] => [
    logicalId,
    {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        ...(mode !== undefined && { TracingConfig: { Mode: mode } }),
      },
    },
  ]);
  const Role = {
    Type: 'AWS::IAM::Role',
    Properties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess'] },
  };
  return JSON.stringify({ Resources: { ...Object.fromEntries<object>(resources), Role, ...more } });
}
