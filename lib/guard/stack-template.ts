import { VERSION } from '../version';
import type { GuardOptions } from './options';

/**
 * Returns a template with the resources of `TracingGuard`, which needs no assets: the function is part of it. "AWS::Lambda::Function
 * Code" (AWS CloudFormation Template Reference) limits such a function to 4 MB.
 *
 * @param code the compiled function
 */
export function stackTemplate(code: string, options: GuardOptions): object {
  const getArn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `Checks the X-Ray tracing of stacks before they are deployed (cdk-lambda-xray ${VERSION})`,
    Parameters: {
      Mode: {
        Type: 'String',
        AllowedValues: ['WARN', 'FAIL'],
        Default: 'WARN',
        Description: 'WARN to report findings in the events of stacks, FAIL to stop operations that add them',
      },
    },
    Resources: {
      Logs: {
        Type: 'AWS::Logs::LogGroup',
        Properties: { RetentionInDays: 30 },
        UpdateReplacePolicy: 'Retain',
        DeletionPolicy: 'Retain',
      },
      HandlerRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trustPolicy('lambda.amazonaws.com'),
          Policies: [
            policy('WriteLogsAndTraces', [
              {
                Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
                Effect: 'Allow',
                Resource: getArn('Logs'),
              },
              {
                Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
                Effect: 'Allow',
                Resource: '*',
              },
            ]),
          ],
        },
      },
      Handler: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Description: 'Checks the X-Ray tracing of stacks for a CloudFormation Hook',
          Code: { ZipFile: singleFile(code, options) },
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Architectures: ['arm64'],
          Timeout: 30,
          MemorySize: 1024,
          TracingConfig: { Mode: 'Active' },
          LoggingConfig: { LogGroup: { Ref: 'Logs' } },
          Role: getArn('HandlerRole'),
        },
      },
      HookRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Description: 'Invokes the function that checks the X-Ray tracing of stacks',
          AssumeRolePolicyDocument: trustPolicy('hooks.cloudformation.amazonaws.com', {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          }),
          Policies: [
            policy('InvokeHandler', [
              { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: getArn('Handler') },
            ]),
          ],
        },
      },
      Hook: {
        Type: 'AWS::CloudFormation::LambdaHook',
        Properties: {
          Alias: 'Private::LambdaXRay::Guard',
          ExecutionRole: getArn('HookRole'),
          FailureMode: { Ref: 'Mode' },
          HookStatus: 'ENABLED',
          LambdaFunction: getArn('Handler'),
          StackFilters: {
            FilteringCriteria: 'ALL',
            StackNames: { Exclude: [{ Ref: 'AWS::StackName' }] },
          },
          TargetFilters: { Actions: ['CREATE', 'UPDATE'] },
          TargetOperations: ['STACK', 'CHANGE_SET'],
        },
      },
    },
  };
}

function trustPolicy(service: string, condition?: object): object {
  return {
    Statement: [
      {
        Action: 'sts:AssumeRole',
        ...(condition && { Condition: condition }),
        Effect: 'Allow',
        Principal: { Service: service },
      },
    ],
    Version: '2012-10-17',
  };
}

function policy(name: string, statements: readonly object[]): object {
  return { PolicyName: name, PolicyDocument: { Statement: statements, Version: '2012-10-17' } };
}

/** Returns the function with its options in one file. */
function singleFile(code: string, options: GuardOptions): string {
  return `globalThis.cdkLambdaXRayGuard = ${JSON.stringify(options)};\n${code}`;
}
