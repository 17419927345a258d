import { VERSION } from '../version';
import type { GuardOptions } from './options';

/**
 * Returns a template with the resources of `TracingGuard`, which needs no assets: its functions are part of it. "AWS::Lambda::Function
 * Code" (AWS CloudFormation Template Reference) limits such a function to 4 MB.
 *
 * @param code the compiled functions
 */
export function stackTemplate(code: string, options: GuardOptions): object {
  const inline = singleFile(code, options);
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
      EvaluateFunctions: {
        Type: 'String',
        AllowedValues: ['OFF', 'ON'],
        Default: 'OFF',
        Description:
          'ON to also evaluate deployed functions by an AWS Config rule. AWS Config must record Lambda functions',
      },
    },
    Conditions: { [HAS_RULE]: { 'Fn::Equals': [{ Ref: 'EvaluateFunctions' }, 'ON'] } },
    Resources: { ...hookResources(inline), ...withCondition(HAS_RULE, ruleResources(inline)) },
  };
}

const HAS_RULE = 'HasConfigRule';

type Resources = Readonly<Record<string, object>>;

function withCondition(condition: string, resources: Resources): Resources {
  const entries = Object.entries(resources);
  return Object.fromEntries(entries.map(([id, resource]) => [id, { ...resource, Condition: condition }]));
}

function hookResources(code: string): Resources {
  return {
    ...functionResources('', code, {
      Description: 'Checks the X-Ray tracing of stacks for a CloudFormation Hook',
      Handler: 'index.handler',
      Timeout: 30,
    }),
    HookRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Description: 'Invokes the function that checks the X-Ray tracing of stacks',
        AssumeRolePolicyDocument: trustPolicy('hooks.cloudformation.amazonaws.com', {
          StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        }),
        Policies: [policy('InvokeHandler', [allow(['lambda:InvokeFunction'], getArn('Handler'))])],
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
  };
}

function ruleResources(code: string): Resources {
  const daily = 'TwentyFour_Hours';
  const source = (MessageType: string) => ({ EventSource: 'aws.config', MessageType });
  return {
    ...functionResources(
      'Config',
      code,
      {
        Description: 'Evaluates the X-Ray tracing of Lambda functions for AWS Config',
        Handler: 'index.configHandler',
        Timeout: 900,
      },
      [
        policy('EvaluateFunctions', [
          allow(['lambda:ListEventSourceMappings', 'lambda:ListFunctions', 'config:PutEvaluations'], '*'),
          allow(['lambda:ListAliases', 'lambda:ListTags', 'lambda:ListVersionsByFunction'], {
            'Fn::Sub': 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*',
          }),
          allow(['iam:SimulatePrincipalPolicy'], {
            'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*',
          }),
        ]),
      ],
    ),
    ConfigPermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: getArn('ConfigHandler'),
        Principal: 'config.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
      },
    },
    ConfigRule: {
      Type: 'AWS::Config::ConfigRule',
      DependsOn: ['ConfigPermission'],
      Properties: {
        Description: 'Evaluates the X-Ray tracing of Lambda functions',
        MaximumExecutionFrequency: daily,
        Scope: { ComplianceResourceTypes: ['AWS::Lambda::Function'] },
        Source: {
          Owner: 'CUSTOM_LAMBDA',
          SourceDetails: [
            source('ConfigurationItemChangeNotification'),
            source('OversizedConfigurationItemChangeNotification'),
            { ...source('ScheduledNotification'), MaximumExecutionFrequency: daily },
          ],
          SourceIdentifier: getArn('ConfigHandler'),
        },
      },
    },
  };
}

/**
 * Returns a function with its role and its logs.
 *
 * @param prefix the start of the logical IDs
 * @param policies the policies of its role, besides the one for logs and traces
 */
function functionResources(
  prefix: string,
  code: string,
  properties: object,
  policies: readonly object[] = [],
): Resources {
  return {
    [`${prefix}Logs`]: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { RetentionInDays: 30 },
      UpdateReplacePolicy: 'Retain',
      DeletionPolicy: 'Retain',
    },
    [`${prefix}HandlerRole`]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: trustPolicy('lambda.amazonaws.com'),
        Policies: [
          policy('WriteLogsAndTraces', [
            allow(['logs:CreateLogStream', 'logs:PutLogEvents'], getArn(`${prefix}Logs`)),
            allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
          ]),
          ...policies,
        ],
      },
    },
    [`${prefix}Handler`]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        ...properties,
        Code: { ZipFile: code },
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: 1024,
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogGroup: { Ref: `${prefix}Logs` } },
        Role: getArn(`${prefix}HandlerRole`),
      },
    },
  };
}

function getArn(logicalId: string): object {
  return { 'Fn::GetAtt': [logicalId, 'Arn'] };
}

function allow(actions: readonly string[], resource: object | string): object {
  return { Action: actions.length === 1 ? actions[0] : actions, Effect: 'Allow', Resource: resource };
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
